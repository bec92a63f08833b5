import LinearAlgebra
import Randomness

/// Sizes with something special: none, one, a pair, the first with a conjugate pair beside a real value, one block,
/// and one larger than the blocks LAPACK works in.
let sizes = [0, 1, 2, 3, 8, 40]

/// Entries uniform in [−1, 1).
func randomMatrix<S: LinearScalar>(_ rows: Int, _ columns: Int, seed: UInt64 = 1, as: S.Type = S.self) -> Matrix<S> {
  var random = SeededGenerator(seed: seed &+ UInt64(rows * 1_000 + columns))
  return Matrix(rows: rows, columns: columns) { _, _ in S(random.uniform(-1...1)) }
}

/// Backward-stable algorithms leave residuals of a small polynomial in n times one rounding of the operands' norm
/// (Higham, "Accuracy and Stability of Numerical Algorithms", DOI 10.1137/1.9780898718027): n·ε, with 16 for the
/// constant of the polynomial.
func rounding<S: LinearScalar>(_ size: Int, scale: S = 1) -> S { 16 * S(max(size, 1)) * .ulpOfOne * scale }

func distance<S: LinearScalar>(_ a: Matrix<S>, _ b: Matrix<S>) -> S { (a - b).maxAbsNorm }
