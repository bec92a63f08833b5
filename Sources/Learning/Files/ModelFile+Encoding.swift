import Circuits
import Formats
import Foundation

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
      Key.specification: try Self.json(model.specification),
      Key.pruned: try Self.json(pruned.map { [$0.pre, $0.post] }),
      Key.frozen: try Self.json(frozenRanges),
      Key.unfolds: "\(model.specification.unfolds)",
      Key.softplus: model.specification.positivity == .softplus ? "true" : "false",
      Key.cell: model.kind.title,
    ]
    metadata[Key.wiring] = try Self.json(WiringDescription(wiring))
    if let origin { metadata[Key.origin] = try Self.json(origin) }
    return Safetensors(tensors: tensors, metadata: metadata)
  }

  /// By tensor, the half-open ranges of its entries that are frozen.
  private var frozenRanges: [String: [[Int]]] {
    var result: [String: [[Int]]] = [:]
    for tensor in model.layout.tensors {
      var ranges: [[Int]] = []
      for (place, index) in tensor.range.enumerated() where state.frozen[index] {
        if ranges.last?[1] == place {
          ranges[ranges.count - 1][1] = place + 1
        } else {
          ranges.append([place, place + 1])
        }
      }
      if !ranges.isEmpty { result[tensor.name] = ranges }
    }
    return result
  }

  /// Keys sorted, so that the same value gives the same text; numbers read back to the same bits.
  package static func json(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func value<Value: Decodable>(
    _ type: Value.Type, _ key: String, of metadata: [String: String], file: String
  ) throws -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    guard let text = metadata[key], let value = try? decoder.decode(type, from: Data(text.utf8)) else {
      throw FormatError(
        file: file,
        problem: "'\(key)' in the header is missing or cannot be read; the file is damaged or was written by a newer "
          + "version")
    }
    return value
  }
}
