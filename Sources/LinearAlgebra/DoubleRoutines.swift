internal import CLAPACKE
import RealModule

// LAPACKE's d… routines, a line each. LAPACK itself stores columns; with LAPACK_ROW_MAJOR, LAPACKE transposes operands
// into working space and results back. Each leading dimension (behind its matrix) is that matrix's number of columns.
extension Double: LinearScalar {
  public static func geev(
    _ n: Int32, _ a: Buffer, _ wr: Buffer, _ wi: Buffer, _ vl: Buffer?, _ vr: Buffer?
  ) -> Int32 {
    LAPACKE_dgeev(LAPACK_ROW_MAJOR, job(vl, "V"), job(vr, "V"), n, a, n, wr, wi, vl, n, vr, n)
  }

  public static func syevd(_ n: Int32, _ a: Buffer, _ w: Buffer) -> Int32 {
    LAPACKE_dsyevd(LAPACK_ROW_MAJOR, letter("V"), letter("L"), n, a, n, w)
  }

  public static func gesdd(
    _ m: Int32, _ n: Int32, _ a: Buffer, _ s: Buffer, _ u: Buffer?, _ vt: Buffer?
  ) -> Int32 {
    // "S": only the leading min(m, n) columns of U and rows of Vᵀ, hence U is m×min(m, n) and Vᵀ min(m, n)×n.
    LAPACKE_dgesdd(LAPACK_ROW_MAJOR, job(u, "S"), m, n, a, n, s, u, min(m, n), vt, n)
  }

  public static func getrf(_ n: Int32, _ a: Buffer, _ pivots: UnsafeMutablePointer<Int32>) -> Int32 {
    LAPACKE_dgetrf(LAPACK_ROW_MAJOR, n, n, a, n, pivots)
  }

  public static func getrs(
    _ n: Int32, _ k: Int32, _ a: UnsafePointer<Double>, _ pivots: UnsafePointer<Int32>, _ b: Buffer
  ) -> Int32 {
    // "N": A itself, not its transpose.
    LAPACKE_dgetrs(LAPACK_ROW_MAJOR, letter("N"), n, k, a, n, pivots, b, k)
  }

  public static func gels(_ m: Int32, _ n: Int32, _ k: Int32, _ a: Buffer, _ b: Buffer) -> Int32 {
    LAPACKE_dgels(LAPACK_ROW_MAJOR, letter("N"), m, n, k, a, n, b, k)
  }

  public static func gelsd(
    _ m: Int32, _ n: Int32, _ k: Int32, _ a: Buffer, _ b: Buffer, _ s: Buffer, _ rcond: Double,
    _ rank: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    // b and x share a buffer of max(m, n) rows and k columns.
    LAPACKE_dgelsd(LAPACK_ROW_MAJOR, m, n, k, a, n, b, k, s, rcond, rank)
  }

  public static func potrf(_ n: Int32, _ a: Buffer) -> Int32 {
    LAPACKE_dpotrf(LAPACK_ROW_MAJOR, letter("L"), n, a, n)
  }

  public static func potri(_ n: Int32, _ a: Buffer) -> Int32 {
    LAPACKE_dpotri(LAPACK_ROW_MAJOR, letter("L"), n, a, n)
  }

  public static func product(
    _ m: Int, _ k: Int, _ n: Int, _ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ c: Buffer
  ) {
    rowProduct(m, k, n, a, b, c)
  }
}
