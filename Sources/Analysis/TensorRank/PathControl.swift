import LinearAlgebra
import Randomness

/// What a path of weights is compared with before its rank may be called low: a path of many small steps looks
/// low-dimensional by itself. The first principal component of a random walk in many dimensions holds 6/π² = 61 % of
/// its variance, the second a quarter of that (Antognini & Sohl-Dickstein 2018, arXiv 1806.08805).
package enum PathControl: String, Sendable, CaseIterable {
  /// Every step is replaced by a random matrix of the same Frobenius norm.
  case norm
  /// Every step is rotated into random directions: the same singular values, so as low a rank, but each step its own.
  case singularValues
}

extension Tensor3 {
  /// A path with the same start whose steps from slice to slice along `axis` are those of `control`: what remains of
  /// this path is how long each step is, or also how many directions it has; not which, and not that steps have any in
  /// common.
  ///
  /// Missing entries stay missing. The norm of a step is that of the entries present at both its ends, and random
  /// entries stand there; an entry that appears or vanishes on the way does not move then. Singular values of a matrix
  /// with holes are not defined: with missing entries `singularValues` throws. The same seed gives the same path.
  package func randomised(
    _ control: PathControl, seed: UInt64, along axis: Int = 2
  ) throws(TensorRankError) -> Tensor3 {
    guard 0...2 ~= axis else { throw .illegalAxis(axis) }
    if control == .singularValues, present != nil { throw .missingEntries }
    let order = [axis] + [0, 1, 2].filter { $0 != axis }
    let path = permuted(order)
    let (moments, rows, columns) = (path.shape[0], path.shape[1], path.shape[2])
    let size = rows * columns
    var random = SeededGenerator(seed: seed)
    var walk = path.elements
    for moment in 1..<max(moments, 1) {
      let start = moment * size
      let known = path.present.map { present in (0..<size).map { present[start + $0] && present[start - size + $0] } }
      let step = (0..<size).map { entry in
        known?[entry] ?? true ? path.elements[start + entry] - path.elements[start - size + entry] : 0
      }
      let replaced =
        switch control {
        case .norm: Self.sameNorm(as: step, known, &random)
        case .singularValues: try Self.rotated(Matrix(rows: rows, columns: columns, elements: step), &random)
        }
      for entry in 0..<size { walk[start + entry] = walk[start - size + entry] + replaced[entry] }
    }
    if let present = path.present {
      for entry in walk.indices where !present[entry] { walk[entry] = 0 }
    }
    let back = (0..<3).map { axis in order.firstIndex(of: axis)! }
    return Tensor3(checked: path.shape, walk, path.present).permuted(back)
  }

  private static func sameNorm(
    as step: [Double], _ known: [Bool]?, _ random: inout SeededGenerator
  ) -> [Double] {
    func norm(_ values: [Double]) -> Double { Matrix(rows: 1, columns: values.count, elements: values).frobeniusNorm }
    let wanted = norm(step)
    guard wanted > 0 else { return step }
    var drawn = step.map { _ in random.normal() }
    if let known { for entry in drawn.indices where !known[entry] { drawn[entry] = 0 } }
    let scale = wanted / norm(drawn)
    return drawn.map { $0 * scale }
  }

  /// Q·step·Pᵀ, Q and P uniform among orthogonal matrices.
  private static func rotated(
    _ step: Matrix<Double>, _ random: inout SeededGenerator
  ) throws(TensorRankError) -> [Double] {
    do {
      let left = try orthogonal(step.rows, &random)
      let right = try orthogonal(step.columns, &random)
      return (left * step * right).elements
    } catch {
      throw .notConverged(error.description)
    }
  }

  /// The orthogonal factor U·Vᵀ of a matrix of normal numbers, U·S·Vᵀ: no direction is preferred, as none is in these.
  private static func orthogonal(
    _ size: Int, _ random: inout SeededGenerator
  ) throws(LinearAlgebraError) -> Matrix<Double> {
    let parts = try Matrix(rows: size, columns: size, elements: (0..<size * size).map { _ in random.normal() }).svd()
    return parts.u * parts.vTransposed
  }
}
