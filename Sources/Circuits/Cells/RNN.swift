import CKernels
import RealModule

/// The vanilla recurrent network, a baseline: h' = tanh(W·[h ; u] + b). N(N + M) + N parameters.
///
/// Source: Elman 1990, DOI 10.1207/s15516709cog1402_1.
struct RNNKind: ProductKind {
  let name = "rnn"
  let title = "RNN"
  let summary = "vanilla recurrent network: h' = tanh(W·[h ; u] + b); baseline"
  func update<S: CircuitScalar>(as type: S.Type) -> any ProductUpdate<S> { RNNUpdate<S>() }
}

private struct RNNUpdate<Scalar: CircuitScalar>: ProductUpdate {
  var form: Int? { GK_RNN }
  var products: [Product] { [Product(name: "w", quantity: .weight, symbol: "w", meaning: "weight")] }
  func tensors(neurons n: Int) -> [TensorDeclaration] {
    [.neurons("b", .bias, n, initializer: .constant(0))]
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func step(_ n: Int, _ step: ProductStep<Scalar>, into next: UnsafeMutablePointer<Scalar>) {
    for i in 0..<n { next[i] = Scalar.tanh(step.argument(0, i, n)) }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func stepBack(
    _ n: Int, _ step: ProductStep<Scalar>, next: UnsafePointer<Scalar>, nextGradient: UnsafePointer<Scalar>,
    stateGradient: UnsafeMutablePointer<Scalar>, recurrentGradient: UnsafeMutablePointer<Scalar>,
    sensoryGradient: UnsafeMutablePointer<Scalar>, gradient: UnsafeMutablePointer<Scalar>
  ) {
    for i in 0..<n {
      let d = nextGradient[i] * (1 - next[i] * next[i])
      recurrentGradient[i] = d
      sensoryGradient[i] = d
      gradient[i] += d
    }
  }
}
