import LinearAlgebra
import RealModule

/// A Gaussian process with Matérn 5/2 covariance, a length per coordinate (ARD) and noise:
///
///     k(x, x') = s²·(1 + √5·r + 5r²/3)·e^(−√5·r) + σ²·[same observation],   r² = Σ_i (x_i − x'_i)²/l_i²
///
/// (Rasmussen & Williams 2006, "Gaussian Processes for Machine Learning", eq. 4.17). Values are centred and scaled to
/// variance 1 before; predictions are in the original unit.
public struct GaussianProcess: Sendable {
  /// Natural logarithms of l_1 … l_d, s and σ, of scaled values.
  public struct Parameters: Sendable, Equatable, Codable {
    public var lengths: [Double]
    public var amplitude, noise: Double

    public init(lengths: [Double], amplitude: Double = 1, noise: Double = 1e-3) {
      self.lengths = lengths
      self.amplitude = amplitude
      self.noise = noise
    }

    var logarithms: [Double] { (lengths + [amplitude, noise]).map { Double.log($0) } }

    init(logarithms: [Double]) {
      let values = logarithms.map { Double.exp($0) }
      self.init(
        lengths: Array(values.dropLast(2)), amplitude: values[values.count - 2], noise: values[values.count - 1])
    }
  }

  public let points: [[Double]]
  public let parameters: Parameters
  /// ln p(values | points, parameters) of the scaled values.
  public let logMarginalLikelihood: Double
  /// K⁻¹ row after row, and K⁻¹·values.
  private let inverse, weights: [Double]
  private let scaled: [Double]
  private let center, scale: Double

  /// Conditions on observations. O(n³).
  public init(points: [[Double]], values: [Double], parameters: Parameters) throws {
    try Self.check(points, values)
    let (center, scale) = Self.scaling(values)
    let scaled = values.map { ($0 - center) / scale }
    let state = try State(points: points, scaled: scaled, parameters: parameters)
    self.points = points
    self.parameters = parameters
    (self.center, self.scale) = (center, scale)
    self.scaled = scaled
    (inverse, weights) = (state.inverse.elements, state.weights)
    logMarginalLikelihood = state.logLikelihood
  }

  private static func check(_ points: [[Double]], _ values: [Double]) throws(SearchError) {
    try SearchError.check(
      !points.isEmpty && points.count == values.count,
      "A surrogate needs as many values as points, at least one; \(points.count) and \(values.count) were given.")
    try SearchError.check(
      values.allSatisfy(\.isFinite) && points.allSatisfy { $0.count == points[0].count && $0.allSatisfy(\.isFinite) },
      "A surrogate's points and values have to be finite and of one dimension.")
  }

  private static func scaling(_ values: [Double]) -> (center: Double, scale: Double) {
    let center = values.reduce(0, +) / Double(values.count)
    let deviation = (values.reduce(0) { $0 + ($1 - center) * ($1 - center) } / Double(values.count)).squareRoot()
    return (center, deviation > 0 ? deviation : 1)
  }

  /// (1 + √5·r + 5r²/3)·e^(−√5·r), and its derivative by r² — which is −5/6·(1 + √5·r)·e^(−√5·r), finite at 0.
  @inline(__always)
  private static func matern(_ squared: Double) -> (value: Double, slope: Double) {
    let a = (5 * squared).squareRoot()
    let e = Double.exp(-a)
    return ((1 + a + a * a / 3) * e, -5.0 / 6 * (1 + a) * e)
  }

  /// What conditioning computes, and the gradient of the likelihood.
  private struct State {
    let inverse: Matrix<Double>
    let weights: [Double]
    let logLikelihood: Double
    let points: [[Double]]
    let parameters: Parameters

    init(points: [[Double]], scaled: [Double], parameters: Parameters) throws(LinearAlgebraError) {
      let n = points.count
      self.points = points
      self.parameters = parameters
      let variance = parameters.amplitude * parameters.amplitude
      var covariance = Matrix<Double>(rows: n, columns: n)
      for i in 0..<n {
        for j in 0...i {
          let value = variance * matern(Self.distance(points[i], points[j], parameters.lengths)).value
          covariance[i, j] = value
          covariance[j, i] = value
        }
        // Rounding alone makes a covariance indefinite below about n·ε.
        covariance[i, i] += parameters.noise * parameters.noise + 1e-10 * variance
      }
      let factor = try covariance.cholesky()
      let inverse = try factor.inverseFromCholesky()
      weights = inverse * scaled
      let determinant = factor.diagonal.reduce(0) { $0 + Double.log($1) }
      let fit = zip(scaled, weights).reduce(0) { $0 + $1.0 * $1.1 }
      logLikelihood = -fit / 2 - determinant - Double(n) / 2 * Double.log(2 * Double.pi)
      self.inverse = inverse
    }

    static func distance(_ a: [Double], _ b: [Double], _ lengths: [Double]) -> Double {
      var sum = 0.0
      for i in lengths.indices {
        let d = (a[i] - b[i]) / lengths[i]
        sum += d * d
      }
      return sum
    }

    /// By the logarithms of l_1 … l_d, s and σ: ½·tr((ααᵀ − K⁻¹)·∂K/∂θ).
    var gradient: [Double] {
      let (n, d) = (points.count, parameters.lengths.count)
      let variance = parameters.amplitude * parameters.amplitude
      var result = [Double](repeating: 0, count: d + 2)
      for i in 0..<n {
        for j in 0...i {
          let pull = (weights[i] * weights[j] - inverse[i, j]) * (i == j ? 0.5 : 1)
          let (value, slope) = matern(Self.distance(points[i], points[j], parameters.lengths))
          result[d] += pull * 2 * variance * value
          if i == j {
            result[d] += pull * 2e-10 * variance
            result[d + 1] += pull * 2 * parameters.noise * parameters.noise
          } else {
            // ∂r²/∂ln l = −2·(x − x')²/l².
            let common = pull * variance * slope * -2
            for k in 0..<d {
              let difference = (points[i][k] - points[j][k]) / parameters.lengths[k]
              result[k] += common * difference * difference
            }
          }
        }
      }
      return result
    }
  }

  /// Value and gradient of the negative logarithm of the posterior of the parameters' logarithms: the marginal
  /// likelihood with weak priors, ln l ~ N(ln ½, 1), ln s ~ N(0, 1), ln σ ~ N(ln 0.01, 2²), which decide only where a
  /// handful of observations cannot (points in the unit cube, scaled values).
  static func objective(
    _ logarithms: [Double], points: [[Double]], scaled: [Double]
  ) -> (value: Double, gradient: [Double]) {
    guard let state = try? State(points: points, scaled: scaled, parameters: Parameters(logarithms: logarithms)) else {
      return (.infinity, logarithms)
    }
    let d = logarithms.count - 2
    let centers = [Double](repeating: Double.log(0.5), count: d) + [0, Double.log(0.01)]
    let widths = [Double](repeating: 1, count: d) + [1, 2]
    var (value, gradient) = (-state.logLikelihood, state.gradient.map { -$0 })
    for k in logarithms.indices {
      let z = (logarithms[k] - centers[k]) / widths[k]
      value += z * z / 2
      gradient[k] += z / widths[k]
    }
    return (value, gradient)
  }

  /// Conditions on observations with the parameters that are most likely: the best of local searches that begin at
  /// `starts` (each a set of parameters). Lengths stay in 0.01…10, s in 0.05…20, σ in 1e-6…1.
  public init(points: [[Double]], values: [Double], fittedFrom starts: [Parameters]) throws {
    try Self.check(points, values)
    let (center, scale) = Self.scaling(values)
    let scaled = values.map { ($0 - center) / scale }
    let d = points[0].count
    let minimizer = BoxMinimizer(
      lower: [Double](repeating: Double.log(0.01), count: d) + [Double.log(0.05), Double.log(1e-6)],
      upper: [Double](repeating: Double.log(10.0), count: d) + [Double.log(20.0), 0], iterations: 40, tolerance: 1e-3)
    let found = starts.map { start in
      minimizer.minimize(from: start.logarithms) { Self.objective($0, points: points, scaled: scaled) }
    }
    guard let best = found.filter(\.value.isFinite).min(by: { $0.value < $1.value }) else {
      throw SearchError("No parameters of the surrogate fit the observations.")
    }
    try self.init(points: points, values: values, parameters: Parameters(logarithms: best.point))
  }

  /// Mean and standard deviation of the function (without noise) at `x`. O(n²).
  public func predict(_ x: [Double]) -> (mean: Double, deviation: Double) {
    let prediction = predictScaled(x, withGradient: false)
    return (center + scale * prediction.mean, scale * prediction.deviation)
  }

  /// The lowest predicted mean among the points observed, and which: that of the best value where there is no noise.
  public var lowest: (index: Int, mean: Double) {
    let own = parameters.noise * parameters.noise + 1e-10 * parameters.amplitude * parameters.amplitude
    // K = C + own·I, and the mean at the observations is C·K⁻¹·y = y − own·K⁻¹·y.
    let means = zip(scaled, weights).map { $0 - own * $1 }
    let index = means.indices.min { means[$0] < means[$1] }!
    return (index, center + scale * means[index])
  }

  /// Expected improvement below `best` at `x` (Jones, Schonlau & Welch 1998, DOI 10.1023/A:1008306431147):
  /// (best − μ)·Φ(z) + s·φ(z), z = (best − μ)/s, with its gradient; in units of the scaled values.
  func expectedImprovement(
    _ x: [Double], below best: Double
  ) -> (value: Double, gradient: [Double]) {
    let p = predictScaled(x, withGradient: true)
    let gap = (best - center) / scale - p.mean
    guard p.deviation > 0 else { return (max(gap, 0), [Double](repeating: 0, count: x.count)) }
    let z = gap / p.deviation
    let density = Double.exp(-z * z / 2) / (2 * Double.pi).squareRoot()
    let share = Double.erfc(-z / 2.squareRoot()) / 2
    return (
      max(gap * share + p.deviation * density, 0),
      x.indices.map { -share * p.meanGradient[$0] + density * p.deviationGradient[$0] }
    )
  }

  private func predictScaled(
    _ x: [Double], withGradient: Bool
  ) -> (mean: Double, deviation: Double, meanGradient: [Double], deviationGradient: [Double]) {
    let (n, d) = (points.count, x.count)
    let variance = parameters.amplitude * parameters.amplitude
    var covariance = [Double](repeating: 0, count: n)
    var slopes = covariance
    for i in 0..<n {
      let (value, slope) = Self.matern(State.distance(x, points[i], parameters.lengths))
      covariance[i] = variance * value
      slopes[i] = variance * slope
    }
    var solved = [Double](repeating: 0, count: n)
    inverse.withUnsafeBufferPointer { inverse in
      for i in 0..<n {
        let (factor, row) = (covariance[i], i * n)
        for j in 0..<n { solved[j] += factor * inverse[row + j] }
      }
    }
    var (mean, left) = (0.0, variance)
    for i in 0..<n {
      mean += covariance[i] * weights[i]
      left -= covariance[i] * solved[i]
    }
    let deviation = max(left, 1e-12 * variance).squareRoot()
    guard withGradient else { return (mean, deviation, [], []) }
    var (meanGradient, deviationGradient) = ([Double](repeating: 0, count: d), [Double](repeating: 0, count: d))
    for i in 0..<n {
      for k in 0..<d {
        let length = parameters.lengths[k]
        let change = slopes[i] * 2 * (x[k] - points[i][k]) / (length * length)
        meanGradient[k] += change * weights[i]
        deviationGradient[k] -= change * solved[i] / deviation
      }
    }
    return (mean, deviation, meanGradient, deviationGradient)
  }
}
