import Foundation

/// A JSON value whose keys keep their order: one object a line, numbers unrounded, what is not finite as null.
indirect enum JSON: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral {
  case null
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case array([JSON])
  case object([(String, JSON)])

  init(stringLiteral value: String) { self = .text(value) }
  init(booleanLiteral value: Bool) { self = .boolean(value) }
  init(integerLiteral value: Int) { self = .integer(value) }

  static func number(_ value: Double?) -> JSON { value.map { JSON.number($0 as Double) } ?? .null }
  static func numbers(_ values: some Sequence<Double>) -> JSON { .array(values.map { .number($0 as Double) }) }

  /// One row an array of arrays, `width` numbers each.
  static func rows(_ values: [Double], width: Int) -> JSON {
    .array(
      stride(from: 0, to: values.count, by: max(width, 1)).map { .numbers(values[$0..<min($0 + width, values.count)]) })
  }

  /// In the order of the names.
  static func numbers(_ values: [String: Double]) -> JSON {
    .object(values.sorted { $0.key < $1.key }.map { ($0.key, .number($0.value as Double)) })
  }

  var line: String {
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

  private static func quoted(_ text: String) -> String {
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
