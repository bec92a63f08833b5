import RealModule
import Search
import Spiking

/// Looks for a network that remembers more with fewer spikes: a Bayesian search over how its time constants and those of
/// its plasticity are spread, from the network that one has.
///
/// What is made large is 𝓔·min(1, C/C₀)⁴: 𝓔 = C/S is capacity per spike, and a trial that remembers less than the network it
/// began from (C₀) is marked down so much that saving spikes at the cost of memory, or silence, does not win.
public final class MemorySearch: Activity {
  public struct Trial: Sendable, Equatable {
    public var point: [Double]
    public var capacity, activity: Double
    /// 𝓔, and 𝓔·min(1, C/C₀)⁴, which is made large.
    public var efficiency, score: Double
  }

  /// What is believed along one dimension, through the best point.
  public struct Slice: Sendable, Equatable {
    /// In the dimension's unit, and the score expected there with its standard deviation.
    public var values, means, deviations: [Double]
  }

  public struct Picture: Sendable {
    public static let part = "search"
    public var dimensions: [SearchDimension]
    /// The network that it began from; `nil` before it was measured.
    public var first: Trial?
    public var trials: [Trial]
    public var wanted: Int
    public var best: Int?
    /// One per dimension; none before the surrogate is there.
    public var slices: [Slice]
  }

  public static let dimensions = [
    SearchDimension("τ mean", 5...100, scale: .logarithmic),
    SearchDimension("τ shape", 1...30, scale: .logarithmic),
    SearchDimension("A₋/A₊", 0.8...2),
    SearchDimension("STDP shape", 1...30, scale: .logarithmic),
  ]

  public let run: SpikeRun
  private let work: BackgroundWork<Picture>
  private let experiment: MemoryExperiment
  private let seed: UInt64

  /// - Parameters:
  ///   - trials: how many networks are tried.
  ///   - change: changes of the experiment, for tests.
  public init(
    from run: SpikeRun, trials: Int = 40, seed: UInt64 = 1, change: (inout MemoryExperiment) -> Void = { _ in }
  ) throws {
    guard (1...10_000).contains(trials) else {
      throw SpikingError("A search makes from 1 to 10000 trials; \(trials) were asked for.")
    }
    var experiment = MemoryExperiment(run)
    (experiment.step, experiment.learning, experiment.washout, experiment.measured, experiment.delays) =
      (max(run.step, 0.5), 300, 50, 700, 30)
    // Networks are tried by the dozen: larger ones are searched by a smaller one of their kind.
    if experiment.topology.neurons > CapacityMeasurement.readers {
      experiment.topology.neurons = CapacityMeasurement.readers
      experiment.topology.connections = min(experiment.topology.connections, CapacityMeasurement.readers / 10)
    }
    change(&experiment)
    try experiment.validate()
    (self.run, self.experiment, self.seed) = (run, experiment, seed)
    work = BackgroundWork(
      "memory search", Picture(dimensions: Self.dimensions, trials: [], wanted: trials, slices: []))
  }

  public var version: Int { work.version }

  public func report() -> ActivityReport {
    let (picture, status) = work.shown
    return ActivityReport(
      title: "search", status: status, share: Double(picture.trials.count) / Double(picture.wanted),
      progress: "\(picture.trials.count) of \(picture.wanted) networks tried",
      picture: ActivityPicture(view: SpikesPicture.view, part: Picture.part, picture))
  }

  public func start() { work.start { try self.search() } }
  public func pause() { work.pause() }
  public func cancel() { work.cancel() }

  /// The run with the best network found; `nil` where none was tried yet.
  public func bestRun() -> SpikeRun? {
    let picture = work.picture
    let point = picture.best.map { picture.trials[$0].point }
    return point.map { changed(run, by: $0) }
  }

  /// A run with the constants of a point.
  private func changed(_ run: SpikeRun, by point: [Double]) -> SpikeRun {
    var run = run
    var experiment = MemoryExperiment(run)
    Self.set(&experiment, to: point)
    (run.model, run.plasticity) = (experiment.model, experiment.plasticity)
    return run
  }

  static func set(_ experiment: inout MemoryExperiment, to point: [Double]) {
    experiment.model.timeConstant = .gamma(shape: point[1], mean: point[0])
    var rule =
      experiment.plasticity
      ?? PlasticityRule(maximum: Float(max(3 * experiment.topology.excitatoryWeight.mean, 1e-6)))
    rule.depression = .gamma(shape: point[3], mean: rule.potentiation.mean * point[2])
    rule.potentiation = .gamma(shape: point[3], mean: rule.potentiation.mean)
    rule.potentiationTime = .gamma(shape: point[3], mean: rule.potentiationTime.mean)
    rule.depressionTime = .gamma(shape: point[3], mean: rule.depressionTime.mean)
    experiment.plasticity = rule
  }

  // MARK: On the queue

  private func measure(_ experiment: MemoryExperiment, _ point: [Double], floor: Double?) throws -> Trial {
    let outcome = try experiment.run(seed: seed) { !work.goesOn() }
    let capacity = outcome.memory.total
    let kept = floor.map { $0 > 0 ? min(1, capacity / $0) : 1 } ?? 1
    return Trial(
      point: point, capacity: capacity, activity: outcome.activity, efficiency: outcome.efficiency,
      score: outcome.efficiency * kept * kept * kept * kept)
  }

  private func search() throws {
    let first = try measure(experiment, [], floor: nil)
    work.update { $0.first = first }
    var search = try BayesianSearch(dimensions: Self.dimensions, seed: seed)
    for _ in 0..<work.picture.wanted {
      guard work.goesOn() else { return }
      let trial = try search.ask()
      var tried = experiment
      Self.set(&tried, to: trial.point)
      let result = try measure(tried, trial.point, floor: first.capacity)
      try search.tell(trial.id, value: -result.score)
      let slices = try slices(search)
      work.update { picture in
        picture.trials.append(result)
        picture.slices = slices
        let trials = picture.trials
        picture.best = trials.indices.max { trials[$0].score < trials[$1].score }
      }
    }
  }

  private func slices(_ search: BayesianSearch) throws -> [Slice] {
    guard let surrogate = try search.surrogate(), let best = search.best else { return [] }
    let unit = zip(Self.dimensions, best.point).map { $0.unit($1) }
    return Self.dimensions.indices.map { axis in
      var slice = Slice(values: [], means: [], deviations: [])
      for point in 0...40 {
        var x = unit
        x[axis] = Double(point) / 40
        let (mean, deviation) = surrogate.predict(x)
        slice.values.append(Self.dimensions[axis].value(x[axis]))
        slice.means.append(-mean)
        slice.deviations.append(deviation)
      }
      return slice
    }
  }
}
