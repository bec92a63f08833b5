import LinearAlgebra
import Testing

@Suite struct EigenTests {
  @Test(arguments: sizes) func vectorsInDouble(_ n: Int) throws { try checkVectors(n, Double.self) }
  @Test(arguments: sizes) func vectorsInFloat(_ n: Int) throws { try checkVectors(n, Float.self) }

  /// A·V = V·Λ and Uᴴ·A = Λ·Uᴴ, split into real and imaginary parts.
  private func checkVectors<S: LinearScalar>(_ n: Int, _: S.Type) throws {
    let a = randomMatrix(n, n, as: S.self)
    let eigen = try a.eigen()
    let real = Matrix.diagonal(eigen.values.map(\.real))
    let imaginary = Matrix.diagonal(eigen.values.map(\.imaginary))
    let tolerance: S = rounding(n, scale: a.frobeniusNorm)
    #expect(distance(a * eigen.right, eigen.right * real - eigen.rightImaginary * imaginary) <= tolerance)
    #expect(distance(a * eigen.rightImaginary, eigen.right * imaginary + eigen.rightImaginary * real) <= tolerance)
    let t = a.transpose
    #expect(distance(t * eigen.left, eigen.left * real + eigen.leftImaginary * imaginary) <= tolerance)
    #expect(distance(t * eigen.leftImaginary, eigen.leftImaginary * real - eigen.left * imaginary) <= tolerance)
    for k in 0..<n {
      let squares = (eigen.right.column(k) + eigen.rightImaginary.column(k)).reduce(0) { $0 + $1 * $1 }
      #expect(abs(squares - 1) <= rounding(n))
    }
  }

  @Test(arguments: sizes) func orderAndInvariants(_ n: Int) throws {
    let a = randomMatrix(n, n, seed: 7, as: Double.self)
    let values = try a.eigenvalues()
    #expect(values.count == n)
    for (before, after) in zip(values, values.dropFirst()) {
      #expect(before.real > after.real || (before.real == after.real && before.imaginary >= after.imaginary))
    }
    // Σλ is the trace; the imaginary parts cancel in pairs.
    let tolerance: Double = rounding(n, scale: a.frobeniusNorm)
    #expect(abs(values.reduce(0) { $0 + $1.real } - a.trace) <= tolerance)
    #expect(values.reduce(0) { $0 + $1.imaginary } == 0)
  }

  @Test func rotationHasAConjugatePair() throws {
    let turn = Matrix<Double>([[0, -2], [2, 0]])
    let values = try turn.eigenvalues()
    #expect(values.count == 2 && values[0].imaginary > 0 && values[1].imaginary == -values[0].imaginary)
    #expect(abs(values[0].real) <= rounding(2) && abs(values[0].modulus - 2) <= rounding(2, scale: 2))
  }

  @Test func defectiveMatrixIsNoError() throws {
    let eigen = try Matrix<Double>([[1, 1], [0, 1]]).eigen()
    #expect(eigen.values.map(\.real) == [1, 1])
    #expect(eigen.values.allSatisfy { $0.isReal })
  }

  @Test(arguments: sizes) func symmetricInDouble(_ n: Int) throws { try checkSymmetric(n, Double.self) }
  @Test(arguments: sizes) func symmetricInFloat(_ n: Int) throws { try checkSymmetric(n, Float.self) }

  private func checkSymmetric<S: LinearScalar>(_ n: Int, _: S.Type) throws {
    let half = randomMatrix(n, n, as: S.self)
    let a = half + half.transpose
    let eigen = try a.symmetricEigen()
    let rebuilt = eigen.vectors * Matrix.diagonal(eigen.values) * eigen.vectors.transpose
    #expect(distance(rebuilt, a) <= rounding(n, scale: a.frobeniusNorm))
    #expect(distance(eigen.vectors.transpose * eigen.vectors, .identity(n)) <= rounding(n))
    #expect(eigen.values == eigen.values.sorted(by: >))
  }

  @Test func refusals() {
    #expect(throws: LinearAlgebraError.notSquare(rows: 2, columns: 3)) {
      try Matrix<Double>(rows: 2, columns: 3).eigenvalues()
    }
    #expect(throws: LinearAlgebraError.notFinite(row: 1, column: 0)) {
      try Matrix<Double>([[1, 2], [.nan, 1]]).eigen()
    }
    #expect(throws: LinearAlgebraError.notFinite(row: 0, column: 1)) {
      try Matrix<Float>([[1, .infinity], [0, 1]]).symmetricEigen()
    }
  }
}
