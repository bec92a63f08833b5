import Foundation

/// Where a number lies between two others, on a straight or a logarithmic scale. Total: bounds that make no sense are
/// replaced by some that do.
public struct Scale: Sendable, Equatable {
  public enum Kind: Sendable, Equatable { case linear, log10 }

  public let low: Double
  public let high: Double
  public let kind: Kind
  /// The bounds as ``position(_:)`` measures: halves, because high − low overflows for bounds near the largest number, or
  /// logarithms.
  private let ends: SIMD2<Double>

  /// `low` and `high` may come in any order; not finite ones become 0 and 1 (1e-12 and 1 in a logarithmic scale, whose
  /// bounds must be positive).
  public init(_ low: Double, _ high: Double, _ kind: Kind = .linear) {
    var a = low.isFinite ? low : (kind == .log10 ? 1e-12 : 0)
    var b = high.isFinite ? high : (kind == .log10 ? 1 : max(1, a))
    if a > b { swap(&a, &b) }
    if kind == .log10 {
      b = b > 0 ? b : 1
      a = a > 0 ? a : max(.leastNonzeroMagnitude, b * 1e-12)
    }
    self.low = a
    self.high = b
    self.kind = kind
    ends = kind == .linear ? [a / 2, b / 2] : [Foundation.log10(a), Foundation.log10(b)]
  }

  public init(_ range: ClosedRange<Double>, _ kind: Kind = .linear) {
    self.init(range.lowerBound, range.upperBound, kind)
  }

  /// The range of what is finite (and, for logarithms, positive), 0...1 without any; `margin` of the range is added at
  /// both ends. A single value gets some room around it.
  public static func fitting(
    _ values: some Sequence<Double>, _ kind: Kind = .linear, margin: Double = 0
  ) -> Scale {
    var low = Double.infinity
    var high = -Double.infinity
    for value in values where value.isFinite && (kind == .linear || value > 0) {
      low = min(low, value)
      high = max(high, value)
    }
    if low > high { return Scale(kind == .log10 ? 0.1 : 0, 1, kind) }
    if kind == .log10 {
      if low == high { return Scale(low / 2, high * 2, kind) }
      let factor = pow(high / low, margin)
      return Scale(low / factor, high * factor, kind)
    }
    if low == high {
      let room = low == 0 ? 1 : abs(low) / 2
      return Scale(low - room, high + room, kind)
    }
    return Scale(low - (high - low) * margin, high + (high - low) * margin, kind)
  }

  /// 0 at `low`, 1 at `high`, beyond outside; nil for NaN and, on a logarithmic scale, for what is not positive.
  public func position(_ value: Double) -> Double? {
    if value.isNaN { return nil }
    if kind == .log10 && !(value > 0) { return nil }
    let (from, to, at) = (ends[0], ends[1], kind == .linear ? value / 2 : Foundation.log10(value))
    if to > from { return (at - from) / (to - from) }
    return at == from ? 0.5 : (at < from ? -Double.infinity : .infinity)
  }

  /// The value at a position 0...1.
  public func value(at position: Double) -> Double {
    switch kind {
    case .linear: low * (1 - position) + high * position
    case .log10: pow(10, log10(low) * (1 - position) + log10(high) * position)
    }
  }
}
