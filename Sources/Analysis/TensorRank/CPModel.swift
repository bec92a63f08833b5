import LinearAlgebra

/// A sum of R outer products: x_ijk = Σ_r weight_r·a_ir·b_jr·c_kr, columns of the three factors of Euclidean norm 1.
///
/// Normal form: weights ≥ 0 descend; the entry largest in magnitude of each column of a and b is positive, so that the
/// sign of a component is in c. A component of weight 0 has columns of zeros.
package struct CPModel: Sendable, Equatable {
  package let weights: [Double]
  /// For axis 0, 1, 2: extent × R.
  package let factors: [Matrix<Double>]

  package var rank: Int { weights.count }

  /// Brings three factors (extent × R each) with columns of any length to normal form; every weight is multiplied by
  /// `scale` > 0.
  package init(_ factors: [Matrix<Double>], scale: Double = 1) {
    let rank = factors[0].columns
    var weights = [Double](repeating: scale, count: rank)
    var scales = [[Double]](repeating: [Double](repeating: 0, count: rank), count: 3)
    for r in 0..<rank {
      for axis in 0..<3 {
        let norm = Self.norm(factors[axis].column(r))
        weights[r] *= norm
        scales[axis][r] = norm > 0 ? 1 / norm : 0
      }
      for axis in 0..<2 {
        let largest = factors[axis].column(r).max { $0.magnitude < $1.magnitude } ?? 0
        if largest < 0 {
          scales[axis][r] = -scales[axis][r]
          scales[2][r] = -scales[2][r]
        }
      }
      if weights[r] == 0 { for axis in 0..<3 { scales[axis][r] = 0 } }
    }
    let order = weights.indices.sorted { weights[$0] != weights[$1] ? weights[$0] > weights[$1] : $0 < $1 }
    self.weights = order.map { weights[$0] }
    self.factors = (0..<3).map { axis in
      Matrix(rows: factors[axis].rows, columns: rank) { factors[axis][$0, order[$1]] * scales[axis][order[$1]] }
    }
  }

  private static func norm(_ column: [Double]) -> Double {
    Matrix(rows: column.count, columns: 1, elements: column).frobeniusNorm
  }

  /// All entries, I·J·K·R multiplications.
  package func tensor() -> Tensor3 {
    let (a, b, c) = (factors[0], factors[1], factors[2])
    let transposed = c.transpose.elements
    let depth = c.rows
    var elements = [Double](repeating: 0, count: a.rows * b.rows * depth)
    for i in 0..<a.rows {
      for j in 0..<b.rows {
        for r in 0..<rank {
          let weight = weights[r] * a[i, r] * b[j, r]
          for k in 0..<depth { elements[(i * b.rows + j) * depth + k] += weight * transposed[r * depth + k] }
        }
      }
    }
    return Tensor3(checked: [a.rows, b.rows, depth], elements, nil)
  }

  /// |cos| between component r here and s there, one number an axis.
  func cosines(_ r: Int, _ other: CPModel, _ s: Int) -> [Double] {
    (0..<3).map { axis in
      let (left, right) = (factors[axis], other.factors[axis])
      return min((0..<left.rows).reduce(0) { $0 + left[$1, r] * right[$1, s] }.magnitude, 1)
    }
  }

  /// How alike two models of the same shape are, whatever the order and signs of their components: 1 for the same,
  /// about √(2/πn) an axis of n for random ones.
  ///
  /// Components are matched one to one so that the sum over pairs of the mean of the three |cos| is largest; the
  /// similarity is the mean over the pairs: the score of TensorTools (Williams et al. 2018, DOI
  /// 10.1016/j.neuron.2018.05.015). Components without a partner (of weight 0, or where ranks differ) are left out: the
  /// mean is over as many pairs as the smaller model has components; 0 if it has none.
  package func similarity(to other: CPModel) -> Double {
    let pairs = matched(with: other)
    guard !pairs.isEmpty else { return 0 }
    return pairs.reduce(0) { $0 + cosines($1.0, other, $1.1).reduce(0, +) / 3 } / Double(pairs.count)
  }

  /// The least product of the three |cos| over the matched components: 1 only if *every* component was found on every
  /// axis. Stricter than ``similarity(to:)``; the measure that tests of recovery use (Tucker 1951's congruence).
  package func congruence(with other: CPModel) -> Double {
    guard rank == other.rank else { return 0 }
    let pairs = matched(with: other)
    guard pairs.count == rank else { return 0 }
    return pairs.map { cosines($0.0, other, $0.1).reduce(1, *) }.min() ?? 0
  }

  private func matched(with other: CPModel) -> [(Int, Int)] {
    let here = weights.indices.filter { weights[$0] > 0 }
    let there = other.weights.indices.filter { other.weights[$0] > 0 }
    let size = max(here.count, there.count)
    // Partners that are not there cost as much as the worst.
    let costs = (0..<size).map { row in
      (0..<size).map { column in
        row < here.count && column < there.count
          ? 1 - cosines(here[row], other, there[column]).reduce(0, +) / 3 : 1
      }
    }
    return Assignment.cheapest(costs).enumerated().compactMap { row, column in
      row < here.count && column < there.count ? (here[row], there[column]) : nil
    }
  }
}
