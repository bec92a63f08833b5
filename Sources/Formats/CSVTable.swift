/// A table read from delimited text: named columns, rows that know their line.
///
/// Comma, semicolon or tab, guessed from the first row. Fields stay bytes until they are asked for, so reading costs one
/// pass; numbers are read from the bytes. UTF-8 only.
public struct CSVTable: Sendable {
  /// The file as it is called in errors.
  public let file: String
  /// The header's names, or "column 1", "column 2" … of a table without one.
  public let names: [String]
  /// Rows below the header.
  public var rowCount: Int { lines.count }

  private let bytes: [UInt8]
  private let fields: [Range<UInt32>]
  private let lines: [Int]

  /// Reads a file. `header: false` where the first row is data already.
  public init(path: String, header: Bool = true, separator: Character? = nil) throws {
    try self.init(bytes: try FileBytes.read(path), file: path, header: header, separator: separator)
  }

  /// Reads text that is in memory; `file` is what errors call it.
  public init(bytes: [UInt8], file: String, header: Bool = true, separator: Character? = nil) throws {
    self.bytes = bytes
    self.file = file
    try TextCheck.check(bytes, file: file)
    let scanner = try bytes.withUnsafeBufferPointer {
      try CSVScanner($0, separator: separator?.asciiValue, file: file)
    }
    guard let firstLine = scanner.rowLines.first else {
      throw FormatError(file: file, problem: "the file is empty; it needs a row of column names and rows of values")
    }
    let width = scanner.rowStarts[1]
    names =
      header
      ? (0..<width).map { Self.text(bytes, scanner.fields[$0]).trimmed() } : (0..<width).map { "column \($0 + 1)" }
    for row in scanner.rowLines.indices {
      let count = scanner.rowStarts[row + 1] - scanner.rowStarts[row]
      guard count == width else {
        let fields = count == 1 ? "1 field" : "\(count) fields"
        throw FormatError(
          file: file, line: scanner.rowLines[row],
          problem: "the row has \(fields) where line \(firstLine) has \(width); give every row the same number")
      }
    }
    if header {
      try Self.checkNames(names, file: file, line: firstLine)
      guard scanner.rowLines.count > 1 else {
        throw FormatError(file: file, line: firstLine, problem: "there are column names but no rows below them")
      }
    }
    fields = header ? Array(scanner.fields[width...]) : scanner.fields
    lines = header ? Array(scanner.rowLines.dropFirst()) : scanner.rowLines
  }

  /// The line of the file on which a row begins, from 1.
  public func line(ofRow row: Int) -> Int { lines[row] }

  /// The index of a column, or an error that suggests the nearest name.
  public func column(_ name: String) throws -> Int {
    if let index = names.firstIndex(of: name) { return index }
    throw FormatError(
      file: file,
      problem: "there is no column '\(name)'; \(NearestName.advice(name, among: names, plural: "columns"))")
  }

  /// One field as text, quotes undone; `row` and `column` exist.
  public func text(row: Int, column: Int) -> String { Self.text(bytes, fields[row * names.count + column]) }

  /// All fields of a column as text.
  public func texts(_ column: Int) -> [String] { (0..<rowCount).map { text(row: $0, column: column) } }

  /// A column as numbers; `nil` where the field is empty or says NA, N/A, nan, null, none or ?.
  ///
  /// Anything else that is not a finite number is an error with its line.
  public func numbers(_ column: Int) throws -> [Double?] {
    try bytes.withUnsafeBufferPointer { bytes in
      var values: [Double?] = []
      values.reserveCapacity(rowCount)
      for row in 0..<rowCount {
        let field = fields[row * names.count + column]
        switch FieldNumber(bytes, Int(field.lowerBound)..<Int(field.upperBound)) {
        case .missing: values.append(nil)
        case .number(let value): values.append(value)
        case .text:
          throw FormatError(
            file: file, line: lines[row], column: names[column],
            problem: Self.notANumber(Self.text(self.bytes, field).trimmed()))
        }
      }
      return values
    }
  }

  public func numbers(_ name: String) throws -> [Double?] { try numbers(column(name)) }

  /// A column in which no value may be missing.
  public func completeNumbers(_ name: String) throws -> [Double] {
    let index = try column(name)
    return try numbers(index).enumerated().map { row, value in
      guard let value else {
        throw FormatError(file: file, line: lines[row], column: name, problem: "the value is missing; fill it in")
      }
      return value
    }
  }

  /// Whether a field is empty or says NA, N/A, nan, null, none or ?.
  public func isMissing(row: Int, column: Int) -> Bool {
    let field = fields[row * names.count + column]
    return bytes.withUnsafeBufferPointer {
      FieldNumber($0, Int(field.lowerBound)..<Int(field.upperBound)) == .missing
    }
  }

  /// Whether the first field of a column that is not missing is a number; `nil` where all are missing.
  public func looksNumeric(_ column: Int) -> Bool? {
    bytes.withUnsafeBufferPointer { bytes in
      for row in 0..<rowCount {
        let field = fields[row * names.count + column]
        switch FieldNumber(bytes, Int(field.lowerBound)..<Int(field.upperBound)) {
        case .missing: continue
        case .number: return true
        case .text: return false
        }
      }
      return nil
    }
  }

  private static func checkNames(_ names: [String], file: String, line: Int) throws {
    var seen: [String: Int] = [:]
    for (index, name) in names.enumerated() {
      guard !name.isEmpty else {
        throw FormatError(file: file, line: line, problem: "column \(index + 1) has no name; name it in the header")
      }
      if let earlier = seen[name] {
        throw FormatError(
          file: file, line: line,
          problem: "columns \(earlier + 1) and \(index + 1) are both called '\(name)'; rename one")
      }
      seen[name] = index
    }
  }

  private static func notANumber(_ text: String) -> String {
    let shown = text.count > 40 ? text.prefix(39) + "…" : text[...]
    let comma = text.allSatisfy { $0.isNumber || "+-,".contains($0) } && text.contains(",")
    return "'\(shown)' stands where a finite number belongs; "
      + (comma ? "write decimals with a point" : "correct it, or leave the field empty if the value is missing")
  }

  /// The field's text with doubled quotes undone: a field was quoted if a quote stands before its content.
  private static func text(_ bytes: [UInt8], _ field: Range<UInt32>) -> String {
    let content = bytes[Int(field.lowerBound)..<Int(field.upperBound)]
    let text = String(decoding: content, as: UTF8.self)
    let quoted = field.lowerBound > 0 && bytes[Int(field.lowerBound) - 1] == 0x22
    return quoted && content.contains(0x22)
      ? text.split(separator: "\"\"", omittingEmptySubsequences: false).joined(separator: "\"") : text
  }
}
