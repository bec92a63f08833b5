/// What a terminal can do to a character besides colouring it.
public struct Attributes: OptionSet, Sendable, Hashable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  public static let bold = Attributes(rawValue: 1)
  public static let dim = Attributes(rawValue: 2)
  public static let reverse = Attributes(rawValue: 4)
  public static let underline = Attributes(rawValue: 8)
  public static let italic = Attributes(rawValue: 16)
}

/// Colours and attributes of a cell; nil is the terminal's own colour.
///
/// A *swatch* is a style whose foreground equals its background: the cell is one colour, and the character in it shows
/// only where there are fewer colours (see ``Grid/filtered(colors:glyphs:)``). So a picture made of swatches with
/// telling characters never depends on colour.
public struct Style: Sendable, Equatable, Hashable {
  public var foreground: Color?
  public var background: Color?
  public var attributes: Attributes

  public init(foreground: Color? = nil, background: Color? = nil, attributes: Attributes = []) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }

  public static let plain = Style()

  /// Text of that colour.
  public init(_ foreground: Color) { self.init(foreground: foreground) }
  /// One colour for text and background.
  public static func swatch(_ color: Color) -> Style { Style(foreground: color, background: color) }

  public var isSwatch: Bool { foreground != nil && foreground == background }

  public func with(_ more: Attributes) -> Style {
    Style(foreground: foreground, background: background, attributes: attributes.union(more))
  }
  public func bold() -> Style { with(.bold) }
  public func dim() -> Style { with(.dim) }
  public func reverse() -> Style { with(.reverse) }
  public func underline() -> Style { with(.underline) }
  public func italic() -> Style { with(.italic) }
  public func on(_ background: Color?) -> Style {
    Style(foreground: foreground, background: background, attributes: attributes)
  }
}
