// Pictures for terminals that can do less. A filter over cells, so that every view can be shown everywhere without
// knowing of it.
extension Grid {
  /// The same picture with at most these colours and these characters.
  ///
  /// With fewer than 256 colours the characters of swatches come to light (on the terminal's own background): sixteen
  /// colours cannot show a ramp, but hue and density can. Without colours a background other than a swatch's becomes
  /// reverse video, so that selections stay visible. In ASCII no other character is left, and a wide character becomes
  /// one column and a blank.
  public func filtered(colors: ColorTier, glyphs: GlyphTier) -> Grid {
    if colors == .xterm256 && glyphs == .braille { return self }
    // Neighbours are mostly alike.
    var last = (original: GridCell.blank, filtered: GridCell.blank)
    return mapCells { cell in
      if cell == last.original { return last.filtered }
      let isContinuation = glyphs == .ascii && cell.isContinuation
      let character = isContinuation ? " " : glyphs.twin(of: cell.character)
      last = (cell, GridCell(character, cell.style.filtered(colors)))
      return last.filtered
    }
  }
}

extension Style {
  /// This style with at most these colours; see ``Grid/filtered(colors:glyphs:)``.
  public func filtered(_ colors: ColorTier) -> Style {
    switch colors {
    case .xterm256: return self
    case .sixteen:
      let color = foreground.map { Color($0.nearest16) }
      let ground = isSwatch ? nil : background.map { Color($0.nearest16) }
      // Two shades that fall together would hide the text.
      if let ground, color == ground {
        return Style(
          foreground: ground.luminance > 0.5 ? Color(0) : Color(15), background: ground, attributes: attributes)
      }
      return Style(foreground: color, background: ground, attributes: attributes)
    case .none:
      let ground = isSwatch ? nil : background
      // Text on a ground of a clearly other shade is a highlight; two of them (already reversed) stay reversed.
      return Style(attributes: ground == nil ? attributes : attributes.union(.reverse))
    }
  }
}
