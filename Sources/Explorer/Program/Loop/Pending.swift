import Synchronization

/// A value that another queue is making: nothing until it is there, then taken once, or looked at until a newer one takes
/// its place. Nobody waits for it, and no lock is held while it is made.
package final class Pending<Value>: Sendable {
  /// Unchecked, for a value is either here or with one owner: ``put(_:)`` takes it from its sender for good, and
  /// ``take()`` gives it away for good.
  private struct Sent: @unchecked Sendable { var value: Value? }
  private let sent = Mutex(Sent())

  package init() {}

  /// Puts the value here; one that nobody has taken yet is let go of.
  package func put(_ value: sending Value) {
    let new = Sent(value: value)
    let old = sent.withLock { sent in
      defer { sent = new }
      return sent
    }
    // Ended here, not under the lock.
    _ = consume old
  }

  /// The value, for the first who asks after it came.
  package func take() -> sending Value? {
    nonisolated(unsafe) let value = sent.withLock { sent in
      defer { sent.value = nil }
      return sent
    }.value
    return value
  }
}

extension Pending where Value: Sendable {
  /// The value as often as one likes.
  package var newest: Value? { sent.withLock { $0 }.value }
}
