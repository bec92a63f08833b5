import CKernels
import RealModule

/// The closed-form continuous-time cell: the LTC's solution approximated by a formula, so that nothing is solved.
///
///     f₁ = tanh(W₁·y + b₁),   f₂ = tanh(W₂·y + b₂),   t = σ((W_a·y + b_a)·Δt + W_b·y + b_b),   y = [h ; u]
///     default   h' = f₁⊙(1 − t) + t⊙f₂
///     no gate   h' = f₁ + t⊙f₂
///     pure      h' = A − A⊙e^(−Δt·(|w_τ| + |f₁|))⊙f₁, with f₁ the sum W₁·y + b₁ itself
///
/// 4·N(N + M) + 4·N parameters, pure N(N + M) + 3·N: every weight belongs to one synapse and pruning means what it says.
/// With a ``Backbone``, as the reference library has it, y is φ(V·[h ; u] + c) instead, and no weight belongs to a synapse.
/// It knows Δt but is no differential equation: no state-dependent coefficients. Source: Hasani et al. 2022,
/// DOI 10.1038/s42256-022-00556-7; forms as `ncps` 1.0.1.
struct CfCKind: ProductKind {
  enum Form: Sendable { case standard, noGate, pure }
  let form: Form
  var hasBackbone = false
  var name: String {
    let form =
      switch form {
      case .standard: "cfc"
      case .noGate: "cfc-no-gate"
      case .pure: "cfc-pure"
      }
    return form + (hasBackbone ? "-backbone" : "")
  }
  var title: String {
    let form =
      switch form {
      case .standard: "CfC"
      case .noGate: "CfC, no gate"
      case .pure: "CfC, pure"
      }
    return form + (hasBackbone ? ", backbone" : "")
  }
  var summary: String {
    if hasBackbone {
      return
        "\(name.dropLast("-backbone".count)) behind dense layers that all its neurons share (--backbone); no synapses"
    }
    return switch form {
    case .standard: "closed-form continuous-time network: a time-dependent gate between two heads; nothing is solved"
    case .noGate: "closed-form continuous-time network whose second head is added through the gate"
    case .pure: "closed-form continuous-time network, the pure solution: one head decays towards an amplitude"
    }
  }
  func update<S: CircuitScalar>(as type: S.Type) -> any ProductUpdate<S> {
    switch form {
    case .standard: CfCUpdate<S>(blends: true)
    case .noGate: CfCUpdate<S>(blends: false)
    case .pure: PureCfCUpdate<S>()
    }
  }

  func supportedWiring(_ wiring: Wiring) -> Wiring {
    guard hasBackbone else { return wiring }
    var apart = wiring
    for synapse in wiring.synapses { apart.connect(synapse, polarity: 0) }
    return apart
  }

  func make<S: CircuitScalar>(_ specification: ModelSpecification, wiring: Wiring, as type: S.Type) throws
    -> any Cell<S>
  {
    guard let backbone = specification.backbone else {
      return ProductCell<S>(wiring: wiring, update: update(as: S.self))
    }
    try backbone.check()
    return BackboneCell<S>(wiring: wiring, backbone: backbone, update: update(as: S.self))
  }
}

private struct CfCUpdate<Scalar: CircuitScalar>: ProductUpdate {
  /// h' = f₁·(1 − t) + t·f₂ rather than f₁ + t·f₂.
  let blends: Bool
  var form: Int? { blends ? GK_CFC : GK_CFC_NO_GATE }
  var products: [Product] {
    [
      Product(name: "w_1", quantity: .weight, symbol: "w_1", meaning: "first head's weight"),
      Product(name: "w_2", quantity: .headWeight, symbol: "w_2", meaning: "second head's weight"),
      Product(name: "w_ta", quantity: .gateWeight, symbol: "w_a", unit: "1/t", meaning: "gate's weight, times Δt"),
      Product(name: "w_tb", quantity: .gateWeight, symbol: "w_b", meaning: "gate's weight"),
    ]
  }
  func tensors(neurons n: Int) -> [TensorDeclaration] {
    [
      .neurons("b_1", .bias, n, symbol: "b_1", initializer: .constant(0), meaning: "first head's bias"),
      .neurons("b_2", .headBias, n, symbol: "b_2", initializer: .constant(0), meaning: "second head's bias"),
      .neurons(
        "b_ta", .gateBias, n, symbol: "b_a", unit: "1/t", initializer: .constant(0), meaning: "gate's bias, times Δt"),
      .neurons("b_tb", .gateBias, n, symbol: "b_b", initializer: .constant(0), meaning: "gate's bias"),
    ]
  }

  @inline(__always)
  private func heads(_ step: ProductStep<Scalar>, _ i: Int, _ n: Int) -> (f1: Scalar, f2: Scalar, t: Scalar) {
    (
      Scalar.tanh(step.argument(0, i, n)), Scalar.tanh(step.argument(1, i, n)),
      logistic(step.argument(2, i, n) * step.elapsed + step.argument(3, i, n))
    )
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func step(_ n: Int, _ step: ProductStep<Scalar>, into next: UnsafeMutablePointer<Scalar>) {
    for i in 0..<n {
      let (f1, f2, t) = heads(step, i, n)
      next[i] = blends ? f1 * (1 - t) + t * f2 : f1 + t * f2
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
      let ((f1, f2, t), d) = (heads(step, i, n), nextGradient[i])
      let gate = d * (blends ? f2 - f1 : f2) * t * (1 - t)
      recurrentGradient[i] = d * (blends ? 1 - t : 1) * (1 - f1 * f1)
      recurrentGradient[n + i] = d * t * (1 - f2 * f2)
      recurrentGradient[2 * n + i] = gate * step.elapsed
      recurrentGradient[3 * n + i] = gate
    }
    for at in 0..<4 * n {
      sensoryGradient[at] = recurrentGradient[at]
      gradient[at] += recurrentGradient[at]
    }
  }
}

private struct PureCfCUpdate<Scalar: CircuitScalar>: ProductUpdate {
  var form: Int? { GK_CFC_PURE }
  var products: [Product] { [Product(name: "w", quantity: .weight, symbol: "w", meaning: "weight")] }
  func tensors(neurons n: Int) -> [TensorDeclaration] {
    [
      .neurons("b", .bias, n, initializer: .constant(0)),
      // Not 0 as in the library: |·| has no slope there, and the rate would stay 0 for ever.
      .neurons("w_tau", .decayRate, n, unit: "1/t", initializer: .uniform(0.01...0.1), meaning: "rate of decay"),
      .neurons("a", .amplitude, n, initializer: .constant(1)),
    ]
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func step(_ n: Int, _ step: ProductStep<Scalar>, into next: UnsafeMutablePointer<Scalar>) {
    for i in 0..<n {
      let f = step.argument(0, i, n)
      let amplitude = step.own[2 * n + i]
      next[i] = amplitude - amplitude * Scalar.exp(-step.elapsed * (abs(step.own[n + i]) + abs(f))) * f
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
      let (f, rate, amplitude) = (step.argument(0, i, n), step.own[n + i], step.own[2 * n + i])
      let decay = Scalar.exp(-step.elapsed * (abs(rate) + abs(f)))
      // ∂(e^(−Δt·|f|)·f)/∂f = e^(−Δt·|f|)·(1 − Δt·|f|).
      let d = -nextGradient[i] * amplitude * decay * (1 - step.elapsed * abs(f))
      recurrentGradient[i] = d
      sensoryGradient[i] = d
      gradient[i] += d
      let sign: Scalar = rate > 0 ? 1 : rate < 0 ? -1 : 0
      gradient[n + i] += nextGradient[i] * amplitude * decay * f * step.elapsed * sign
      gradient[2 * n + i] += nextGradient[i] * (1 - decay * f)
    }
  }
}
