internal import CLAPACKE
import RealModule

// As DoubleRoutines.swift, with LAPACKE's s… routines.
extension Float: LinearScalar {
  public static func geev(
    _ n: Int32, _ a: Buffer, _ wr: Buffer, _ wi: Buffer, _ vl: Buffer?, _ vr: Buffer?
  ) -> Int32 {
    LAPACKE_sgeev(LAPACK_ROW_MAJOR, job(vl, "V"), job(vr, "V"), n, a, n, wr, wi, vl, n, vr, n)
  }

  public static func syevd(_ n: Int32, _ a: Buffer, _ w: Buffer) -> Int32 {
    LAPACKE_ssyevd(LAPACK_ROW_MAJOR, letter("V"), letter("L"), n, a, n, w)
  }

  public static func gesdd(
    _ m: Int32, _ n: Int32, _ a: Buffer, _ s: Buffer, _ u: Buffer?, _ vt: Buffer?
  ) -> Int32 {
    LAPACKE_sgesdd(LAPACK_ROW_MAJOR, job(u, "S"), m, n, a, n, s, u, min(m, n), vt, n)
  }

  public static func getrf(_ n: Int32, _ a: Buffer, _ pivots: UnsafeMutablePointer<Int32>) -> Int32 {
    LAPACKE_sgetrf(LAPACK_ROW_MAJOR, n, n, a, n, pivots)
  }

  public static func getrs(
    _ n: Int32, _ k: Int32, _ a: UnsafePointer<Float>, _ pivots: UnsafePointer<Int32>, _ b: Buffer
  ) -> Int32 {
    LAPACKE_sgetrs(LAPACK_ROW_MAJOR, letter("N"), n, k, a, n, pivots, b, k)
  }

  public static func gels(_ m: Int32, _ n: Int32, _ k: Int32, _ a: Buffer, _ b: Buffer) -> Int32 {
    LAPACKE_sgels(LAPACK_ROW_MAJOR, letter("N"), m, n, k, a, n, b, k)
  }

  public static func gelsd(
    _ m: Int32, _ n: Int32, _ k: Int32, _ a: Buffer, _ b: Buffer, _ s: Buffer, _ rcond: Float,
    _ rank: UnsafeMutablePointer<Int32>
  ) -> Int32 {
    LAPACKE_sgelsd(LAPACK_ROW_MAJOR, m, n, k, a, n, b, k, s, rcond, rank)
  }

  public static func potrf(_ n: Int32, _ a: Buffer) -> Int32 {
    LAPACKE_spotrf(LAPACK_ROW_MAJOR, letter("L"), n, a, n)
  }

  public static func potri(_ n: Int32, _ a: Buffer) -> Int32 {
    LAPACKE_spotri(LAPACK_ROW_MAJOR, letter("L"), n, a, n)
  }

  public static func product(
    _ m: Int, _ k: Int, _ n: Int, _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: Buffer
  ) {
    rowProduct(m, k, n, a, b, c)
  }
}
