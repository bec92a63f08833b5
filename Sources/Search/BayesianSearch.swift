import Randomness
import RealModule

/// Finds where an expensive, perhaps noisy function is least, with as few calls as it can: points of a Sobol sequence
/// first, then wherever a Gaussian process expects the largest improvement.
///
/// It calls nothing itself: ``ask()`` gives a trial, ``tell(_:value:)`` takes its value. Several trials may be open at
/// once (evaluated in parallel, anywhere): an open one counts with the value that the surrogate predicts for it, so
/// that the next looks elsewhere (Ginsbourger, Le Riche & Carraro 2010, DOI 10.1007/978-3-642-10701-6_6, "kriging
/// believer"). The whole is a Codable value: writing it down and reading it back continues the same search, and the
/// same seed with values told in the same order asks for the same points.
public struct BayesianSearch: Sendable, Equatable, Codable {
  /// One point and what it was worth.
  public struct Trial: Sendable, Equatable, Codable {
    public let id: Int
    /// In the dimensions' own units.
    public let point: [Double]
    /// nil while open.
    public internal(set) var value: Double?
    /// Whether it could not be evaluated: it then counts as the worst value seen.
    public internal(set) var failed = false
    let unit: [Double]
  }

  public let dimensions: [SearchDimension]
  /// How many of the trials come from the Sobol sequence.
  public let initial: Int
  public private(set) var trials: [Trial] = []
  private var random: SeededGenerator
  private var sobol: SobolSequence
  private var parameters: GaussianProcess.Parameters?

  /// `initial` is 4 + 2·d, at most 20, if it is not given.
  public init(dimensions: [SearchDimension], initial: Int? = nil, seed: UInt64 = 0) throws(SearchError) {
    try SearchError.check(!dimensions.isEmpty, "A search needs at least one dimension.")
    for dimension in dimensions { try dimension.validate() }
    let count = initial ?? min(4 + 2 * dimensions.count, 20)
    try SearchError.check(count >= 2, "A search begins with at least 2 points; \(count) were asked for.")
    self.dimensions = dimensions
    self.initial = count
    random = SeededGenerator(seed: seed).stream(71)
    var shift = SeededGenerator(seed: seed).stream(72)
    sobol = try SobolSequence(
      dimensions: dimensions.count, shift: dimensions.map { _ in UInt32(truncatingIfNeeded: shift.next()) })
  }

  /// The finished trial with the least value; the first where several are equal.
  public var best: Trial? {
    trials.filter { $0.value != nil && !$0.failed }.min { $0.value! < $1.value! }
  }

  /// The least value after each finished trial, in the order in which they were asked for.
  public var trace: [Double] {
    var least = Double.infinity
    return trials.compactMap { trial in
      guard let value = trial.value else { return nil }
      if !trial.failed { least = min(least, value) }
      return least
    }
  }

  public var open: [Trial] { trials.filter { $0.value == nil } }

  /// The value of an open trial: a number, or nil for one that could not be evaluated.
  public mutating func tell(_ id: Int, value: Double?) throws(SearchError) {
    guard let index = trials.firstIndex(where: { $0.id == id }) else {
      throw SearchError("There is no trial \(id): \(trials.count) have been asked for.")
    }
    try SearchError.check(trials[index].value == nil, "Trial \(id) already has a value.")
    let isGood = value?.isFinite ?? false
    let worst = trials.compactMap { $0.failed ? nil : $0.value }.max() ?? 0
    trials[index].value = isGood ? value : worst
    trials[index].failed = !isGood
  }

  /// The next trial, open until ``tell(_:value:)``.
  ///
  /// Cost with n trials: O(n³) for each of some hundred tries of the surrogate's parameters.
  public mutating func ask() throws -> Trial {
    let unit: [Double]
    if trials.count < initial || finished.count < 2 {
      unit = sobol.next()
    } else {
      unit = try suggestion()
    }
    let point = zip(dimensions, unit).map { $0.value($1) }
    // What is whole is searched where it is evaluated.
    let snapped = dimensions.indices.map { dimensions[$0].isWhole ? dimensions[$0].unit(point[$0]) : unit[$0] }
    trials.append(Trial(id: trials.count, point: point, unit: snapped))
    return trials.last!
  }

  /// `count` trials to evaluate at once.
  public mutating func ask(_ count: Int) throws -> [Trial] { try (0..<count).map { _ in try ask() } }

  private var finished: [Trial] { trials.filter { $0.value != nil } }

  /// What is believed of the function, in the unit cube (``SearchDimension/unit(_:)``); nil before two trials are finished.
  public func surrogate() throws -> GaussianProcess? {
    let finished = finished
    guard finished.count >= 2 else { return nil }
    return try GaussianProcess(
      points: finished.map(\.unit), values: values(finished), fittedFrom: [parameters ?? defaultParameters])
  }

  private var defaultParameters: GaussianProcess.Parameters {
    GaussianProcess.Parameters(lengths: [Double](repeating: 0.5, count: dimensions.count), amplitude: 1, noise: 0.01)
  }

  /// A failed trial is as bad as the worst good one seen until now.
  private func values(_ trials: [Trial]) -> [Double] {
    let worst = trials.compactMap { $0.failed ? nil : $0.value }.max() ?? 0
    return trials.map { $0.failed ? worst : $0.value! }
  }

  private mutating func suggestion() throws -> [Double] {
    let finished = finished
    var points = finished.map(\.unit)
    var values = values(finished)
    var starts = [parameters ?? defaultParameters]
    // New starts while observations are few and the likelihood changes; later now and then.
    if points.count <= 30 || points.count % 5 == 0 {
      starts.append(defaultParameters)
      for _ in 0..<2 {
        starts.append(
          GaussianProcess.Parameters(
            lengths: dimensions.map { _ in Double.exp(random.uniform(-3...1.5)) },
            amplitude: Double.exp(random.uniform(-1...1)), noise: Double.exp(random.uniform(-9 ... -2))))
      }
    }
    var surrogate = try GaussianProcess(points: points, values: values, fittedFrom: starts)
    parameters = surrogate.parameters
    for trial in open {
      points.append(trial.unit)
      values.append(surrogate.predict(trial.unit).mean)
      surrogate = try GaussianProcess(points: points, values: values, parameters: surrogate.parameters)
    }
    return maximizeImprovement(surrogate)
  }

  /// The point of largest expected improvement: the best of local searches from the most promising of many points, a
  /// part of them near the best one known.
  private mutating func maximizeImprovement(_ surrogate: GaussianProcess) -> [Double] {
    let d = dimensions.count
    let (index, best) = surrogate.lowest
    let center = surrogate.points[index]
    var candidates = (0..<min(200 * d, 1_000)).map { _ in (0..<d).map { _ in random.unit() } }
    for round in 0..<100 {
      let width = 0.2 * Double.pow(0.5, Double(round % 6))
      candidates.append((0..<d).map { min(max(center[$0] + width * random.normal(), 0), 1) })
    }
    let ranked = candidates.map { ($0, surrogate.expectedImprovement($0, below: best).value) }
      .sorted { $0.1 > $1.1 }
    // ln EI has slopes where EI itself is flat.
    let minimizer = BoxMinimizer(
      lower: [Double](repeating: 0, count: d), upper: [Double](repeating: 1, count: d), iterations: 30)
    var winner = (point: ranked[0].0, value: ranked[0].1)
    for (start, _) in ranked.prefix(6) {
      let local = minimizer.minimize(from: start) { x in
        let (value, gradient) = surrogate.expectedImprovement(x, below: best)
        return value > 1e-300 ? (-Double.log(value), gradient.map { -$0 / value }) : (.infinity, gradient)
      }
      let value = surrogate.expectedImprovement(local.point, below: best).value
      if value > winner.value { winner = (local.point, value) }
    }
    // The same point again teaches a noiseless surrogate nothing: then the most promising other one.
    let isKnown = surrogate.points.contains { known in
      (0..<d).allSatisfy { abs(known[$0] - winner.point[$0]) < 1e-7 }
    }
    return isKnown && surrogate.parameters.noise < 1e-2 ? ranked[1].0 : winner.point
  }
}
