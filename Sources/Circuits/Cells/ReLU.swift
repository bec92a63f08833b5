import CKernels

/// A feed-forward hidden layer: h = max(W·u + b, 0), nothing recurs. N·M + N parameters.
///
/// Each step is seen by itself, so it is the baseline without memory, and the network of bias learning. Of a wiring it has
/// the synapses from inputs only. Source: Nair & Hinton 2010 (ReLU); Williams et al. 2025, arXiv 2407.00957 (biases).
struct ReLUKind: ProductKind {
  let name = "relu"
  let title = "ReLU"
  let summary =
    "feed-forward: one hidden layer of rectifiers, no recurrence and no memory; baseline, and for bias learning"
  func update<S: CircuitScalar>(as type: S.Type) -> any ProductUpdate<S> { ReLUUpdate<S>() }

  func supportedWiring(_ wiring: Wiring) -> Wiring {
    var feedForward = wiring
    for synapse in wiring.synapses where synapse.pre < wiring.neurons { feedForward.connect(synapse, polarity: 0) }
    return feedForward
  }
}

private struct ReLUUpdate<Scalar: CircuitScalar>: ProductUpdate {
  var form: Int? { GK_RELU }
  var products: [Product] { [Product(name: "w", quantity: .weight, symbol: "w", meaning: "weight")] }
  var isRecurrent: Bool { false }
  func tensors(neurons n: Int) -> [TensorDeclaration] {
    [.neurons("b", .bias, n, initializer: .constant(0))]
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func step(_ n: Int, _ step: ProductStep<Scalar>, into next: UnsafeMutablePointer<Scalar>) {
    for i in 0..<n { next[i] = max(step.argument(0, i, n), 0) }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func stepBack(
    _ n: Int, _ step: ProductStep<Scalar>, next: UnsafePointer<Scalar>, nextGradient: UnsafePointer<Scalar>,
    stateGradient: UnsafeMutablePointer<Scalar>, recurrentGradient: UnsafeMutablePointer<Scalar>,
    sensoryGradient: UnsafeMutablePointer<Scalar>, gradient: UnsafeMutablePointer<Scalar>
  ) {
    for i in 0..<n {
      let d = next[i] > 0 ? nextGradient[i] : 0
      recurrentGradient[i] = 0
      sensoryGradient[i] = d
      gradient[i] += d
    }
  }
}
