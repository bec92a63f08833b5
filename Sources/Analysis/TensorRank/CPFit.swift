import CKernels
import LinearAlgebra
import Randomness

/// How a sum of outer products is fitted.
package struct CPFitOptions: Sendable, Equatable {
  package var rank: Int
  package var seed: UInt64 = 1
  /// Factors without negative entries, for a tensor without any.
  package var nonNegative = false
  package var sweeps = 1_000
  /// The fit ends when five sweeps together lower the error by less than this share of it.
  package var tolerance = 1e-6
  /// Extrapolation after each sweep; off for tests of what it is worth.
  package var extrapolates = true

  package init(rank: Int, seed: UInt64 = 1) {
    self.rank = rank
    self.seed = seed
  }
}

/// One fit: its model, and how it went.
package struct CPFit: Sendable, Equatable {
  package let model: CPModel
  /// 1 − Σ(x − x̂)²/Σx² over the present entries, computed entry by entry.
  package let explained: Double
  /// The unexplained share after every sweep; it never rises, but for rounding.
  package let errors: [Double]
  /// Whether it ended by itself, not by the limit of sweeps or because it was stopped.
  package let converged: Bool

  package var sweeps: Int { errors.count }
}

extension CPFit {
  /// Fits `options.rank` components to the present entries of `tensor` by alternating least squares from a random
  /// start; the same seed gives the same bits on the same kind of processor. Blocks: call it on a background queue.
  ///
  /// `goesOn` gets the number of sweeps made and the unexplained share after each; where it answers false the fit ends
  /// with what it has. A sweep reads the tensor twice, 4·I·J·K·R operations; with missing entries (R + 3)/2 times that,
  /// or the same where the mask does not change along an axis.
  ///
  /// Missing entries take no part: each row of a factor solves its own weighted problem. Filling them in by the model
  /// in turns (expectation–maximisation) has the same fixed points but converges slower the more is missing (Tomasi &
  /// Bro 2005, DOI 10.1016/j.chemolab.2004.07.003); of a sparse circuit most is.
  package static func fit(
    _ tensor: Tensor3, _ options: CPFitOptions, goesOn: (Int, Double) -> Bool = { _, _ in true }
  ) throws(TensorRankError) -> CPFit {
    try check(tensor, options)
    return run(PreparedTensor(tensor), options, goesOn: goesOn)
  }

  static func check(_ tensor: Tensor3, _ options: CPFitOptions) throws(TensorRankError) {
    guard options.rank >= 1 else { throw .illegalRank(options.rank) }
    guard tensor.presentCount > 0 else { throw .nothingPresent }
    guard tensor.elements.contains(where: { $0 != 0 }) else { throw .allZero }
    if options.nonNegative, let entry = tensor.elements.firstIndex(where: { $0 < 0 }) {
      throw .negative(index: Tensor3.index(entry, in: tensor.shape))
    }
  }

  static func run(_ tensor: PreparedTensor, _ options: CPFitOptions, goesOn: (Int, Double) -> Bool) -> CPFit {
    var descent = AlternatingLeastSquares(tensor, options)
    var errors: [Double] = []
    var converged = false
    while errors.count < options.sweeps {
      errors.append(descent.sweep())
      let now = errors[errors.count - 1]
      // Below 1e-20 the relative error is below 1e-10: nobody asks for more, and rounding is near.
      converged = now < 1e-20 || errors.count > 5 && errors[errors.count - 6] - now < options.tolerance * now
      if converged || !goesOn(errors.count, now) { break }
    }
    let point = descent.point
    let axes = (0..<3).map { axis in tensor.order.firstIndex(of: axis)! }
    let model = CPModel(
      axes.map {
        Matrix(rows: tensor.shape[$0], columns: options.rank, elements: point.factors[$0])
      }, scale: tensor.scale)
    return CPFit(
      model: model, explained: 1 - tensor.residual(point) / tensor.squaredNorm, errors: errors, converged: converged)
  }
}
