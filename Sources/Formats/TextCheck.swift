/// Whether bytes are text that can be read: UTF-8, no zero bytes, and fewer than 4 GiB.
enum TextCheck {
  static func check(_ bytes: [UInt8], file: String) throws {
    guard bytes.count < UInt32.max else {
      throw FormatError(file: file, problem: "the file has 4 GiB or more; split it into parts")
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw FormatError(file: file, problem: "the text is UTF-16; save it as UTF-8")
    }
    let plain = bytes.withUnsafeBytes { buffer in
      // ASCII without zero bytes is the usual case: eight bytes at a time.
      var high: UInt64 = 0
      var zero: UInt64 = 0
      let words = buffer.count / 8
      for word in 0..<words {
        let value = buffer.loadUnaligned(fromByteOffset: word * 8, as: UInt64.self)
        high |= value
        zero |= (value &- 0x0101_0101_0101_0101) & ~value
      }
      for offset in words * 8..<buffer.count {
        high |= UInt64(buffer[offset])
        zero |= buffer[offset] == 0 ? 0x80 : 0
      }
      return (high | zero) & 0x8080_8080_8080_8080 == 0
    }
    guard !plain else { return }
    if let offset = bytes.firstIndex(of: 0) {
      throw FormatError(
        file: file, line: line(of: offset, in: bytes), problem: "there is a zero byte; this is not a text file")
    }
    guard String(validating: bytes, as: UTF8.self) == nil else { return }
    // A line that is invalid by itself: line breaks never lie inside a UTF-8 character.
    var number = 1
    for content in bytes.split(separator: 0x0A, omittingEmptySubsequences: false) {
      if String(validating: content, as: UTF8.self) == nil {
        throw FormatError(file: file, line: number, problem: "the bytes are not UTF-8; save the file as UTF-8")
      }
      number += 1
    }
  }

  private static func line(of offset: Int, in bytes: [UInt8]) -> Int {
    bytes[..<offset].reduce(1) { $0 + ($1 == 0x0A ? 1 : 0) }
  }
}

extension String {
  /// The text without spaces and tabs around it.
  func trimmed() -> String {
    let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    guard let first = firstIndex(where: { !blank($0) }), let last = lastIndex(where: { !blank($0) }) else { return "" }
    return first == startIndex && last == index(before: endIndex) ? self : String(self[first...last])
  }
}
