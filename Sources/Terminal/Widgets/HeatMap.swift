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
  /// Stands in cells of the level nearest to zero: "there is one, and it is next to nothing"; nil for a plain cell.
  public var zeroMark: Character?
  /// By row × columns + column, which entries are next to nothing by a measure of their own: those and no others are drawn as
  /// the level nearest to zero, and what is small beside the largest one as the level beside it. `nil`: the level says it.
  public var zeros: [Bool]?
  /// What the numbers are; draws a line below with the range, "g nS  −0.4 ▏…▕ 0.4".
  public var legend: String?

  public init(
    rows: Int, columns: Int, values: [Double], scale: Scale? = nil, palette: Palette = .blueOrange, levels: Int = 11,
    quantised: [Int?]? = nil, overrides: [Int: Override] = [:], selection: Selection = Selection(),
    rowLabels: [String] = [], columnLabels: [String] = [], cellWidth: Int = 2, zeroMark: Character? = nil,
    zeros: [Bool]? = nil, legend: String? = nil
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
    self.zeroMark = zeroMark
    self.zeros = zeros
    self.legend = legend
  }

  public func draw(on canvas: inout Canvas) {
    let layout = layout(width: canvas.width, height: canvas.height)
    drawLabels(layout, on: &canvas)
    let count = palette.usableLevels(levels)
    // A level's cells, as they stand side by side.
    let cells = (0..<count).map { level -> [GridCell] in
      let glyph = palette.glyph(level: level, of: levels, tier: canvas.glyphs)
      guard glyph == " ", let zeroMark else {
        let cell = GridCell(glyph, .swatch(palette.color(level: level, of: levels)))
        return Array(repeating: cell, count: cellWidth)
      }
      let mark = canvas.glyphs.twin(of: zeroMark)
      return String(mark).padded(to: cellWidth, .center).map { GridCell($0, Style(Color(240))) }
    }
    for row in 0..<layout.visibleRows {
      for column in 0..<layout.visibleColumns {
        let index = (layout.firstRow + row) * columns + layout.firstColumn + column
        let (x, y) = (layout.cells.x + column * cellWidth, layout.cells.y + row)
        let cell = level(of: index).map { min(count - 1, max(0, $0)) }
        let isSelected = selection.row == layout.firstRow + row && selection.column == layout.firstColumn + column
        let override = overrides.isEmpty ? nil : overrides[index]
        if let cell, override == nil, !isSelected {
          for i in 0..<cellWidth { canvas.put(x + i, y, cells[cell][i]) }
        } else {
          drawMarked(cell.map { cells[$0][(cellWidth - 1) / 2] }, override, isSelected, x: x, y: y, on: &canvas)
        }
      }
    }
    let used = layout.hasLegend ? drawLegend(y: canvas.height - 1, on: &canvas) : canvas.width
    drawHidden(layout, afterLegend: used, on: &canvas)
  }

  /// nil for what is not finite.
  private func level(of index: Int) -> Int? {
    guard index < values.count, values[index].isFinite else { return nil }
    let level =
      quantised.map { index < $0.count ? $0[index] : nil }
      ?? palette.level(of: palette.unit(values[index], scale), levels: levels)
    guard let level, let zeros, index < zeros.count else { return level }
    let count = palette.usableLevels(levels)
    let zero = palette.kind == .diverging ? count / 2 : 0
    if zeros[index] { return zero }
    guard level == zero, count > 1 else { return level }
    return palette.kind == .diverging && values[index] < 0 ? zero - 1 : zero + 1
  }

  private func drawMarked(
    _ cell: GridCell?, _ override: Override?, _ isSelected: Bool, x: Int, y: Int, on canvas: inout Canvas
  ) {
    var text = String(cell?.character ?? notFiniteMark)
    var style = cell?.style ?? Palette.notFinite
    switch override {
    case .pruned: (text, style) = ("×", Style(.gray))
    case .frozen: (text, style) = ("❄", contrast(style))
    case .absent: (text, style) = (" ", .plain)
    case .mark(let mark, let markStyle): (text, style) = (String(mark), markStyle)
    case nil: break
    }
    if isSelected {
      style = contrast(style).bold()
      // A mark stays to be seen; a value can be told from the colour around the brackets.
      if override != nil || cell == nil || cellWidth == 1 { style = style.reverse() }
      if cellWidth == 1 && override == nil && cell != nil { text = "◆" }
      if cellWidth == 2 && override == nil && cell != nil { text = "[]" }
      if cellWidth == 3 { text = "[\(text.fitted(to: 1))]" }
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

  /// How many rows and columns are beyond each border: in the free corner of the labels, or behind the legend.
  private func drawHidden(_ layout: Layout, afterLegend used: Int, on canvas: inout Canvas) {
    let (below, right) = (
      rows - layout.firstRow - layout.visibleRows, columns - layout.firstColumn - layout.visibleColumns
    )
    let parts = [("↑", layout.firstRow), ("↓", below), ("←", layout.firstColumn), ("→", right)]
      .filter { $0.1 > 0 }.map { "\($0.0)\($0.1)" }
    guard !parts.isEmpty, layout.visibleRows > 0, layout.visibleColumns > 0 else { return }
    let style = Style(.yellow)
    if layout.cells.y > 0,
      let text = [parts.joined(separator: " "), parts.joined()].first(where: {
        $0.terminalColumns < layout.cells.x
      })
    {
      canvas.text(0, 0, text, style)
    } else if used + 1 + parts.joined().terminalColumns <= canvas.width {
      canvas.textRight(canvas.width, canvas.height - 1, parts.joined(), style)
    }
  }

  /// Returns the columns used.
  private func drawLegend(y: Int, on canvas: inout Canvas) -> Int {
    let diverging = palette.kind == .diverging
    let limit = max(abs(scale.low), abs(scale.high))
    let style = Style(.gray)
    var x = 0
    if let legend, !legend.isEmpty { x += canvas.text(x, y, legend + "  ", style) }
    x += canvas.text(x, y, NumberText.label(diverging ? -limit : scale.low) + " ", style)
    let count = palette.usableLevels(levels)
    for level in 0..<count {
      let glyph = palette.glyph(level: level, of: levels, tier: canvas.glyphs)
      x += canvas.put(x, y, glyph, .swatch(palette.color(level: level, of: levels)))
    }
    return x + canvas.text(x, y, " " + NumberText.label(diverging ? limit : scale.high), style)
  }
}
