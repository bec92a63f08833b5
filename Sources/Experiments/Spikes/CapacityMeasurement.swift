import Spiking

/// What a running network remembers, measured on a fixed copy of it: C(d), C, S and 𝓔, told again and again while inputs
/// are counted.
public final class CapacityMeasurement: Activity {
  /// As it is drawn.
  public struct Picture: Sendable {
    public static let part = "capacity"
    /// When the copy was made, ms of the network's time.
    public var time: Double
    public var inputs, wanted: Int
    /// How many neurons the readouts see.
    public var readers: Int
    /// Over the inputs until the last look; `nil` before the first.
    public var outcome: MemoryExperiment.Outcome?
    /// Over how many inputs that is.
    public var measured: Int
  }

  /// The most neurons whose spikes are read: readouts cost their cube.
  public static let readers = 300

  private let work: BackgroundWork<Picture>
  private let experiment: MemoryExperiment
  private let seed: UInt64
  /// Touched on the queue alone.
  private nonisolated(unsafe) let network: SpikingNetwork
  private let note: @Sendable (SpikesPicture.Measured) -> Void

  /// Waits for the network's present slice: not for the drawing thread.
  public init(of live: LiveSpikes, measured: Int = 2_000) throws {
    var experiment = MemoryExperiment(live.run)
    experiment.measured = measured
    try experiment.validate()
    let (network, time) = try live.fixedCopy()
    (self.experiment, self.network, seed) = (experiment, network, live.run.seed)
    let readers = min(network.neurons, Self.readers)
    work = BackgroundWork(
      "capacity", Picture(time: time, inputs: 0, wanted: measured, readers: readers, measured: 0))
    note = { [weak live] in live?.note($0) }
  }

  public var version: Int { work.version }

  public func report() -> ActivityReport {
    let (picture, status) = work.shown
    return ActivityReport(
      title: "capacity", status: status, share: Double(picture.inputs) / Double(picture.wanted),
      progress: "\(picture.inputs) of \(picture.wanted) inputs",
      picture: ActivityPicture(view: SpikesPicture.view, part: Picture.part, picture))
  }

  public func start() { work.start { try self.measure() } }
  public func pause() { work.pause() }
  public func cancel() { work.cancel() }

  private func measure() throws {
    let (time, readers) = (work.picture.time, work.picture.readers)
    let every = Double(network.neurons) / Double(readers)
    let checkpoints = [experiment.measured / 8, experiment.measured / 4, experiment.measured / 2]
    var counted = 0
    let outcome = try experiment.measure(
      network, seed: seed, readers: readers < network.neurons ? (0..<readers).map { Int(Double($0) * every) } : nil,
      checkpoints: checkpoints
    ) { inputs, outcome in
      // Not every input is news.
      if inputs >= counted + 20 || outcome != nil {
        counted = inputs
        work.update { picture in
          picture.inputs = inputs
          if let outcome { (picture.outcome, picture.measured) = (outcome, inputs) }
        }
      }
      return work.goesOn()
    }
    note(SpikesPicture.Measured(time: time, outcome: outcome))
    work.update { ($0.outcome, $0.inputs, $0.measured) = (outcome, $0.wanted, $0.wanted) }
  }
}

extension MemoryExperiment {
  /// The experiment on the network that a run describes; its input is the run's where that has one.
  public init(_ run: SpikeRun) {
    self.init(
      topology: run.topology, model: run.model, plasticity: run.plasticity, homeostasis: run.homeostasis,
      step: run.step)
    if case .series(_, let hold, let bias, let gain) = run.drive {
      (self.hold, self.bias, self.gain) = (hold, bias, gain)
    }
  }
}
