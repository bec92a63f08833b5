import CNcurses
import Glibc

/// Collects what curses writes for a frame, so that the frame reaches the terminal in one piece.
///
/// Curses writes to a descriptor, and its buffer can neither be added to nor asked for its size: for the time of a frame a
/// file in memory takes the descriptor's place.
struct OutputCapture: ~Copyable {
  /// Where curses writes.
  private let descriptor: Int32
  private let terminal: Int32
  private let memory: Int32

  /// - Parameter descriptor: a copy of `terminal` that nobody but curses writes to; it has to stay open.
  init?(of descriptor: Int32, terminal: Int32) {
    memory = gn_memory_file()
    guard memory >= 0 else { return nil }
    (self.descriptor, self.terminal) = (descriptor, terminal)
  }

  deinit { close(memory) }

  /// What `body` makes curses write.
  func collect(_ body: () -> Void) -> [UInt8] {
    lseek(memory, 0, SEEK_SET)
    gn_replace(descriptor, memory)
    body()
    gn_replace(descriptor, terminal)
    let count = max(0, Int(lseek(memory, 0, SEEK_CUR)))
    return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = pread(memory, buffer.baseAddress! + filled, count - filled, filled)
        if got < 0 && errno == EINTR { continue }
        if got <= 0 { break }
        filled += got
      }
    }
  }
}
