import Circuits

/// Gradient descent with momentum 0.9 (Polyak 1964, DOI 10.1016/0041-5553(64)90137-5), as `torch.optim.SGD`:
/// b ← 0.9·b + g, p ← p − rate·b.
public struct StochasticGradientDescent: Optimizer {
  public let name = "sgd"
  public let summary = "stochastic gradient descent with momentum 0.9"
  public let slots = ["momentum"]

  public init() {}

  @_specialize(where S == Float)
  @_specialize(where S == Double)
  public func update<S: CircuitScalar>(
    values: UnsafeMutableBufferPointer<S>, gradient: UnsafeBufferPointer<S>, slots: UnsafeMutableBufferPointer<S>,
    moves: UnsafeBufferPointer<Bool>, rate: S, update: Int
  ) -> Bool {
    let momentum = slots
    for i in values.indices where moves[i] {
      momentum[i] = S(0.9) * momentum[i] + gradient[i]
      values[i] -= rate * momentum[i]
    }
    return values.allSatisfy { $0.isFinite }
  }
}
