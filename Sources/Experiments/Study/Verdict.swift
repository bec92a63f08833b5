/// Which of two kinds of model has the smallest mean error, and whether by more than chance would have it.
public enum Verdict: String, Sendable, Equatable {
  case biophysical, rival
  /// The best of both differ by no more than their deviations together, |x̄₁ − x̄₂| ≤ √(s₁² + s₂²).
  case undecided
  /// Runs are missing, or one kind has no row whose runs all gave a number.
  case open

  /// - Parameter isBiophysical: of which kind a row's model is.
  public init(_ rows: [ComparisonTable.Row], isBiophysical: (ComparisonTable.Row) -> Bool) {
    func best(_ kind: Bool) -> (mean: Double, deviation: Double)? {
      rows.filter { isBiophysical($0) == kind && $0.failures.isEmpty }
        .compactMap { row in row.mean.map { ($0, row.deviation ?? 0) } }
        .min { $0.0 < $1.0 }
    }
    guard rows.allSatisfy({ $0.done == $0.each.count }), let own = best(true), let other = best(false) else {
      self = .open
      return
    }
    let difference = other.mean - own.mean
    let spread = own.deviation * own.deviation + other.deviation * other.deviation
    self = difference * difference <= spread ? .undecided : difference > 0 ? .biophysical : .rival
  }
}
