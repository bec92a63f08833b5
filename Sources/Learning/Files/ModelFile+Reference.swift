import Circuits
import Formats

extension ModelFile {
  /// A file of the field's library `ncps` (torch): sizes from the shapes, everything else generic.
  ///
  /// With the prefix `rnn_cell.` it is the library's `LTC` module, whose positive parameters are stored before a softplus
  /// unless the header says `implicit_param_constraints` "false"; without it is a bare `LTCCell`, where they are stored as
  /// they are. `ode_unfolds` in the header, 6 unless told. The library keeps neither names nor layers: the first O neurons
  /// are motor, those that reach them command, the rest inter; in an all-to-all circuit all others are inter.
  static func reference(_ contents: Safetensors, file: String) throws -> ModelFile {
    var reader = TensorReader(contents, file: file)
    let prefix = reader.has("rnn_cell.w") ? "rnn_cell." : ""
    func name(_ tensor: String) -> String { prefix + tensor }
    guard reader.has(name("w")) else {
      throw reader.failure(
        "there is no tensor 'rnn_cell.w' or 'w'; this is no LTC model of ganglion or ncps")
    }
    let n = try reader.shape(name("w"), rank: 2)[0]
    let m = try reader.shape(name("sensory_w"), rank: 2)[0]
    let o = try reader.shape(name("output_w"), rank: 1)[0]
    guard (1...4096).contains(n), (1...n).contains(o) else {
      throw reader.failure("a model of \(n) neurons and \(o) outputs cannot be")
    }
    let softplus: Bool
    switch contents.metadata[Key.softplus]?.lowercased() {
    case nil: softplus = !prefix.isEmpty
    case "true": softplus = true
    case "false": softplus = false
    case let other?: throw reader.failure("'\(Key.softplus)' in the header is '\(other)', not true or false")
    }
    guard let unfolds = Int(contents.metadata[Key.unfolds] ?? "6"), (1...1000).contains(unfolds) else {
      throw reader.failure("'\(Key.unfolds)' in the header is no number from 1 to 1000")
    }
    let masked = reader.has(name("sparsity_mask")) || reader.has(name("sensory_sparsity_mask"))
    let connections =
      masked
      ? try reader.takeMask(name("sparsity_mask"), shape: [n, n])
        + reader.takeMask(name("sensory_sparsity_mask"), shape: [m, n])
      : [Float](repeating: 1, count: (n + m) * n)
    let reversal = (contents[name("erev")]?.values ?? []) + (contents[name("sensory_erev")]?.values ?? [])
    let wiring = inferred(connections: connections, reversal: reversal, neurons: n, inputs: m, motors: o)
    let model = try Model<Float>(
      ModelSpecification(
        neurons: n, wiring: wiring.name, seed: 0, unfolds: unfolds, inputNames: wiring.inputNames,
        outputNames: (0..<o).map { "output \($0)" }, positivity: softplus ? .softplus : .clamp),
      wiring: wiring)
    let state = ParameterState(model, values: try values(model, prefixed: name, &reader), slots: 0)
    try reader.finish()
    return ModelFile(model: model, state: state, origin: nil)
  }

  private static func inferred(
    connections: [Float], reversal: [Double], neurons n: Int, inputs m: Int, motors o: Int
  ) -> Wiring {
    let allToAll = connections.allSatisfy { $0 != 0 }
    var count: [Wiring.Layer: Int] = [:]
    var layers: [Wiring.Layer] = []
    var names: [String] = []
    for i in 0..<n {
      let reachesMotor = (0..<o).contains { connections[i * n + $0] != 0 }
      let layer: Wiring.Layer = i < o ? .motor : reachesMotor && !allToAll ? .command : .inter
      layers.append(layer)
      names.append("\(layer.rawValue) \(count[layer, default: 0])")
      count[layer, default: 0] += 1
    }
    var wiring = Wiring(
      name: "ncps", inputNames: (0..<m).map { "input \($0)" }, neuronNames: names, layers: layers, motors: o)
    for index in connections.indices where connections[index] != 0 {
      let inhibitory = reversal.indices.contains(index) && reversal[index] < 0
      wiring.connect(Synapse(index: index, neurons: n), polarity: inhibitory ? -1 : 1)
    }
    return wiring
  }
}
