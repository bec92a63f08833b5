import Explorer
import Synchronization

/// A clock that a test steps: no time passes unless somebody lets it pass.
final class HandClock: Sendable {
  private let seconds = Mutex(0.0)

  var now: Double { seconds.withLock { $0 } }
  var source: TimeSource { TimeSource { self.now } }

  func pass(_ time: Double) { seconds.withLock { $0 += time } }
}
