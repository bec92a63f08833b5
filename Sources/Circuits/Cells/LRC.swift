/// Liquid-resistance liquid-capacitance cells: the saturated cell with a capacitance that depends on the state.
///
///     ẋ_i = ε_i·(−σ(f_i)·x_i + tanh(z_i)·e_i),   f and z as in STC
///     asymmetric ε = σ(o_i),   symmetric ε = σ(o_i + k_i) − σ(o_i − k_i),   o_i = Σ_j o_ji·y_j + b_i
///
/// `elastance` [pre, post] are the o_ji, of either sign; 0 < ε < 1, so explicit Euler is stable for sub-steps up to 2. The
/// unit variant LRCU is one explicit Euler step a time step, whatever the number of sub-steps asked for. SDC, feature form:
/// that of STC times ε_i, which is frozen at the point. Source: Farsang, Neubauer & Grosu 2024, arXiv 2403.08791;
/// equations as in the project's design.
struct LRCKind: CellKind {
  enum Form: Sendable { case asymmetric, symmetric, unit }
  let form: Form
  var name: String { ["lrc", "lrc-symmetric", "lrcu"][index] }
  var title: String { ["LRC", "LRC, symmetric elastance", "LRCU"][index] }
  var summary: String {
    [
      "liquid resistance, liquid capacitance: STC with a state-dependent elastance (asymmetric)",
      "liquid resistance, liquid capacitance: STC with a bell-shaped elastance",
      "LRC unit: asymmetric LRC with exactly one explicit Euler step a time step",
    ][index]
  }
  var solvers: [String] { form == .unit ? ["euler"] : ["euler", "heun", "rk4", "exponential", "dormand-prince"] }
  let readout = Readout.dense
  let hasInputMap = false
  private var index: Int {
    switch form {
    case .asymmetric: 0
    case .symmetric: 1
    case .unit: 2
    }
  }

  func make<S: CircuitScalar>(_ specification: ModelSpecification, wiring: Wiring, as type: S.Type) throws
    -> any Cell<S>
  {
    var specification = specification
    if form == .unit { specification.unfolds = 1 }
    return try ContinuousCircuit<S>(
      specification, wiring: wiring,
      laws: [
        GatedSynapses<S>(activation: .synaptic, strength: .pair),
        LinearSynapses<S>(name: "elastance", quantity: .elastanceWeight),
      ],
      membrane: SaturatedMembrane<S>(elastance: form == .symmetric ? .symmetric : .asymmetric))
  }
}
