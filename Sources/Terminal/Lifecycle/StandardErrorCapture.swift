import Glibc

/// Standard error goes into a nameless temporary file while the screen is up, where it would tear the picture, and is
/// shown afterwards.
enum StandardErrorCapture {
  nonisolated(unsafe) private static var original: Int32 = -1
  nonisolated(unsafe) private static var file: Int32 = -1

  /// Does nothing if standard error is no terminal, or if there is no room for a file.
  static func begin() {
    guard original < 0, isatty(STDERR_FILENO) == 1 else { return }
    var path = Array("/tmp/stderr.XXXXXX".utf8CString)
    let descriptor = mkstemp(&path)
    guard descriptor >= 0 else { return }
    unlink(path)
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    let copy = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3)
    guard copy >= 0 else {
      close(descriptor)
      return
    }
    dup2(descriptor, STDERR_FILENO)
    file = descriptor
    original = copy
  }

  /// Puts standard error back and shows what had been written. Safe in a signal handler. (The C stream itself is never buffered.)
  static func release() {
    guard original >= 0 else { return }
    let (destination, source) = (original, file)
    original = -1
    file = -1
    dup2(destination, STDERR_FILENO)
    close(destination)
    lseek(source, 0, SEEK_SET)
    withUnsafeTemporaryAllocation(byteCount: 1024, alignment: 1) { buffer in
      while true {
        let count = read(source, buffer.baseAddress, buffer.count)
        if count <= 0 { break }
        var sent = 0
        while sent < count {
          let written = write(STDERR_FILENO, buffer.baseAddress! + sent, count - sent)
          if written <= 0 { break }
          sent += written
        }
      }
    }
    close(source)
  }
}
