/// One array in numpy's own file format, versions 1 to 3.
///
/// Reads <f4 <f8 <i4 <i8 |b1 |u1 in C or Fortran order, writes <f4 or <f8 in C order.
/// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
public struct NPY: Sendable, Equatable {
  /// Empty for a single number.
  public var shape: [Int]
  /// In C order, whatever the file's; as many as the product of `shape`.
  public var values: [Double]
  /// How the numbers are stored in the file.
  public var type: ElementType

  public init(shape: [Int], values: [Double], type: ElementType = .f64) {
    self.shape = shape
    self.values = values
    self.type = type
  }

  public init(path: String) throws { try self.init(bytes: try FileBytes.read(path), file: path) }

  /// Reads a file that is in memory; `file` is what errors call it.
  public init(bytes: [UInt8], file: String) throws {
    guard bytes.starts(with: [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59]), bytes.count >= 10 else {
      throw FormatError(file: file, problem: "the file does not begin like an npy file; save it with numpy.save")
    }
    guard 1...3 ~= bytes[6] else {
      throw FormatError(file: file, problem: "this is npy version \(bytes[6]).\(bytes[7]), but 1 to 3 can be read")
    }
    let lengthSize = bytes[6] == 1 ? 2 : 4
    let start = 8 + lengthSize
    let length = bytes[8...].prefix(lengthSize).reversed().reduce(0) { $0 << 8 | Int($1) }
    guard start + length <= bytes.count else {
      throw FormatError(file: file, problem: "the header is cut short; the file is damaged, save it again")
    }
    let header = NPYHeader(String(decoding: bytes[start..<start + length], as: UTF8.self))
    guard let description = header.description, let shape = header.shape, let fortran = header.fortran else {
      throw FormatError(file: file, problem: "the header lacks descr, shape or fortran_order; the file is damaged")
    }
    guard let type = Self.types[description] else {
      throw FormatError(
        file: file,
        problem: "the numbers are stored as '\(description)', but only <f4, <f8, <i4, <i8, |b1 and |u1 can be read; "
          + "convert with array.astype('<f8')")
    }
    var size = type.size
    for extent in shape {
      let (product, overflow) = size.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw FormatError(file: file, problem: "the shape \(shape) is too large") }
      size = product
    }
    guard size == bytes.count - start - length else {
      throw FormatError(
        file: file,
        problem: "shape \(shape) needs \(size) bytes but \(bytes.count - start - length) follow the header; "
          + "the file is damaged, save it again")
    }
    self.shape = shape
    self.type = type
    let stored = type.decode(bytes, at: start + length, count: size / type.size)
    values = fortran && shape.count > 1 ? Self.cOrder(stored, shape) : stored
  }

  /// The whole file, version 1, header padded as numpy pads it so that the data begins at a multiple of 64.
  public func encoded() throws -> [UInt8] {
    let count = shape.reduce(1) { $0.multipliedReportingOverflow(by: $1).partialValue }
    guard count == values.count, shape.allSatisfy({ $0 >= 0 }) else {
      throw FormatError(file: "npy", problem: "there are \(values.count) values but the shape is \(shape)")
    }
    let extents = shape.count == 1 ? "\(shape[0])," : shape.map(String.init).joined(separator: ", ")
    let name = type == .f32 ? "<f4" : "<f8"
    var header = Array("{'descr': '\(name)', 'fortran_order': False, 'shape': (\(extents)), }".utf8)
    while (10 + header.count + 1) % 64 != 0 { header.append(0x20) }
    header.append(0x0A)
    var bytes: [UInt8] = [
      0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, UInt8(header.count & 255), UInt8(header.count >> 8),
    ]
    bytes += header
    (type == .f32 ? ElementType.f32 : .f64).encode(values, into: &bytes)
    return bytes
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

  private static let types: [String: ElementType] = [
    "<f4": .f32, "<f8": .f64, "<i4": .i32, "<i8": .i64, "|b1": .bool, "|u1": .u8,
  ]

  /// First index fastest → last index fastest.
  private static func cOrder(_ stored: [Double], _ shape: [Int]) -> [Double] {
    var values = [Double](repeating: 0, count: stored.count)
    var index = [Int](repeating: 0, count: shape.count)
    for value in stored {
      var position = 0
      for (i, extent) in zip(index, shape) { position = position * extent + i }
      values[position] = value
      for axis in shape.indices {
        index[axis] += 1
        if index[axis] < shape[axis] { break }
        index[axis] = 0
      }
    }
    return values
  }
}

/// The three entries of an npy header, a Python dictionary written by `repr`.
private struct NPYHeader {
  var description: String?
  var shape: [Int]?
  var fortran: Bool?

  init(_ text: String) {
    func after(_ key: String) -> Substring? {
      guard let range = text.firstRange(of: "'\(key)':") else { return nil }
      return text[range.upperBound...].drop { $0 == " " }
    }
    if let rest = after("descr"), rest.first == "'" { description = String(rest.dropFirst().prefix { $0 != "'" }) }
    if let rest = after("fortran_order") {
      fortran = rest.hasPrefix("True") ? true : rest.hasPrefix("False") ? false : nil
    }
    if let rest = after("shape"), rest.first == "(", let close = rest.firstIndex(of: ")") {
      let parts = rest[rest.index(after: rest.startIndex)..<close].split(separator: ",").map {
        Int($0.filter { $0 != " " })
      }
      shape = parts.allSatisfy { ($0 ?? -1) >= 0 } ? parts.compactMap(\.self) : nil
    }
  }
}
