import LinearAlgebra
import Testing

@Suite struct MatrixTests {
  @Test func rowMajorLayout() {
    let matrix = Matrix<Double>([[1, 2, 3], [4, 5, 6]])
    #expect(matrix.elements == [1, 2, 3, 4, 5, 6])
    #expect(matrix[1, 0] == 4)
    #expect(Array(matrix.row(1)) == [4, 5, 6])
    #expect(matrix.column(2) == [3, 6])
    #expect(matrix.transpose == Matrix([[1, 4], [2, 5], [3, 6]]))
    #expect(matrix.transpose.transpose == matrix)
    #expect(Matrix(rows: 2, columns: 3) { Double($0 * 3 + $1 + 1) } == matrix)
  }

  @Test func arithmetic() {
    let a = Matrix<Float>([[1, 2], [3, 4], [5, 6]])
    let b = Matrix<Float>([[1, 0, -1], [2, 1, 0]])
    #expect(a * b == Matrix([[5, 2, -1], [11, 4, -3], [17, 6, -5]]))
    #expect(a * [1, -1] == [-1, -1, -1])
    #expect([1, 1, 1] * a == [9, 12])
    #expect(a + a == 2 * a)
    #expect(a - a == Matrix(rows: 3, columns: 2))
    #expect(a * 2 / 2 == a)
    #expect(-a == -1 * a)
  }

  @Test func norms() {
    let a = Matrix<Double>([[3, -4], [0, 0]])
    #expect(a.maxAbsNorm == 4)
    #expect(a.frobeniusNorm == 5)
    #expect(a.oneNorm == 4)
    #expect(a.trace == 3)
    // Squares would overflow; the norm need not.
    #expect(Matrix<Float>([[3e30, 4e30]]).frobeniusNorm == 5e30)
    #expect(Matrix<Float>([[1, .nan, 2]]).maxAbsNorm.isNaN)
  }

  @Test func productsWithNothing() {
    let none = Matrix<Double>(rows: 0, columns: 0)
    #expect(none * none == none)
    #expect(none.transpose == none)
    #expect(none.frobeniusNorm == 0)
    #expect(none.trace == 0)
    #expect(Matrix<Double>([]) == none)
    // A sum over no terms is zero.
    #expect(Matrix<Double>(rows: 2, columns: 0) * Matrix(rows: 0, columns: 3) == Matrix(rows: 2, columns: 3))
  }

  @Test(arguments: sizes) func associativity(_ n: Int) {
    let (a, b) = (randomMatrix(n, n + 1, as: Double.self), randomMatrix(n + 1, n, as: Double.self))
    let c = randomMatrix(n, n, seed: 2, as: Double.self)
    #expect(distance((a * b) * c, a * (b * c)) <= rounding(n * n))
    #expect(distance((a * b).transpose, b.transpose * a.transpose) <= rounding(n))
    #expect(Matrix.identity(n) * c == c)
  }
}
