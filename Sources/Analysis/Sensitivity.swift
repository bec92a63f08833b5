/// How much the loss hangs on single parameters, to first order, from one gradient.
///
/// A parameter p that is set to p' changes the loss by about ∂L/∂p·(p' − p); one that is cut (p' = 0) by −∂L/∂p·p. Taylor
/// pruning ranks by this: Molchanov et al. 2017, arXiv 1611.06440.
public struct Sensitivity: Sendable {
  private let values: [Float]
  private let gradient: [Float]

  /// - Parameters:
  ///   - values: P, effective.
  ///   - gradient: P, of the same batch.
  public init(values: [Float], gradient: [Float]) {
    self.values = values
    self.gradient = gradient
  }

  /// ∂L/∂p·p of a parameter: what cutting it takes off the loss.
  public subscript(index: Int) -> Double { Double(gradient[index]) * Double(values[index]) }

  /// −Σ ∂L/∂p·p: the change of the loss when these parameters become 0.
  public func changeWhenCut(_ parameters: some Sequence<Int>) -> Double {
    -parameters.reduce(0.0) { $0 + self[$1] }
  }
}
