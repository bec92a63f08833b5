/// Finds the fields of delimited text (RFC 4180): one pass over the bytes, which stay where they are.
///
/// Beyond the RFC: lines may end in LF, CR LF or CR; a byte order mark is skipped; blank lines are left out, except
/// that between the rows of a single column each is a missing value. A quote that does not begin a field is an ordinary
/// letter.
struct CSVScanner {
  /// Where each field's content lies, in reading order: quotes left out, doubled quotes still doubled.
  private(set) var fields: [Range<UInt32>] = []
  /// Where each row's fields begin in `fields`, and their end.
  private(set) var rowStarts: [Int] = [0]
  /// The physical line on which each row begins, from 1.
  private(set) var rowLines: [Int] = []

  let separator: UInt8
  private let file: String

  init(_ bytes: UnsafeBufferPointer<UInt8>, separator: UInt8?, file: String) throws {
    let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    self.separator = separator ?? Self.guessSeparator(bytes, from: start)
    self.file = file
    fields.reserveCapacity(bytes.count / 5 + 1)
    try scan(bytes, from: start)
  }

  private mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) throws {
    let count = bytes.count
    var position = start
    var line = 1
    while position < count {
      let rowLine = line
      let rowStart = position
      var atEnd = false
      while !atEnd {
        let end: Int
        if position < count, bytes[position] == 0x22 {
          let opened = line
          end = try Self.endOfQuoted(bytes, from: position + 1, line: &line, opened: opened, file: file)
          fields.append(UInt32(position + 1)..<UInt32(end))
          position = end + 1
          if position < count, bytes[position] != separator, bytes[position] != 0x0A, bytes[position] != 0x0D {
            throw FormatError(
              file: file, line: line,
              problem: "text follows a closing quote; double the quotes that belong to the text (\"\")")
          }
        } else {
          end = Self.endOfPlain(bytes, from: position, separator: separator)
          fields.append(UInt32(position)..<UInt32(end))
          position = end
        }
        if position < count, bytes[position] == separator {
          position += 1
        } else {
          atEnd = true
        }
      }
      let rowEnd = position
      if position < count {
        position += bytes[position] == 0x0D && position + 1 < count && bytes[position + 1] == 0x0A ? 2 : 1
        line += 1
      }
      if rowEnd == rowStart, rowStarts.count < 2 || rowStarts[1] != 1 {
        fields.removeLast()
      } else {
        rowLines.append(rowLine)
        rowStarts.append(fields.count)
      }
    }
    while let last = fields.last, rowStarts.count > 2, rowStarts[1] == 1, last.isEmpty, !isQuoted(last, bytes) {
      fields.removeLast()
      rowLines.removeLast()
      rowStarts.removeLast()
    }
  }

  private func isQuoted(_ field: Range<UInt32>, _ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    field.lowerBound > 0 && bytes[Int(field.lowerBound) - 1] == 0x22
  }

  private static func endOfPlain(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int, separator: UInt8) -> Int {
    var position = start
    while position < bytes.count {
      let byte = bytes[position]
      if byte == separator || byte == 0x0A || byte == 0x0D { break }
      position += 1
    }
    return position
  }

  /// The offset of the closing quote; counts the line breaks on the way.
  private static func endOfQuoted(
    _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, line: inout Int, opened: Int, file: String
  ) throws -> Int {
    var position = start
    while position < bytes.count {
      let byte = bytes[position]
      if byte == 0x22 {
        guard position + 1 < bytes.count, bytes[position + 1] == 0x22 else { return position }
        position += 1
      } else if byte == 0x0A || (byte == 0x0D && (position + 1 == bytes.count || bytes[position + 1] != 0x0A)) {
        line += 1
      }
      position += 1
    }
    throw FormatError(
      file: file, line: opened, problem: "a quote opens here and is never closed; close it or double it (\"\")")
  }

  /// The separator that occurs most often outside quotes in the first row that has any: comma, semicolon or tab.
  private static func guessSeparator(_ bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> UInt8 {
    var commas = 0
    var semicolons = 0
    var tabs = 0
    var quoted = false
    search: for position in start..<max(start, bytes.count) {
      switch bytes[position] {
      case 0x22: quoted.toggle()
      case 0x2C where !quoted: commas += 1
      case 0x3B where !quoted: semicolons += 1
      case 0x09 where !quoted: tabs += 1
      case 0x0A where !quoted && commas + semicolons + tabs > 0: break search
      default: continue
      }
    }
    if semicolons > commas, semicolons >= tabs { return 0x3B }
    return tabs > commas ? 0x09 : 0x2C
  }
}
