import Foundation
import Glibc
import Terminal
import Testing

// The real program on a real terminal (of tmux), as a person uses it.

@Suite("A robot at the terminal", .serialized, .enabled(if: Tmux.isInstalled, "tmux is missing: apt-get install tmux"))
struct RobotTests {
  @Test("a visit: it trains, is paused, operated on, asked for help, resized, and left")
  func visit() throws {
    let robot = try Robot()
    let terminal = robot.terminal
    try terminal.wait(for: "▶ training")
    try terminal.wait("some steps") { $0.contains(/step \d{2,}/) }
    #expect(try terminal.query("#{alternate_on} #{cursor_flag}") == "1 0")
    try terminal.press("Space")
    try terminal.wait(for: "paused")
    let paused = try #require(try terminal.screen().firstMatch(of: #/step ([\d ]+?)  /#)?.1)
    let next = "step \(NumberText.grouped(Int(paused.filter(\.isNumber))! + 1)) "
    try terminal.press(".")
    try terminal.wait(for: next)
    try terminal.press("Right")
    try terminal.wait(for: "synapse ")
    try terminal.press("p")
    try terminal.wait(for: "Pruned ")
    try terminal.wait(for: "× pruned")
    try terminal.press("u")
    try terminal.wait(for: "Undone: prune ")
    try terminal.press("C-r")
    try terminal.wait(for: "Done again: prune ")
    try terminal.press("?")
    try terminal.wait(for: "Keys and commands")
    try terminal.type("rewind")
    try terminal.wait(for: "rewind  ")
    try terminal.press("Escape")
    try terminal.wait("the panes again") { !$0.contains("Keys and commands") }
    try terminal.press(":")
    try terminal.type("learning-rate 0.125")
    try terminal.press("Enter")
    try terminal.wait(for: "The learning rate is 0.125 now.")
    try terminal.press("z")
    try terminal.wait("one pane") { !$0.contains("┌ ") }
    try terminal.press("Escape")
    try terminal.wait("all panes") { $0.contains("┌ ") }
    try terminal.press("q")
    let end = try robot.ending()
    #expect(end.status == 0)
    #expect(end.screen.contains("modes kept"))
    #expect(try terminal.isGivenBack)
  }

  @Test("a storm of window sizes while it trains and keys come in")
  func storm() throws {
    let robot = try Robot()
    let terminal = robot.terminal
    try terminal.wait(for: "▶ training")
    for _ in 0..<3 {
      for (width, height) in [(160, 48), (20, 5), (120, 40), (80, 24), (61, 17), (200, 60)] {
        try terminal.resize(width, height)
        try terminal.press("Down", "Tab")
      }
    }
    for (width, height, text) in [
      (160, 48, "▶ training"), (20, 5, "ganglion needs"), (120, 40, "▶ training"), (80, 24, "▶ training"),
    ] {
      try terminal.resize(width, height)
      let seen = try terminal.wait("a whole picture of \(width)×\(height)") { seen in
        let lines = seen.split(separator: "\n", omittingEmptySubsequences: false)
        return seen.contains(text) && (height < 16 || lines[height - 1].contains("? help"))
      }
      #expect(seen.split(separator: "\n").allSatisfy { $0.count <= width })
    }
    try terminal.press("q")
    #expect(try robot.ending().status == 0)
    #expect(try terminal.isGivenBack)
  }

  @Test(
    "every way out gives the terminal back",
    arguments: [("C-c", 0, 130), ("", SIGINT, 130), ("", SIGTERM, 143), ("", SIGHUP, 129), ("", SIGABRT, 134)])
  func ends(_ key: String, _ signal: Int32, _ status: Int) throws {
    let robot = try Robot(environment: ["SWIFT_BACKTRACE": "enable=no"])
    try robot.terminal.wait(for: "▶ training")
    if key.isEmpty { try robot.signal(signal) } else { try robot.terminal.press(key) }
    let end = try robot.ending()
    #expect(end.status == status)
    #expect(end.screen.contains("modes kept"), "\(end.screen)")
    #expect(try robot.terminal.isGivenBack, "\(end.screen)")
    #expect(!end.screen.contains("training"), "\(end.screen)")
  }

  @Test("training that a signal ended is kept, and the place is told")
  func keeping() throws {
    let robot = try Robot()
    try robot.terminal.wait("a hundred steps") { $0.contains(/step \d \d{3}/) || $0.contains(/step \d{3}/) }
    // The program keeps what took longer than half a second.
    usleep(600_000)
    try robot.signal(SIGTERM)
    let end = try robot.ending()
    #expect(end.status == 143)
    #expect(end.screen.contains("is kept in"), "\(end.screen)")
    #expect(FileManager.default.fileExists(atPath: robot.terminal.folder.path + "/ganglion/autosave.safetensors"))
  }

  @Test("a terminal that vanishes ends it")
  func vanishing() throws {
    let robot = try Robot()
    try robot.terminal.wait(for: "▶ training")
    let process = try robot.process
    try robot.terminal.vanish()
    let start = ContinuousClock.now
    while kill(process, 0) == 0 && .now - start < .seconds(10) { usleep(15_000) }
    #expect(kill(process, 0) != 0)
  }

  @Test("ctrl-z gives the terminal to the shell, fg takes it again")
  func suspending() throws {
    let terminal = try Tmux(80, 24, "exec sh -i")
    try terminal.wait(for: "ready>")
    try terminal.type("\(Robot.executable) --task sine --seed 1 --threads 1; echo status $?")
    try terminal.press("Enter")
    try terminal.wait(for: "▶ training")
    try terminal.press("C-z")
    try terminal.wait("the shell") { $0.contains("Stopped") && $0.contains("ready>") }
    #expect(try terminal.isGivenBack)
    try terminal.type("fg")
    try terminal.press("Enter")
    try terminal.wait(for: "▶ training")
    try terminal.press("Space")
    try terminal.wait(for: "paused")
    #expect(try terminal.query("#{alternate_on} #{cursor_flag}") == "1 0")
    try terminal.press("q")
    try terminal.wait("the shell again") { $0.split(separator: "\n").last?.hasPrefix("ready>") == true }
    #expect(try terminal.isGivenBack)
  }
}
