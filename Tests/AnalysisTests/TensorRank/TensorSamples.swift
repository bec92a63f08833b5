import LinearAlgebra
import Randomness

@testable import Analysis

/// R components of normal numbers, or of uniform ones in [0, 1).
func plantedModel(_ shape: [Int], rank: Int, seed: UInt64, nonNegative: Bool = false) -> CPModel {
  var random = SeededGenerator(seed: seed)
  return CPModel(
    shape.map { extent in
      Matrix(
        rows: extent, columns: rank,
        elements: (0..<extent * rank).map { _ in nonNegative ? random.unit() : random.normal() })
    })
}

/// Components that have the cosine `cosine` with one another on every axis, nearly.
func collinearModel(_ extent: Int, rank: Int, cosine: Double, seed: UInt64) -> CPModel {
  var random = SeededGenerator(seed: seed)
  return CPModel(
    (0..<3).map { _ in
      let base = Matrix(
        rows: extent, columns: rank + 1, elements: (0..<extent * (rank + 1)).map { _ in random.normal() })
      return Matrix(rows: extent, columns: rank) {
        cosine.squareRoot() * base[$0, rank] + (1 - cosine).squareRoot() * base[$0, $1]
      }
    })
}

/// `tensor` with normal noise of `share` of its root mean square added.
func noisy(_ tensor: Tensor3, _ share: Double, seed: UInt64) throws -> Tensor3 {
  var random = SeededGenerator(seed: seed)
  let size = share * (tensor.squaredNorm / Double(tensor.count)).squareRoot()
  return try Tensor3(shape: tensor.shape, elements: tensor.elements.map { $0 + size * random.normal() })
}

/// ‖x − x̂‖/‖x‖ and the largest |x − x̂|.
func misfit(_ model: CPModel, _ tensor: Tensor3) -> (relative: Double, largest: Double) {
  let differences = zip(model.tensor().elements, tensor.elements).map { $0 - $1 }
  return (
    (differences.reduce(0) { $0 + $1 * $1 } / tensor.squaredNorm).squareRoot(),
    differences.reduce(0) { max($0, $1.magnitude) }
  )
}

/// Rises of the unexplained share from sweep to sweep, beyond rounding: the share comes from sums of about 1, so from
/// 1e-6 on it is good to 1e-14; below, entry by entry, to a few ulps of itself.
func rises(_ fit: CPFit) -> [Double] {
  zip(fit.errors, fit.errors.dropFirst()).map { before, after in
    after - before - max(before * 1e-12, before > 1e-6 ? 1e-14 : 0)
  }.filter { $0 > 0 }
}
