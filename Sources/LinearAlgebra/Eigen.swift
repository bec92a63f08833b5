/// One eigenvalue λ = real + i·imaginary.
public struct Eigenvalue<Scalar: LinearScalar>: Sendable, Equatable {
  public var real: Scalar
  public var imaginary: Scalar

  public init(real: Scalar, imaginary: Scalar = 0) {
    self.real = real
    self.imaginary = imaginary
  }

  /// |λ|, without overflow.
  public var modulus: Scalar { .hypot(real, imaginary) }
  public var isReal: Bool { imaginary == 0 }
}

/// Eigenvalues with the vectors that belong to them: A·v = λ·v and uᴴ·A = λ·uᴴ.
///
/// Column k of the four matrices belongs to `values[k]`: a right vector is `right + i·rightImaginary`. Vectors have
/// Euclidean norm 1; those of a real eigenvalue are real.
public struct EigenDecomposition<Scalar: LinearScalar>: Sendable, Equatable {
  public var values: [Eigenvalue<Scalar>]
  public var right: Matrix<Scalar>
  public var rightImaginary: Matrix<Scalar>
  public var left: Matrix<Scalar>
  public var leftImaginary: Matrix<Scalar>
}

/// A = V·diag(values)·Vᵀ, values descending, columns of `vectors` orthonormal.
public struct SymmetricEigenDecomposition<Scalar: LinearScalar>: Sendable, Equatable {
  public var values: [Scalar]
  public var vectors: Matrix<Scalar>
}

extension Matrix {
  /// All eigenvalues with multiplicity, by real part descending, then imaginary part descending: of a conjugate pair
  /// the one above the axis comes first. QR iteration, about 10·n³.
  public func eigenvalues() throws(LinearAlgebraError) -> [Eigenvalue<Scalar>] {
    let (values, _, _) = try generalEigen(vectors: false)
    return Self.order(values).map { values[$0] }
  }

  /// Eigenvalues in the order of ``eigenvalues()``, with right and left eigenvectors. About 25·n³.
  ///
  /// A defective matrix gives linearly dependent vectors, not an error.
  public func eigen() throws(LinearAlgebraError) -> EigenDecomposition<Scalar> {
    let (values, left, right) = try generalEigen(vectors: true)
    let order = Self.order(values)
    let (rightReal, rightImaginary) = Self.unpack(right, values, order)
    let (leftReal, leftImaginary) = Self.unpack(left, values, order)
    return EigenDecomposition(
      values: order.map { values[$0] }, right: rightReal, rightImaginary: rightImaginary, left: leftReal,
      leftImaginary: leftImaginary)
  }

  /// Eigenvalues and orthonormal eigenvectors of the symmetric part (A + Aᵀ)/2, which is A if A is symmetric.
  public func symmetricEigen() throws(LinearAlgebraError) -> SymmetricEigenDecomposition<Scalar> {
    try requireSquare()
    try requireFinite()
    guard rows > 0 else { return SymmetricEigenDecomposition(values: [], vectors: self) }
    // Halving first keeps the sum of two large entries finite.
    var vectors = Matrix(rows: rows, columns: rows) { self[$0, $1] / 2 + self[$1, $0] / 2 }
    var values = [Scalar](repeating: 0, count: rows)
    let info = vectors.storage.withUnsafeMutableBufferPointer { a in
      values.withUnsafeMutableBufferPointer { Scalar.syevd(Int32(rows), a.baseAddress!, $0.baseAddress!) }
    }
    if info != 0 { throw .notConverged(unsettled: Int(info)) }
    // syevd gives ascending values and a vector a column.
    let last = rows - 1
    return SymmetricEigenDecomposition(
      values: values.reversed(), vectors: Matrix(rows: rows, columns: rows) { vectors[$0, last - $1] })
  }

  private func generalEigen(
    vectors: Bool
  ) throws(LinearAlgebraError) -> (values: [Eigenvalue<Scalar>], left: Matrix, right: Matrix) {
    try requireSquare()
    try requireFinite()
    guard rows > 0 else { return ([], self, self) }
    // geev overwrites its matrix, and fills the vectors only where there is room for them.
    var work = storage
    var real = [Scalar](repeating: 0, count: rows)
    var imaginary = real
    var left = Matrix(rows: vectors ? rows : 0, columns: vectors ? rows : 0)
    var right = left
    let info = work.withUnsafeMutableBufferPointer { a in
      real.withUnsafeMutableBufferPointer { wr in
        imaginary.withUnsafeMutableBufferPointer { wi in
          left.storage.withUnsafeMutableBufferPointer { vl in
            right.storage.withUnsafeMutableBufferPointer { vr in
              Scalar.geev(
                Int32(rows), a.baseAddress!, wr.baseAddress!, wi.baseAddress!, vectors ? vl.baseAddress : nil,
                vectors ? vr.baseAddress : nil)
            }
          }
        }
      }
    }
    if info != 0 { throw .notConverged(unsettled: Int(info)) }
    // λ_k = wr_k + i·wi_k; conjugate pairs stand next to each other, the one with wi > 0 first.
    return (zip(real, imaginary).map { Eigenvalue(real: $0, imaginary: $1) }, left, right)
  }

  // Which of LAPACK's values stands in which place of the sorted list.
  private static func order(_ values: [Eigenvalue<Scalar>]) -> [Int] {
    // The index decides between equal values, so that the order is the same every time.
    values.indices.sorted {
      let (a, b) = (values[$0], values[$1])
      return a.real != b.real ? a.real > b.real : a.imaginary != b.imaginary ? a.imaginary > b.imaginary : $0 < $1
    }
  }

  /// LAPACK stores a conjugate pair as two real columns: v = c_k ± i·c_{k+1}, the first with imaginary part > 0.
  private static func unpack(
    _ packed: Matrix, _ values: [Eigenvalue<Scalar>], _ order: [Int]
  ) -> (real: Matrix, imaginary: Matrix) {
    let n = values.count
    // The pair's first column, seen from each of the two.
    let first = values.indices.map { values[$0].imaginary < 0 ? $0 - 1 : $0 }
    let real = Matrix(rows: n, columns: n) { packed[$0, first[order[$1]]] }
    // Im v of λ_k is column k + 1 where wi > 0, and minus its own column for the conjugate behind it; 0 where λ is
    // real.
    let imaginary = Matrix(rows: n, columns: n) { row, column in
      let index = order[column]
      let part = values[index].imaginary
      return part == 0 ? 0 : part > 0 ? packed[row, index + 1] : -packed[row, index]
    }
    return (real, imaginary)
  }
}
