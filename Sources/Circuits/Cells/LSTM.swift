import CKernels
import RealModule

/// Long short-term memory, a baseline:
///
///     i, f, o = σ(W·[h ; u] + b),   g = tanh(W_g·[h ; u] + b_g),   c' = f⊙c + i⊙g,   h' = o⊙tanh(c')
///
/// 4·N(N + M) + 4·N parameters, 2·N state entries [h | c]; the forget bias begins at 1.
/// Sources: Hochreiter & Schmidhuber 1997, DOI 10.1162/neco.1997.9.8.1735; Gers et al. 2000 (forget gate),
/// DOI 10.1162/089976600300015015.
struct LSTMKind: ProductKind {
  let name = "lstm"
  let title = "LSTM"
  let summary = "long short-term memory; baseline"
  func update<S: CircuitScalar>(as type: S.Type) -> any ProductUpdate<S> { LSTMUpdate<S>() }
}

private struct LSTMUpdate<Scalar: CircuitScalar>: ProductUpdate {
  var form: Int? { GK_LSTM }
  var products: [Product] {
    [
      Product(name: "w_g", quantity: .weight, symbol: "w_g", meaning: "candidate weight"),
      Product(name: "w_i", quantity: .gateWeight, symbol: "w_i", meaning: "input-gate weight"),
      Product(name: "w_f", quantity: .gateWeight, symbol: "w_f", meaning: "forget-gate weight"),
      Product(name: "w_o", quantity: .gateWeight, symbol: "w_o", meaning: "output-gate weight"),
    ]
  }
  var statesPerNeuron: Int { 2 }
  func tensors(neurons n: Int) -> [TensorDeclaration] {
    [
      .neurons("b_g", .bias, n, symbol: "b_g", initializer: .constant(0), meaning: "candidate bias"),
      .neurons("b_i", .gateBias, n, symbol: "b_i", initializer: .constant(0), meaning: "input-gate bias"),
      .neurons("b_f", .gateBias, n, symbol: "b_f", initializer: .constant(1), meaning: "forget-gate bias"),
      .neurons("b_o", .gateBias, n, symbol: "b_o", initializer: .constant(0), meaning: "output-gate bias"),
    ]
  }

  @inline(__always)
  private func gates(_ step: ProductStep<Scalar>, _ i: Int, _ n: Int) -> (g: Scalar, i: Scalar, f: Scalar, o: Scalar) {
    (
      Scalar.tanh(step.argument(0, i, n)), logistic(step.argument(1, i, n)), logistic(step.argument(2, i, n)),
      logistic(step.argument(3, i, n))
    )
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func step(_ n: Int, _ step: ProductStep<Scalar>, into next: UnsafeMutablePointer<Scalar>) {
    for i in 0..<n {
      let gate = gates(step, i, n)
      next[n + i] = gate.f * step.state[n + i] + gate.i * gate.g
      next[i] = gate.o * Scalar.tanh(next[n + i])
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func stepBack(
    _ n: Int, _ step: ProductStep<Scalar>, next: UnsafePointer<Scalar>, nextGradient: UnsafePointer<Scalar>,
    stateGradient: UnsafeMutablePointer<Scalar>, recurrentGradient: UnsafeMutablePointer<Scalar>,
    sensoryGradient: UnsafeMutablePointer<Scalar>, gradient: UnsafeMutablePointer<Scalar>
  ) {
    for i in 0..<n {
      let gate = gates(step, i, n)
      let squashed = Scalar.tanh(next[n + i])
      let dc = nextGradient[n + i] + nextGradient[i] * gate.o * (1 - squashed * squashed)
      let sums = (
        dc * gate.i * (1 - gate.g * gate.g), dc * gate.g * gate.i * (1 - gate.i),
        dc * step.state[n + i] * gate.f * (1 - gate.f), nextGradient[i] * squashed * gate.o * (1 - gate.o)
      )
      stateGradient[n + i] += dc * gate.f
      recurrentGradient[i] = sums.0
      recurrentGradient[n + i] = sums.1
      recurrentGradient[2 * n + i] = sums.2
      recurrentGradient[3 * n + i] = sums.3
    }
    for at in 0..<4 * n {
      sensoryGradient[at] = recurrentGradient[at]
      gradient[at] += recurrentGradient[at]
    }
  }
}
