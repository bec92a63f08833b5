extension Matrix {
  /// The matrix exponential e^A: A is halved s times until its norm allows a Padé approximant of order 13, whose
  /// result is squared s times (Higham 2005, DOI 10.1137/04061101X). Backward error about one ulp of ‖A‖ for either
  /// precision; 0×0 gives 0×0. About (2·(6 + s) + 8/3)·n³.
  ///
  /// Throws ``LinearAlgebraError/overflow`` where e^A is too large for the number type.
  public func expm() throws(LinearAlgebraError) -> Matrix {
    try requireSquare()
    try requireFinite()
    guard rows > 0 else { return self }
    let norm = oneNorm
    guard norm.isFinite else { throw .overflow }
    // e^A = (e^(A/2^s))^(2^s), with s the smallest number ≥ 0 for which ‖A‖₁/2^s ≤ θ₁₃.
    // θ₁₃: up to this norm the approximant is exact to a Double's rounding (Higham 2005, Table 2.3).
    let theta: Scalar = 5.371920351148152
    let halvings = norm > theta ? Int(Scalar.log2(norm / theta).rounded(.up)) : 0
    // Dividing by 2^s changes exponents only: no rounding but of entries that become subnormal.
    var result = try (self / Scalar(sign: .plus, exponent: Scalar.Exponent(halvings), significand: 1)).pade13()
    // e^(2B) = e^B·e^B. An entry that overflows stays infinite or becomes a NaN, so looking after each square is
    // enough.
    for _ in 0..<halvings {
      result = result * result
      if result.firstNotFinite != nil { throw .overflow }
    }
    return result
  }

  /// r₁₃(A) = (V − U)⁻¹·(V + U), V the even and U the odd part of the numerator.
  ///
  /// With e^A ≈ p(A)/p(−A) and p(A) = Σ b_k·A^k, k = 0 … 13:
  ///
  ///   V = Σ b_2k·A^2k,   U = A·Σ b_(2k+1)·A^2k,   p(A) = V + U,   p(−A) = V − U
  private func pade13() throws(LinearAlgebraError) -> Matrix {
    // Numerator coefficients of the [13/13] Padé approximant (Higham 2005, eq. 2.2), divided by b₀ so that they
    // also fit a Float comfortably.
    let b: [Scalar] = [
      64_764_752_532_480_000, 32_382_376_266_240_000, 7_771_770_303_897_600, 1_187_353_796_428_800,
      129_060_195_264_000, 10_559_470_521_600, 670_442_572_800, 33_522_128_640, 1_323_241_920, 40_840_800, 960_960,
      16_380, 182, 1,
    ].map { $0 / 64_764_752_532_480_000 }
    let one = Matrix.identity(rows)
    let a2 = self * self
    let a4 = a2 * a2
    let a6 = a4 * a2
    // Σ_k b[first + 2k]·A^2k, k = 0 … 6, from A², A⁴ and A⁶ with one product more: A⁶·(b₁₂·A⁶ + b₁₀·A⁴ + b₈·A²) + the
    // rest.
    func even(_ first: Int) -> Matrix {
      let high = b[first + 12] * a6 + b[first + 10] * a4 + b[first + 8] * a2
      let low = b[first + 6] * a6 + b[first + 4] * a4 + b[first + 2] * a2 + b[first] * one
      return a6 * high + low
    }
    let u = self * even(1)
    let v = even(0)
    return try (v - u).solve(v + u)
  }
}
