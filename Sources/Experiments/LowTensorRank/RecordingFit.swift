import Analysis
import Dispatch
import Synchronization

/// A ``LowTensorRankFit`` under way beside the screen: watched by its report, paused, its parts frozen and thawed between
/// two iterations.
public final class RecordingFit: Activity {
  private struct State {
    var status = ActivityStatus.waiting
    var hasStarted = false
    var frozen: Set<LowTensorRankNetwork.Part> = []
    var fit: LowTensorRankFit
    var version = 0
  }

  private let state: Mutex<State>
  private let gate = Gate()
  private let group = DispatchGroup()

  package init(_ fit: LowTensorRankFit) { state = Mutex(State(frozen: fit.frozen, fit: fit)) }

  public var version: Int { state.withLock { $0.version } }
  package var status: ActivityStatus { state.withLock { $0.status } }

  /// As it is after the last iteration that was made.
  package var fit: LowTensorRankFit { state.withLock { $0.fit } }

  /// Which parts do not move from the next iteration on.
  package func freeze(_ parts: Set<LowTensorRankNetwork.Part>) {
    state.withLock { state in
      state.frozen = parts
      state.version += 1
    }
  }

  public func report() -> ActivityReport {
    let (status, fit) = state.withLock { ($0.status, $0.fit) }
    let variance = fit.recording.variance
    func share(_ errors: [Double]) -> String {
      errors.last.map { "\(($0 / variance * 1e4).rounded() / 1e4)" } ?? "–"
    }
    return ActivityReport(
      title: "low-rank network of rank \(fit.network.rank)", status: status,
      share: status == .finished ? 1 : min(Double(fit.iterations) / Double(LowTensorRankFit.mostIterations), 1),
      progress: "iteration \(fit.iterations), error ÷ variance \(share(fit.fitted)), held out \(share(fit.tested))")
  }

  public func start() {
    let isFirst = state.withLock { state -> Bool? in
      guard state.status == .waiting || state.status == .paused else { return nil }
      state.status = .running
      state.version += 1
      defer { state.hasStarted = true }
      return !state.hasStarted
    }
    guard let isFirst else { return }
    gate.open()
    guard isFirst else { return }
    group.enter()
    DispatchQueue(label: "low-rank network").async { self.work() }
  }

  public func pause() {
    let pauses = state.withLock { state in
      guard state.status == .running else { return false }
      state.status = .paused
      state.version += 1
      return true
    }
    if pauses { gate.close() }
  }

  public func cancel() { end(.cancelled) }

  /// Waits until it is over and nothing of it runs any more.
  package func wait() { group.wait() }

  private func end(_ status: ActivityStatus) {
    state.withLock { state in
      guard !state.status.isOver else { return }
      state.status = status
      state.version += 1
    }
    gate.end()
  }

  private func work() {
    defer { group.leave() }
    // Only this queue changes the fit: it works on its own copy and publishes it after each iteration.
    var fit = fit
    while gate.pass() {
      fit.frozen = state.withLock { $0.frozen }
      do { try fit.advance() } catch { return end(.failed("\(error)")) }
      let made = fit
      state.withLock { state in
        state.fit = made
        state.version += 1
      }
      if fit.isDone { return end(.finished) }
    }
  }
}
