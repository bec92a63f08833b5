import Dispatch
import Spiking
import Synchronization

/// A spiking network that runs beside the screen, on a queue of its own, at a speed that a person sets. What there is to
/// be drawn is published some times a second as a ``SpikesPicture``; commands are done between two slices of time.
public final class LiveSpikes: Activity {
  /// Seconds of a slice, and the share of it that may be spent on computing.
  static let slice = 0.04
  static let share = 0.85
  /// Seconds simulated in a second, at first, at least and at most; more means as fast as it can.
  public static let firstSpeed = 0.2
  public static let speeds = 0.001...64

  private struct State {
    var picture: SpikesPicture
    var version = 0
    var status = ActivityStatus.waiting
    var commands: [SpikeCommand] = []
    var speed = LiveSpikes.firstSpeed
    var bells = 0
    /// Whether the next slice is on its way.
    var isScheduled = false
    var measured: [SpikesPicture.Measured] = []
  }

  public let run: SpikeRun
  private let state: Mutex<State>
  private let queue = DispatchQueue(label: "spikes", qos: .utility)
  /// Touched on the queue alone, once it is made.
  private nonisolated(unsafe) let engine: SpikeEngine
  /// Of the queue: steps still to be made while paused, steps that the speed owes, and the moments of the last slices.
  private nonisolated(unsafe) var steps = 0
  private nonisolated(unsafe) var owed = 0.0
  private nonisolated(unsafe) var last: (time: ContinuousClock.Instant, simulated: Double)?
  private nonisolated(unsafe) var reached = 0.0

  /// Costly: draws the network.
  ///
  /// - Throws: ``SpikingError`` where there is no such network.
  public init(_ run: SpikeRun) throws {
    self.run = run
    engine = try SpikeEngine(run)
    state = Mutex(State(picture: engine.picture(.waiting)))
  }

  public var version: Int { state.withLock { $0.version } }
  public var interval: Double { Self.slice }

  public func report() -> ActivityReport {
    state.withLock { state in
      var picture = state.picture
      (picture.status, picture.speed, picture.measured) = (state.status, state.speed, state.measured)
      var report = ActivityReport(
        title: "spikes", status: state.status,
        progress: "\((picture.time / 1_000 * 10).rounded() / 10) s simulated",
        picture: ActivityPicture(view: SpikesPicture.view, picture))
      report.bells = state.bells
      return report
    }
  }

  public func start() { become(.running) { !$0.isOver } }
  public func pause() { become(.paused) { !$0.isOver } }
  public func cancel() { become(.cancelled) { !$0.isOver } }

  private func become(_ status: ActivityStatus, where allowed: (ActivityStatus) -> Bool) {
    state.withLock { state in
      guard allowed(state.status), state.status != status else { return }
      state.status = status
      state.version += 1
    }
    runSlice(after: 0)
  }

  public func perform(_ command: any ActivityCommand) {
    guard let command = command as? SpikeCommand else { return }
    state.withLock { state in
      if case .speed(let speed) = command, speed.isFinite {
        state.speed = min(max(speed, Self.speeds.lowerBound), Self.speeds.upperBound)
        state.version += 1
      } else {
        state.commands.append(command)
      }
    }
    runSlice(after: 0)
  }

  /// The network as it is now, fixed and at rest, and its time in ms. Waits for the slice that is under way.
  public func fixedCopy() throws -> (network: SpikingNetwork, time: Double) {
    // The copy is made on the queue, which forgets it: it has one owner at any time.
    nonisolated(unsafe) var copy: SpikingNetwork?
    var time = 0.0
    try queue.sync {
      copy = try engine.network.fixedCopy()
      time = engine.network.time
    }
    return (copy!, time)
  }

  /// Takes what was measured of a copy.
  public func note(_ measured: SpikesPicture.Measured) {
    state.withLock { state in
      state.measured.append(measured)
      if state.measured.count > 64 { state.measured.removeFirst() }
      state.version += 1
    }
  }

  // MARK: On the queue

  private func runSlice(after seconds: Double) {
    let isNeeded = state.withLock { state in
      if state.isScheduled { return false }
      state.isScheduled = true
      return true
    }
    guard isNeeded else { return }
    queue.asyncAfter(deadline: .now() + seconds) { [weak self] in self?.makeSlice() }
  }

  private func makeSlice() {
    let (commands, status, speed) = state.withLock { state in
      state.isScheduled = false
      defer { state.commands = [] }
      return (state.commands, state.status, state.speed)
    }
    guard !status.isOver else { return }
    for command in commands {
      if case .step(let count) = command { steps += max(count, 0) } else { engine.perform(command) }
    }
    let started = ContinuousClock.now
    if status == .running {
      steps = 0
      // A late slice is not made up for, beyond one.
      let passed = min(last.map { Self.seconds(started - $0.time) } ?? Self.slice, 2 * Self.slice)
      owed += passed * speed * 1_000 / run.step
      while owed >= 1, Self.seconds(.now - started) < Self.slice * Self.share {
        // The clock is not asked for every step.
        let count = min(Int(owed), 20)
        for _ in 0..<count { engine.advance() }
        owed -= Double(count)
      }
      // What cannot be reached is not owed.
      owed = min(owed, 1)
      if let last, passed > 0 {
        reached += ((engine.network.time - last.simulated) / 1_000 / Self.seconds(started - last.time) - reached) / 8
      }
      last = (started, engine.network.time)
    } else {
      (last, reached) = (nil, 0)
      while steps > 0, Self.seconds(.now - started) < Self.slice {
        engine.advance()
        steps -= 1
      }
    }
    publish()
    if status == .running {
      runSlice(after: max(Self.slice - Self.seconds(.now - started), 0.001))
    } else if steps > 0 {
      runSlice(after: 0)
    }
  }

  private func publish() {
    var picture = engine.picture(.running)
    picture.reached = reached
    state.withLock { state in
      state.picture = picture
      state.bells = engine.heard
      state.version += 1
    }
    // Commands that came meanwhile are not kept waiting.
    if state.withLock({ !$0.commands.isEmpty && !$0.isScheduled }) { runSlice(after: 0) }
  }

  private static func seconds(_ duration: Duration) -> Double {
    Double(duration.components.seconds) + Double(duration.components.attoseconds) * 1e-18
  }
}
