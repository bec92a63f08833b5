import Foundation

/// A JSON value for output, whose keys keep their order: one object per line, numbers unrounded, what is not finite as
/// null.
package indirect enum JSON: Sendable,
  ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral
{
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case array([JSON])
  case object([(String, JSON)])

  package init(stringLiteral value: String) { self = .text(value) }
  package init(booleanLiteral value: Bool) { self = .boolean(value) }
  package init(integerLiteral value: Int) { self = .integer(value) }

  package static func number(_ value: Double?) -> JSON { value.map { JSON.number($0 as Double) } ?? .null }
  package static func numbers(_ values: some Sequence<Double>) -> JSON { .array(values.map { .number($0 as Double) }) }

  /// One row an array of arrays, `width` numbers each.
  package static func rows(_ values: [Double], width: Int) -> JSON {
    .array(
      stride(from: 0, to: values.count, by: max(width, 1)).map { .numbers(values[$0..<min($0 + width, values.count)]) })
  }

  /// In the order of the names.
  package static func numbers(_ values: [String: Double]) -> JSON {
    .object(values.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value as Double)) })
  }

  /// Without blanks or line breaks.
  package var line: String {
    switch self {
    case .null: "null"
    case .boolean(let value): value ? "true" : "false"
    case .integer(let value): "\(value)"
    case .number(let value): value.isFinite ? "\(value)" : "null"
    case .text(let value): Self.quoted(value)
    case .array(let values): "[\(values.map(\.line).joined(separator: ","))]"
    case .object(let pairs): "{\(pairs.map { "\(Self.quoted($0.0)):\($0.1.line)" }.joined(separator: ","))}"
    }
  }

  /// A JSON string (RFC 8259), with its quotes.
  package static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{0}"..<"\u{20}": result += "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

// Values of Swift types as JSON text and back: every file's headers and lines go through these two.
extension JSON {
  /// Keys sorted, so that the same value gives the same text; numbers read back to the same bits, and "inf", "-inf" and
  /// "nan" stand for what is not finite.
  package static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  /// - Throws: `DecodingError`, whose path names the key; it does not say where in the text a syntax error stands.
  package static func decode<Value: Decodable>(_ type: Value.Type, from text: String) throws -> Value {
    let decoder = JSONDecoder()
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode(type, from: Data(text.utf8))
  }
}
