/// The liquid time-constant cell with *neural* activation: chemical synapses whose gate belongs to the presynaptic neuron.
///
///     C_i·dx_i/dt = g_i·(e_i − x_i) + Σ_j w_ji·σ(σ_j·(y_j − μ_j))·(E_ji − x_i),   y = [x ; u]
///
/// N + M gates in all instead of N·(N + M), so it is also the cheaper one. Parameters 2·N(N + M) + 2·(N + M) + 3·N, and 2·M
/// of the input map. Source: Lemmel & Grosu 2023, arXiv 2303.04944 (neural against synaptic activation); Hasani et al.
/// 2021, DOI 10.1609/aaai.v35i9.16936 (the cell).
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
  /// A circuit of conductances: what ``LTC`` computes, with any solver, either activation, and gap junctions
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
