import Foundation

/// Numbers as people read them on a screen.
public enum NumberText {
  /// So many significant digits, without an exponent below 100 000, "1.3e-7" where that is shorter; "nan", "inf", "-inf".
  public static func short(_ value: Double, digits: Int = 3) -> String {
    if value.isNaN { return "nan" }
    if value.isInfinite { return value < 0 ? "-inf" : "inf" }
    return plain(value, digits: max(1, digits), minus: "-") ?? formatted(value, digits: digits)
  }

  /// ``short(_:digits:)`` of any number there is.
  private static func formatted(_ value: Double, digits: Int) -> String {
    let text = significant(value, digits: max(1, digits))
    guard let e = text.firstIndex(of: "e") else { return text == "-0" ? "0" : text }
    // 1e-07 is 1e-7
    let exponent = Int(text[text.index(after: e)...]) ?? 0
    if (0..<5).contains(exponent), let rounded = Double(text) { return "\(Int(rounded))" }
    return text[..<e] + "e\(exponent)"
  }

  /// C's %g, without the detour of Foundation's formats: a frame shows some hundred numbers.
  private static func significant(_ value: Double, digits: Int) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
      _ = withVaList([Int32(clamping: min(digits, 30)), value]) { vsnprintf(buffer.baseAddress!, 64, "%.*g", $0) }
      return String(cString: buffer.baseAddress!)
    }
  }

  /// As labels and legends show it: ``short(_:digits:)`` with a typographic minus.
  public static func label(_ value: Double, digits: Int = 3) -> String {
    plain(value, digits: max(1, digits), minus: "−")
      ?? String(short(value, digits: digits).map { $0 == "-" ? "−" : $0 })
  }

  /// The same for nearly all numbers that are shown, at a tenth of the cost; nil where there is an exponent, or where so
  /// many digits cannot be told from a product.
  private static func plain(_ value: Double, digits: Int, minus: String) -> String? {
    if value == 0 { return "0" }
    let size = abs(value)
    guard digits <= 6, size >= 1e-4, size < 99_999 else { return nil }
    // The first digit stands for 10^place.
    var place = -4
    while place < 4, size >= powers[place + 5] { place += 1 }
    let scaled = size * powers[digits - 1 - place + 4]
    var whole = scaled.rounded(.toNearestOrEven)
    // A product is not exact: next to the middle between two numbers it cannot tell which is nearer.
    guard abs(abs(scaled - whole) - 0.5) > 1e-6 else { return nil }
    if whole >= powers[digits + 4] {
      whole /= 10
      place += 1
      if place > 4 { return nil }
    }
    var number = Int(whole)
    var decimals = digits - 1 - place
    while decimals < 0 { (number, decimals) = (number * 10, decimals + 1) }
    while decimals > 0, number % 10 == 0 { (number, decimals) = (number / 10, decimals - 1) }
    let sign = value < 0 ? minus : ""
    return String(unsafeUninitializedCapacity: 24) { buffer in
      var start = 24
      var written = 0
      while number > 0 || written <= decimals {
        if written == decimals, decimals > 0 {
          start -= 1
          buffer[start] = UInt8(ascii: ".")
        }
        start -= 1
        buffer[start] = UInt8(ascii: "0") + UInt8(number % 10)
        number /= 10
        written += 1
      }
      for byte in sign.utf8.reversed() {
        start -= 1
        buffer[start] = byte
      }
      for i in start..<24 { buffer[i - start] = buffer[i] }
      return 24 - start
    }
  }

  /// 10^−4 … 10^10, by exponent + 4.
  private static let powers: [Double] = [
    1e-4, 1e-3, 1e-2, 1e-1, 1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10,
  ]

  /// Digits in groups of three: "12 480".
  public static func grouped(_ value: Int) -> String {
    let digits = Array(String(value.magnitude))
    var result = value < 0 ? "-" : ""
    for (i, digit) in digits.enumerated() {
      if i > 0 && (digits.count - i) % 3 == 0 { result += " " }
      result.append(digit)
    }
    return result
  }
}
