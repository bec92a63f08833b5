import Circuits
import Formats

extension ModelFile {
  /// A file that this program wrote.
  static func own(_ contents: Safetensors, file: String) throws -> ModelFile {
    let metadata = contents.metadata
    guard let version = metadata[Key.version], readableVersions.contains(version) else {
      throw FormatError(
        file: file,
        problem:
          "the file has version \(metadata[Key.version] ?? "?"), but only \(readableVersions.joined(separator: " and ")) "
          + "can be read; use a newer ganglion")
    }
    let specification = try value(ModelSpecification.self, Key.specification, of: metadata, file: file)
    var reader = TensorReader(contents, file: file)
    let (n, m) = (specification.neurons, specification.inputNames.count)
    guard (1...4096).contains(n), !specification.outputNames.isEmpty else {
      throw reader.failure("a model of \(n) neurons and \(specification.outputNames.count) outputs cannot be")
    }
    let connections =
      try reader.takeMask(recurrentMask, shape: [n, n]) + reader.takeMask(sensoryMask, shape: [m, n])
    let pruned = try value([[Int]].self, Key.pruned, of: metadata, file: file).map { ends in
      guard ends.count == 2, (0..<n + m).contains(ends[0]), (0..<n).contains(ends[1]) else {
        throw reader.failure("the pruned synapse \(ends) is none of this model's")
      }
      return Synapse(pre: ends[0], post: ends[1])
    }
    var present = connections.map { $0 != 0 }
    for synapse in pruned { present[synapse.index(neurons: n)] = true }
    let signs = contents["rnn_cell.erev"].flatMap { erev in
      contents["rnn_cell.sensory_erev"].map { erev.values + $0.values }
    }
    let wiring = try wiring(
      specification, value(WiringDescription.self, Key.wiring, of: metadata, file: file), present: present,
      reversal: signs ?? [], reader)
    let model: Model<Float>
    do {
      model = try Model(specification, wiring: wiring)
    } catch {
      throw reader.failure("the model cannot be made: \(error)")
    }
    if version != "1" {
      let layout = try value(LayoutFingerprint.self, Key.layout, of: metadata, file: file)
      if let difference = layout.difference(from: LayoutFingerprint(model.layout)) {
        throw reader.failure(
          "the model is not laid out as when the file was written: \(difference); use the ganglion that wrote it, or train "
            + "anew")
      }
    }
    var state = ParameterState(model, values: try values(model, prefixed: fileName, &reader), slots: 0)
    state.connections = connections
    try freeze(value([String: [[Int]]].self, Key.frozen, of: metadata, file: file), in: &state, model, reader)
    try reader.finish(except: metadata[Key.training] == nil ? nil : trainingPrefix)
    var origin = metadata[Key.origin] == nil ? nil : try value(ModelOrigin.self, Key.origin, of: metadata, file: file)
    if version == "1" {
      origin?.recipe.network = .init(specification)
      origin?.recipe.seed = specification.seed
    }
    if let problem = origin?.problem(inputs: m, outputs: specification.outputNames.count) {
      throw reader.failure("\(problem); the header is damaged")
    }
    return ModelFile(model: model, state: state, origin: origin)
  }

  /// The layout's values in order.
  static func values(
    _ model: Model<Float>, prefixed name: (String) -> String, _ reader: inout TensorReader
  ) throws -> [Float] {
    var values: [Float] = []
    values.reserveCapacity(model.layout.count)
    for tensor in model.layout.tensors {
      let own = try reader.take(name(tensor.name), shape: tensor.declaration.shape)
      // Training keeps to narrower bounds than a file has to: the library lets capacitances fall to 0.
      let bounds = model.storedBounds(tensor)
      if bounds.lowerBound >= 0, let entry = own.firstIndex(where: { $0 < 0 }) {
        throw reader.failure(
          "tensor '\(name(tensor.name))' holds \(own[entry]) at entry \(entry), but a \(tensor.declaration.meaning) "
            + "cannot be negative")
      }
      values += own
    }
    return values
  }

  /// The wiring that the file describes; where it has no signs, made again from its seed if that gives these very
  /// synapses.
  private static func wiring(
    _ specification: ModelSpecification, _ described: WiringDescription, present: [Bool], reversal: [Double],
    _ reader: TensorReader
  ) throws -> Wiring {
    let (n, m) = (specification.neurons, specification.inputNames.count)
    guard described.neuronNames.count == n, described.layers.count == n, (0...n).contains(described.motors) else {
      throw reader.failure("the wiring in the header does not describe \(n) neurons")
    }
    if described.signs == nil, let again = try? Model<Float>(specification).wiring,
      again.polarity.map({ $0 != 0 }) == present, again.neuronNames == described.neuronNames
    {
      return again
    }
    let signs = described.signs.map { $0.utf8.map { $0 == 0x2B ? 1 : $0 == 0x2D ? -1.0 : 0 } }
    let known = signs ?? (reversal.count == (n + m) * n ? reversal : present.map { $0 ? 1 : 0 })
    guard known.count == (n + m) * n, signs.map({ $0.map { $0 != 0 } == present }) ?? true else {
      throw reader.failure("the wiring in the header and the masks do not have the same synapses")
    }
    let (pairs, transmitters) = (described.gapJunctions ?? [], described.transmitters)
    guard pairs.allSatisfy({ 0 <= $0.a && $0.a < $0.b && $0.b < n }), Set(pairs).count == pairs.count,
      transmitters.map({ $0.count == n }) ?? true
    else { throw reader.failure("the gap junctions or transmitters in the header are not those of \(n) neurons") }
    var wiring = Wiring(
      name: described.name, inputNames: specification.inputNames, neuronNames: described.neuronNames,
      layers: described.layers, motors: described.motors)
    for index in present.indices where present[index] {
      wiring.connect(Synapse(index: index, neurons: n), polarity: known[index] < 0 ? -1 : 1)
    }
    for pair in pairs { wiring.couple(pair.a, pair.b) }
    if let transmitters { wiring.transmitters = transmitters }
    return wiring
  }

  private static func freeze(
    _ ranges: [String: [[Int]]], in state: inout ParameterState<Float>, _ model: Model<Float>, _ reader: TensorReader
  ) throws {
    for (name, ranges) in ranges {
      for range in ranges {
        guard let tensor = model.layout[name], range.count == 2, 0 <= range[0], range[0] <= range[1],
          range[1] <= tensor.declaration.count
        else { throw reader.failure("the frozen entries \(range) of '\(name)' are none of this model's") }
        for entry in range[0]..<range[1] { state.frozen[tensor.offset + entry] = true }
      }
    }
  }
}
