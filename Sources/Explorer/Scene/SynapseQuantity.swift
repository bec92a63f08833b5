import Analysis
import Circuits
import Learning
import Terminal

/// What the matrix of synapses can show of each of them.
public enum SynapseQuantity: String, Sendable, CaseIterable {
  case conductance, activation, current, weight
  case halfActivation = "half-activation"
  case slope, reversal, gradient, sensitivity

  /// The letter of the formulas.
  var symbol: String {
    switch self {
    case .conductance: "g"
    case .activation: "s"
    case .current: "I"
    case .weight: "w"
    case .halfActivation: "μ"
    case .slope: "σ"
    case .reversal: "E"
    case .gradient: "∂L/∂w"
    case .sensitivity: "∂L/∂w·w"
    }
  }

  /// For the frame's title: what it is and how it comes about.
  var title: String {
    switch self {
    case .conductance: "Conductances g = w·σ(y), signed"
    case .activation: "Activations s = σ(σ_(y−μ)), 0 closed, 1 open"
    case .current: "Currents I into the row's neuron"
    case .weight: "Weights w, the most a synapse conducts"
    case .halfActivation: "Half-activations μ, where a synapse is half open"
    case .slope: "Slopes σ, how sharply a synapse opens"
    case .reversal: "Reversal potentials E: above 0 excites, below inhibits"
    case .gradient: "Gradient ∂L/∂w of the last batch"
    case .sensitivity: "Sensitivity ∂L/∂w·w: what cutting would take off the loss"
    }
  }

  /// Whether values have a zero in the middle.
  var isDiverging: Bool { self != .activation && self != .slope && self != .weight }

  /// The parameter it is, `nil` where it is measured at a moment or goes by *the* weight.
  var parameter: ParameterQuantity? {
    switch self {
    case .halfActivation: .halfActivation
    case .slope: .slope
    case .reversal: .reversalPotential
    default: nil
    }
  }

  /// What shows the entries of a tensor; `nil` where nothing does.
  init?(_ declaration: TensorDeclaration) {
    let own = declaration.quantity
    guard let found = own.isSynapseWeight ? .weight : Self.allCases.first(where: { $0.parameter == own }) else {
      return nil
    }
    self = found
  }

  var isMeasured: Bool { self == .conductance || self == .activation || self == .current }

  /// A synapse is closed where its gate is open to less than this share: it lets through less than a hundredth of its
  /// weight. A conductance that is only small beside the largest one is not closed.
  public static let closed = 0.01
}

extension Scene {
  /// Whether the synapse's gate is closed now, by its place in the connections; not where nothing has been measured.
  public func isClosed(_ index: Int) -> Bool {
    guard let activation = reading?.synapses?.activation, index < activation.count else { return false }
    return activation[index] < SynapseQuantity.closed
  }

  /// Of the matrix of synapses, [post, pre] over neurons and then inputs: which are closed; `nil` where what is shown is no
  /// measurement of the moment.
  var closedSynapses: [Bool]? {
    guard quantity.isMeasured, !look.showsDifference, reading?.synapses != nil else { return nil }
    let columns = neurons + model.inputs
    var closed = [Bool](repeating: true, count: neurons * columns)
    for synapse in connectivity.synapses {
      closed[synapse.post * columns + synapse.pre] = isClosed(synapse.index(neurons: neurons))
    }
    return closed
  }
}

/// One quantity of every synapse, read from where it stands without copying.
public struct SynapseValues: Sendable {
  private enum Source: Sendable {
    case measured([Double])
    case stored([Float], Connectivity.Tensor)
    case sensitivity(Sensitivity, Connectivity.Tensor)
  }
  private let source: Source
  /// Conductances are signed by the reversal potential.
  private let sign: Connectivity.Tensor?
  private let values: [Float]
  private let neurons: Int

  /// - Returns: `nil` where the model has no such quantity, or nothing has been measured yet.
  public init?(_ quantity: SynapseQuantity, _ scene: Scene) {
    self.init(
      quantity, scene.connectivity, scene.reading, scene.snapshot.values, scene.snapshot.gradient, scene.neurons)
  }

  init?(
    _ quantity: SynapseQuantity, _ connectivity: Connectivity, _ reading: Reading?, _ values: [Float],
    _ gradient: [Float],
    _ neurons: Int
  ) {
    self.values = values
    self.neurons = neurons
    sign = quantity == .conductance && connectivity.weight?.isSigned == false ? connectivity.signing : nil
    switch quantity {
    case .conductance, .activation, .current:
      guard let synapses = reading?.synapses else { return nil }
      source = .measured(
        quantity == .conductance
          ? synapses.conductance : quantity == .current ? synapses.current : synapses.activation)
    case .weight, .halfActivation, .slope, .reversal:
      guard let tensor = quantity.parameter.map(connectivity.tensor) ?? connectivity.weight else { return nil }
      source = .stored(values, tensor)
    case .gradient:
      guard let tensor = connectivity.weight else { return nil }
      source = .stored(gradient, tensor)
    case .sensitivity:
      guard let tensor = connectivity.weight else { return nil }
      source = .sensitivity(Sensitivity(values: values, gradient: gradient), tensor)
    }
  }

  /// By the synapse's index in the connections.
  public subscript(index: Int) -> Double {
    switch source {
    case .measured(let measured):
      let negative = sign.map { values[$0.flatIndex(index, neurons: neurons)] < 0 } ?? false
      return negative ? -measured[index] : measured[index]
    case .stored(let stored, let tensor): return Double(stored[tensor.flatIndex(index, neurons: neurons)])
    case .sensitivity(let sensitivity, let tensor): return sensitivity[tensor.flatIndex(index, neurons: neurons)]
    }
  }
}

extension Scene {
  /// The quantities this model has, in the order of the key that changes them.
  public var quantities: [SynapseQuantity] {
    SynapseQuantity.allCases.filter { quantity in
      if quantity.isMeasured { return hasGates }
      return quantity.parameter.map { connectivity.tensor($0) != nil } ?? (connectivity.weight != nil)
    }
  }

  /// The quantity the matrix of synapses shows: what was asked for, otherwise conductances where the model has them.
  public var quantity: SynapseQuantity {
    if let asked = views.pictures[SynapsesView.name].flatMap(SynapseQuantity.init) { return asked }
    let all = quantities
    return all.contains(.conductance) ? .conductance : all.first ?? .conductance
  }

  /// Colours for a quantity: with a zero in the middle, or from none to much.
  func palette(_ quantity: SynapseQuantity) -> Palette {
    let signedWeight = quantity == .weight && connectivity.weight?.isSigned == true
    return quantity.isDiverging || signedWeight ? look.diverging : look.sequential
  }

  /// "nS" where the model's weights are conductances, "" for pure numbers.
  func unit(_ quantity: SynapseQuantity) -> String {
    quantity == .conductance || quantity == .weight ? unit(connectivity.weight?.unit ?? "") : ""
  }

  /// A declared unit with the task's unit of time instead of t: "nS·min".
  func unit(_ declared: String) -> String {
    guard declared.utf8.contains(UInt8(ascii: "t")) else { return declared }
    return declared.split(separator: "t", omittingEmptySubsequences: false).joined(separator: task.timeUnit)
  }

  /// Whether what a synapse lets through is a conductance, and not a weight times how far its gate is open.
  var hasConductances: Bool { connectivity.weight?.quantity.isConductance ?? false }

  /// The letter of what a synapse lets through: "g", or "w·s" where it is no conductance.
  var openSymbol: String { hasConductances ? SynapseQuantity.conductance.symbol : "w·s" }

  /// The letter in a legend.
  func symbol(_ quantity: SynapseQuantity) -> String { quantity == .conductance ? openSymbol : quantity.symbol }

  /// Of the matrix that shows a quantity.
  func title(_ quantity: SynapseQuantity) -> String {
    let isWeight = connectivity.weight?.isSigned == true
    if quantity == .weight && isWeight { return "Weights w, signed" }
    return quantity == .conductance && !hasConductances ? "Weights at work w·σ(y), signed" : quantity.title
  }

  /// The factorisations the model has; none where it is no differential equation.
  var forms: [CoefficientForm] { precise.continuous?.forms ?? [] }

  /// Half-activation and slope of a synapse's gate, its own or its source's; `nil` where it has none.
  func gate(_ synapse: Synapse) -> (mu: Double, sigma: Double)? {
    let n = neurons
    func value(_ quantity: ParameterQuantity) -> Double? {
      if let tensor = connectivity.tensor(quantity) {
        return Double(snapshot.values[tensor.flatIndex(synapse.index(neurons: n), neurons: n)])
      }
      let (owner, entry) = synapse.pre < n ? (ParameterOwner.neuron, synapse.pre) : (.input, synapse.pre - n)
      guard let tensor = model.layout.tensor(quantity, of: owner), entry < tensor.declaration.count else { return nil }
      return Double(snapshot.values[tensor.offset + entry])
    }
    guard let mu = value(.halfActivation), let sigma = value(.slope) else { return nil }
    return (mu, sigma)
  }

  /// Whether the synapse excites.
  func excites(_ index: Int) -> Bool {
    guard let tensor = connectivity.signing else { return true }
    return snapshot.values[tensor.flatIndex(index, neurons: neurons)] >= 0
  }
}
