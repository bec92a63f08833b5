import Circuits

/// Patterns that name parameters: `w` or `tensor:w`, `neuron:inter 3`, `synapse:inter 3>motor 0`, the sets of ``groups`` and
/// every quantity in the plural (`reversal-potentials`, `half-activations`), `all`, `all-but:PATTERN`, those of the
/// synapses that ``SynapseSelector`` names otherwise, and several of them with commas: `biases,output`.
public enum ParameterSelector {
  /// Sets by what tensors are, whatever the model calls them.
  public static let groups: [(name: String, contains: @Sendable (TensorDeclaration) -> Bool)] = [
    ("weights", { $0.role == .weight }),
    ("biases", { $0.role == .bias }),
    ("readout", { $0.owner == .readout }),
    ("output", { $0.owner == .readout }),
    ("conductances", { $0.quantity.isConductance }),
    // τ = C/(g_leak + Σ g): what of it is a neuron's own.
    ("time-constants", { $0.quantity.setsTimeConstant || $0.quantity == .leakConductance }),
  ]

  /// The ranges of `layout` that a group or a quantity in the plural names ("reversal potentials" as well as
  /// "reversal-potentials"); `nil` where `word` is neither, empty where the model has none of it.
  public static func ranges(named word: String, in layout: ParameterLayout) -> [Range<Int>]? {
    let word = word.lowercased().replacing(" ", with: "-")
    let contains: (TensorDeclaration) -> Bool
    if let group = groups.first(where: { $0.name == word }) {
      contains = group.contains
    } else if let quantity = ParameterQuantity.allCases.first(where: { $0.plural == word }) {
      contains = { $0.quantity == quantity }
    } else {
      return nil
    }
    return layout.tensors.filter { contains($0.declaration) }.map(\.range)
  }

  /// The groups and quantities that `layout` has, as they are typed.
  public static func words(in layout: ParameterLayout) -> [String] {
    var words = groups.filter { group in layout.tensors.contains { group.contains($0.declaration) } }.map(\.name)
    for tensor in layout.tensors where !words.contains(tensor.declaration.quantity.plural) {
      words.append(tensor.declaration.quantity.plural)
    }
    return words
  }

  /// The flat indices `pattern` names, in ascending order.
  ///
  /// `neuron:` takes the neuron's own parameters; `fan-in:` and `fan-out:` those of its synapses.
  /// - Parameters:
  ///   - values: P, effective, and
  ///   - connections: (N + M)×N; only `below:` and `weakest:` need them.
  /// - Throws: ``CircuitError`` that says what there is.
  public static func resolve<S>(
    _ pattern: String, in model: Model<S>, values: [S] = [], connections: [S] = []
  ) throws -> [Int] {
    let layout = model.layout
    // Names from files may hold commas themselves, and then mean what they say.
    let members = pattern.split(separator: ",").map { String($0.trimmingPrefix(" ")) }
    if members.count > 1, !pattern.hasPrefix(Self.allBut), !isNamed(pattern, in: model.wiring) {
      let found = try members.map { try resolve($0, in: model, values: values, connections: connections) }
      return Set(found.joined()).sorted()
    }
    let parts = pattern.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      if pattern == "all" || pattern == "full" { return Array(0..<layout.count) }
      if let tensor = layout[pattern] { return Array(tensor.range) }
      if let ranges = ranges(named: pattern, in: layout), !ranges.isEmpty { return ranges.flatMap(\.self) }
      throw CircuitError.unknown(
        "parameter", pattern,
        among: layout.tensors.map(\.name) + ["all"] + words(in: layout) + [
          "neuron:NAME", "fan-in:NAME", "fan-out:NAME", "synapse:PRE>POST", "below:W", "weakest:SHARE",
          "all-but:PATTERN",
        ])
    }
    switch parts[0] {
    case "all-but":
      let left = Set(try resolve(parts[1], in: model, values: values, connections: connections))
      return (0..<layout.count).filter { !left.contains($0) }
    case "neuron": return model.parameters(ofNeuron: try neuron(parts[1], in: model.wiring)).map(\.index).sorted()
    case "tensor": return try resolve(parts[1], in: model)
    case "below" where values.isEmpty, "weakest" where values.isEmpty:
      throw CircuitError("'\(pattern)' goes by the weights, which are not known here: use it while training.")
    case "fan-in", "fan-out", "synapse", "synapses", "below", "weakest":
      return try SynapseSelector.resolve(pattern, in: model, values: values, connections: connections)
        .flatMap { model.parameters(of: $0).map(\.index) }.sorted()
    default:
      throw CircuitError.unknown(
        "kind of pattern", parts[0], among: SynapseSelector.kinds + ["all-but"])
    }
  }

  private static let allBut = "all-but:"

  /// Whether what follows the colon is one name of the wiring or two with `>` between them, commas and all.
  private static func isNamed(_ pattern: String, in wiring: Wiring) -> Bool {
    guard let name = pattern.split(separator: ":", maxSplits: 1).dropFirst().first.map(String.init) else {
      return false
    }
    return (try? source(name, in: wiring)) != nil || (try? synapse(name, in: wiring)) != nil
  }

  /// What `learn` offers for a layout: everything, and the groups and quantities there are.
  public static func presets(in layout: ParameterLayout) -> [String] {
    ["full"] + words(in: layout).filter { $0 != "readout" }
  }

  /// The neuron called `name`, or with that number.
  public static func neuron(_ name: String, in wiring: Wiring) throws -> Int {
    if let index = wiring.neuronNames.firstIndex(of: name) { return index }
    if let index = Int(name), (0..<wiring.neurons).contains(index) { return index }
    throw CircuitError.unknown("neuron", name, among: wiring.neuronNames)
  }

  /// The presynaptic neuron or input called `name`.
  public static func source(_ name: String, in wiring: Wiring) throws -> Int {
    if let index = wiring.inputNames.firstIndex(of: name) { return wiring.neurons + index }
    return try neuron(name, in: wiring)
  }

  /// "inter 3>motor 0".
  public static func synapse(_ text: String, in wiring: Wiring) throws -> Synapse {
    let ends = text.split(separator: ">").map { $0.trimmingPrefix(" ") }.map(String.init)
    guard ends.count == 2 else {
      throw CircuitError("'\(text)' does not name a synapse: write PRE>POST, for example 'inter 3>motor 0'.")
    }
    let synapse = Synapse(pre: try source(ends[0], in: wiring), post: try neuron(ends[1], in: wiring))
    guard wiring.has(synapse) else {
      throw CircuitError("There is no synapse \(wiring.name(of: synapse)) in this wiring.")
    }
    return synapse
  }
}
