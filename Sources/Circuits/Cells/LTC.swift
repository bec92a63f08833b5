/// The liquid time-constant cell: chemical synapses with conductances that saturate, one differential equation a neuron.
///
///     C_i·dx_i/dt = g_i·(e_i − x_i) + Σ_j w_ji·σ(σ_ji·(y_j − μ_ji))·(E_ji − x_i),   y = [x ; u]
///
/// Its own solver is the semi-implicit ("fused") one, U sub-steps a time step with the sensory synapses evaluated once, as
/// the field's library `ncps` does it: see ``SemiImplicit``. Every state then stays in [min(x₀, e, E), max(x₀, e, E)]: a
/// convex combination can do no other.
///
/// Tensors: `w` ≥ 0 maximal conductance, `mu` half-activation, `sigma` slope, `erev` reversal potential, each [pre, post]
/// with its `sensory_` twin; `gleak` ≥ 0, `vleak`, `cm` ≥ 0.01 a neuron: 4·N(N + M) + 3·N, and 2·M of the input map.
///
/// Sources: Hasani et al. 2021 (LTC), DOI 10.1609/aaai.v35i9.16936; Lemmel & Grosu 2023 (synaptic activation, linear
/// form), arXiv 2303.04944; initial ranges and constraints as `ncps` 1.0.1.
struct LTCKind: CellKind {
  let name = "ltc"
  let title = "LTC"
  let summary = "liquid time-constant network: biophysical (chemical) synapses, activation per synapse"
  let solvers = ["semi-implicit", "exponential", "euler", "heun", "rk4", "dormand-prince"]
  func make<S: CircuitScalar>(_ specification: ModelSpecification, wiring: Wiring, as type: S.Type) throws
    -> any Cell<S>
  {
    try ContinuousCircuit<S>.conductance(.synaptic, specification, wiring: wiring)
  }
}

/// The same cell with *neural* activation: a chemical synapse's gate belongs to its presynaptic neuron.
///
///     C_i·dx_i/dt = g_i·(e_i − x_i) + Σ_j w_ji·σ(σ_j·(y_j − μ_j))·(E_ji − x_i),   y = [x ; u]
///
/// N + M gates in all instead of N·(N + M), so it is also the cheaper one. Parameters 2·N(N + M) + 2·(N + M) + 3·N, and 2·M
/// of the input map. Source: Lemmel & Grosu 2023, arXiv 2303.04944 (neural against synaptic activation).
struct LTCNeuralKind: CellKind {
  let name = "ltc-neural"
  let title = "LTC, neural activation"
  let summary = "liquid time-constant network with one gate a presynaptic neuron instead of one a synapse"
  let solvers = ["semi-implicit", "exponential", "euler", "heun", "rk4", "dormand-prince"]
  func make<S: CircuitScalar>(_ specification: ModelSpecification, wiring: Wiring, as type: S.Type) throws
    -> any Cell<S>
  {
    try ContinuousCircuit<S>.conductance(.neural, specification, wiring: wiring)
  }
}

extension ContinuousCircuit {
  /// A circuit of conductances, with any solver, either activation, and gap junctions
  ///
  ///     + Σ over pairs {i, j} of g_ij·(x_j − x_i)
  ///
  /// where the wiring has electrical synapses.
  static func conductance(
    _ activation: GatedSynapses<Scalar>.Activation, _ specification: ModelSpecification, wiring: Wiring
  ) throws -> Self {
    try Self(
      specification, wiring: wiring,
      laws: [GatedSynapses<Scalar>(activation: activation, strength: .conductance)],
      membrane: ConductanceMembrane(), electrical: true)
  }
}
