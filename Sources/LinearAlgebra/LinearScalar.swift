import RealModule

/// A number type for which LAPACK has routines: `Float` (s…) and `Double` (d…).
///
/// The requirements are the raw routines on row-major buffers, named as in LAPACK; `Int32` results are its `info`. They
/// check nothing: call the methods of ``Matrix`` instead. Loops that have to be fast stand here too, so that one
/// dynamic call per matrix, not per entry, is paid by generic callers in other modules.
public protocol LinearScalar: Real, BinaryFloatingPoint, Sendable {
  typealias Buffer = UnsafeMutablePointer<Self>

  /// Eigenvalues of a general matrix; `vl`, `vr` n×n or nil. Overwrites `a`.
  static func geev(_ n: Int32, _ a: Buffer, _ wr: Buffer, _ wi: Buffer, _ vl: Buffer?, _ vr: Buffer?) -> Int32
  /// Symmetric eigenproblem, lower triangle read; `a` becomes the eigenvectors, `w` ascends.
  static func syevd(_ n: Int32, _ a: Buffer, _ w: Buffer) -> Int32
  /// Thin singular value decomposition, min(m, n) values descending; `u`, `vt` nil for values only. Overwrites `a`.
  static func gesdd(_ m: Int32, _ n: Int32, _ a: Buffer, _ s: Buffer, _ u: Buffer?, _ vt: Buffer?) -> Int32
  /// LU with partial pivoting, in place.
  static func getrf(_ n: Int32, _ a: Buffer, _ pivots: UnsafeMutablePointer<Int32>) -> Int32
  /// Solves with the factors of ``getrf(_:_:_:)``, in place in `b` (n×k).
  static func getrs(
    _ n: Int32, _ k: Int32, _ a: UnsafePointer<Self>, _ pivots: UnsafePointer<Int32>, _ b: Buffer
  ) -> Int32
  /// Least squares of full rank by QR, m ≥ n; the first n rows of `b` (m×k) become the solution.
  static func gels(_ m: Int32, _ n: Int32, _ k: Int32, _ a: Buffer, _ b: Buffer) -> Int32
  /// Least squares of least norm; `b` has max(m, n) rows; values of `s` below `rcond`·s₀ count as zero.
  static func gelsd(
    _ m: Int32, _ n: Int32, _ k: Int32, _ a: Buffer, _ b: Buffer, _ s: Buffer, _ rcond: Self,
    _ rank: UnsafeMutablePointer<Int32>
  ) -> Int32
  /// Cholesky factor, lower triangle, in place.
  static func potrf(_ n: Int32, _ a: Buffer) -> Int32
  /// Inverse of A from the factor of ``potrf(_:_:)``, lower triangle, in place.
  static func potri(_ n: Int32, _ a: Buffer) -> Int32
  /// c (m×n) = a (m×k) · b (k×n), row-major; `c` must not overlap.
  static func product(
    _ m: Int, _ k: Int, _ n: Int, _ a: UnsafePointer<Self>, _ b: UnsafePointer<Self>, _ c: Buffer)
}

/// The body of ``LinearScalar/product(_:_:_:_:_:_:)``: rows of `b` are added to a row of `c`, so every access runs along
/// memory and the inner loop vectorises.
///
/// c_ij = Σ_p a_ip·b_pj with p ascending, so that an entry is one chain of additions and its bits do not depend on the
/// shape of the rest. `c` is overwritten.
@inline(__always)
func rowProduct<S: LinearScalar>(
  _ m: Int, _ k: Int, _ n: Int, _ a: UnsafePointer<S>, _ b: UnsafePointer<S>, _ c: UnsafeMutablePointer<S>
) {
  for i in 0..<m {
    let target = c + i * n
    target.update(repeating: 0, count: n)
    for p in 0..<k {
      let factor = a[i * k + p]
      let source = b + p * n
      for j in 0..<n { target[j] += factor * source[j] }
    }
  }
}
