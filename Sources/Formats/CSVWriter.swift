/// Writes delimited text (RFC 4180, LF): fields are quoted only where they need it, numbers so that they read back exactly.
public struct CSVWriter: Sendable {
  public let columnCount: Int
  /// The text so far.
  public private(set) var bytes: [UInt8] = []
  private let separator: UInt8

  /// `separator` is an ASCII letter.
  public init(columns: [String], separator: Character = ",") {
    columnCount = columns.count
    self.separator = separator.asciiValue ?? 0x2C
    append(columns)
  }

  /// One row of text; as many fields as there are columns.
  public mutating func append(_ fields: [String]) {
    precondition(fields.count == columnCount, "a row has as many fields as there are columns")
    for (index, field) in fields.enumerated() {
      if index > 0 { bytes.append(separator) }
      append(field: field)
    }
    bytes.append(0x0A)
  }

  /// One row of numbers, shortest form that reads back to the same Double; what is not finite is left empty.
  public mutating func append(_ numbers: [Double]) { append(numbers.map(Self.format)) }

  /// The shortest decimal form that reads back to the same number; "" for NaN and infinities.
  public static func format(_ number: Double) -> String { number.isFinite ? "\(number)" : "" }

  public func write(to path: String) throws { try FileBytes.write(bytes, to: path) }

  private mutating func append(field: String) {
    let text = Array(field.utf8)
    let alone = columnCount == 1 && text.isEmpty
    let edges = text.first == 0x20 || text.last == 0x20
    guard alone || edges || text.contains(where: { $0 == separator || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }) else {
      bytes.append(contentsOf: text)
      return
    }
    bytes.append(0x22)
    for byte in text {
      if byte == 0x22 { bytes.append(0x22) }
      bytes.append(byte)
    }
    bytes.append(0x22)
  }
}
