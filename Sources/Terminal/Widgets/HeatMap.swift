/// A matrix as coloured cells.
///
/// Every cell is a swatch (one colour) that hides a character for screens with fewer colours: density for the
/// magnitude, strokes in place of shades below zero. What does not fit is scrolled so that the selection is
/// on the screen.
public struct HeatMap: Widget {
  /// What stands in a cell instead of its value.
  public enum Override: Sendable, Equatable {
    /// "×" (ASCII x).
    case pruned
    /// "❄" (ASCII *) on the value's colour.
    case frozen
    /// Nothing: there is no such entry.
    case absent
    case mark(Character, Style)
  }

  /// A cell (both), a row or a column.
  public struct Selection: Sendable, Equatable {
    public var row: Int?
    public var column: Int?
    public init(row: Int? = nil, column: Int? = nil) {
      self.row = row
      self.column = column
    }
  }

  public var rows: Int
  public var columns: Int
  /// Row by row; missing ones count as NaN.
  public var values: [Double]
  /// A diverging palette takes the bound farther from zero, for both sides.
  public var scale: Scale
  public var palette: Palette
  /// 9 to 15 are worth having.
  public var levels: Int
  /// From a ``Quantiser``, in place of the values' own levels.
  public var quantised: [Int?]?
  /// By row × columns + column.
  public var overrides: [Int: Override]
  public var selection: Selection
  public var rowLabels: [String]
  public var columnLabels: [String]
  /// Columns of the screen to a column of the matrix, 1...3.
  public var cellWidth: Int
  /// What the numbers are; draws a line below with the range, "g nS  -0.4 ▏…▕ 0.4".
  public var legend: String?

  public init(
    rows: Int, columns: Int, values: [Double], scale: Scale? = nil, palette: Palette = .blueOrange, levels: Int = 11,
    quantised: [Int?]? = nil, overrides: [Int: Override] = [:], selection: Selection = Selection(),
    rowLabels: [String] = [], columnLabels: [String] = [], cellWidth: Int = 2, legend: String? = nil
  ) {
    self.rows = max(0, rows)
    self.columns = max(0, columns)
    self.values = values
    self.scale = scale ?? .fitting(values)
    self.palette = palette
    self.levels = levels
    self.quantised = quantised
    self.overrides = overrides
    self.selection = selection
    self.rowLabels = rowLabels
    self.columnLabels = columnLabels
    self.cellWidth = min(3, max(1, cellWidth))
    self.legend = legend
  }

  public func draw(on canvas: inout Canvas) {
    let layout = layout(width: canvas.width, height: canvas.height)
    drawLabels(layout, on: &canvas)
    for row in 0..<layout.visibleRows {
      for column in 0..<layout.visibleColumns {
        drawCell(
          layout.firstRow + row, layout.firstColumn + column, x: layout.cells.x + column * cellWidth,
          y: layout.cells.y + row, on: &canvas)
      }
    }
    if layout.hasLegend { drawLegend(y: canvas.height - 1, on: &canvas) }
  }

  private func drawCell(_ row: Int, _ column: Int, x: Int, y: Int, on canvas: inout Canvas) {
    let index = row * columns + column
    let value = index < values.count ? values[index] : .nan
    let level: Int?
    if let quantised {
      level = index < quantised.count ? quantised[index] : nil
    } else {
      level = palette.level(of: palette.unit(value, scale), levels: levels)
    }
    var text: String
    var style: Style
    if let level, value.isFinite {
      let glyph = palette.glyph(level: level, of: levels, tier: canvas.glyphs)
      text = String(repeating: String(glyph), count: cellWidth)
      style = .swatch(palette.color(level: level, of: levels))
    } else {
      text = String(notFiniteMark).padded(to: cellWidth, .center)
      style = Palette.notFinite
    }
    switch overrides[index] {
    case .pruned: (text, style) = ("×", Style(.gray))
    case .frozen: (text, style) = ("❄", contrast(style))
    case .absent: (text, style) = (" ", .plain)
    case .mark(let mark, let markStyle): (text, style) = (String(mark), markStyle)
    case nil: break
    }
    let selected = selection.row == row && selection.column == column
    if selected {
      style = contrast(style).with([.bold])
      switch cellWidth {
      case 1:
        if overrides[index] == nil { text = "◆" }
        style = style.reverse()
      case 2: text = "[]"
      default: text = "[" + text.prefix(1) + "]"
      }
    }
    canvas.text(x, y, text.padded(to: cellWidth, .center), style)
  }

  /// Text that can be read on a swatch.
  private func contrast(_ style: Style) -> Style {
    guard style.isSwatch, let ground = style.background else { return style }
    return Style(foreground: ground.luminance > 0.45 ? .black : .white, background: ground)
  }

  private func drawLabels(_ layout: Layout, on canvas: inout Canvas) {
    let plain = Style(.gray)
    if layout.cells.x > 0 {
      for row in 0..<layout.visibleRows where layout.firstRow + row < rowLabels.count {
        let chosen = selection.row == layout.firstRow + row
        canvas.aligned(
          .right, rowLabels[layout.firstRow + row],
          in: Rect(x: 0, y: layout.cells.y + row, width: layout.cells.x - 1, height: 1),
          chosen ? Style().with([.bold, .reverse]) : plain)
      }
    }
    if layout.cells.y > 0 {
      for column in 0..<layout.visibleColumns where layout.firstColumn + column < columnLabels.count {
        let chosen = selection.column == layout.firstColumn + column
        let label = columnLabels[layout.firstColumn + column]
        // Labels too long for their columns lose their beginning: numbers differ at the end.
        canvas.aligned(
          .right, String(label.suffix(cellWidth)),
          in: Rect(x: layout.cells.x + column * cellWidth, y: 0, width: cellWidth, height: 1),
          chosen ? Style().with([.bold, .reverse]) : plain)
      }
    }
  }

  private func drawLegend(y: Int, on canvas: inout Canvas) {
    let diverging = palette.kind == .diverging
    let limit = max(abs(scale.low), abs(scale.high))
    let style = Style(.gray)
    var x = 0
    if let legend, !legend.isEmpty { x += canvas.text(x, y, legend + "  ", style) }
    x += canvas.text(x, y, NumberText.short(diverging ? -limit : scale.low) + " ", style)
    let count = palette.usableLevels(levels)
    for level in 0..<count {
      let glyph = palette.glyph(level: level, of: levels, tier: canvas.glyphs)
      x += canvas.put(x, y, glyph, .swatch(palette.color(level: level, of: levels)))
    }
    canvas.text(x, y, " " + NumberText.short(diverging ? limit : scale.high), style)
  }
}
