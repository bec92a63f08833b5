/// The neural ordinary differential equation: neurons that add and do not leak.
///
///     neural     ẋ_i = Σ_j w_ji·σ(σ_j·(y_j − μ_j))      N(N + M) + 2·(N + M) parameters
///     synaptic   ẋ_i = Σ_j w_ji·σ(σ_ji·(y_j − μ_ji))    3·N(N + M)
///     squashed   ẋ_i = tanh(Σ_j w_ji·y_j + b_i)         N(N + M) + N
///
/// Without a leak a drive of one sign grows for ever, so weights begin symmetric about 0 whatever the wiring's polarity. SDC in
/// the feature form only: A_ij = w_ji·ψ_ji(x_j); squashed: A_ij = T_i·w_ji, c_i = T_i·b_i, T = tanh(a)/a. Time constants are
/// infinite and there is no target. Source: Chen et al. 2018, arXiv 1806.07366; table of Lemmel & Grosu 2023, arXiv
/// 2303.04944.
struct NODEKind: CellKind {
  let form: AdditiveForm
  var name: String { "node\(form.suffix)" }
  var title: String { "neural ODE\(form.titleSuffix)" }
  var summary: String { "neural ordinary differential equation: neurons that add and do not leak, \(form.summary)" }
  let solvers = ["rk4", "heun", "euler", "dormand-prince"]
  let readout = Readout.dense
  let hasInputMap = false
  func make<S: CircuitScalar>(_ specification: ModelSpecification, wiring: Wiring, as type: S.Type) throws
    -> any Cell<S>
  {
    try ContinuousCircuit<S>(
      specification, wiring: wiring, laws: [form.law(.fanIn(wiring.neurons + wiring.inputs))],
      membrane: AdditiveMembrane(leaks: false, hasTimeConstant: false, squashes: form == .squashed))
  }
}
