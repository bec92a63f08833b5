/// Why a decomposition gave no answer, as a sentence that can be shown as it is.
public enum LinearAlgebraError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The operation is defined for square matrices only.
  case notSquare(rows: Int, columns: Int)
  /// Two operands do not fit: `expected` rows, `actual` found.
  case wrongRowCount(expected: Int, actual: Int)
  /// An entry is infinite or not a number.
  case notFinite(row: Int, column: Int)
  /// The result has entries too large for its type.
  case overflow
  /// Elimination met a pivot that is exactly zero (zero-based).
  case singular(pivot: Int)
  /// The leading minor of this order (one-based) is not positive.
  case notPositiveDefinite(order: Int)
  /// The iteration stopped with this many values still unsettled.
  case notConverged(unsettled: Int)
  /// A penalty has to be a finite number ≥ 0.
  case illegalPenalty

  public var description: String {
    switch self {
    case .notSquare(let rows, let columns):
      "The matrix has to be square, and is \(rows) × \(columns)."
    case .wrongRowCount(let expected, let actual):
      "The right-hand side has to have \(expected) rows, and has \(actual)."
    case .notFinite(let row, let column):
      "The entry in row \(row), column \(column) is not a finite number."
    case .overflow:
      "The result is too large for its number type."
    case .singular(let pivot):
      "The matrix is singular: pivot \(pivot) is zero."
    case .notPositiveDefinite(let order):
      "The matrix is not positive definite: its leading minor of order \(order) is not positive."
    case .notConverged(let unsettled):
      "The iteration did not converge: \(unsettled) values are unsettled."
    case .illegalPenalty:
      "The penalty has to be a finite number that is not negative."
    }
  }
}
