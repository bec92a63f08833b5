import Terminal

/// Where the borders between panes stand when a person has moved them, for each size of screen.
public struct Splits: Sendable, Equatable {
  /// Shares of the panes' area, 0…1: the left column's width, the upper row's height; `nil` as it is by itself.
  public struct Split: Sendable, Equatable {
    public var column: Double?
    public var row: Double?
  }

  private struct Size: Sendable, Hashable {
    var width: Int
    var height: Int
  }

  private var chosen: [Size: Split] = [:]

  public init() {}

  public var isEmpty: Bool { chosen.isEmpty }

  public subscript(width: Int, height: Int) -> Split {
    get { chosen[Size(width: width, height: height)] ?? Split() }
    set { chosen[Size(width: width, height: height)] = newValue }
  }
}

/// A border between panes.
public enum Border: Sendable, Equatable {
  /// Between left and right.
  case column
  /// Between above and below.
  case row
}

extension Splits {
  /// Panes keep at least this size.
  private static let least = (columns: 20, rows: 6)

  /// Columns side by side, the left one as wide as was chosen.
  func columns(_ rect: Rect, _ split: Split) -> [Rect] { rect.columns(Self.shares(split.column, 1)) }

  /// Rows above each other, the upper one `weight` times as high as the lower unless chosen.
  func rows(_ rect: Rect, _ split: Split, weight: Double) -> [Rect] { rect.rows(Self.shares(split.row, weight)) }

  private static func shares(_ chosen: Double?, _ weight: Double) -> [Rect.Share] {
    chosen.map { [.weight($0), .weight(1 - $0)] } ?? [.weight(weight), .weight(1)]
  }

  /// A share that leaves room for what is on both sides.
  static func clamped(_ cells: Int, of total: Int, least: Int) -> Double {
    let least = min(least, total / 2)
    return Double(min(max(cells, least), total - least)) / Double(max(total, 1))
  }

  /// Moves a border to a cell of the screen.
  mutating func move(_ border: Border, x: Int, y: Int, body: Rect, width: Int, height: Int) {
    var split = self[width, height]
    switch border {
    case .column: split.column = Self.clamped(x - body.x, of: body.width, least: Self.least.columns)
    case .row: split.row = Self.clamped(y - body.y, of: body.height, least: Self.least.rows)
    }
    self[width, height] = split
  }
}

extension Frame {
  /// The area of the panes.
  static func body(_ scene: Scene, width: Int, height: Int) -> Rect {
    let header = Header.height(scene, width: width)
    return Rect(x: 0, y: header, width: width, height: height - header - 2)
  }

  /// The border between panes at a cell, if there is one: two panes' frames stand beside each other there.
  public static func border(_ scene: Scene, x: Int, y: Int, width: Int, height: Int) -> Border? {
    let panes = panes(scene, width: width, height: height).map(\.rect)
    guard width >= minimum.width, height >= minimum.height else { return nil }
    for pane in panes where pane.contains(x: x, y: y) {
      if x == pane.right - 1, panes.contains(where: { $0.x == pane.right && $0.contains(x: $0.x, y: y) }) {
        return .column
      }
      if x == pane.x, panes.contains(where: { $0.right == pane.x && $0.contains(x: $0.x, y: y) }) { return .column }
      if y == pane.bottom - 1, panes.contains(where: { $0.y == pane.bottom }) { return .row }
      if y == pane.y, panes.contains(where: { $0.bottom == pane.y }) { return .row }
    }
    return nil
  }
}
