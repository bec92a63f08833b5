// Where a heat map's cells are on the screen: for drawing, and for finding the cell under the mouse.
extension HeatMap {
  public struct Layout: Sendable, Equatable {
    /// Where the cells are.
    public var cells: Rect
    public var firstRow: Int
    public var firstColumn: Int
    public var visibleRows: Int
    public var visibleColumns: Int
    var hasLegend: Bool
  }

  public func layout(width: Int, height: Int) -> Layout {
    let widest = rowLabels.lazy.map(\.terminalColumns).max() ?? 0
    let gutter = min(widest, max(0, width / 3 - 1))
    let hasLegend = legend != nil && height >= 3
    let cells = Rect(x: 0, y: 0, width: width, height: height).inset(
      left: gutter > 0 ? gutter + 1 : 0, top: columnLabels.isEmpty || height < 2 ? 0 : 1, bottom: hasLegend ? 1 : 0)
    let visibleRows = min(rows, cells.height)
    let visibleColumns = min(columns, cells.width / cellWidth)
    return Layout(
      cells: cells, firstRow: Self.first(of: rows, visible: visibleRows, showing: selection.row),
      firstColumn: Self.first(of: columns, visible: visibleColumns, showing: selection.column),
      visibleRows: visibleRows, visibleColumns: visibleColumns, hasLegend: hasLegend)
  }

  /// The row and column of the matrix at a point of a canvas of that size.
  public func entry(atX x: Int, y: Int, width: Int, height: Int) -> (row: Int, column: Int)? {
    let layout = layout(width: width, height: height)
    guard layout.cells.contains(x: x, y: y) else { return nil }
    let row = y - layout.cells.y
    let column = (x - layout.cells.x) / cellWidth
    guard row < layout.visibleRows, column < layout.visibleColumns else { return nil }
    return (layout.firstRow + row, layout.firstColumn + column)
  }

  /// How many rows or columns a cell has to stand for, so that `count` of them fit in `room`; the fewest.
  public static func block(of count: Int, in room: Int) -> Int {
    max((count + max(room, 1) - 1) / max(room, 1), 1)
  }

  /// Scrolled no farther than needed to have the selected one in the middle.
  static func first(of count: Int, visible: Int, showing selected: Int?) -> Int {
    guard let selected, visible < count else { return 0 }
    return max(0, min(count - visible, selected - visible / 2))
  }
}
