/// Reads the JSON header of a safetensors file, and nothing more general: an object of tensor entries and `__metadata__`.
///
/// Written by hand because the usual readers drop duplicate names silently, which is how one tensor hides another.
struct HeaderReader {
  struct Entry: Equatable {
    var name: String
    var type: String?
    var shape: [Int]?
    var offsets: [Int]?
  }

  private(set) var entries: [Entry] = []
  private(set) var metadata: [String: String] = [:]
  private let bytes: ArraySlice<UInt8>
  private var offset: Int
  private let file: String

  init(_ bytes: ArraySlice<UInt8>, file: String) throws {
    self.bytes = bytes
    self.file = file
    offset = bytes.startIndex
    try object { reader, name in
      if name == "__metadata__" {
        try reader.object { reader, key in reader.metadata[key] = try reader.string() }
      } else {
        reader.entries.append(try reader.entry(name))
      }
    }
    guard offset == bytes.endIndex else { throw failure("text follows the header's closing brace") }
  }

  private mutating func entry(_ name: String) throws -> Entry {
    var entry = Entry(name: name)
    try object { reader, key in
      switch key {
      case "dtype": entry.type = try reader.string()
      case "shape": entry.shape = try reader.integers()
      case "data_offsets": entry.offsets = try reader.integers()
      default: throw reader.failure("tensor '\(name)' has an unknown field '\(key)'")
      }
    }
    return entry
  }

  /// `{ "name": value, … }`; `value` reads what follows the colon.
  private mutating func object(_ value: (inout HeaderReader, String) throws -> Void) throws {
    try expect(0x7B, "'{'")
    var seen: Set<String> = []
    if take(0x7D) { return }
    repeat {
      let name = try string()
      guard seen.insert(name).inserted else { throw failure("the name '\(name)' occurs twice") }
      try expect(0x3A, "':'")
      try value(&self, name)
    } while take(0x2C)
    try expect(0x7D, "',' or '}'")
  }

  private mutating func integers() throws -> [Int] {
    try expect(0x5B, "'['")
    var numbers: [Int] = []
    if take(0x5D) { return numbers }
    repeat { numbers.append(try integer()) } while take(0x2C)
    try expect(0x5D, "',' or ']'")
    return numbers
  }

  private mutating func integer() throws -> Int {
    skipBlanks()
    let start = offset
    var value = 0
    while offset < bytes.endIndex, bytes[offset] &- 0x30 < 10 {
      let (scaled, tooBig) = value.multipliedReportingOverflow(by: 10)
      let (sum, stillTooBig) = scaled.addingReportingOverflow(Int(bytes[offset] - 0x30))
      guard !tooBig, !stillTooBig else { throw failure("a number is too large") }
      value = sum
      offset += 1
    }
    guard offset > start else { throw failure("a whole number, 0 or larger, is expected") }
    return value
  }

  private mutating func string() throws -> String {
    try expect(0x22, "'\"'")
    var text: [UInt8] = []
    while offset < bytes.endIndex {
      let byte = bytes[offset]
      offset += 1
      switch byte {
      case 0x22:
        guard let string = String(validating: text, as: UTF8.self) else { throw failure("a name is not UTF-8") }
        return string
      case 0x5C: text.append(contentsOf: Array(try escape().utf8))
      case 0..<0x20: throw failure("a control character stands inside quotes")
      default: text.append(byte)
      }
    }
    throw failure("a quote is never closed")
  }

  private mutating func escape() throws -> String {
    guard offset < bytes.endIndex else { throw failure("a quote is never closed") }
    let byte = bytes[offset]
    offset += 1
    switch byte {
    case 0x22: return "\""
    case 0x5C: return "\\"
    case 0x2F: return "/"
    case 0x62: return "\u{8}"
    case 0x66: return "\u{C}"
    case 0x6E: return "\n"
    case 0x72: return "\r"
    case 0x74: return "\t"
    case 0x75:
      var units = [try hexadecimal()]
      if UTF16.isLeadSurrogate(units[0]), bytes[offset...].starts(with: [0x5C, 0x75]) {
        offset += 2
        units.append(try hexadecimal())
      }
      guard let text = String(validating: units, as: UTF16.self) else { throw failure("half a \\u pair") }
      return text
    default: throw failure("an unknown escape after '\\'")
    }
  }

  private mutating func hexadecimal() throws -> UInt16 {
    let digits = bytes[offset...].prefix(4)
    guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }),
      let value = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else { throw failure("four hexadecimal digits are expected after \\u") }
    offset += 4
    return value
  }

  private mutating func skipBlanks() {
    while offset < bytes.endIndex, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[offset]) { offset += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipBlanks()
    guard offset < bytes.endIndex, bytes[offset] == byte else { return false }
    offset += 1
    return true
  }

  private mutating func expect(_ byte: UInt8, _ what: String) throws {
    guard take(byte) else { throw failure("\(what) is expected") }
    // Only spaces may follow the last brace, as padding; strings keep theirs.
    if byte == 0x7D { skipBlanks() }
  }

  private func failure(_ what: String) -> FormatError {
    FormatError(
      file: file,
      problem: "the header is broken at byte \(offset): \(what); the file is damaged or not safetensors")
  }
}
