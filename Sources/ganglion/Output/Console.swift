import Foundation

/// Standard output and standard error, written through at once so that pipes see every line.
enum Console {
  static var errorIsTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether someone sits before it who can press keys.
  static var isInteractive: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

  static func print(_ text: String) { write(text + "\n", to: FileHandle.standardOutput) }

  /// Talk and progress.
  static func note(_ text: String, terminator: String = "\n") {
    write(text + terminator, to: FileHandle.standardError)
  }

  static func error(_ sentence: String) { note("Error: \(sentence)") }

  /// Bytes on standard output.
  static func write(_ bytes: [UInt8]) { try? FileHandle.standardOutput.write(contentsOf: Data(bytes)) }

  private static func write(_ text: String, to handle: FileHandle) {
    // A closed pipe (`| head`) ends the program by its signal; any other failure has nowhere to be told.
    try? handle.write(contentsOf: Data(text.utf8))
  }
}
