import Dispatch
import Foundation
import Spiking
import Synchronization

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

  private struct State {
    var picture: Picture
    var status = ActivityStatus.waiting
    var version = 0
    var isUnderWay = false
  }

  private let state: Mutex<State>
  private let queue = DispatchQueue(label: "capacity", qos: .utility)
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
    state = Mutex(State(picture: Picture(time: time, inputs: 0, wanted: measured, readers: readers, measured: 0)))
    note = { [weak live] in live?.note($0) }
  }

  public var version: Int { state.withLock { $0.version } }

  public func report() -> ActivityReport {
    state.withLock { state in
      let picture = state.picture
      return ActivityReport(
        title: "capacity", status: state.status, share: Double(picture.inputs) / Double(picture.wanted),
        progress: "\(picture.inputs) of \(picture.wanted) inputs",
        picture: ActivityPicture(view: SpikesPicture.view, part: Picture.part, picture))
    }
  }

  public func start() {
    let isFirst = state.withLock { state in
      guard !state.status.isOver else { return false }
      state.status = .running
      state.version += 1
      defer { state.isUnderWay = true }
      return !state.isUnderWay
    }
    if isFirst { queue.async { self.measure() } }
  }

  public func pause() { become(.paused) }
  public func cancel() { become(.cancelled) }

  private func become(_ status: ActivityStatus) {
    state.withLock { state in
      guard !state.status.isOver else { return }
      state.status = status
      state.version += 1
    }
  }

  private func measure() {
    let (time, readers) = state.withLock { ($0.picture.time, $0.picture.readers) }
    let every = Double(network.neurons) / Double(readers)
    let checkpoints = [experiment.measured / 8, experiment.measured / 4, experiment.measured / 2]
    do {
      let outcome = try experiment.measure(
        network, seed: seed, readers: readers < network.neurons ? (0..<readers).map { Int(Double($0) * every) } : nil,
        checkpoints: checkpoints
      ) { inputs, outcome in
        while state.withLock({ $0.status }) == .paused { usleep(20_000) }
        return state.withLock { state in
          state.picture.inputs = inputs
          if let outcome { (state.picture.outcome, state.picture.measured) = (outcome, inputs) }
          if inputs % 20 == 0 || outcome != nil { state.version += 1 }
          return !state.status.isOver
        }
      }
      note(SpikesPicture.Measured(time: time, outcome: outcome))
      state.withLock { state in
        (state.picture.outcome, state.picture.measured) = (outcome, state.picture.wanted)
        state.status = .finished
        state.version += 1
      }
    } catch is CancellationError {
    } catch { become(.failed("\(error)")) }
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
