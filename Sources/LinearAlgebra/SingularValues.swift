/// A = U·diag(values)·Vᵀ, thin: with k = min(r, c), U is r×k, Vᵀ is k×c, and the k values descend and are ≥ 0.
public struct SingularValueDecomposition<Scalar: LinearScalar>: Sendable, Equatable {
  public var u: Matrix<Scalar>
  public var values: [Scalar]
  public var vTransposed: Matrix<Scalar>

  /// How many leading values are needed to hold `share` (0…1) of the sum of squares: 0 for a zero matrix.
  public func rank(holding share: Scalar) -> Int { energyRank(values, holding: share) }
}

/// How many leading entries of the descending `singularValues` hold `share` of their sum of squares.
///
/// The smallest k with Σ_{i<k} σ_i² ≥ share·Σ σ_i²; all of them where rounding leaves the sum below the share.
public func energyRank<Scalar: LinearScalar>(_ singularValues: [Scalar], holding share: Scalar) -> Int {
  let scale = singularValues.first ?? 0
  guard scale > 0 else { return 0 }
  // In parts of the largest, whose squares neither overflow nor vanish.
  let squares = singularValues.map { ($0 / scale) * ($0 / scale) }
  let wanted = share * squares.reduce(0, +)
  var sum: Scalar = 0
  for (index, square) in squares.enumerated() {
    if sum >= wanted { return index }
    sum += square
  }
  return singularValues.count
}

extension Matrix {
  /// Thin singular value decomposition by divide and conquer, about 6·r·c·min(r, c) + 20·min(r, c)³.
  public func svd() throws(LinearAlgebraError) -> SingularValueDecomposition<Scalar> {
    let k = min(rows, columns)
    // Filled by the routine in place.
    var u = Matrix(rows: rows, columns: k)
    var vTransposed = Matrix(rows: k, columns: columns)
    let values = try u.storage.withUnsafeMutableBufferPointer { u throws(LinearAlgebraError) in
      try vTransposed.storage.withUnsafeMutableBufferPointer { v throws(LinearAlgebraError) in
        try decomposed(u.baseAddress, v.baseAddress)
      }
    }
    return SingularValueDecomposition(u: u, values: values, vTransposed: vTransposed)
  }

  /// min(r, c) values, descending, ≥ 0.
  public var singularValues: [Scalar] {
    get throws(LinearAlgebraError) { try decomposed(nil, nil) }
  }

  /// How many singular values exceed `tolerance`; by default max(r, c)·ulp of the largest value, below which a
  /// singular value cannot be told from the rounding of the entries.
  public func rank(tolerance: Scalar? = nil) throws(LinearAlgebraError) -> Int {
    let values = try singularValues
    let limit = tolerance ?? Scalar(max(rows, columns)) * .ulpOfOne * (values.first ?? 0)
    // Values descend, so those above the limit are the leading ones; for a zero matrix limit and values are 0, and so
    // is the rank.
    return values.count { $0 > limit }
  }

  private func decomposed(
    _ u: UnsafeMutablePointer<Scalar>?, _ v: UnsafeMutablePointer<Scalar>?
  ) throws(LinearAlgebraError) -> [Scalar] {
    try requireFinite()
    // An empty matrix has no singular values, and LAPACK wants an address.
    guard !isEmpty else { return [] }
    // gesdd overwrites what it decomposes.
    var work = storage
    var values = [Scalar](repeating: 0, count: min(rows, columns))
    let info = work.withUnsafeMutableBufferPointer { a in
      values.withUnsafeMutableBufferPointer {
        Scalar.gesdd(Int32(rows), Int32(columns), a.baseAddress!, $0.baseAddress!, u, v)
      }
    }
    if info != 0 { throw .notConverged(unsettled: Int(info)) }
    return values
  }
}
