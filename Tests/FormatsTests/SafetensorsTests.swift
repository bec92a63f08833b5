import Formats
import Testing

@Suite struct SafetensorsTests {
  /// A file with the given header and as many zero bytes of data.
  func file(_ header: String, data: Int) -> [UInt8] {
    withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) } + Array(header.utf8)
      + [UInt8](repeating: 0, count: data)
  }

  @Test func readsTheReferenceLibrarysFile() throws {
    let model = try Safetensors(path: fixture("ncps-autoncp-16.safetensors"))
    #expect(model.metadata == ["framework": "ncps 1.0.1 torch", "cell": "LTC", "ode_unfolds": "6"])
    let w = try #require(model["rnn_cell.w"])
    #expect(w.shape == [16, 16])
    #expect(w.type == .f32)
    #expect(w.values.count == 256)
    #expect(w.values[..<3] == [0.7283748388290405, 0.5084286332130432, 0.6795675754547119])
    // Summed by numpy; 256 terms of at most 1.25 leave less than 256·1.25·2⁻⁵² of rounding.
    #expect(abs(w.values.reduce(0, +) - 125.55406898166984) < 1e-13)
    #expect(model["rnn_cell.output_b"]?.values == [-0.04436064884066582])
  }

  /// The reference implementation and this one lay tensors out alike; only the order of metadata is free.
  @Test func writesTheReferenceLibrarysBytes() throws {
    let path = fixture("ncps-autoncp-16.safetensors")
    let original = try FileBytes.read(path)
    let model = try Safetensors(path: path)
    let again = try Safetensors(tensors: model.tensors.reversed(), metadata: model.metadata).encoded()
    #expect(again.count == original.count)
    let dataStart = 8 + Int(original[0]) + Int(original[1]) << 8
    #expect(again[dataStart...] == original[dataStart...])
    #expect(try Safetensors(bytes: again, file: "m") == model)
  }

  /// With a single entry of metadata nothing is free: the whole file is the same, header and padding included.
  @Test func writesTheReferenceImplementationsFile() throws {
    let path = fixture("mixed.safetensors")
    let mixed = try Safetensors(path: path)
    #expect(mixed.tensors.map(\.name) == ["b", "a", "e", "z é"])
    #expect(mixed["b"]?.values == [1.5, -2])
    #expect(mixed["a"]?.values == [0, 1, 2, 3, 4, 5])
    #expect(try mixed.encoded() == FileBytes.read(path))
  }

  @Test func roundTripsExactly() throws {
    let written = Safetensors(
      tensors: [
        NamedTensor(name: "β \"x\"\n", shape: [2, 2], values: [0.1, -1e300, .infinity, 0x1p-1074], type: .f64),
        NamedTensor(name: "a", shape: [3], values: [0.5, -2, 0.1].map { Double(Float($0)) }),
        NamedTensor(name: "empty", shape: [0, 4], values: []),
        NamedTensor(name: "one", shape: [], values: [7]),
      ], metadata: ["note": "tab\t\u{1} é 🪱"])
    let bytes = try written.encoded()
    #expect(bytes[0] % 8 == 0)
    let read = try Safetensors(bytes: bytes, file: "m")
    #expect(read.metadata == written.metadata)
    #expect(read.tensors.map(\.name) == ["β \"x\"\n", "a", "empty", "one"])
    for tensor in written.tensors { #expect(read[tensor.name] == tensor) }
    try withTemporaryPath("m.safetensors") { path in
      try written.write(to: path)
      try written.write(to: path)
      #expect(try FileBytes.read(path) == bytes)
      #expect(
        sentence { try written.write(to: path + "/x") }
          == "\(path)/x: cannot be written: part of the path is not a folder; check the path.")
    }
  }

  @Test func everyTypeDecodes() throws {
    let cases: [(String, [UInt8], [Double])] = [
      ("F16", [0x00, 0x3C, 0x00, 0xC0, 0x01, 0x00, 0xFF, 0x7B], [1, -2, 0x1p-24, 65504]),
      ("BF16", [0x80, 0x3F, 0x20, 0xC1], [1, -10]),
      ("I64", [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF], [-1]),
      ("I32", [0, 0, 0, 0x80], [-2_147_483_648]),
      ("I16", [0xFE, 0xFF], [-2]),
      ("I8", [0x80, 0x7F], [-128, 127]),
      ("U8", [0, 255], [0, 255]),
      ("BOOL", [0, 1], [0, 1]),
      ("F64", [0, 0, 0, 0, 0, 0, 0xF0, 0x3F], [1]),
      ("F32", [0, 0, 0x20, 0xC1], [-10]),
    ]
    for (type, data, values) in cases {
      let header = "{\"x\":{\"dtype\":\"\(type)\",\"shape\":[\(values.count)],\"data_offsets\":[0,\(data.count)]}}  "
      let read = try Safetensors(bytes: file(header, data: 0) + data, file: "m")
      #expect(read["x"]?.values == values, "\(type)")
    }
  }

  @Test func hostileFilesAreSentences() {
    func tensor(_ name: String, _ shape: String, _ begin: Int, _ end: Int, type: String = "F32") -> String {
      "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(begin),\(end)]}"
    }
    let cases: [([UInt8], String)] = [
      ([1, 2], "m: the file has 2 bytes, too few for a header; the file is damaged or not safetensors."),
      (
        [UInt8](repeating: 0xFF, count: 8) + [0x7B, 0x7D],
        "m: the header is said to be 18446744073709551615 bytes long but only 2 follow; the file is damaged or not "
          + "safetensors."
      ),
      (
        file("{\(tensor("w", "[2]", 0, 8)),\(tensor("v", "[2]", 4, 12))}", data: 12),
        "m: tensor 'v' begins at byte 4 and overlaps the tensor before it, which ends at 8."
      ),
      (
        file("{\(tensor("w", "[2]", 0, 8)),\(tensor("v", "[2]", 12, 20))}", data: 20),
        "m: tensor 'v' begins at byte 12 and leaves a hole before it, which ends at 8."
      ),
      (
        file("{\(tensor("w", "[2]", 0, 8))}", data: 4),
        "m: tensor 'w' ends at byte 8 but there are only 4; the file was cut short, fetch it again."
      ),
      (file("{\(tensor("w", "[2]", 0, 8))}", data: 9), "m: 1 bytes follow the last tensor; the file is damaged."),
      (
        file("{\(tensor("w", "[3]", 0, 8))}", data: 8),
        "m: tensor 'w' of shape [3] and dtype F32 needs 12 bytes but has 8; the file is damaged or was written wrongly."
      ),
      (
        file("{\(tensor("w", "[4294967296,4294967296]", 0, 8))}", data: 8),
        "m: tensor 'w' has shape [4294967296, 4294967296], more numbers than any memory holds; the file is damaged or "
          + "was written wrongly."
      ),
      (
        file("{\(tensor("w", "[1]", 8, 4))}", data: 8),
        "m: tensor 'w' has data_offsets [8, 4], which are no range; the file is damaged or was written wrongly."
      ),
      (
        file("{\"w\":{\"dtype\":\"F32\"}}", data: 0),
        "m: tensor 'w' lacks its dtype, shape or data_offsets; the file is damaged or was written wrongly."
      ),
    ]
    for (bytes, expected) in cases {
      #expect(sentence { _ = try Safetensors(bytes: bytes, file: "m") } == expected)
    }
    let fragments = [
      ("{\(tensor("w", "[1]", 0, 4)),\(tensor("w", "[1]", 4, 8))}", "the name 'w' occurs twice"),
      ("{\(tensor("w", "[99999999999999999999]", 0, 4))}", "a number is too large"),
      ("{\(tensor("w", "[-1]", 0, 4))}", "a whole number, 0 or larger, is expected"),
      ("{\(tensor("w", "[1]", 0, 4, type: "F8_E4M3"))}", "dtype 'F8_E4M3', which is not one of F64, F32"),
      ("[1]", "'{' is expected"),
      ("{\"w\":3}", "'{' is expected"),
      ("{}x", "text follows the header's closing brace"),
      ("{\"\\uD800\":{}}", "half a \\u pair"),
      ("{\"w", "a quote is never closed"),
    ]
    for (header, expected) in fragments {
      #expect(sentence { _ = try Safetensors(bytes: file(header, data: 8), file: "m") }.contains(expected), "\(header)")
    }
    #expect(sentence { _ = try Safetensors(bytes: file("", data: 0) + [], file: "m") }.contains("'{' is expected"))
  }

  /// Damage anywhere ends in a sentence or in a file that is still whole, never in a trap.
  @Test func everyByteOfTheHeaderMayBeDamaged() throws {
    let bytes = try Safetensors(
      tensors: [NamedTensor(name: "w", shape: [2], values: [1, 2])], metadata: ["a": "\u{e9}"]
    ).encoded()
    for offset in 0..<bytes.count {
      for value in [0, 0x22, 0x39, 0x5B, 0x5C, 0x7D, 0x80, 0xFF] as [UInt8] {
        var damaged = bytes
        damaged[offset] = value
        _ = sentence { _ = try Safetensors(bytes: damaged, file: "m") }
      }
      _ = sentence { _ = try Safetensors(bytes: Array(bytes[..<offset]), file: "m") }
    }
  }

  @Test func whatCannotBeWritten() {
    let twice = Safetensors(tensors: [
      .init(name: "w", shape: [], values: [1]), .init(name: "w", shape: [], values: [1]),
    ])
    #expect(sentence { _ = try twice.encoded() } == "safetensors: two tensors are called 'w'; rename one.")
    let wrong = Safetensors(tensors: [.init(name: "w", shape: [3], values: [1])])
    #expect(sentence { _ = try wrong.encoded() } == "safetensors: tensor 'w' has 1 values but its shape is [3].")
  }
}
