import LinearAlgebra
import Testing

@Suite struct SolveTests {
  @Test(arguments: sizes) func residualInDouble(_ n: Int) throws { try checkSolve(n, Double.self) }
  @Test(arguments: sizes) func residualInFloat(_ n: Int) throws { try checkSolve(n, Float.self) }

  /// ‖A·X − B‖ is small relative to ‖A‖·‖X‖ however ill-conditioned A is.
  private func checkSolve<S: LinearScalar>(_ n: Int, _: S.Type) throws {
    let a = randomMatrix(n, n, as: S.self)
    let b = randomMatrix(n, 2, as: S.self)
    let x = try a.solve(b)
    #expect(distance(a * x, b) <= rounding(n, scale: a.frobeniusNorm * x.frobeniusNorm))
    let inverse = try a.inverse()
    #expect(distance(a * inverse, .identity(n)) <= rounding(n, scale: a.frobeniusNorm * inverse.frobeniusNorm))
  }

  @Test func determinants() throws {
    #expect(try Matrix<Double>(rows: 0, columns: 0).determinant() == 1)
    #expect(try Matrix<Double>([[0, 1], [1, 0]]).determinant() == -1)
    #expect(try Matrix<Double>([[1, 2], [2, 4]]).determinant() == 0)
    #expect(try Matrix<Float>.diagonal([2, -3, 4]).determinant() == -24)
    let (a, b) = (randomMatrix(8, 8, as: Double.self), randomMatrix(8, 8, seed: 2, as: Double.self))
    let product = try (a * b).determinant()
    let separately = try a.determinant() * b.determinant()
    // det is as conditioned as A⁻¹; entries of order 1 and n = 8 leave three digits of slack.
    #expect(abs(product - separately) <= 1_000 * .ulpOfOne * max(abs(product), 1))
  }

  @Test(arguments: sizes) func choleskyFactor(_ n: Int) throws {
    let half = randomMatrix(n, n + 2, as: Double.self)
    let a = half * half.transpose + Matrix.identity(n)
    let factor = try a.cholesky()
    #expect(distance(factor * factor.transpose, a) <= rounding(n, scale: a.frobeniusNorm))
    #expect(n < 2 || factor[0, n - 1] == 0)
  }

  @Test(arguments: sizes) func inverseFromCholeskyFactor(_ n: Int) throws {
    let half = randomMatrix(n, n + 2, as: Double.self)
    let a = half * half.transpose + Matrix.identity(n)
    let inverse = try a.cholesky().inverseFromCholesky()
    #expect(distance(a * inverse, .identity(n)) <= rounding(n, scale: a.frobeniusNorm * inverse.frobeniusNorm))
    #expect(inverse.transpose == inverse)
    #expect(throws: LinearAlgebraError.singular(pivot: 1)) {
      try Matrix<Float>([[1, 0], [2, 0]]).inverseFromCholesky()
    }
  }

  @Test(arguments: [(8, 3), (3, 8), (40, 8), (3, 3), (0, 3), (3, 0)])
  func leastSquaresMeetsTheNormalEquations(_ rows: Int, _ columns: Int) throws {
    let (a, b) = (randomMatrix(rows, columns, as: Double.self), randomMatrix(rows, 2, as: Double.self))
    let x = try a.leastSquares(b)
    #expect(x.rows == columns && x.columns == 2)
    #expect(distance(a.transpose * (a * x), a.transpose * b) <= rounding(max(rows, columns), scale: 10))
    // Least norm: x lies in the span of the rows, so a penalty tending to zero tends to it.
    let penalised = try a.ridge(1e-12, b)
    #expect(distance(x, penalised) <= 1e-9)
  }

  @Test func leastSquaresWithoutFullRank() throws {
    let a = Matrix<Double>([[1, 1], [1, 1], [1, 1]])
    let x = try a.leastSquares(Matrix([[2], [2], [2]]))
    #expect(distance(x, Matrix([[1], [1]])) <= rounding(3))
  }

  @Test(arguments: [0.01, 1, 100]) func ridgeMeetsItsNormalEquations(_ penalty: Double) throws {
    let (a, b) = (randomMatrix(40, 8, as: Double.self), randomMatrix(40, 3, as: Double.self))
    let x = try a.ridge(penalty, b)
    let left = a.transpose * (a * x) + penalty * x
    #expect(distance(left, a.transpose * b) <= rounding(40, scale: 10 + penalty))
    #expect(try a.ridge(0, b) == a.leastSquares(b))
  }

  @Test func refusals() {
    let singular = Matrix<Double>([[1, 2], [2, 4]])
    #expect(throws: LinearAlgebraError.singular(pivot: 1)) { try singular.solve([1, 1]) }
    #expect(throws: LinearAlgebraError.notFinite(row: 1, column: 0)) { try singular.solve([1, .nan]) }
    #expect(throws: LinearAlgebraError.wrongRowCount(expected: 2, actual: 3)) { try singular.solve([1, 1, 1]) }
    #expect(throws: LinearAlgebraError.notPositiveDefinite(order: 2)) {
      try Matrix<Double>([[1, 2], [2, 1]]).cholesky()
    }
    #expect(throws: LinearAlgebraError.illegalPenalty) { try singular.ridge(-1, singular) }
    #expect(throws: LinearAlgebraError.illegalPenalty) { try singular.ridge(.nan, singular) }
    #expect(throws: LinearAlgebraError.overflow) { try Matrix<Float>([[1e-38]]).solve([1e30]) }
  }

  @Test func sentences() {
    #expect("\(LinearAlgebraError.notSquare(rows: 2, columns: 3))" == "The matrix has to be square, and is 2 × 3.")
    #expect("\(LinearAlgebraError.singular(pivot: 1))" == "The matrix is singular: pivot 1 is zero.")
    #expect(
      "\(LinearAlgebraError.notFinite(row: 4, column: 7))" == "The entry in row 4, column 7 is not a finite number.")
  }
}
