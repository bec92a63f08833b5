import LinearAlgebra

/// Where a fixed-point iteration q → p might be heading, from its last few sweeps (Anderson 1965, DOI
/// 10.1145/321296.321305; for alternating least squares De Sterck 2012, DOI 10.1137/110835530).
///
/// The moves p − q of the last sweeps are combined, weights adding up to 1, so that the combined move is shortest: the
/// same combination of the p is where the iteration would come to rest if it were linear. In a swamp it nearly is, with
/// factors of contraction just below 1. Nothing says that the proposal is better: the caller tries it.
struct Acceleration {
  /// Sweeps remembered: enough for the few slow directions that two or three collinear components make.
  static let window = 8
  private var ends: [[Double]] = []
  private var moves: [[Double]] = []

  /// After a proposal that was refused: the older sweeps say least about here.
  mutating func forgetHalf() {
    let half = ends.count / 2
    ends.removeFirst(half)
    moves.removeFirst(half)
  }

  /// Takes in the sweep that led from `start` to `end`; the proposal, nil while there is only one sweep to go by.
  mutating func proposal(from start: FactorPoint, to end: FactorPoint) -> FactorPoint? {
    let last = end.factors.flatMap(\.self)
    ends.append(last)
    moves.append(zip(last, start.factors.joined()).map { $0 - $1 })
    if ends.count > Self.window {
      ends.removeFirst()
      moves.removeFirst()
    }
    let count = ends.count - 1
    guard count > 0, let weights = weights(count) else { return nil }
    var combined = last
    for n in 0..<count {
      for entry in combined.indices { combined[entry] += weights[n] * (ends[n][entry] - last[entry]) }
    }
    var result = end
    var entry = 0
    for axis in 0..<3 {
      let size = end.factors[axis].count
      result.factors[axis] = Array(combined[entry..<entry + size])
      entry += size
    }
    return result
  }

  /// γ that minimise ‖move_last + Σ γ_n·(move_n − move_last)‖² + 1e-12·trace·‖γ‖²: the moves of a slow iteration are
  /// nearly parallel, and what rounding alone tells apart must not be blown up.
  private func weights(_ count: Int) -> [Double]? {
    let last = moves[count]
    let differences = (0..<count).map { n in zip(moves[n], last).map { $0 - $1 } }
    func product(_ left: [Double], _ right: [Double]) -> Double {
      var sum = 0.0
      for entry in left.indices { sum += left[entry] * right[entry] }
      return sum
    }
    var gram = Matrix<Double>(rows: count, columns: count)
    for m in 0..<count {
      for n in 0...m {
        gram[m, n] = product(differences[m], differences[n])
        gram[n, m] = gram[m, n]
      }
    }
    let shift = 1e-12 * gram.trace
    for n in 0..<count { gram[n, n] += shift }
    guard shift > 0, let weights = try? gram.solve(differences.map { -product($0, last) }) else { return nil }
    return weights.allSatisfy(\.isFinite) ? weights : nil
  }
}
