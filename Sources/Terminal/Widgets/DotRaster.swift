/// A picture of dots, 2×4 to a cell, for curves: braille where the font has it, quarter blocks or ASCII otherwise.
/// Dots count from the upper left. Everything outside is ignored.
public struct DotRaster: Sendable {
  public let columns: Int
  public let rows: Int
  private var bits: [UInt8]
  private var styles: [Style]

  /// Size in cells.
  public init(columns: Int, rows: Int) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
    bits = Array(repeating: 0, count: self.columns * self.rows)
    styles = Array(repeating: .plain, count: self.columns * self.rows)
  }

  /// 2 dots a cell.
  public var width: Int { columns * 2 }
  /// 4 dots a cell.
  public var height: Int { rows * 4 }

  /// Sets a dot; the cell takes the style of its last dot.
  public mutating func set(_ x: Int, _ y: Int, _ style: Style = .plain) {
    guard x >= 0, y >= 0, x < width, y < height else { return }
    let at = y / 4 * columns + x / 2
    bits[at] |= DotCell.bit(column: x % 2, row: y % 4)
    styles[at] = style
  }

  /// All dots of one column between two rows, in any order.
  public mutating func span(_ x: Int, _ y0: Int, _ y1: Int, _ style: Style = .plain) {
    let from = max(0, min(y0, y1))
    let to = min(height - 1, max(y0, y1))
    if from <= to { for y in from...to { set(x, y, style) } }
  }

  /// A straight line between two points in dots, which may lie far outside; with `gap`, dots with so many left out
  /// between two.
  public mutating func line(
    _ x0: Double, _ y0: Double, _ x1: Double, _ y1: Double, _ style: Style = .plain, gap: Int = 0
  ) {
    guard x0.isFinite, y0.isFinite, x1.isFinite, y1.isFinite, width > 0, height > 0 else { return }
    let (dx, dy) = (x1 - x0, y1 - y0)
    guard dx.isFinite, dy.isFinite else { return }
    // Liang and Barsky: the part of 0...1 that lies inside all four borders.
    var from = 0.0
    var to = 1.0
    for (p, q) in [
      (-dx, x0 + 0.5), (dx, Double(width) - 0.5 - x0), (-dy, y0 + 0.5), (dy, Double(height) - 0.5 - y0),
    ] {
      if p == 0 {
        if q < 0 { return }
      } else if p < 0 {
        from = max(from, q / p)
      } else {
        to = min(to, q / p)
      }
    }
    guard from <= to else { return }
    // Rounding of huge numbers must neither trap nor loop for ever.
    let steps = Int(min(Double(width + height), (max(abs(dx), abs(dy)) * (to - from)).rounded(.up)))
    let whole = { (value: Double) in Int(min(1e6, max(-1, value.rounded()))) }
    for i in stride(from: 0, through: max(0, steps), by: 1 + max(0, gap)) {
      let t = steps == 0 ? from : from + (to - from) * Double(i) / Double(steps)
      set(whole(x0 + dx * t), whole(y0 + dy * t), style)
    }
  }

  /// Puts all cells that have dots; the others are left as they are.
  public func draw(on canvas: inout Canvas, x: Int = 0, y: Int = 0) {
    for row in 0..<rows {
      for column in 0..<columns {
        let at = row * columns + column
        if bits[at] != 0 {
          canvas.put(x + column, y + row, GridCell(DotCell(bits: bits[at]).scalar(canvas.glyphs), styles[at]))
        }
      }
    }
  }
}
