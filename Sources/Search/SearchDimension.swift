import RealModule

/// One coordinate that is searched.
public struct SearchDimension: Sendable, Equatable, Codable {
  public enum Scale: String, Sendable, Codable { case linear, logarithmic }

  public var name: String
  public var lower, upper: Double
  public var scale: Scale
  /// Whether only whole numbers are tried.
  public var isWhole: Bool

  public init(_ name: String, _ range: ClosedRange<Double>, scale: Scale = .linear, isWhole: Bool = false) {
    self.name = name
    (lower, upper) = (range.lowerBound, range.upperBound)
    self.scale = scale
    self.isWhole = isWhole
  }

  func validate() throws(SearchError) {
    try SearchError.check(
      lower.isFinite && upper.isFinite && lower < upper,
      "The range of “\(name)” has to be finite and not empty; it is \(lower)…\(upper).")
    try SearchError.check(
      scale == .linear || lower > 0, "“\(name)” is searched on a logarithmic scale and has to begin above 0.")
  }

  /// From 0…1 to the range.
  public func value(_ unit: Double) -> Double {
    let inside = min(max(unit, 0), 1)
    let value =
      scale == .linear
      ? lower + (upper - lower) * inside
      : Double.exp(Double.log(lower) + (Double.log(upper) - Double.log(lower)) * inside)
    let bounded = min(max(value, lower), upper)
    return isWhole ? min(max(bounded.rounded(), lower.rounded(.up)), upper.rounded(.down)) : bounded
  }

  /// From the range to 0…1.
  public func unit(_ value: Double) -> Double {
    scale == .linear
      ? (value - lower) / (upper - lower)
      : (Double.log(value) - Double.log(lower)) / (Double.log(upper) - Double.log(lower))
  }
}
