import Glibc

/// Counts the bytes that this thread has written, as the kernel counts them (`wchar` of /proc/thread-self/io): curses
/// writes to the descriptor from a buffer of its own, which no stream in between would see. The difference around a
/// frame is the frame, as the thread does nothing else meanwhile.
struct OutputMeter: ~Copyable {
  private let descriptor: Int32

  /// On the thread whose output is to be counted.
  init() { descriptor = open("/proc/thread-self/io", O_RDONLY | O_CLOEXEC) }

  deinit { if descriptor >= 0 { close(descriptor) } }

  /// So far; nil where the kernel does not count.
  func written() -> Int? {
    guard descriptor >= 0 else { return nil }
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 256) { buffer in
      let count = pread(descriptor, buffer.baseAddress, buffer.count, 0)
      guard count > 0 else { return nil }
      let text = buffer[..<count]
      guard let line = text.split(separator: UInt8(ascii: "\n")).first(where: { $0.starts(with: "wchar: ".utf8) })
      else {
        return nil
      }
      return line.dropFirst(7).reduce(0) { $0 * 10 + Int($1) - 0x30 }
    }
  }
}
