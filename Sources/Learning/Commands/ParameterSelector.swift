import Circuits

/// Patterns that name parameters: `w` or `tensor:w`, `neuron:inter 3`, `synapse:inter 3>motor 0`, `weights`, `biases`,
/// `readout`, `all`, `all-but:PATTERN`, and those of the synapses that ``SynapseSelector`` names otherwise.
public enum ParameterSelector {
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
    let parts = pattern.split(separator: ":", maxSplits: 1).map(String.init)
    let layout = model.layout
    guard parts.count == 2 else {
      switch pattern {
      case "all": return Array(0..<layout.count)
      case "weights": return indices(of: .weight, layout)
      case "biases": return indices(of: .bias, layout)
      case "readout": return layout.tensors.filter { $0.declaration.owner == .readout }.flatMap(\.range)
      default:
        guard let tensor = layout[pattern] else {
          throw CircuitError.unknown(
            "parameter", pattern,
            among: layout.tensors.map(\.name) + [
              "all", "weights", "biases", "readout", "neuron:NAME", "fan-in:NAME", "fan-out:NAME", "synapse:PRE>POST",
              "below:W", "weakest:SHARE", "all-but:PATTERN",
            ])
        }
        return Array(tensor.range)
      }
    }
    switch parts[0] {
    case "all-but":
      let left = Set(try resolve(parts[1], in: model, values: values, connections: connections))
      return (0..<layout.count).filter { !left.contains($0) }
    case "neuron": return model.parameters(ofNeuron: try neuron(parts[1], in: model.wiring)).map(\.index).sorted()
    case "tensor": return try resolve(parts[1], in: model)
    case "below" where values.isEmpty, "weakest" where values.isEmpty:
      throw CircuitError("'\(pattern)' goes by the weights, which are not known here: use it while training.")
    case "fan-in", "fan-out", "synapse", "below", "weakest":
      return try SynapseSelector.resolve(pattern, in: model, values: values, connections: connections)
        .flatMap { model.parameters(of: $0).map(\.index) }.sorted()
    default:
      throw CircuitError.unknown(
        "kind of pattern", parts[0], among: SynapseSelector.kinds + ["all-but"])
    }
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

  private static func indices(of role: ParameterRole, _ layout: ParameterLayout) -> [Int] {
    layout.tensors.filter { $0.declaration.role == role }.flatMap(\.range)
  }
}
