/// A rectangle of cells. Its size is never negative: an initialiser or a helper that would make it so gives an empty one.
public struct Rect: Sendable, Equatable, Hashable {
  public var x: Int
  public var y: Int
  public var width: Int { didSet { width = max(0, width) } }
  public var height: Int { didSet { height = max(0, height) } }

  public init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = max(0, width)
    self.height = max(0, height)
  }

  public var isEmpty: Bool { width == 0 || height == 0 }
  /// One past the last column.
  public var right: Int { x + width }
  /// One past the last row.
  public var bottom: Int { y + height }

  public func contains(x px: Int, y py: Int) -> Bool { px >= x && px < right && py >= y && py < bottom }

  /// What both cover; empty (at this one's corner) where they do not meet.
  public func intersection(_ other: Rect) -> Rect {
    let left = max(x, other.x)
    let top = max(y, other.y)
    let meet = Rect(x: left, y: top, width: min(right, other.right) - left, height: min(bottom, other.bottom) - top)
    return meet.isEmpty ? Rect(x: x, y: y, width: 0, height: 0) : meet
  }

  /// The same with `margin` cells fewer on every side.
  public func inset(by margin: Int) -> Rect { inset(left: margin, top: margin, right: margin, bottom: margin) }

  public func inset(left: Int = 0, top: Int = 0, right: Int = 0, bottom: Int = 0) -> Rect {
    Rect(x: x + left, y: y + top, width: width - left - right, height: height - top - bottom)
  }

  /// A share of the space in ``Rect/columns(_:)`` and ``Rect/rows(_:)``.
  public enum Share: Sendable, Equatable {
    /// So many cells, or what is left if that is less.
    case cells(Int)
    /// A weight in dividing what the `cells` leave over.
    case weight(Double)
  }

  /// Side by side, left to right: they do not overlap, and with at least one weight they fill the whole.
  public func columns(_ shares: [Share]) -> [Rect] {
    Self.divide(width, shares).map { Rect(x: x + $0.start, y: y, width: $0.length, height: height) }
  }

  /// One below the other; see ``columns(_:)``.
  public func rows(_ shares: [Share]) -> [Rect] {
    Self.divide(height, shares).map { Rect(x: x, y: y + $0.start, width: width, height: $0.length) }
  }

  /// `count` columns of equal width, to within one cell.
  public func columns(_ count: Int) -> [Rect] { columns(Array(repeating: .weight(1), count: max(0, count))) }
  /// `count` rows of equal height, to within one cell.
  public func rows(_ count: Int) -> [Rect] { rows(Array(repeating: .weight(1), count: max(0, count))) }
  /// Columns in the ratio of the fractions.
  public func columns(_ fractions: Double...) -> [Rect] { columns(fractions.map { .weight($0) }) }
  /// Rows in the ratio of the fractions.
  public func rows(_ fractions: Double...) -> [Rect] { rows(fractions.map { .weight($0) }) }

  private static func divide(_ total: Int, _ shares: [Share]) -> [(start: Int, length: Int)] {
    var fixed = 0
    var weights = 0.0
    for share in shares {
      switch share {
      case .cells(let count): fixed += max(0, count)
      case .weight(let weight): weights += weight.isFinite ? max(0, weight) : 0
      }
    }
    let free = Double(max(0, total - fixed))
    var result: [(start: Int, length: Int)] = []
    var start = 0
    var weightSoFar = 0.0
    var freeSoFar = 0
    for share in shares {
      var length: Int
      switch share {
      case .cells(let count): length = max(0, count)
      case .weight(let weight):
        // Rounding the running sum, not each part, makes the parts add up to the whole.
        weightSoFar += weight.isFinite ? max(0, weight) : 0
        let upTo = weights > 0 ? Int((free * weightSoFar / weights).rounded()) : 0
        length = upTo - freeSoFar
        freeSoFar = upTo
      }
      length = max(0, min(length, total - start))
      result.append((start, length))
      start += length
    }
    return result
  }
}
