/// One factor's least-squares problem, row by row: minimise Σ_i f_iᵀ·G_i·f_i − 2·m_iᵀ·f_i over the rows f_i.
///
/// G are Gram matrices R×R packed as pairs r ≤ s (row after row of the upper triangle), one for all rows or one per row;
/// m is what the tensor contracted with the two other factors says.
struct FactorUpdate {
  let rank: Int
  let nonNegative: Bool
  /// Room for a full Gram matrix and a right-hand side.
  private var square: [Double]
  private var right: [Double]

  init(rank: Int, nonNegative: Bool) {
    self.rank = rank
    self.nonNegative = nonNegative
    square = [Double](repeating: 0, count: rank * rank)
    right = [Double](repeating: 0, count: rank)
  }

  static func pairs(_ rank: Int) -> Int { rank * (rank + 1) / 2 }

  /// Never raises the error: each row becomes the exact minimiser of its problem plus ρ‖f − f_before‖², or, for
  /// non-negative factors, comes from it by exact minimisation of one coordinate after another.
  ///
  /// ρ = 1e-9 of the mean diagonal of G keeps the problem definite where factors are collinear (a swamp) or a row has
  /// fewer entries than R, moves no fixed point, and lets the error only fall (Li, Kindermann & Navasca 2013,
  /// DOI 10.1016/j.laa.2011.12.002). A row without any entry stays as it is.
  mutating func solve(rows: Int, target: [Double], grams: [Double], into factor: inout [Double]) {
    let size = Self.pairs(rank)
    let shared = grams.count == size
    for row in 0..<rows {
      if row == 0 || !shared {
        unpack(grams, at: row * (shared ? 0 : size))
      }
      if nonNegative {
        descend(row, target, &factor)
      } else {
        guard let shift = (row == 0 || !shared) ? decompose() : lastShift else { continue }
        lastShift = shift
        substitute(row, target, shift, &factor)
      }
    }
  }

  private var lastShift: Double?

  private mutating func unpack(_ grams: [Double], at start: Int) {
    var entry = start
    for r in 0..<rank {
      for s in r..<rank {
        square[r * rank + s] = grams[entry]
        square[s * rank + r] = grams[entry]
        entry += 1
      }
    }
  }

  /// Cholesky of G + ρI in place (lower triangle); ρ, or nil where G is zero.
  private mutating func decompose() -> Double? {
    // Row by row, L·Lᵀ = G + ρI:  l_rs = (g_rs − Σ_{p<s} l_rp·l_sp)/l_ss,  l_rr = √(g_rr + ρ − Σ l_rp²).
    var trace = 0.0
    for r in 0..<rank { trace += square[r * rank + r] }
    guard trace > 0, trace.isFinite else {
      lastShift = nil
      return nil
    }
    let shift = 1e-9 * trace / Double(rank)
    for r in 0..<rank {
      for s in 0...r {
        var sum = square[r * rank + s]
        if r == s { sum += shift }
        for p in 0..<s { sum -= square[r * rank + p] * square[s * rank + p] }
        // Rounding takes at most about R·ε·trace, far less than the shift; the bound is for what is not proved.
        square[r * rank + s] = r == s ? max(sum, shift / 2).squareRoot() : sum / square[s * rank + s]
      }
    }
    return shift
  }

  private mutating func substitute(_ row: Int, _ target: [Double], _ shift: Double, _ factor: inout [Double]) {
    let start = row * rank
    for r in 0..<rank {
      // (G + ρI)·f = m + ρ·f_before: L·y = right side downwards, then Lᵀ·f = y upwards.
      var sum = target[start + r] + shift * factor[start + r]
      for p in 0..<r { sum -= square[r * rank + p] * right[p] }
      right[r] = sum / square[r * rank + r]
    }
    for r in (0..<rank).reversed() {
      var sum = right[r]
      for p in (r + 1)..<max(rank, r + 1) { sum -= square[p * rank + r] * factor[start + p] }
      factor[start + r] = sum / square[r * rank + r]
    }
  }

  /// Hierarchical alternating least squares (Cichocki & Phan 2009, DOI 10.1587/transfun.E92.A.708), several rounds an
  /// update because the contraction before it costs far more (Gillis & Glineur 2012, DOI 10.1162/NECO_a_00256).
  private mutating func descend(_ row: Int, _ target: [Double], _ factor: inout [Double]) {
    let start = row * rank
    for _ in 0..<4 {
      for r in 0..<rank {
        let curvature = square[r * rank + r]
        guard curvature > 0 else { continue }
        // −½ of the derivative by f_r; its exact minimiser, held at 0 or above, with the other coordinates as they
        // are now.
        var slope = target[start + r]
        for s in 0..<rank { slope -= square[r * rank + s] * factor[start + s] }
        factor[start + r] = max(0, factor[start + r] + slope / curvature)
      }
    }
  }
}
