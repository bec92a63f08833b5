extension Matrix {
  /// X with A·X = B, by LU with partial pivoting. 2/3·n³ + 2·n²·k.
  public func solve(_ right: Matrix) throws(LinearAlgebraError) -> Matrix {
    try right.requireFinite()
    // P·A = L·U, so X = U⁻¹·L⁻¹·P·B: two triangular solutions a column of B.
    let factors = try eliminated()
    if right.rows != rows { throw .wrongRowCount(expected: rows, actual: right.rows) }
    if let pivot = factors.zeroPivot { throw .singular(pivot: pivot) }
    // getrs writes the solution over the right-hand side.
    var solution = right
    guard !solution.isEmpty else { return solution }
    _ = solution.storage.withUnsafeMutableBufferPointer { x in
      Scalar.getrs(Int32(rows), Int32(right.columns), factors.lu, factors.pivots, x.baseAddress!)
    }
    if solution.firstNotFinite != nil { throw .overflow }
    return solution
  }

  /// x with A·x = b.
  public func solve(_ right: [Scalar]) throws(LinearAlgebraError) -> [Scalar] {
    try solve(Matrix(rows: right.count, columns: 1, elements: right)).storage
  }

  /// A⁻¹; prefer ``solve(_:)-(Matrix)`` when it is to be multiplied with something.
  public func inverse() throws(LinearAlgebraError) -> Matrix { try solve(.identity(rows)) }

  /// det A by LU: 1 for 0×0, exactly 0 where elimination meets a zero pivot, ±∞ where the product overflows.
  public func determinant() throws(LinearAlgebraError) -> Scalar {
    let (lu, pivots, zeroPivot) = try eliminated()
    guard zeroPivot == nil else { return 0 }
    // det A = ±Π u_ii: L has a unit diagonal, and each swap of two rows changes the sign.
    return (0..<rows).reduce(1) { product, i in
      // A pivot names the row (one-based) swapped with row i: each true swap changes the sign.
      let pivot = lu[i * rows + i]
      return Int(pivots[i]) == i + 1 ? product * pivot : -product * pivot
    }
  }

  /// Lower triangular L with A = L·Lᵀ, for symmetric positive definite A; only the lower triangle is read. n³/3.
  public func cholesky() throws(LinearAlgebraError) -> Matrix {
    try requireSquare()
    try requireFinite()
    guard rows > 0 else { return self }
    var factor = storage
    // potrf writes L over the lower triangle and leaves the upper one as it was, so that is set to zero below. A
    // positive `info` is the order of the first leading minor that is not positive.
    let info = factor.withUnsafeMutableBufferPointer { Scalar.potrf(Int32(rows), $0.baseAddress!) }
    if info != 0 { throw .notPositiveDefinite(order: Int(info)) }
    return Matrix(rows: rows, columns: rows) { $1 <= $0 ? factor[$0 * rows + $1] : 0 }
  }

  /// A⁻¹ where this matrix is the ``cholesky()`` factor L of A = L·Lᵀ, exactly symmetric; only the lower triangle is
  /// read. 2n³/3.
  public func inverseFromCholesky() throws(LinearAlgebraError) -> Matrix {
    try requireSquare()
    try requireFinite()
    guard rows > 0 else { return self }
    var inverse = storage
    // A⁻¹ = L⁻ᵀ·L⁻¹.
    let info = inverse.withUnsafeMutableBufferPointer { Scalar.potri(Int32(rows), $0.baseAddress!) }
    if info != 0 { throw .singular(pivot: Int(info) - 1) }
    // potri fills the lower triangle; its mirror image makes the result exactly symmetric.
    return Matrix(rows: rows, columns: rows) { inverse[max($0, $1) * rows + min($0, $1)] }
  }

  /// The X of least norm among those that minimise ‖A·X − B‖, by singular values; those below max(r, c)·ulp of the
  /// largest count as zero, so A may have any rank and shape.
  public func leastSquares(_ right: Matrix) throws(LinearAlgebraError) -> Matrix {
    try requireFinite()
    try right.requireFinite()
    if right.rows != rows { throw .wrongRowCount(expected: rows, actual: right.rows) }
    guard !isEmpty, !right.isEmpty else { return Matrix(rows: columns, columns: right.columns) }
    // X = V·Σ⁺·Uᵀ·B with A = U·Σ·Vᵀ and Σ⁺ = 1/σ where σ > limit·σ₀, else 0. The routine overwrites A, and B with X.
    var work = storage
    let k = right.columns
    // The routine wants room for the larger of right-hand side and solution.
    var x = right.storage + [Scalar](repeating: 0, count: max(columns - rows, 0) * k)
    var values = [Scalar](repeating: 0, count: min(rows, columns))
    var rank: Int32 = 0
    // Relative to the largest singular value: what rounding of the entries alone can bring about.
    let limit = Scalar(max(rows, columns)) * .ulpOfOne
    let info = work.withUnsafeMutableBufferPointer { a in
      x.withUnsafeMutableBufferPointer { b in
        values.withUnsafeMutableBufferPointer { s in
          Scalar.gelsd(
            Int32(rows), Int32(columns), Int32(k), a.baseAddress!, b.baseAddress!, s.baseAddress!, limit, &rank)
        }
      }
    }
    if info != 0 { throw .notConverged(unsettled: Int(info)) }
    return Matrix(rows: columns, columns: k, elements: Array(x.prefix(columns * k)))
  }

  /// The X that minimises ‖A·X − B‖² + λ‖X‖², λ ≥ 0; for λ = 0 ``leastSquares(_:)``.
  ///
  /// By QR of A with √λ·I below it: it does not square the condition number as AᵀA + λI would, which in `Float` is the
  /// difference between a readout and noise. About 2·c²·(r + c).
  public func ridge(_ penalty: Scalar, _ right: Matrix) throws(LinearAlgebraError) -> Matrix {
    guard penalty.isFinite, penalty >= 0 else { throw .illegalPenalty }
    guard penalty > 0 else { return try leastSquares(right) }
    try requireFinite()
    try right.requireFinite()
    if right.rows != rows { throw .wrongRowCount(expected: rows, actual: right.rows) }
    guard columns > 0, right.columns > 0 else { return Matrix(rows: columns, columns: right.columns) }
    let k = right.columns
    // ‖[A; √λ·I]·X − [B; 0]‖² = ‖A·X − B‖² + λ‖X‖²; the stacked matrix has full column rank, whatever A is.
    let root = penalty.squareRoot()
    var stacked = storage + (root * Matrix.identity(columns)).storage
    var x = right.storage + [Scalar](repeating: 0, count: columns * k)
    // (r + c)×c = Q·R, X = R⁻¹·(the first c rows of Qᵀ·[B; 0]).
    let info = stacked.withUnsafeMutableBufferPointer { a in
      x.withUnsafeMutableBufferPointer { b in
        Scalar.gels(Int32(rows + columns), Int32(columns), Int32(k), a.baseAddress!, b.baseAddress!)
      }
    }
    if info != 0 { throw .singular(pivot: Int(info) - 1) }
    return Matrix(rows: columns, columns: k, elements: Array(x.prefix(columns * k)))
  }

  // P·A = L·U in one matrix: L below the diagonal, its ones not stored, U on and above it. `pivots` names, one-based,
  // the row that each row was swapped with in turn; `zeroPivot` the first u_ii that is exactly 0, zero-based.
  private func eliminated() throws(LinearAlgebraError) -> (lu: [Scalar], pivots: [Int32], zeroPivot: Int?) {
    try requireSquare()
    try requireFinite()
    guard rows > 0 else { return ([], [], nil) }
    var lu = storage
    var pivots = [Int32](repeating: 0, count: rows)
    let info = lu.withUnsafeMutableBufferPointer { a in
      pivots.withUnsafeMutableBufferPointer { Scalar.getrf(Int32(rows), a.baseAddress!, $0.baseAddress!) }
    }
    return (lu, pivots, info > 0 ? Int(info) - 1 : nil)
  }
}
