import LinearAlgebra

/// Linear readouts of many targets from the same states, judged where they were not trained.
///
/// The T rows are cut into contiguous blocks; for each block a ridge readout with intercept is trained on the others
/// and predicts it. States are scaled to variance 1 (a constant one counts for nothing). One symmetric decomposition
/// per block serves every penalty and every target: O(T·N² + folds·N³ + T·N·K·penalties), K targets.
public struct CrossValidatedReadout: Sendable {
  /// Multiples of the number of training rows, so that they do not depend on it; ascending.
  public static let penalties = [1e-9, 1e-7, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1, 10]

  private struct Fold {
    let rows: Range<Int>
    /// Test states in the training states' eigenvectors, and what maps training targets to that basis.
    let test: Matrix<Double>
    let trainTransposed: Matrix<Double>
    let values: [Double]
    let trained: Int
  }

  public let rows: Int
  public let states: Int
  private let folds: [Fold]

  /// - Parameters:
  ///   - states: T rows, N columns.
  ///   - folds: number of blocks, 2…T.
  public init(states: Matrix<Double>, folds count: Int = 5) throws {
    try SpikingError.check(
      count >= 2 && count <= states.rows,
      "Cross-validation cuts the rows into at least 2 blocks; \(states.rows) rows and \(count) blocks were given.")
    try SpikingError.check(states.firstNotFinite == nil, "The states of the network are not finite.")
    let (t, n) = (states.rows, states.columns)
    rows = t
    self.states = n
    var sums = [Double](repeating: 0, count: n)
    var squares = sums
    for r in 0..<t { for (c, x) in states.row(r).enumerated() { sums[c] += x } }
    let means = sums.map { $0 / Double(t) }
    for r in 0..<t { for (c, x) in states.row(r).enumerated() { squares[c] += (x - means[c]) * (x - means[c]) } }
    // A deviation of rounding size is none.
    let scales = zip(squares, means).map { square, mean in
      let deviation = (square / Double(t)).squareRoot()
      return deviation > 1e-12 * (1 + abs(mean)) ? 1 / deviation : 0
    }
    let scaled = Matrix(rows: t, columns: n) { (states[$0, $1] - means[$1]) * scales[$1] }

    let blocks = (0..<count).map { t * $0 / count..<t * ($0 + 1) / count }
    let grams = blocks.map { block in
      let part = Matrix(rows: block.count, columns: n) { scaled[block.lowerBound + $0, $1] }
      return part.transpose * part
    }
    let whole = grams.dropFirst().reduce(grams[0], +)
    folds = try zip(blocks, grams).map { block, gram in
      let trained = t - block.count
      // The whole has mean 0, so the training rows sum to minus what the test rows sum to.
      var mean = [Double](repeating: 0, count: n)
      for r in block { for (c, x) in scaled.row(r).enumerated() { mean[c] -= x } }
      for c in mean.indices { mean[c] /= Double(trained) }
      let centred = Matrix(rows: n, columns: n) { row, column in
        whole[row, column] - gram[row, column] - Double(trained) * mean[row] * mean[column]
      }
      let eigen = try centred.symmetricEigen()
      let test = Matrix(rows: block.count, columns: n) { scaled[block.lowerBound + $0, $1] - mean[$1] }
      let train = Matrix(rows: trained, columns: n) { row, column in
        let r = row < block.lowerBound ? row : row + block.count
        return scaled[r, column] - mean[column]
      }
      return Fold(
        rows: block, test: test * eigen.vectors, trainTransposed: (train * eigen.vectors).transpose,
        values: eigen.values.map { max($0, 0) }, trained: trained)
    }
  }

  /// What the readouts predict for every row, each column with the penalty that errs least.
  public struct Prediction: Sendable {
    /// T rows, K columns.
    public var values: Matrix<Double>
    public var penalties: [Double]
    /// Mean squared error ÷ variance of the target, per column (1 for a constant target).
    public var relativeErrors: [Double]
    /// cov²/(var·var) of target and prediction where they vary together, 0 where they do not: in 0…1.
    public var capacities: [Double]
  }

  /// `targets`: T rows, K columns.
  public func predict(_ targets: Matrix<Double>) throws -> Prediction {
    try SpikingError.check(
      targets.rows == rows, "\(targets.rows) rows of targets do not fit \(rows) rows of states.")
    try SpikingError.check(targets.firstNotFinite == nil, "The targets are not finite.")
    let k = targets.columns
    var candidates = Self.penalties.map { _ in Matrix<Double>(rows: rows, columns: k) }
    for fold in folds {
      let means = (0..<k).map { column in
        var sum = 0.0
        for r in 0..<rows where !fold.rows.contains(r) { sum += targets[r, column] }
        return sum / Double(fold.trained)
      }
      let train = Matrix(rows: fold.trained, columns: k) { row, column in
        let r = row < fold.rows.lowerBound ? row : row + fold.rows.count
        return targets[r, column] - means[column]
      }
      let projected = fold.trainTransposed * train
      for (index, penalty) in Self.penalties.enumerated() {
        let added = penalty * Double(fold.trained)
        let weights = Matrix(rows: states, columns: k) { projected[$0, $1] / (fold.values[$0] + added) }
        let part = fold.test * weights
        for r in fold.rows {
          for c in 0..<k { candidates[index][r, c] = part[r - fold.rows.lowerBound, c] + means[c] }
        }
      }
    }
    var result = Prediction(
      values: Matrix(rows: rows, columns: k), penalties: [], relativeErrors: [], capacities: [])
    for column in 0..<k {
      let target = targets.column(column)
      let errors = candidates.map { candidate in
        (0..<rows).reduce(0) { $0 + (candidate[$1, column] - target[$1]) * (candidate[$1, column] - target[$1]) }
      }
      // The larger penalty where two are equally good: constant states, for one, predict the mean with any.
      let best = errors.indices.reversed().min { errors[$0] < errors[$1] } ?? 0
      let chosen = candidates[best].column(column)
      for r in 0..<rows { result.values[r, column] = chosen[r] }
      let moments = Moments(target, chosen)
      result.penalties.append(Self.penalties[best])
      result.relativeErrors.append(moments.varianceA > 0 ? errors[best] / Double(rows) / moments.varianceA : 1)
      result.capacities.append(moments.covariance > 0 ? moments.squaredCorrelation : 0)
    }
    return result
  }
}

/// Variances and covariance of two series of one length.
struct Moments {
  var varianceA, varianceB, covariance: Double

  init(_ a: [Double], _ b: [Double]) {
    let count = Double(max(a.count, 1))
    let (meanA, meanB) = (a.reduce(0, +) / count, b.reduce(0, +) / count)
    (varianceA, varianceB, covariance) = (0, 0, 0)
    for (x, y) in zip(a, b) {
      varianceA += (x - meanA) * (x - meanA) / count
      varianceB += (y - meanB) * (y - meanB) / count
      covariance += (x - meanA) * (y - meanB) / count
    }
  }

  /// In 0…1; 0 where one of the two does not vary.
  var squaredCorrelation: Double {
    guard varianceA > 0, varianceB > 0 else { return 0 }
    return min(covariance / varianceA * (covariance / varianceB), 1)
  }
}
