import Glibc

/// The terminal's file descriptors and the modes it was found in.
struct TerminalDevice {
  let input: Int32
  let output: Int32
  /// Whether `input` was opened here.
  let ownsInput: Bool
  /// As they were before anything was changed; nil for a device that is no terminal.
  let modes: termios?

  /// Standard output has to be a terminal; for input, /dev/tty stands in where standard input is none (a pipe).
  static func open() throws(TerminalError) -> TerminalDevice {
    guard isatty(STDOUT_FILENO) == 1 else { throw .notATerminal("Standard output") }
    var input = STDIN_FILENO
    if isatty(STDIN_FILENO) != 1 {
      input = Glibc.open("/dev/tty", O_RDWR | O_CLOEXEC)
      guard input >= 0 else { throw .notATerminal("Standard input") }
    }
    var modes = termios()
    guard tcgetattr(STDOUT_FILENO, &modes) == 0 else {
      throw .system("read the terminal's modes", reason: String(cString: strerror(errno)))
    }
    return TerminalDevice(input: input, output: STDOUT_FILENO, ownsInput: input != STDIN_FILENO, modes: modes)
  }

  /// Swallows everything and gives nothing.
  static func null() throws(TerminalError) -> TerminalDevice {
    let descriptor = Glibc.open("/dev/null", O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("open /dev/null", reason: String(cString: strerror(errno))) }
    return TerminalDevice(input: descriptor, output: descriptor, ownsInput: true, modes: nil)
  }

  var isTerminal: Bool { modes != nil }

  /// nil where the terminal does not tell.
  var size: (width: Int, height: Int)? {
    var window = winsize()
    guard ioctl(output, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else { return nil }
    return (Int(window.ws_col), Int(window.ws_row))
  }

  func write(_ text: String) { write(Array(text.utf8)) }

  func write(_ bytes: [UInt8]) {
    bytes.withUnsafeBufferPointer { bytes in
      var sent = 0
      while sent < bytes.count {
        let count = Glibc.write(output, bytes.baseAddress! + sent, bytes.count - sent)
        if count < 0 && errno == EINTR { continue }
        if count <= 0 { break }
        sent += count
      }
    }
  }

  /// What there is to read, possibly nothing; nil at the end of the input: the terminal is gone.
  func read() -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = Glibc.read(input, &bytes, bytes.count)
    if count > 0 { return Array(bytes[..<count]) }
    return count < 0 && (errno == EINTR || errno == EAGAIN) ? [] : nil
  }

  func restoreModes() {
    guard var modes else { return }
    tcsetattr(output, TCSADRAIN, &modes)
  }

  func close() { if ownsInput { Glibc.close(input) } }

  /// A stream on a copy of a descriptor: closing it leaves the descriptor open.
  static func stream(_ descriptor: Int32, _ mode: String) -> UnsafeMutablePointer<FILE>? {
    let copy = fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
    return copy < 0 ? nil : fdopen(copy, mode)
  }

  /// Takes the user's characters, and only those: the decimal point stays a point. Whether they are UTF-8.
  static func adoptLocale() -> Bool {
    setlocale(LC_CTYPE, "")
    return String(cString: nl_langinfo(nl_item(CODESET))) == "UTF-8"
  }
}
