/// What a field of a table holds when it is read as a number.
enum FieldNumber: Equatable {
  case missing
  case number(Double)
  case text

  /// Reads `bytes[range]`, spaces around it left out; no copy is made unless the number needs the slow, exact way.
  ///
  /// Correctly rounded. The fast way is Clinger's: an integer below 2⁵³ and a power of ten up to 10²² are both exact in
  /// Double, so one multiplication or division rounds once (DOI 10.1145/93542.93557).
  init(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
    var start = range.lowerBound
    var end = range.upperBound
    while start < end, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
    while end > start, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x09 { end -= 1 }
    guard start < end else {
      self = .missing
      return
    }
    if let value = Self.decimal(bytes, start, end) {
      self = value.isFinite ? .number(value) : .text
    } else {
      self = Self.saysMissing(bytes, start, end) ? .missing : .text
    }
  }

  /// "NA", "N/A", "nan", "null", "none" in any case, and "?".
  private static func saysMissing(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Bool {
    guard end - start <= 4 else { return false }
    switch String(decoding: bytes[start..<end], as: UTF8.self).lowercased() {
    case "na", "n/a", "nan", "null", "none", "?": return true
    default: return false
    }
  }

  /// `nil` where the bytes are no decimal number: optional sign, digits with at most one point, optional exponent.
  private static func decimal(_ bytes: UnsafeBufferPointer<UInt8>, _ start: Int, _ end: Int) -> Double? {
    var i = start
    let negative = bytes[i] == 0x2D
    if negative || bytes[i] == 0x2B { i += 1 }
    var mantissa: UInt64 = 0
    var digits = 0
    var scale = 0
    var seenPoint = false
    while i < end {
      let byte = bytes[i]
      if byte &- 0x30 < 10 {
        // Beyond 18 digits the integer no longer fits; the slow way below takes over.
        if digits < 18 { mantissa = mantissa &* 10 &+ UInt64(byte &- 0x30) }
        digits += 1
        if seenPoint { scale -= 1 }
      } else if byte == 0x2E, !seenPoint {
        seenPoint = true
      } else {
        break
      }
      i += 1
    }
    guard digits > 0 else { return nil }
    if i < end {
      guard bytes[i] | 0x20 == 0x65 else { return nil }
      i += 1
      guard i < end else { return nil }
      let down = bytes[i] == 0x2D
      if down || bytes[i] == 0x2B { i += 1 }
      guard i < end else { return nil }
      var exponent = 0
      while i < end {
        guard bytes[i] &- 0x30 < 10 else { return nil }
        exponent = min(exponent * 10 + Int(bytes[i] &- 0x30), 100_000)
        i += 1
      }
      scale += down ? -exponent : exponent
    }
    if digits <= 18, mantissa <= 1 << 53, abs(scale) <= 22 {
      let exact = Double(mantissa)
      let value = scale < 0 ? exact / powersOfTen[-scale] : exact * powersOfTen[scale]
      return negative ? -value : value
    }
    return Double(String(decoding: bytes[start..<end], as: UTF8.self))
  }

  private static let powersOfTen: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
  ]
}
