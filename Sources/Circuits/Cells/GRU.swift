import CKernels
import RealModule

/// The gated recurrent unit, a baseline, in the form whose reset acts after the recurrent product (as cuDNN has it):
///
///     z = σ(W_z·[h ; u] + b_z),   r = σ(W_r·[h ; u] + b_r)
///     n = tanh(V·u + b_n + r⊙(U·h)),   h' = (1 − z)⊙n + z⊙h
///
/// 3·N(N + M) + 3·N parameters (one bias a gate). Source: Cho et al. 2014, arXiv 1406.1078.
struct GRUKind: ProductKind {
  let name = "gru"
  let title = "GRU"
  let summary = "gated recurrent unit, reset after the recurrent product; baseline"
  func update<S: CircuitScalar>(as type: S.Type) -> any ProductUpdate<S> { GRUUpdate<S>() }
}

private struct GRUUpdate<Scalar: CircuitScalar>: ProductUpdate {
  var form: Int? { GK_GRU }
  var products: [Product] {
    [
      Product(name: "w_n", quantity: .weight, symbol: "w_n", meaning: "candidate weight"),
      Product(name: "w_z", quantity: .gateWeight, symbol: "w_z", meaning: "update-gate weight"),
      Product(name: "w_r", quantity: .gateWeight, symbol: "w_r", meaning: "reset-gate weight"),
    ]
  }
  func tensors(neurons n: Int) -> [TensorDeclaration] {
    [
      .neurons("b_n", .bias, n, symbol: "b_n", initializer: .constant(0), meaning: "candidate bias"),
      .neurons("b_z", .gateBias, n, symbol: "b_z", initializer: .constant(0), meaning: "update-gate bias"),
      .neurons("b_r", .gateBias, n, symbol: "b_r", initializer: .constant(0), meaning: "reset-gate bias"),
    ]
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func step(_ n: Int, _ step: ProductStep<Scalar>, into next: UnsafeMutablePointer<Scalar>) {
    for i in 0..<n {
      let (z, r) = (logistic(step.argument(1, i, n)), logistic(step.argument(2, i, n)))
      let candidate = Scalar.tanh(step.sensory[i] + step.own[i] + r * step.recurrent[i])
      next[i] = (1 - z) * candidate + z * step.state[i]
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
      let (z, r) = (logistic(step.argument(1, i, n)), logistic(step.argument(2, i, n)))
      let candidate = Scalar.tanh(step.sensory[i] + step.own[i] + r * step.recurrent[i])
      let d = nextGradient[i]
      stateGradient[i] += d * z
      let dn = d * (1 - z) * (1 - candidate * candidate)
      let dz = d * (step.state[i] - candidate) * z * (1 - z)
      let dr = dn * step.recurrent[i] * r * (1 - r)
      (sensoryGradient[i], recurrentGradient[i]) = (dn, dn * r)
      (sensoryGradient[n + i], recurrentGradient[n + i]) = (dz, dz)
      (sensoryGradient[2 * n + i], recurrentGradient[2 * n + i]) = (dr, dr)
      gradient[i] += dn
      gradient[n + i] += dz
      gradient[2 * n + i] += dr
    }
  }
}
