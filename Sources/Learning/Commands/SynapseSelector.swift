import Circuits

/// Patterns that name sets of synapses: `all`, `sensory`, `recurrent`, `neuron:NAME` (into and out of it), `fan-in:NAME`,
/// `fan-out:NAME`, `synapse:PRE>POST`, `synapses:PRE>POST;PRE>POST;…`, `tensor:NAME` (those that it has an entry for), `below:W` (present ones whose maximal
/// weight is smaller), `weakest:SHARE` (that share of the present ones).
public enum SynapseSelector {
  /// The kinds that take something after a colon.
  public static let kinds = ["neuron", "fan-in", "fan-out", "synapse", "synapses", "tensor", "below", "weakest"]
  /// Patterns that stand alone.
  public static let words = ["all", "sensory", "recurrent"]

  /// A pattern as people type it: "weakest 20 %" is "weakest:0.2", "fan-in motor 0" is "fan-in:motor 0".
  public static func canonical(_ typed: String) -> String {
    let parts = typed.split(separator: " ", maxSplits: 1).map(String.init)
    guard parts.count == 2, kinds.contains(parts[0]) else { return typed }
    var rest = parts[1]
    while rest.last == " " { rest.removeLast() }
    guard rest.last == "%" else { return "\(parts[0]):\(rest)" }
    rest.removeLast()
    while rest.last == " " { rest.removeLast() }
    return "\(parts[0]):\(Double(rest).map { "\($0 / 100)" } ?? rest)"
  }

  /// The synapses of the wiring that `pattern` names, in its order; pruned ones too, save for `below` and `weakest`.
  ///
  /// - Parameters:
  ///   - values: P, effective.
  ///   - connections: (N + M)×N.
  /// - Throws: ``CircuitError`` that says what there is.
  public static func resolve<S>(_ pattern: String, in model: Model<S>, values: [S], connections: [S]) throws
    -> [Synapse]
  {
    let (wiring, all) = (model.wiring, model.wiring.synapses)
    let parts = pattern.split(separator: ":", maxSplits: 1).map(String.init)
    guard parts.count == 2 else {
      switch pattern {
      case "all": return all
      case "sensory": return all.filter { $0.pre >= model.neurons }
      case "recurrent": return all.filter { $0.pre < model.neurons }
      default:
        throw CircuitError.unknown(
          "set of synapses", pattern, among: words + kinds.map { "\($0) …" } + ["PRE>POST"])
      }
    }
    switch parts[0] {
    case "neuron":
      let neuron = try ParameterSelector.neuron(parts[1], in: wiring)
      return all.filter { $0.pre == neuron || $0.post == neuron }
    case "fan-in":
      let post = try ParameterSelector.neuron(parts[1], in: wiring)
      return all.filter { $0.post == post }
    case "fan-out":
      let pre = try ParameterSelector.source(parts[1], in: wiring)
      return all.filter { $0.pre == pre }
    case "synapse": return [try ParameterSelector.synapse(parts[1], in: wiring)]
    case "synapses":
      return try parts[1].split(separator: ";").map { try ParameterSelector.synapse(String($0), in: wiring) }
    case "tensor":
      guard let tensor = model.layout[parts[1]] else {
        throw CircuitError.unknown("tensor", parts[1], among: model.layout.tensors.map(\.name))
      }
      let own = Set(tensor.range.compactMap { model.synapse(ofParameter: $0) })
      return all.filter(own.contains)
    case "below":
      guard let limit = Double(parts[1]), limit.isFinite else {
        throw CircuitError("'\(parts[1])' is no weight: write for example below 0.1.")
      }
      return try ranked(model, values, connections).filter { $0.weight < S(limit) }.map(\.synapse)
    case "weakest":
      guard let share = Double(parts[1]), (0...1).contains(share) else {
        throw CircuitError("'\(parts[1])' is no share of the synapses: use 0 to 1, or for example 20 %.")
      }
      return try weakest(share, in: model, values: values, connections: connections)
    default: throw CircuitError.unknown("set of synapses", parts[0], among: words + kinds)
    }
  }

  /// `share` of the present synapses, those with the smallest maximal weights; the first in the wiring's order among equals.
  static func weakest<S>(_ share: Double, in model: Model<S>, values: [S], connections: [S]) throws -> [Synapse] {
    let sorted = try ranked(model, values, connections).sorted { $0.weight < $1.weight }
    return sorted.prefix(Int((Double(sorted.count) * share).rounded())).map(\.synapse)
  }

  /// Present synapses with the size of their weight.
  private static func ranked<S>(_ model: Model<S>, _ values: [S], _ connections: [S]) throws -> [(
    synapse: Synapse, weight: S
  )] {
    try model.wiring.synapses.filter { connections[$0.index(neurons: model.neurons)] != 0 }.map { synapse in
      guard let weight = model.weight(of: synapse) else {
        throw CircuitError("The model '\(model.kind.name)' has no weight for each synapse to go by.")
      }
      return (synapse, abs(values[weight]))
    }
  }
}
