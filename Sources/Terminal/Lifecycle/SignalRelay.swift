import Glibc

/// Signals to bytes in a pipe. The handler does nothing but write, which is all that a handler may do; what follows
/// happens on the thread that waits.
enum SignalRelay {
  /// SIGTSTP is here because curses' own handler knows nothing of mouse modes.
  static let relayed: [Int32] = [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGWINCH, SIGTSTP, SIGCONT]

  /// Only written while no handler is installed.
  nonisolated(unsafe) private static var writeEnd: Int32 = -1
  nonisolated(unsafe) private static var previous: [(signal: Int32, action: sigaction)] = []

  static func install(_ pipe: WakePipe) {
    writeEnd = pipe.writeEnd
    for number in relayed {
      var old = sigaction()
      // A signal that the parent wants ignored (nohup) stays so.
      if sigaction(number, nil, &old) == 0, isIgnored(old), number == SIGHUP { continue }
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        let saved = errno
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(SignalRelay.writeEnd, &byte, 1)
        errno = saved
      }
      action.sa_flags = SA_RESTART
      sigaction(number, &action, &old)
      previous.append((number, old))
    }
  }

  static func remove() {
    for (number, action) in previous {
      var action = action
      sigaction(number, &action, nil)
    }
    previous = []
    writeEnd = -1
  }

  /// Stops the process as Ctrl-Z does, with all of its group; returns when it is continued.
  static func stop() {
    var stopping = sigaction()
    var relaying = sigaction()
    stopping.__sigaction_handler.sa_handler = SIG_DFL
    sigaction(SIGTSTP, &stopping, &relaying)
    kill(0, SIGTSTP)
    sigaction(SIGTSTP, &relaying, nil)
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == 1
  }
}
