import Circuits
import Formats

extension ModelFile {
  /// The same model gives the same bytes.
  public func encoded() throws -> Safetensors {
    let (n, wiring) = (model.neurons, model.wiring)
    func tensor(_ name: String, _ shape: [Int], _ values: some Sequence<Float>) -> NamedTensor {
      NamedTensor(name: name, shape: shape, values: values.map { Double($0) })
    }
    var tensors = model.layout.tensors.map {
      tensor(Self.fileName($0.name), $0.declaration.shape, state.values[$0.range])
    }
    tensors.append(tensor(Self.recurrentMask, [n, n], state.connections[..<(n * n)]))
    tensors.append(tensor(Self.sensoryMask, [model.inputs, n], state.connections[(n * n)...]))

    var metadata = [
      Key.version: Self.currentVersion,
      Key.specification: try JSON.encode(model.specification),
      Key.layout: try JSON.encode(LayoutFingerprint(model.layout)),
      Key.pruned: try JSON.encode(pruned.map { [$0.pre, $0.post] }),
      Key.frozen: try JSON.encode(frozenRanges),
      Key.unfolds: "\(model.specification.unfolds)",
      Key.softplus: model.specification.positivity == .softplus ? "true" : "false",
      Key.cell: model.kind.title,
    ]
    metadata[Key.wiring] = try JSON.encode(WiringDescription(wiring))
    if let origin { metadata[Key.origin] = try JSON.encode(origin) }
    return Safetensors(tensors: tensors, metadata: metadata)
  }

  /// By tensor, the half-open ranges of its entries that are frozen.
  private var frozenRanges: [String: [[Int]]] {
    var result: [String: [[Int]]] = [:]
    for tensor in model.layout.tensors {
      var ranges: [[Int]] = []
      for (entry, index) in tensor.range.enumerated() where state.frozen[index] {
        if ranges.last?[1] == entry {
          ranges[ranges.count - 1][1] = entry + 1
        } else {
          ranges.append([entry, entry + 1])
        }
      }
      if !ranges.isEmpty { result[tensor.name] = ranges }
    }
    return result
  }

  static func value<Value: Decodable>(
    _ type: Value.Type, _ key: String, of metadata: [String: String], file: String
  ) throws -> Value {
    guard let text = metadata[key], let value = try? JSON.decode(type, from: text) else {
      throw FormatError(
        file: file,
        problem: "'\(key)' in the header is missing or cannot be read; the file is damaged or was written by a newer "
          + "version")
    }
    return value
  }
}
