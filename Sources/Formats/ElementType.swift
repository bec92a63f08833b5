/// How one number of a tensor is stored; little-endian throughout. The raw values are the names safetensors uses.
public enum ElementType: String, Sendable, CaseIterable, Codable {
  case f64 = "F64"
  case f32 = "F32"
  case f16 = "F16"
  case bf16 = "BF16"
  case i64 = "I64"
  case i32 = "I32"
  case i16 = "I16"
  case i8 = "I8"
  case u8 = "U8"
  case bool = "BOOL"

  /// Bytes an element.
  public var size: Int {
    switch self {
    case .f64, .i64: 8
    case .f32, .i32: 4
    case .f16, .bf16, .i16: 2
    case .i8, .u8, .bool: 1
    }
  }

  /// Reads `count` elements from `bytes[offset...]`, which holds them. An I64 beyond 2⁵³ is rounded to a Double.
  func decode(_ bytes: [UInt8], at offset: Int, count: Int) -> [Double] {
    bytes.withUnsafeBytes { buffer in
      let start = offset
      func all<Element>(_ type: Element.Type, _ value: (Element) -> Double) -> [Double] {
        (0..<count).map {
          value(buffer.loadUnaligned(fromByteOffset: start + $0 * MemoryLayout<Element>.size, as: type))
        }
      }
      return switch self {
      case .f64: all(UInt64.self) { Double(bitPattern: UInt64(littleEndian: $0)) }
      case .f32: all(UInt32.self) { Double(Float(bitPattern: UInt32(littleEndian: $0))) }
      case .f16: all(UInt16.self) { Self.half(UInt16(littleEndian: $0)) }
      case .bf16: all(UInt16.self) { Double(Float(bitPattern: UInt32(UInt16(littleEndian: $0)) << 16)) }
      case .i64: all(Int64.self) { Double(Int64(littleEndian: $0)) }
      case .i32: all(Int32.self) { Double(Int32(littleEndian: $0)) }
      case .i16: all(Int16.self) { Double(Int16(littleEndian: $0)) }
      case .i8: all(Int8.self) { Double($0) }
      case .u8: all(UInt8.self) { Double($0) }
      case .bool: all(UInt8.self) { $0 == 0 ? 0 : 1 }
      }
    }
  }

  /// Appends `values` as F32 (rounded to nearest) or F64; other types are not written.
  func encode(_ values: [Double], into bytes: inout [UInt8]) {
    bytes.reserveCapacity(bytes.count + values.count * size)
    if self == .f64 {
      for value in values { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
    } else {
      for value in values { withUnsafeBytes(of: Float(value).bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
    }
  }

  /// IEEE 754 binary16: 1 sign, 5 exponent (bias 15), 10 fraction bits. `Float16` is missing on some machines.
  private static func half(_ bits: UInt16) -> Double {
    let sign = bits >> 15 == 0 ? 1.0 : -1.0
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Double(bits & 0x3FF)
    switch exponent {
    case 0: return sign * fraction * 0x1p-24
    case 31: return fraction == 0 ? sign * .infinity : .nan
    default: return sign * Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction / 1024)
    }
  }
}
