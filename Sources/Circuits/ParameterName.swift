/// A parameter by its tensor and its coordinates in it: "w[3, 7]".
///
/// What is written to files and what people read names parameters so; flat indices belong to one layout in memory.
public struct ParameterName: Sendable, Hashable {
  public var tensor: String
  /// One a dimension of the tensor.
  public var coordinates: [Int]

  public init(tensor: String, coordinates: [Int]) { (self.tensor, self.coordinates) = (tensor, coordinates) }

  /// Reads "w[3, 7]"; `nil` where `text` is not of that form.
  public init?(_ text: String) {
    guard text.last == "]", let bracket = text.lastIndex(of: "["), bracket > text.startIndex else { return nil }
    let inside = text[text.index(after: bracket)...].dropLast()
    let parts = inside.split(separator: ",", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
    let numbers = inside.isEmpty ? [] : parts.map { Int($0) ?? -1 }
    guard numbers.allSatisfy({ $0 >= 0 }) else { return nil }
    self.init(tensor: String(text[..<bracket]), coordinates: numbers)
  }
}

extension ParameterName: CustomStringConvertible {
  public var description: String { "\(tensor)[\(coordinates.map(String.init).joined(separator: ", "))]" }
}

/// As the text "w[3, 7]".
extension ParameterName: Codable {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let name = Self(try container.decode(String.self)) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "no parameter's name")
    }
    self = name
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }
}

extension ParameterLayout {
  /// The name of flat index `index`; `nil` outside of the buffer.
  public func name(of index: Int) -> ParameterName? {
    locate(index).map { ParameterName(tensor: $0.tensor.name, coordinates: $0.coordinates) }
  }

  /// The flat index of a parameter.
  ///
  /// - Throws: ``CircuitError`` that says which tensors there are, or which shape the tensor has.
  public func index(of name: ParameterName) throws -> Int {
    guard let tensor = self[name.tensor] else {
      throw CircuitError.unknown("tensor", name.tensor, among: tensors.map(\.name))
    }
    let shape = tensor.declaration.shape
    guard name.coordinates.count == shape.count, zip(name.coordinates, shape).allSatisfy({ (0..<$1).contains($0) })
    else {
      throw CircuitError(
        "There is no parameter \(name): \(name.tensor) has the shape [\(shape.map(String.init).joined(separator: ", "))], "
          + "coordinates counted from 0.")
    }
    return tensor.offset + zip(name.coordinates, shape).reduce(0) { $0 * $1.1 + $1.0 }
  }
}
