import Glibc

/// Gives the terminal back when the process dies without closing the screen: by a trap or another fatal signal, or by
/// `exit` from somewhere. Swift's traps do not unwind, so that nothing else would.
enum CrashRestore {
  /// Mouse off, synchronised output off, plain text, cursor on, the other screen left, normal cursor and number keys.
  static let sequence =
    "\u{1B}[?1006l\u{1B}[?1003l\u{1B}[?1002l\u{1B}[?1000l\u{1B}[?2026l\u{1B}[0m\u{1B}[?25h"
    + "\u{1B}[?1049l\u{1B}[?1l\u{1B}>\r"

  private static let fatal: [Int32] = [SIGILL, SIGTRAP, SIGSEGV, SIGABRT, SIGBUS, SIGFPE]

  // Everything the handler needs, made before it is installed: a handler may not allocate, and it may run on any thread.
  nonisolated(unsafe) private static var terminal: Int32 = -1
  nonisolated(unsafe) private static var bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: 1)
  nonisolated(unsafe) private static var count = 0
  // On the heap: as a static variable Swift 6.3.1 gives it 57 bytes, without the padding that ends a C structure, and
  // writes all 60 (the address sanitizer stops there).
  nonisolated(unsafe) private static let modes = UnsafeMutablePointer<termios>.allocate(capacity: 1)
  nonisolated(unsafe) private static var previous = UnsafeMutablePointer<sigaction>.allocate(capacity: 65)
  nonisolated(unsafe) private static var isExitHandled = false

  /// `modes` are those to go back to.
  static func install(terminal descriptor: Int32, modes saved: termios) {
    let text = Array(sequence.utf8)
    bytes.deallocate()
    bytes = .allocate(capacity: text.count)
    bytes.initialize(from: text, count: text.count)
    count = text.count
    modes.initialize(to: saved)
    terminal = descriptor
    for number in fatal {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { CrashRestore.handle($0) }
      // On the alternate stack if there is one: the fault may be an overflow of the stack.
      action.sa_flags = SA_ONSTACK
      sigaction(number, &action, &previous[Int(number)])
    }
    if !isExitHandled {
      isExitHandled = true
      atexit { CrashRestore.giveBack() }
    }
  }

  static func remove() {
    guard terminal >= 0 else { return }
    terminal = -1
    for number in fatal { sigaction(number, &previous[Int(number)], nil) }
  }

  /// Only what is allowed in a signal handler. Returning lets the fault recur under the handler that was there before,
  /// so that a trace names the line at fault.
  private static func handle(_ number: Int32) {
    let saved = errno
    giveBack()
    sigaction(number, &previous[Int(number)], nil)
    if number == SIGABRT { raise(number) }
    errno = saved
  }

  private static func giveBack() {
    let descriptor = terminal
    guard descriptor >= 0 else { return }
    terminal = -1
    var sent = 0
    while sent < count {
      let written = write(descriptor, bytes + sent, count - sent)
      if written <= 0 { break }
      sent += written
    }
    tcsetattr(descriptor, TCSANOW, modes)
    StandardErrorCapture.release()
  }
}
