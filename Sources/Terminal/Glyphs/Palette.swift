/// A ramp of colours for numbers, on exact xterm-256 entries and safe for colour-blind eyes.
///
/// Levels count from the lowest: 0 ..< `levels`. In a diverging palette an odd number of levels has zero in the middle,
/// and an even one is taken as one less.
public struct Palette: Sendable, Equatable {
  public enum Kind: Sendable, Equatable {
    /// For -1...1, centred at zero.
    case diverging
    /// For 0...1.
    case sequential
  }

  public let name: String
  public let kind: Kind
  /// From the lowest to the highest value; fifteen of them.
  public let colors: [Color]

  init(_ name: String, _ kind: Kind, _ indices: [UInt8]) {
    self.name = name
    self.kind = kind
    colors = indices.map { Color($0) }
  }

  /// Blue below zero, orange above, near-black at zero: what matters shines. For dark backgrounds.
  public static let blueOrange = Palette(
    "blue–orange", .diverging, [153, 117, 75, 68, 61, 25, 18, 234, 52, 94, 130, 172, 208, 215, 222])
  /// Purple below zero, green above, near-white at zero (ColorBrewer's PRGn). For light backgrounds.
  public static let purpleGreen = Palette(
    "purple–green", .diverging, [53, 90, 97, 133, 139, 182, 225, 255, 194, 151, 114, 71, 65, 28, 22])
  /// After matplotlib's viridis.
  public static let viridis = Palette(
    "viridis", .sequential, [53, 54, 24, 25, 30, 31, 36, 37, 72, 78, 113, 148, 149, 184, 220])
  /// After matplotlib's cividis.
  public static let cividis = Palette(
    "cividis", .sequential, [17, 18, 19, 24, 60, 242, 243, 244, 101, 137, 143, 179, 185, 221, 227])

  public static let all: [Palette] = [.blueOrange, .purpleGreen, .viridis, .cividis]

  /// The level of a value in -1...1 (diverging) or 0...1 (sequential); values outside count as the nearest end, NaN as
  /// none.
  public func level(of value: Double, levels: Int) -> Int? {
    guard !value.isNaN else { return nil }
    let count = usableLevels(levels)
    let unit = kind == .diverging ? (value + 1) / 2 : value
    return min(count - 1, max(0, Int((min(1, max(0, unit)) * Double(count - 1)).rounded())))
  }

  /// `levels` made positive, and odd if diverging.
  public func usableLevels(_ levels: Int) -> Int {
    kind == .diverging ? max(1, levels % 2 == 0 ? levels - 1 : levels) : max(1, levels)
  }

  /// The colour of a level.
  public func color(level: Int, of levels: Int) -> Color {
    let count = usableLevels(levels)
    let last = colors.count - 1
    if count == 1 { return colors[kind == .diverging ? last / 2 : last] }
    let at = Double(min(count - 1, max(0, level))) / Double(count - 1) * Double(last)
    return colors[Int(at.rounded())]
  }

  /// A swatch for a value in -1...1 or 0...1; NaN gets ``notFinite``. Put ``glyph(level:of:tier:)`` into it, and the
  /// filters for fewer colours have something to show.
  public func style(for value: Double, levels: Int = 15) -> Style {
    guard let level = level(of: value, levels: levels) else { return Self.notFinite }
    return .swatch(color(level: level, of: levels))
  }

  /// How a value that is no number is drawn: bold on red, with the character "!".
  public static let notFinite = Style(foreground: .white, background: Color(124), attributes: .bold)

  /// A character that tells the level without colour: density for the magnitude; below zero strokes in place of shades.
  public func glyph(level: Int, of levels: Int, tier: GlyphTier) -> Character {
    let count = usableLevels(levels)
    let clamped = min(count - 1, max(0, level))
    let middle = kind == .diverging ? count / 2 : 0
    let steps = kind == .diverging ? count / 2 : count - 1
    let distance = abs(clamped - middle)
    if distance == 0 || steps == 0 { return " " }
    let density = 1 + (distance - 1) * 4 / steps
    let row = (tier == .ascii ? 2 : 0) + (clamped < middle ? 1 : 0)
    return Self.densities[row][min(4, density)]
  }

  /// Above and below zero; the same in ASCII.
  private static let densities: [[Character]] = [
    [" ", "░", "▒", "▓", "█"], [" ", "╌", "─", "═", "≡"], [" ", ":", "+", "&", "#"], [" ", ",", "-", "=", "%"],
  ]
}
