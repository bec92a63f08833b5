import LinearAlgebra

/// A ridge readout with intercept that is trained once and used on other states: its penalty is the one that errs
/// least in cross-validation over the training rows.
public struct LinearReadout: Sendable {
  /// N + 1 rows (the last is the intercept), K columns.
  private let weights: Matrix<Double>

  /// `states` T×N and `targets` T×K.
  public init(states: Matrix<Double>, targets: Matrix<Double>, folds: Int = 5) throws {
    let penalties = try CrossValidatedReadout(states: states, folds: folds).predict(targets).penalties
    let (t, n) = (states.rows, states.columns)
    let means = (0..<n).map { column in states.column(column).reduce(0, +) / Double(t) }
    let scales = (0..<n).map { column -> Double in
      let variance = states.column(column).reduce(0) { $0 + ($1 - means[column]) * ($1 - means[column]) } / Double(t)
      return variance.squareRoot() > 1e-12 * (1 + abs(means[column])) ? 1 / variance.squareRoot() : 0
    }
    let scaled = Matrix(rows: t, columns: n) { (states[$0, $1] - means[$1]) * scales[$1] }
    let middles = (0..<targets.columns).map { column in targets.column(column).reduce(0, +) / Double(t) }
    let centred = Matrix(rows: t, columns: targets.columns) { targets[$0, $1] - middles[$1] }
    let eigen = try (scaled.transpose * scaled).symmetricEigen()
    let projected = eigen.vectors.transpose * (scaled.transpose * centred)
    let solved =
      eigen.vectors
      * Matrix(rows: n, columns: targets.columns) {
        projected[$0, $1] / (max(eigen.values[$0], 0) + penalties[$1] * Double(t))
      }
    weights = Matrix(rows: n + 1, columns: targets.columns) { row, column in
      row < n
        ? solved[row, column] * scales[row]
        : (0..<n).reduce(middles[column]) { $0 - solved[$1, column] * scales[$1] * means[$1] }
    }
  }

  /// T×K.
  public func callAsFunction(_ states: Matrix<Double>) -> Matrix<Double> {
    Matrix(rows: states.rows, columns: states.columns + 1) { $1 < states.columns ? states[$0, $1] : 1 } * weights
  }
}
