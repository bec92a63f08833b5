extension Safetensors {
  /// The whole file, bit for bit as the reference implementation lays it out: wider elements first, then by name, the
  /// header padded with spaces to a multiple of eight bytes.
  ///
  /// F64 is written as F64, everything else as F32.
  public func encoded() throws -> [UInt8] {
    var seen: Set<String> = []
    for tensor in tensors {
      guard tensor.name != "__metadata__", seen.insert(tensor.name).inserted else {
        throw FormatError(file: "safetensors", problem: "two tensors are called '\(tensor.name)'; rename one")
      }
      let count = tensor.shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
      guard count == tensor.values.count, tensor.shape.allSatisfy({ $0 >= 0 }) else {
        throw FormatError(
          file: "safetensors",
          problem: "tensor '\(tensor.name)' has \(tensor.values.count) values but its shape is \(tensor.shape)")
      }
    }
    func stored(_ tensor: NamedTensor) -> ElementType { tensor.type == .f64 ? .f64 : .f32 }
    let ordered = tensors.sorted {
      stored($0) == stored($1) ? Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) : stored($0) == .f64
    }
    var parts: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key < $1.key }.map { "\(JSON.quoted($0.key)):\(JSON.quoted($0.value))" }
      parts.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
    }
    var data: [UInt8] = []
    for tensor in ordered {
      let begin = data.count
      stored(tensor).encode(tensor.values, into: &data)
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      parts.append(
        "\(JSON.quoted(tensor.name)):{\"dtype\":\"\(stored(tensor).rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(begin),\(data.count)]}")
    }
    var header = Array("{\(parts.joined(separator: ","))}".utf8)
    while header.count % 8 != 0 { header.append(0x20) }
    return withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header + data
  }

  /// Writes the file whole or not at all.
  public func write(to path: String) throws {
    do {
      try FileBytes.write(encoded(), to: path)
    } catch var error as FormatError {
      error.file = path
      throw error
    }
  }
}
