import Dispatch
import Synchronization

/// What an activity keeps that does one piece of work on a queue of its own: what it shows, its status, and the gate at
/// which the work waits while it is paused.
package final class BackgroundWork<Picture: Sendable>: Sendable {
  private struct State {
    var picture: Picture
    var status = ActivityStatus.waiting
    var version = 0
  }

  private let state: Mutex<State>
  private let gate = Gate()
  private let queue: DispatchQueue

  package init(_ label: String, _ picture: Picture) {
    state = Mutex(State(picture: picture))
    queue = DispatchQueue(label: label, qos: .utility)
  }

  package var version: Int { state.withLock { $0.version } }
  package var picture: Picture { state.withLock { $0.picture } }
  /// Both of one moment.
  package var shown: (picture: Picture, status: ActivityStatus) { state.withLock { ($0.picture, $0.status) } }

  /// Begins `work`, the first time, or goes on after ``pause()``. The status is `finished` where it returns, and `failed`
  /// where it throws anything but CancellationError.
  package func start(_ work: @escaping @Sendable () throws -> Void) {
    let before = become(.running) { !$0.isOver && $0 != .running }
    gate.open()
    guard before == .waiting else { return }
    queue.async {
      do {
        try work()
        self.become(.finished) { !$0.isOver }
      } catch is CancellationError {
      } catch { self.become(.failed("\(error)")) { !$0.isOver } }
    }
  }

  package func pause() { if become(.paused, where: { $0 == .running }) != nil { gate.close() } }

  package func cancel() {
    become(.cancelled) { !$0.isOver }
    gate.end()
  }

  /// Waits while it is paused; whether to go on. For the work itself, on its queue.
  package func goesOn() -> Bool { gate.pass() }

  package func update(_ change: (inout Picture) -> Void) {
    state.withLock { state in
      change(&state.picture)
      state.version += 1
    }
  }

  /// - Returns: the status before, `nil` where it is none of those.
  @discardableResult
  private func become(_ status: ActivityStatus, where allows: (ActivityStatus) -> Bool) -> ActivityStatus? {
    state.withLock { state in
      guard allows(state.status) else { return nil }
      defer { (state.status, state.version) = (status, state.version + 1) }
      return state.status
    }
  }
}
