import RealModule

/// The saturated liquid time-constant cell: the LTC with its conductances bounded.
///
///     ẋ_i = −σ(f_i)·x_i + tanh(z_i)·e_i
///     f_i = Σ_j w_ji·s_ji(y_j) + g_i,   z_i = Σ_j h_ji·s_ji(y_j) + g_i,   s_ji(y) = σ(σ_ji·(y − μ_ji))
///
/// w, g ≥ 0 forget, h of either sign updates. Since 0 < σ(f) < 1, explicit Euler is stable for sub-steps up to 2. SDC,
/// feature form: A_ij = T_i·e_i·h_ji·ψ_ji(x_j) − δ_ij·σ(f_i), c_i = T_i·e_i·(g_i + Σ h_ji·s_ji(0)), T = tanh(z)/z.
/// Source: Farsang, Neubauer & Grosu 2024, arXiv 2403.08791; equations as in the project's design.
struct STCKind: CellKind {
  let name = "stc"
  let title = "STC"
  let summary = "saturated liquid time-constant network: bounded forget and update conductances, activation per synapse"
  let solvers = ["euler", "heun", "rk4", "exponential", "dormand-prince"]
  let readout = Readout.dense
  let hasInputMap = false
  func make<S: CircuitScalar>(_ specification: ModelSpecification, wiring: Wiring, as type: S.Type) throws
    -> any Cell<S>
  {
    try ContinuousCircuit<S>(
      specification, wiring: wiring, laws: [GatedSynapses<S>(activation: .synaptic, strength: .pair)],
      membrane: SaturatedMembrane<S>(elastance: nil))
  }
}

/// The membrane of STC, and of LRC with its elastance ε: total = ε·σ(S₀ + g), drive = ε·tanh(S₁ + g)·e, capacity 1.
///
/// Tensors: `gleak` [N] ≥ 0, `vleak` [N] (the e above); with an elastance `elastance_b` [N], and where it is symmetric
/// `shift` [N] ≥ 0: ε = σ(o) or σ(o + k) − σ(o − k), o = S₂ + elastance_b.
struct SaturatedMembrane<Scalar: CircuitScalar>: Membrane {
  enum Elastance: Sendable { case asymmetric, symmetric }
  let elastance: Elastance?
  var leaks: Bool { true }

  func tensors(neurons n: Int) -> [TensorDeclaration] {
    var tensors: [TensorDeclaration] = [
      .neurons(
        "gleak", .leakConductance, n, symbol: "g", bounds: 0 ... .infinity, initializer: .uniform(0.001...1)),
      .neurons("vleak", .saturationPotential, n, initializer: .uniform(-1...1)),
    ]
    if elastance != nil {
      tensors.append(
        .neurons("elastance_b", .elastanceOffset, n, initializer: .constant(0)))
    }
    if elastance == .symmetric {
      tensors.append(
        .neurons(
          "shift", .elastanceWidth, n, bounds: 0 ... .infinity, initializer: .constant(1),
          meaning: "half-width of the elastance"))
    }
    return tensors
  }

  /// ε and its derivatives by o and by k.
  @inline(__always)
  private func elasticity(_ o: Scalar, shift k: Scalar) -> (value: Scalar, byO: Scalar, byShift: Scalar) {
    switch elastance {
    case nil: return (1, 0, 0)
    case .asymmetric:
      let s = logistic(o)
      return (s, s * (1 - s), 0)
    case .symmetric:
      let (high, low) = (logistic(o + k), logistic(o - k))
      let (dHigh, dLow) = (high * (1 - high), low * (1 - low))
      return (high - low, dHigh - dLow, dHigh + dLow)
    }
  }

  @inline(__always)
  private func epsilon(_ n: Int, _ i: Int, _ sums: UnsafePointer<Scalar>, _ p: UnsafePointer<Scalar>)
    -> (value: Scalar, byO: Scalar, byShift: Scalar)
  {
    elastance == nil
      ? (1, 0, 0) : elasticity(sums[2 * n + i] + p[2 * n + i], shift: elastance == .symmetric ? p[3 * n + i] : 0)
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func evaluate(_ n: Int, sums: UnsafePointer<Scalar>, parameters p: UnsafePointer<Scalar>, into flow: Flow<Scalar>) {
    for i in 0..<n {
      let e = epsilon(n, i, sums, p).value
      flow.capacity[i] = 1
      flow.total[i] = e * logistic(sums[i] + p[i])
      flow.drive[i] = e * Scalar.tanh(sums[n + i] + p[i]) * p[n + i]
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func adjoint(
    _ n: Int, sums: UnsafePointer<Scalar>, parameters p: UnsafePointer<Scalar>, flow: Flow<Scalar>,
    flowGradient d: Flow<Scalar>, sumGradient: UnsafeMutablePointer<Scalar>, gradient: UnsafeMutablePointer<Scalar>
  ) {
    for i in 0..<n {
      let e = epsilon(n, i, sums, p)
      let (forget, update) = (logistic(sums[i] + p[i]), Scalar.tanh(sums[n + i] + p[i]))
      let df = d.total[i] * e.value * forget * (1 - forget)
      let dz = d.drive[i] * e.value * p[n + i] * (1 - update * update)
      sumGradient[i] = df
      sumGradient[n + i] = dz
      gradient[i] += df + dz
      gradient[n + i] += d.drive[i] * e.value * update
      if elastance == nil { continue }
      let de = d.total[i] * forget + d.drive[i] * update * p[n + i]
      sumGradient[2 * n + i] = de * e.byO
      gradient[2 * n + i] += de * e.byO
      if elastance == .symmetric { gradient[3 * n + i] += de * e.byShift }
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func linearize(
    _ n: Int, sums: UnsafePointer<Scalar>, parameters p: UnsafePointer<Scalar>, gain: UnsafeMutablePointer<Scalar>,
    offset: UnsafeMutablePointer<Scalar>
  ) {
    for i in 0..<n {
      gain[n + i] = epsilon(n, i, sums, p).value * p[n + i] * tanhQuotient(sums[n + i] + p[i])
      offset[i] = gain[n + i] * p[i]
    }
  }
}
