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

  /// The tensor it is read from, `nil` where it is measured at a moment or stands for the first one.
  var tensorName: String? {
    switch self {
    case .halfActivation: "mu"
    case .slope: "sigma"
    case .reversal: "erev"
    default: nil
    }
  }

  var isMeasured: Bool { self == .conductance || self == .activation || self == .current }
}

/// One quantity of every synapse, read from where it stands without copying.
public struct SynapseValues: Sendable {
  private enum Source: Sendable {
    case measured([Double])
    case stored([Float], Connectivity.Tensor)
    case product([Float], [Float], Connectivity.Tensor)
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
      guard let tensor = quantity.tensorName.map(connectivity.tensor) ?? connectivity.weight else { return nil }
      source = .stored(values, tensor)
    case .gradient:
      guard let tensor = connectivity.weight else { return nil }
      source = .stored(gradient, tensor)
    case .sensitivity:
      guard let tensor = connectivity.weight else { return nil }
      source = .product(gradient, values, tensor)
    }
  }

  /// By the synapse's place in the connections.
  public subscript(index: Int) -> Double {
    switch source {
    case .measured(let measured):
      let negative = sign.map { values[$0.place(index, neurons: neurons)] < 0 } ?? false
      return negative ? -measured[index] : measured[index]
    case .stored(let stored, let tensor): return Double(stored[tensor.place(index, neurons: neurons)])
    case .product(let one, let other, let tensor):
      let place = tensor.place(index, neurons: neurons)
      return Double(one[place]) * Double(other[place])
    }
  }
}

extension Scene {
  /// The quantities this model has, in the order of the key that changes them.
  public var quantities: [SynapseQuantity] {
    SynapseQuantity.allCases.filter { quantity in
      if quantity.isMeasured { return reading?.synapses != nil }
      return quantity.tensorName.map { connectivity.tensor($0) != nil } ?? (connectivity.weight != nil)
    }
  }

  /// The quantity the matrix of synapses shows: what was asked for, otherwise conductances where the model has them.
  public var quantity: SynapseQuantity {
    if let asked = shown["synapses"].flatMap(SynapseQuantity.init) { return asked }
    let all = quantities
    return all.contains(.conductance) ? .conductance : all.first ?? .conductance
  }

  /// Colours for a quantity: with a zero in the middle, or from none to much.
  func palette(_ quantity: SynapseQuantity) -> Palette {
    let signedWeight = quantity == .weight && connectivity.weight?.isSigned == true
    return quantity.isDiverging || signedWeight ? diverging : sequential
  }

  /// "nS" where the model's weights are conductances, "" for pure numbers.
  func unit(_ quantity: SynapseQuantity) -> String {
    quantity == .conductance || quantity == .weight ? connectivity.weight?.unit ?? "" : ""
  }

  /// Of the matrix that shows a quantity.
  func title(_ quantity: SynapseQuantity) -> String {
    quantity == .weight && connectivity.weight?.isSigned == true ? "Weights w, signed" : quantity.title
  }

  /// The factorisations the model has; none where it is no differential equation.
  var forms: [CoefficientForm] { precise.continuous?.forms ?? [] }

  /// Half-activation and slope of a synapse's gate, its own or its source's; `nil` where it has none.
  func gate(_ synapse: Synapse) -> (mu: Double, sigma: Double)? {
    let n = neurons
    func value(_ name: String) -> Double? {
      if let tensor = connectivity.tensor(name) {
        return Double(snapshot.values[tensor.place(synapse.index(neurons: n), neurons: n)])
      }
      let (full, place) = synapse.pre < n ? (name, synapse.pre) : ("sensory_" + name, synapse.pre - n)
      guard let tensor = model.layout[full], place < tensor.declaration.count else { return nil }
      return Double(snapshot.values[tensor.offset + place])
    }
    guard let mu = value("mu"), let sigma = value("sigma") else { return nil }
    return (mu, sigma)
  }

  /// Whether the synapse excites.
  func excites(_ index: Int) -> Bool {
    guard let tensor = connectivity.signing else { return true }
    return snapshot.values[tensor.place(index, neurons: neurons)] >= 0
  }
}
