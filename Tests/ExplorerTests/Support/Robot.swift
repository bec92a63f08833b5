import Foundation
import Glibc
import Testing

/// The real program in a terminal of its own, with a shell around it that tells how it ended.
struct Robot {
  /// The program that was built with these tests, or the one that GANGLION_EXECUTABLE names.
  static let executable =
    ProcessInfo.processInfo.environment["GANGLION_EXECUTABLE"]
    ?? Bundle.module.bundleURL.deletingLastPathComponent().appending(path: "ganglion").path

  let terminal: Tmux
  private let settled: String?

  /// Starts the explorer on a small task; the shell then prints "status N" and whether the terminal's modes are the old
  /// ones, and waits.
  init(
    _ width: Int = 80, _ height: Int = 24, _ arguments: String = "explore --task sine --seed 1 --threads 1",
    environment: [String: String] = [:], settled: String? = nil
  ) throws {
    // Where the program is to tell how many keys have had their effect.
    let tell = settled.map { "export GANGLION_SETTLED=\"$XDG_STATE_HOME/\($0)\"" } ?? ":"
    self.settled = settled
    let command = """
      before=$(stty -g)
      \(tell)
      sh -c 'echo $$ > "$XDG_STATE_HOME/pid"; exec \(Self.executable) \(arguments)'
      status=$?
      [ "$before" = "$(stty -g)" ] && echo "modes kept"
      echo "status $status"
      exec sleep 600
      """
    terminal = try Tmux(width, height, command, environment: environment)
  }

  /// The program's process.
  var process: Int32 {
    get throws {
      Int32(
        try String(contentsOf: terminal.folder.appending(path: "pid"), encoding: .utf8).trimmingCharacters(
          in: .whitespacesAndNewlines)) ?? -1
    }
  }

  /// How many keys have had their effect, as the program tells.
  var settledKeys: Int {
    get throws {
      guard let settled else { return 0 }
      let text = try? String(contentsOf: terminal.folder.appending(path: settled), encoding: .utf8)
      return text.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) } ?? -1
    }
  }

  /// Waits until that many keys have had their effect and it is on the screen.
  func waitUntilSettled(keys: Int) throws {
    let start = ContinuousClock.now
    while .now - start < .seconds(20) {
      if try settledKeys >= keys { return }
      usleep(4_000)
    }
    Issue.record(
      "Waited in vain for the effect of \(keys) keys, had \(try settledKeys). The screen:\n\(try terminal.screen())")
    throw Failed("waited in vain for \(keys) keys")
  }

  func signal(_ number: Int32) throws { kill(try process, number) }

  /// Waits until the program has ended; its exit status and the screen.
  func ending() throws -> (status: Int?, screen: String) {
    let screen = try terminal.wait(for: "status ")
    let line = screen.split(separator: "\n").last { $0.hasPrefix("status ") }
    return (line.flatMap { Int($0.dropFirst(7)) }, screen)
  }

  /// Time on a processor since it began, in clock ticks (1/100 s).
  func ticks() throws -> Int {
    let text = try String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8)
    // After the name in brackets: state is field 3, user and system time are 14 and 15.
    let fields = text[text.lastIndex(of: ")")!...].split(separator: " ")
    return Int(fields[12])! + Int(fields[13])!
  }
}
