import LinearAlgebra
import Testing

@Suite struct SingularValueTests {
  static let shapes = sizes.flatMap { rows in [0, 1, 2, 3, 8, 40].map { (rows, $0) } }

  @Test(arguments: shapes) func rebuiltInDouble(_ rows: Int, _ columns: Int) throws {
    try check(rows, columns, Double.self)
  }
  @Test(arguments: shapes) func rebuiltInFloat(_ rows: Int, _ columns: Int) throws {
    try check(rows, columns, Float.self)
  }

  private func check<S: LinearScalar>(_ rows: Int, _ columns: Int, _: S.Type) throws {
    let a = randomMatrix(rows, columns, as: S.self)
    let k = min(rows, columns)
    let svd = try a.svd()
    let tolerance: S = rounding(max(rows, columns), scale: max(a.frobeniusNorm, 1))
    #expect(distance(svd.u * Matrix.diagonal(svd.values) * svd.vTransposed, a) <= tolerance)
    #expect(distance(svd.u.transpose * svd.u, .identity(k)) <= tolerance)
    #expect(distance(svd.vTransposed * svd.vTransposed.transpose, .identity(k)) <= tolerance)
    #expect(svd.values.allSatisfy { $0 >= 0 } && svd.values == svd.values.sorted(by: >))
    let alone = try a.singularValues
    #expect(zip(alone, svd.values).allSatisfy { abs($0 - $1) <= tolerance })
    // Uniform entries make a random matrix of full rank.
    #expect(try a.rank() == k)
  }

  @Test func ranks() throws {
    let column = randomMatrix(8, 1, as: Double.self)
    let outer = column * randomMatrix(1, 40)
    #expect(try outer.rank() == 1)
    #expect(try (outer + randomMatrix(8, 2) * randomMatrix(2, 40, seed: 3)).rank() == 3)
    #expect(try Matrix<Double>(rows: 3, columns: 5).rank() == 0)
    #expect(try Matrix<Double>.diagonal([4, 2, 1]).rank(tolerance: 1.5) == 2)
  }

  @Test func energy() throws {
    // Squares 16, 4, 1, of 21.
    let svd = try Matrix<Double>.diagonal([4, 2, 1]).svd()
    #expect(svd.rank(holding: 0.5) == 1)
    #expect(svd.rank(holding: 0.95) == 2)
    #expect(svd.rank(holding: 1) == 3)
    #expect(energyRank([Double]([0, 0]), holding: 0.95) == 0)
    #expect(energyRank([Float]([1e30, 1e30]), holding: 0.95) == 2)
  }

  @Test func refusal() {
    #expect(throws: LinearAlgebraError.notFinite(row: 0, column: 0)) {
      try Matrix<Float>([[.nan, 1]]).singularValues
    }
  }
}
