/// Rows of text in aligned columns under a heading, scrolled so that the selected row is on the screen.
public struct Table: Widget {
  public struct Column: Sendable, Equatable {
    public var title: String
    public var alignment: Alignment
    /// nil takes what the content needs; the last such column gives way first when space is short.
    public var width: Int?

    public init(_ title: String, _ alignment: Alignment = .left, width: Int? = nil) {
      self.title = title
      self.alignment = alignment
      self.width = width
    }
  }

  public struct Row: Sendable, Equatable {
    public var cells: [String]
    public var style: Style
    /// For single cells, by column; the others have the row's.
    public var cellStyles: [Int: Style]

    public init(_ cells: [String], style: Style = .plain, cellStyles: [Int: Style] = [:]) {
      self.cells = cells
      self.style = style
      self.cellStyles = cellStyles
    }
  }

  public var columns: [Column]
  public var rows: [Row]
  public var selected: Int?
  /// Blank columns between two.
  public var gap: Int

  public init(_ columns: [Column], rows: [Row], selected: Int? = nil, gap: Int = 2) {
    self.columns = columns
    self.rows = rows
    self.selected = selected
    self.gap = max(0, gap)
  }

  private var hasHeading: Bool { columns.contains { !$0.title.isEmpty } }

  /// The first row on a canvas of that height; with it the row under the mouse can be found.
  public func firstRow(height: Int) -> Int {
    HeatMap.first(of: rows.count, visible: max(0, height - (hasHeading ? 1 : 0)), showing: selected)
  }

  /// The row at line `y` of a canvas of that height.
  public func row(atY y: Int, height: Int) -> Int? {
    let row = firstRow(height: height) + y - (hasHeading ? 1 : 0)
    return y >= (hasHeading ? 1 : 0) && y < height && row < rows.count ? row : nil
  }

  public func draw(on canvas: inout Canvas) {
    let first = firstRow(height: canvas.height)
    let top = hasHeading ? 1 : 0
    let shown = rows.dropFirst(first).prefix(max(0, canvas.height - top))
    let widths = widths(in: canvas.width, shown)
    var x = 0
    for (i, column) in columns.enumerated() {
      let area = { (y: Int) in Rect(x: x, y: y, width: widths[i], height: 1) }
      if hasHeading { canvas.aligned(column.alignment, column.title, in: area(0), Style().bold()) }
      for (offset, row) in shown.enumerated() where i < row.cells.count {
        canvas.aligned(column.alignment, row.cells[i], in: area(top + offset), row.cellStyles[i] ?? row.style)
      }
      x += widths[i] + gap
    }
    if let selected, selected >= first, selected < first + shown.count {
      canvas.restyle(Rect(x: 0, y: top + selected - first, width: canvas.width, height: 1)) {
        $0.with([.bold, .reverse])
      }
    }
  }

  private func widths(in total: Int, _ shown: some Sequence<Row>) -> [Int] {
    var widths = columns.map { $0.width.map { max(0, $0) } ?? $0.title.terminalColumns }
    for row in shown {
      for (i, cell) in row.cells.enumerated() where i < columns.count && columns[i].width == nil {
        widths[i] = max(widths[i], cell.terminalColumns)
      }
    }
    var over = widths.reduce(0, +) + gap * max(0, columns.count - 1) - total
    for i in columns.indices.reversed() where over > 0 && columns[i].width == nil {
      let given = min(over, max(0, widths[i] - 3))
      widths[i] -= given
      over -= given
    }
    return widths
  }
}
