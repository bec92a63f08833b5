import Glibc
import Synchronization

/// A pipe that is written to by signal handlers (a signal's number, never 0) and by other threads (a 0), and read by the
/// thread that waits. Neither end ever blocks.
final class WakePipe: Sendable {
  let readEnd: Int32
  let writeEnd: Int32
  /// At most one 0 is on its way, so that wakers cannot fill the pipe and crowd out a signal.
  private let isWaking = Atomic<Bool>(false)

  init?() {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0 else { return nil }
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    readEnd = ends[0]
    writeEnd = ends[1]
  }

  deinit {
    Glibc.close(readEnd)
    Glibc.close(writeEnd)
  }

  func wake() {
    if isWaking.exchange(true, ordering: .acquiringAndReleasing) { return }
    var zero: UInt8 = 0
    _ = write(writeEnd, &zero, 1)
  }

  /// Whether there is something to read within the time.
  func wait(milliseconds: Int) -> Bool {
    var descriptor = pollfd(fd: readEnd, events: Int16(POLLIN), revents: 0)
    return poll(&descriptor, 1, Int32(clamping: milliseconds)) > 0
  }

  /// Everything that came: the signals in order, and whether a thread wanted to wake us.
  func drain() -> (woken: Bool, signals: [Int32]) {
    // Cleared before reading: a wake that comes in between writes again and is not lost.
    isWaking.store(false, ordering: .sequentiallyConsistent)
    var bytes = [UInt8](repeating: 0, count: 256)
    var woken = false
    var signals: [Int32] = []
    while true {
      let count = read(readEnd, &bytes, bytes.count)
      if count <= 0 { break }
      for byte in bytes[..<count] {
        if byte == 0 { woken = true } else { signals.append(Int32(byte)) }
      }
      if count < bytes.count { break }
    }
    return (woken, signals)
  }
}

/// Wakes a backend's event loop from any thread, at any time, also after the backend was closed. Many calls before the
/// loop comes round are one event.
public struct Waker: Sendable {
  private let pipe: WakePipe?

  init(_ pipe: WakePipe?) { self.pipe = pipe }

  public func wake() { pipe?.wake() }
}
