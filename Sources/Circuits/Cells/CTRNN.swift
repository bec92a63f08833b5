/// The continuous-time recurrent network: leaky neurons that add, "electrical-like" in the words of the synapse paper.
///
///     neural     ẋ_i = −x_i/τ_i + Σ_j w_ji·σ(σ_j·(y_j − μ_j))      N(N + M) + 2·(N + M) + N parameters
///     synaptic   ẋ_i = −x_i/τ_i + Σ_j w_ji·σ(σ_ji·(y_j − μ_ji))    3·N(N + M) + N
///     squashed   ẋ_i = −x_i + tanh(Σ_j w_ji·y_j + b_i)             N(N + M) + N
///
/// The squashed sum is the classic network that the LTC paper compares with, in its code with τ fixed at 1. SDC, feature
/// form: A_ij = w_ji·ψ_ji(x_j) − δ_ij/τ_i; squashed: A_ij = T_i·w_ji − δ_ij, c_i = T_i·b_i with T = tanh(a)/a of the sum's
/// whole argument a. No input map: the weights take the inputs as they are.
///
/// Sources: Funahashi & Nakamura 1993, DOI 10.1016/S0893-6080(05)80125-X; Lemmel & Grosu 2023, arXiv 2303.04944.
struct CTRNNKind: CellKind {
  let form: AdditiveForm
  var name: String { "ctrnn\(form.suffix)" }
  var title: String { "CT-RNN\(form.titleSuffix)" }
  var summary: String { "continuous-time recurrent network: leaky neurons that add, \(form.summary)" }
  let solvers = ["euler", "heun", "rk4", "exponential", "dormand-prince"]
  let readout = Readout.dense
  let hasInputMap = false
  func make<S: CircuitScalar>(_ specification: ModelSpecification, wiring: Wiring, as type: S.Type) throws
    -> any Cell<S>
  {
    try ContinuousCircuit<S>(
      specification, wiring: wiring, laws: [form.law(.polarized(0.001...1))],
      membrane: AdditiveMembrane(leaks: true, hasTimeConstant: form != .squashed, squashes: form == .squashed))
  }
}

/// Where an additive model has its nonlinearity.
enum AdditiveForm: Sendable {
  case neural, synaptic, squashed

  var suffix: String {
    switch self {
    case .neural: ""
    case .synaptic: "-synaptic"
    case .squashed: "-squashed"
    }
  }
  var titleSuffix: String {
    switch self {
    case .neural: ""
    case .synaptic: ", synaptic activation"
    case .squashed: ", squashed sum"
    }
  }
  var summary: String {
    switch self {
    case .neural: "one gate a presynaptic neuron"
    case .synaptic: "one gate a synapse"
    case .squashed: "tanh of the weighted sum"
    }
  }

  func law<S: CircuitScalar>(_ initializer: Initializer) -> any SynapseLaw<S> {
    switch self {
    case .neural: GatedSynapses(activation: .neural, strength: .weight, initializer: initializer)
    case .synaptic: GatedSynapses(activation: .synaptic, strength: .weight, initializer: initializer)
    case .squashed: LinearSynapses(name: "w", quantity: .weight)
    }
  }
}
