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

  /// The same for nearly all numbers that are shown, at a tenth of the cost; nil where so many digits cannot be told from a
  /// product, and for what is very large or small.
  private static func plain(_ value: Double, digits: Int, minus: String) -> String? {
    if value == 0 { return "0" }
    let size = abs(value)
    guard digits <= 6, size >= powers[0], size < 99_999 else { return nil }
    // The first digit stands for 10^power.
    var power = -least
    while power < 4, size >= powers[power + 1 + least] { power += 1 }
    let scaled = power < digits ? size * powers[digits - 1 - power + least] : size / powers[power + 1 - digits + least]
    var whole = scaled.rounded(.toNearestOrEven)
    // A product is not exact: next to the middle between two numbers it cannot tell which is nearer.
    guard abs(abs(scaled - whole) - 0.5) > 1e-6 else { return nil }
    if whole >= powers[digits + least] {
      whole /= 10
      power += 1
      if power > 4 { return nil }
    }
    let exponent = power < -4 ? power : 0
    var number = Int(whole)
    var decimals = digits - 1 - (power - exponent)
    while decimals < 0 { (number, decimals) = (number * 10, decimals + 1) }
    while decimals > 0, number % 10 == 0 { (number, decimals) = (number / 10, decimals - 1) }
    return String(unsafeUninitializedCapacity: 32) { buffer in
      var start = 32
      func put(_ byte: UInt8) {
        start -= 1
        buffer[start] = byte
      }
      func put(digitsOf number: Int, decimals: Int) {
        var (number, written) = (number, 0)
        while number > 0 || written <= decimals {
          if written == decimals, decimals > 0 { put(UInt8(ascii: ".")) }
          put(UInt8(ascii: "0") + UInt8(number % 10))
          (number, written) = (number / 10, written + 1)
        }
      }
      if exponent < 0 {
        put(digitsOf: -exponent, decimals: 0)
        for byte in minus.utf8.reversed() { put(byte) }
        put(UInt8(ascii: "e"))
      }
      put(digitsOf: number, decimals: decimals)
      if value < 0 { for byte in minus.utf8.reversed() { put(byte) } }
      for i in start..<32 { buffer[i - start] = buffer[i] }
      return 32 - start
    }
  }

  /// From 10^−least to 10^(least + 6).
  private static let least = 18
  private static let powers: [Double] = (-least...least + 6).map { Double("1e\($0)")! }

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
