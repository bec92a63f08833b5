import Circuits

/// RMSprop (Tieleman & Hinton 2012, lecture 6.5 of "Neural Networks for Machine Learning"), α 0.99, ε 1e-8, as
/// `torch.optim.RMSprop`: v ← α·v + (1 − α)·g², p ← p − rate·g/(√v + ε).
public struct RMSprop: Optimizer {
  public let name = "rmsprop"
  public let summary = "RMSprop: gradients divided by their running root mean square; α 0.99"
  public let slots = ["meanSquare"]

  public init() {}

  @_specialize(where S == Float)
  @_specialize(where S == Double)
  public func update<S: CircuitScalar>(
    values: UnsafeMutableBufferPointer<S>, gradient: UnsafeBufferPointer<S>, slots: UnsafeMutableBufferPointer<S>,
    moves: UnsafeBufferPointer<Bool>, rate: S, update: Int
  ) -> Bool {
    let square = slots
    for i in values.indices where moves[i] {
      let g = gradient[i]
      square[i] = S(0.99) * square[i] + S(0.01) * g * g
      values[i] -= rate * g / (square[i].squareRoot() + S(1e-8))
    }
    return values.allSatisfy { $0.isFinite }
  }
}
