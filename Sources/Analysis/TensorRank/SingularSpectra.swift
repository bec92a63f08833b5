import CKernels
import LinearAlgebra

/// Singular values, descending, and how many of them hold 95 % and 99 % of the sum of squares.
package struct SingularSpectrum: Sendable, Equatable {
  package let values: [Double]
  package let rank95: Int
  package let rank99: Int

  package init(values: [Double]) {
    self.values = values
    rank95 = energyRank(values, holding: 0.95)
    rank99 = energyRank(values, holding: 0.99)
  }
}

/// Matrix ranks of a tensor: of its slices, and of the three unfoldings. Missing entries count as zero, as a pruned
/// synapse's weight does.
///
/// Singular values come from the eigenvalues of the smaller Gram matrix X·Xᵀ: σ² = λ. That squares the condition, so a
/// value below √(ε·n)·σ₁ (about 1e-7·σ₁) has no correct digit; its share of the sum of squares is below 1e-14 then, and
/// neither 95 % nor 99 % of that sum notices. A tall unfolding (64 × 64·1 000) costs its Gram matrix and nothing more.
package enum SingularSpectra {
  /// The unfolding along `axis`: extent of that axis × product of the two others. 2·n²·m for the smaller side n.
  package static func unfolding(of tensor: Tensor3, along axis: Int) throws(TensorRankError) -> SingularSpectrum {
    guard 0...2 ~= axis else { throw .illegalAxis(axis) }
    let rows = tensor.shape[axis]
    let columns = tensor.count / rows
    let others = [0, 1, 2].filter { $0 != axis }
    let order = rows <= columns ? [axis] + others : others + [axis]
    return try spectrum(
      min(rows, columns), max(rows, columns), tensor.permuted(order).elements)
  }

  /// Every slice along `axis` (one a recorded moment, for axis 2). Stops early, with what is done, where `goesOn` says
  /// so.
  package static func slices(
    of tensor: Tensor3, along axis: Int = 2, goesOn: () -> Bool = { true }
  ) throws(TensorRankError) -> [SingularSpectrum] {
    guard 0...2 ~= axis else { throw .illegalAxis(axis) }
    var others = [0, 1, 2].filter { $0 != axis }
    if tensor.shape[others[0]] > tensor.shape[others[1]] { others.swapAt(0, 1) }
    let (rows, columns) = (tensor.shape[others[0]], tensor.shape[others[1]])
    let permuted = tensor.permuted([axis] + others).elements
    var spectra: [SingularSpectrum] = []
    for slice in 0..<tensor.shape[axis] where goesOn() {
      let start = slice * rows * columns
      spectra.append(try spectrum(rows, columns, Array(permuted[start..<start + rows * columns])))
    }
    return spectra
  }

  /// Of a row-major matrix with no more rows than columns.
  private static func spectrum(
    _ rows: Int, _ columns: Int, _ entries: [Double]
  ) throws(TensorRankError) -> SingularSpectrum {
    // Scaled so that squares neither overflow nor vanish.
    let scale = entries.reduce(0) { max($0, $1.magnitude) }
    guard scale > 0 else { return SingularSpectrum(values: [Double](repeating: 0, count: rows)) }
    let scaled = entries.map { $0 / scale }
    var gram = [Double](repeating: 0, count: rows * rows)
    gk_contract_last(gk_best_level(), rows, columns, rows, scaled, scaled, &gram)
    do {
      let values = try Matrix(rows: rows, columns: rows, elements: gram).symmetricEigen().values
      return SingularSpectrum(values: values.map { scale * max($0, 0).squareRoot() })
    } catch {
      throw .notConverged(error.description)
    }
  }
}
