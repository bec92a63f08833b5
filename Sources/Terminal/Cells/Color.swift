/// An exact entry of the xterm 256-colour table: 0–15 the user's theme, 16–231 a 6×6×6 cube, 232–255 greys.
public struct Color: Sendable, Equatable, Hashable {
  public var index: UInt8

  public init(_ xterm256: UInt8) { index = xterm256 }

  // Of middling luminance, so that they can be read on dark and on light backgrounds.
  public static let red = Color(203)
  public static let green = Color(71)
  public static let yellow = Color(178)
  public static let blue = Color(68)
  public static let cyan = Color(37)
  public static let magenta = Color(170)
  public static let orange = Color(208)
  public static let gray = Color(244)
  public static let white = Color(231)
  public static let black = Color(16)

  /// The entry's red, green and blue, 0–255; of 0–15, which users redefine, xterm's defaults.
  public var rgb: (red: Int, green: Int, blue: Int) {
    let i = Int(index)
    if i < 16 { return Self.standard[i] }
    if i >= 232 {
      let level = 8 + 10 * (i - 232)
      return (level, level, level)
    }
    let level = { (n: Int) in n == 0 ? 0 : 55 + 40 * n }
    return (level((i - 16) / 36), level((i - 16) / 6 % 6), level((i - 16) % 6))
  }

  /// Relative luminance, 0…1, without gamma correction: enough to choose black or white text.
  public var luminance: Double {
    let (red, green, blue) = rgb
    return (0.299 * Double(red) + 0.587 * Double(green) + 0.114 * Double(blue)) / 255
  }

  /// The index (0–15) of the closest of the sixteen basic colours. A colour with a hue never becomes a grey: the hue
  /// mostly carries the sign.
  public var nearest16: UInt8 { index < 16 ? index : Self.nearest16Table[Int(index)] }

  private static let standard: [(red: Int, green: Int, blue: Int)] = [
    (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
    (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255),
    (255, 255, 255),
  ]

  private static let nearest16Table: [UInt8] = (0...255).map { i in
    let (red, green, blue) = Color(UInt8(i)).rgb
    let coloured = max(red, green, blue) - min(red, green, blue) > 40
    let candidates = coloured ? [1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14] : [0, 7, 8, 15]
    let distance = { (j: Int) -> Int in
      let other = standard[j]
      let (dr, dg, db) = (red - other.red, green - other.green, blue - other.blue)
      return 2 * dr * dr + 4 * dg * dg + 3 * db * db
    }
    return UInt8(candidates.min { distance($0) < distance($1) }!)
  }
}

/// How many colours a terminal has: none (or NO_COLOR), the basic sixteen, or xterm's 256.
public enum ColorTier: Sendable, Equatable, Hashable, CaseIterable { case none, sixteen, xterm256 }
