/// Levels of a palette for values that change with time, with hysteresis: a value has to leave its level by a margin
/// before the level changes. Noise around a boundary then neither flickers nor costs bytes.
public struct Quantiser: Sendable, Equatable {
  /// How far beyond its level's border a value has to go, in widths of a level.
  public var margin: Double
  /// Of the last call; nil for NaN.
  public private(set) var levels: [Int?] = []
  private var scale = Scale(0, 1)
  private var count = 0
  private var palette: Palette?

  public init(margin: Double = 0.25) { self.margin = max(0, margin) }

  /// The level of every value. Starts afresh where the number of values, the scale, the palette or its levels
  /// changed.
  public mutating func quantise(_ values: [Double], scale: Scale, palette: Palette, levels wanted: Int) -> [Int?] {
    let usable = palette.usableLevels(wanted)
    let fresh = levels.count != values.count || scale != self.scale || usable != count || palette != self.palette
    if fresh {
      levels = Array(repeating: nil, count: values.count)
      self.scale = scale
      count = usable
      self.palette = palette
    }
    for (i, value) in values.enumerated() {
      let unit = palette.unit(value, scale)
      guard let level = palette.level(of: unit, levels: usable) else {
        levels[i] = nil
        continue
      }
      if let old = levels[i], old != level {
        // In widths of a level; a level reaches from its number − ½ to + ½.
        let exact = (palette.kind == .diverging ? (unit + 1) / 2 : unit) * Double(usable - 1)
        if abs(min(Double(usable - 1), max(0, exact)) - Double(old)) < 0.5 + margin { continue }
      }
      levels[i] = level
    }
    return levels
  }

  /// The levels of the last call, if that was for so many values on the same scale and palette.
  public func levels(of count: Int, scale: Scale, palette: Palette, levels wanted: Int) -> [Int?]? {
    levels.count == count && scale == self.scale && palette == self.palette
      && palette.usableLevels(wanted) == self.count ? levels : nil
  }
}

extension Palette {
  /// A value in the palette's own units: 0...1 from `low` to `high`, or -1...1 with zero in the middle and the bound
  /// farther from zero at the end.
  public func unit(_ value: Double, _ scale: Scale) -> Double {
    switch kind {
    case .sequential: return scale.position(value) ?? .nan
    case .diverging:
      let limit = max(abs(scale.low), abs(scale.high))
      return limit > 0 ? value / limit : (value.isNaN ? .nan : value == 0 ? 0 : value < 0 ? -1 : 1)
    }
  }
}
