import LinearAlgebra
import RealModule
import Testing

@Suite struct ExponentialTests {
  @Test func nilpotentIsAPolynomial() throws {
    // e^N = I + N + N²/2, all entries exact.
    let n = Matrix<Double>([[0, 2, 3], [0, 0, 4], [0, 0, 0]])
    #expect(distance(try n.expm(), Matrix([[1, 2, 7], [0, 1, 4], [0, 0, 1]])) <= rounding(3, scale: 7))
  }

  @Test(arguments: [0, 0.1, 1, 3, 10, 100]) func rotation(_ angle: Double) throws {
    try checkRotation(angle)
    try checkRotation(Float(angle))
  }

  /// Each of the log₂‖A‖ squarings can double the relative error, so it grows like ‖A‖.
  private func checkRotation<S: LinearScalar>(_ angle: S) throws {
    let turn = try Matrix([[0, -angle], [angle, 0]]).expm()
    let (c, s) = (S.cos(angle), S.sin(angle))
    #expect(distance(turn, Matrix([[c, -s], [s, c]])) <= rounding(2, scale: max(1, angle)))
  }

  @Test func diagonalIsEntrywise() throws {
    let values = [-50.0, -1, 0, 1e-8, 1, 20]
    let exponential = try Matrix.diagonal(values).expm()
    for (i, value) in values.enumerated() {
      #expect(abs(exponential[i, i] - .exp(value)) <= rounding(6, scale: 50) * .exp(20))
    }
    #expect(exponential[0, 1] == 0)
  }

  @Test(arguments: sizes) func inverseIsTheExponentialOfTheNegative(_ n: Int) throws {
    let a = randomMatrix(n, n, as: Double.self)
    let (forward, backward) = (try a.expm(), try (-a).expm())
    #expect(
      distance(forward * backward, .identity(n)) <= rounding(n, scale: forward.oneNorm * backward.oneNorm))
    #expect(distance(try (2 * a).expm(), forward * forward) <= rounding(n, scale: forward.oneNorm * forward.oneNorm))
  }

  @Test(arguments: sizes) func determinantIsTheExponentialOfTheTrace(_ n: Int) throws {
    let a = randomMatrix(n, n, seed: 5, as: Double.self) * 0.1
    // Relative condition of det is about n·κ(e^A); ‖A‖ ≤ 0.1·n keeps κ below e^8.
    #expect(abs(try a.expm().determinant() / .exp(a.trace) - 1) <= rounding(n, scale: 3_000))
  }

  @Test func refusals() throws {
    #expect(throws: LinearAlgebraError.overflow) { try Matrix<Float>([[100]]).expm() }
    #expect(throws: LinearAlgebraError.overflow) {
      try Matrix<Double>(rows: 2, columns: 2, repeating: .greatestFiniteMagnitude).expm()
    }
    #expect(throws: LinearAlgebraError.notSquare(rows: 1, columns: 2)) {
      try Matrix<Double>(rows: 1, columns: 2).expm()
    }
    #expect(throws: LinearAlgebraError.notFinite(row: 0, column: 0)) { try Matrix<Double>([[.nan]]).expm() }
  }
}
