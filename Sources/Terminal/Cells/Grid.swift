/// One cell of a screen.
public struct GridCell: Sendable, Equatable {
  /// A number instead of the character: screens are copied and compared thousands of cells at a time, and numbers need
  /// no counting of references.
  private var code: CharacterCode
  public var style: Style

  public init(_ character: Character = " ", _ style: Style = .plain) {
    code = CharacterCode(character)
    self.style = style
  }

  /// Of a character that is one scalar.
  init(_ scalar: Unicode.Scalar, _ style: Style) {
    code = CharacterCode(scalar)
    self.style = style
  }

  /// A wide character is held by the left of its two cells; the right one holds ``continuation``.
  public var character: Character {
    get { code.character }
    set { code = CharacterCode(newValue) }
  }

  /// Whether it is the right half of a wide character.
  public var isContinuation: Bool { code == .continuation }

  public static let blank = GridCell()
  public static let continuation: Character = "\u{0}"
}

/// A screenful of cells: what views draw and backends present. A value: comparing two tells what changed.
public struct Grid: Sendable, Equatable {
  public let width: Int
  public let height: Int
  /// Row by row.
  private(set) var cells: [GridCell]

  /// Negative sizes count as zero.
  public init(width: Int, height: Int, filledWith cell: GridCell = .blank) {
    self.width = max(0, width)
    self.height = max(0, height)
    cells = Array(repeating: cell, count: self.width * self.height)
  }

  /// Outside, reading gives a blank and writing does nothing.
  public subscript(x: Int, y: Int) -> GridCell {
    get { x >= 0 && y >= 0 && x < width && y < height ? cells[y * width + x] : .blank }
    set { if x >= 0 && y >= 0 && x < width && y < height { cells[y * width + x] = newValue } }
  }

  /// The whole as a rectangle.
  public var area: Rect { Rect(x: 0, y: 0, width: width, height: height) }

  /// Puts a character that may be wide, and keeps halves of wide characters from being left over. Columns used: 1, 2,
  /// or 0 when it does not fit between `clip`'s borders or has no width.
  @discardableResult
  mutating func put(_ x: Int, _ y: Int, _ character: Character, _ style: Style, clip: Rect) -> Int {
    put(x, y, character, columns: character.terminalColumns, style, clip: clip)
  }

  /// The same for a character whose columns are known.
  mutating func put(
    _ x: Int, _ y: Int, _ character: Character, columns: Int, _ style: Style, clip: Rect
  ) -> Int {
    put(x, y, GridCell(character, style), columns: columns, clip: clip)
  }

  /// The same for a cell that is made already.
  @discardableResult
  mutating func put(_ x: Int, _ y: Int, _ cell: GridCell, columns: Int = 1, clip: Rect) -> Int {
    guard columns > 0, clip.contains(x: x, y: y), x >= 0, y >= 0, x < width, y < height else { return 0 }
    if columns == 2 && (x + 1 >= clip.right || x + 1 >= width) { return 0 }
    let at = y * width + x
    if cells[at].isContinuation && x > 0 { cells[at - 1].character = " " }
    let next = at + columns
    if x + columns < width && cells[next].isContinuation { cells[next].character = " " }
    cells[at] = cell
    if columns == 2 { cells[at + 1] = GridCell(GridCell.continuation, cell.style) }
    return columns
  }

  /// The same picture with every cell passed through `change`.
  public func mapCells(_ change: (GridCell) -> GridCell) -> Grid {
    var result = self
    for i in result.cells.indices { result.cells[i] = change(result.cells[i]) }
    return result
  }
}
