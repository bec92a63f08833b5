import Dispatch
import Synchronization

/// Where threads wait while something is paused.
final class Gate: Sendable {
  private struct State {
    var isClosed = false
    var hasEnded = false
    /// One for each thread that waits, so that none takes the signal that is meant for another.
    var waiting: [DispatchSemaphore] = []
  }
  private let state = Mutex(State())

  /// Whether ``end()`` was called; never waits.
  var hasEnded: Bool { state.withLock { $0.hasEnded } }

  /// Waits while the gate is closed; whether to go on after that.
  func pass() -> Bool {
    while true {
      let (goesOn, semaphore) = state.withLock { state -> (Bool, DispatchSemaphore?) in
        guard state.isClosed, !state.hasEnded else { return (!state.hasEnded, nil) }
        let semaphore = DispatchSemaphore(value: 0)
        state.waiting.append(semaphore)
        return (true, semaphore)
      }
      guard let semaphore else { return goesOn }
      semaphore.wait()
    }
  }

  func close() { state.withLock { $0.isClosed = true } }
  func open() { change { $0.isClosed = false } }
  func end() { change { $0.hasEnded = true } }

  private func change(_ change: (inout State) -> Void) {
    let semaphores = state.withLock { state in
      change(&state)
      defer { state.waiting = [] }
      return state.waiting
    }
    for semaphore in semaphores { semaphore.signal() }
  }
}
