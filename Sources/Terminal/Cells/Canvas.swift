/// A clipped region of a grid to draw on. Coordinates count from its own corner; nothing can be drawn outside.
///
/// A value that holds the grid it draws on: make one, hand it down as `inout`, take ``grid`` at the end.
///
///     var canvas = Canvas(width: 80, height: 24)
///     view.draw(state, on: &canvas)
///     backend.present(canvas.grid)
public struct Canvas {
  public private(set) var grid: Grid
  /// Which characters widgets should use. A canvas also sees to it: what is put is replaced by its twin of this tier.
  public let glyphs: GlyphTier
  private var bounds: Rect

  public init(_ grid: Grid, glyphs: GlyphTier = .braille) {
    self.grid = grid
    self.glyphs = glyphs
    bounds = grid.area
  }

  public init(width: Int, height: Int, glyphs: GlyphTier = .braille) {
    self.init(Grid(width: width, height: height), glyphs: glyphs)
  }

  public var width: Int { bounds.width }
  public var height: Int { bounds.height }
  /// The whole of this canvas, in its own coordinates.
  public var area: Rect { Rect(x: 0, y: 0, width: width, height: height) }

  /// Draws in a part of this canvas (the part of `rect` that lies on it), with coordinates from that part's corner.
  public mutating func inside<Result>(_ rect: Rect, _ body: (inout Canvas) throws -> Result) rethrows -> Result {
    let outer = bounds
    defer { bounds = outer }
    bounds = outer.intersection(Rect(x: outer.x + rect.x, y: outer.y + rect.y, width: rect.width, height: rect.height))
    return try body(&self)
  }

  /// Draws a widget in a part of this canvas, or all over it.
  public mutating func draw(_ widget: some Widget, in rect: Rect? = nil) {
    inside(rect ?? area) { widget.draw(on: &$0) }
  }

  /// What is there; blank outside.
  public subscript(x: Int, y: Int) -> GridCell {
    area.contains(x: x, y: y) ? grid[bounds.x + x, bounds.y + y] : .blank
  }

  /// Puts one character; nothing happens outside. Columns used: 0, 1 or 2.
  @discardableResult
  public mutating func put(_ x: Int, _ y: Int, _ character: Character, _ style: Style = .plain) -> Int {
    let (drawn, columns) = resolve(character)
    let used = grid.put(bounds.x + x, bounds.y + y, drawn, columns: columns, style, clip: bounds)
    guard used == 1, glyphs == .ascii, character.terminalColumns == 2 else { return used }
    // Keeps the layout: the twin takes its place and a blank.
    return 1 + grid.put(bounds.x + x + 1, bounds.y + y, " ", columns: 1, style, clip: bounds)
  }

  /// Puts a cell as it is: of one column, and of this tier already.
  mutating func put(_ x: Int, _ y: Int, _ cell: GridCell) {
    grid.put(bounds.x + x, bounds.y + y, cell, clip: bounds)
  }

  /// What is put for a character in this tier, and its columns.
  private func resolve(_ character: Character) -> (Character, columns: Int) {
    let bytes = character.utf8
    if bytes.count == 1 {
      let byte = bytes.first!
      return (byte >= 0x20 && byte < 0x7F ? character : " ", 1)
    }
    if glyphs == .braille && character.isNarrowPicture { return (character, 1) }
    let drawn = glyphs.twin(of: character.drawable)
    return (drawn, drawn.terminalColumns)
  }

  /// Changes the style of what is there and leaves the characters.
  public mutating func restyle(_ rect: Rect, _ change: (Style) -> Style) {
    let part = area.intersection(rect)
    for y in part.y..<part.bottom {
      for x in part.x..<part.right {
        let (gx, gy) = (bounds.x + x, bounds.y + y)
        grid[gx, gy].style = change(grid[gx, gy].style)
      }
    }
  }

  public mutating func fill(_ rect: Rect, _ character: Character = " ", _ style: Style = .plain) {
    let part = area.intersection(rect)
    let (drawn, columns) = resolve(character)
    for y in part.y..<part.bottom {
      var x = part.x
      while x < part.right {
        x += max(1, grid.put(bounds.x + x, bounds.y + y, drawn, columns: columns, style, clip: bounds))
      }
    }
  }

  /// Blanks everything.
  public mutating func clear(_ style: Style = .plain) { fill(area, " ", style) }
}

/// Something that draws itself on a canvas of any size, also of none: a pure function of its fields.
public protocol Widget: Sendable {
  func draw(on canvas: inout Canvas)
}
