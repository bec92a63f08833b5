import LinearAlgebra

/// A Gaussian process over trials: the mean of a smooth function given noisy values at some of them.
///
/// c = K_·o·(K_oo + s²·I)⁻¹·z_o with k(d) = σ²·(1 + d²/(2·α·ℓ²))^(−α), the rational-quadratic kernel with α = 1, length
/// ℓ = 15 trials, σ = 0.1 and observation noise s = 0.1. Trials that are hidden have no value of their own: their factor is
/// what the others predict. Linear in z, so its adjoint is the transpose.
package struct TrialProcess: Sendable {
  package static let (length, deviation, noise) = (15.0, 0.1, 0.1)

  private let trials: Int
  private let shown: [Int]
  /// K_·o, trials × shown; (K_oo + s²)⁻¹.
  private let kernel: Matrix<Double>
  private let inverse: Matrix<Double>

  /// - Throws: ``LinearAlgebraError`` where the kernel cannot be factorised, which a positive noise rules out but for
  ///   rounding.
  package init(trials: Int, hidden: Set<Int> = []) throws {
    self.trials = trials
    shown = (0..<trials).filter { !hidden.contains($0) }
    let shown = shown
    func value(_ a: Int, _ b: Int) -> Double {
      let distance = Double(a - b)
      return Self.deviation * Self.deviation / (1 + distance * distance / (2 * Self.length * Self.length))
    }
    kernel = Matrix(rows: trials, columns: shown.count) { value($0, shown[$1]) }
    let noisy = Matrix<Double>(rows: shown.count, columns: shown.count) {
      value(shown[$0], shown[$1]) + ($0 == $1 ? Self.noise * Self.noise : 0)
    }
    inverse = try noisy.cholesky().inverseFromCholesky()
  }

  /// trials × R from trials × R.
  package func smoothed(_ z: Matrix<Double>) -> Matrix<Double> {
    let own = Matrix<Double>(rows: shown.count, columns: z.columns) { z[shown[$0], $1] }
    return kernel * (inverse * own)
  }

  /// ∂L/∂z from ∂L/∂c; 0 for what is hidden.
  package func adjoint(_ gradient: Matrix<Double>) -> Matrix<Double> {
    let own = inverse * (kernel.transpose * gradient)
    var result = Matrix<Double>(rows: trials, columns: gradient.columns)
    for (row, trial) in shown.enumerated() {
      for r in 0..<gradient.columns { result[trial, r] = own[row, r] }
    }
    return result
  }
}
