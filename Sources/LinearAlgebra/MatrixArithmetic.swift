extension Matrix {
  /// Matrix product. O(r·k·c) multiplications, summed in the order of k.
  public static func * (left: Matrix, right: Matrix) -> Matrix {
    precondition(
      left.columns == right.rows,
      "\(left.rows) × \(left.columns) times \(right.rows) × \(right.columns) is not defined")
    var result = Matrix(rows: left.rows, columns: right.columns)
    guard !result.isEmpty else { return result }
    left.storage.withUnsafeBufferPointer { a in
      right.storage.withUnsafeBufferPointer { b in
        result.storage.withUnsafeMutableBufferPointer { c in
          // No inner dimension, no base address: the product is zero.
          guard let a = a.baseAddress, let b = b.baseAddress else { return }
          Scalar.product(left.rows, left.columns, right.columns, a, b, c.baseAddress!)
        }
      }
    }
    return result
  }

  /// Matrix times column vector.
  public static func * (left: Matrix, right: [Scalar]) -> [Scalar] {
    // r×k times k×1: Σ_k in order, as any product.
    (left * Matrix(rows: right.count, columns: 1, elements: right)).storage
  }

  /// Row vector times matrix.
  public static func * (left: [Scalar], right: Matrix) -> [Scalar] {
    (Matrix(rows: 1, columns: left.count, elements: left) * right).storage
  }

  /// Entry by entry, as all operators below.
  @inlinable
  public static func * (factor: Scalar, matrix: Matrix) -> Matrix { matrix.map { factor * $0 } }

  @inlinable
  public static func * (matrix: Matrix, factor: Scalar) -> Matrix { matrix.map { $0 * factor } }

  @inlinable
  public static func / (matrix: Matrix, divisor: Scalar) -> Matrix { matrix.map { $0 / divisor } }

  @inlinable
  public static func + (left: Matrix, right: Matrix) -> Matrix { left.combined(with: right, +) }

  @inlinable
  public static func - (left: Matrix, right: Matrix) -> Matrix { left.combined(with: right, -) }

  @inlinable
  public static prefix func - (matrix: Matrix) -> Matrix { matrix.map { -$0 } }

  @inlinable
  public static func += (left: inout Matrix, right: Matrix) { left = left + right }

  @inlinable
  public static func -= (left: inout Matrix, right: Matrix) { left = left - right }

  @inlinable
  public func map(_ transform: (Scalar) throws -> Scalar) rethrows -> Matrix {
    Matrix(rows: rows, columns: columns, elements: try storage.map(transform))
  }

  /// Entry by entry; shapes have to agree.
  @inlinable
  public func combined(with other: Matrix, _ combine: (Scalar, Scalar) -> Scalar) -> Matrix {
    precondition(
      rows == other.rows && columns == other.columns,
      "\(rows) × \(columns) and \(other.rows) × \(other.columns) differ in shape")
    var result = self
    for index in storage.indices { result.storage[index] = combine(storage[index], other.storage[index]) }
    return result
  }

  /// The largest |entry|; 0 for an empty matrix, NaN if an entry is NaN.
  @inlinable
  public var maxAbsNorm: Scalar {
    // A comparison with a NaN is false: once one is the largest, it stays.
    storage.reduce(0) { $1.magnitude > $0 || $1.isNaN ? $1.magnitude : $0 }
  }

  /// √Σ entry², scaled so that squares neither overflow nor vanish.
  @inlinable
  public var frobeniusNorm: Scalar {
    let scale = maxAbsNorm
    guard scale > 0, scale.isFinite else { return scale }
    // scale·√Σ (entry/scale)²: every quotient is at most 1, and one of them is 1. Zero, infinity and NaN returned
    // above.
    return scale * storage.reduce(0) { $0 + ($1 / scale) * ($1 / scale) }.squareRoot()
  }

  /// The largest column sum of |entry|: the norm that bounds ``expm()``.
  @inlinable
  public var oneNorm: Scalar {
    // max over j of Σ_i |a_ij|.
    (0..<columns).map { column in (0..<rows).reduce(0) { $0 + self[$1, column].magnitude } }.max() ?? 0
  }
}
