import Foundation
import Glibc
import Testing

// Terminals that can do little, no terminal at all, and a program that has nothing to do.

@Suite(
  "A robot at poorer terminals", .serialized, .enabled(if: Tmux.isInstalled, "tmux is missing: apt-get install tmux"))
struct PlainTerminalTests {
  @Test("a terminal that cannot place text gets a sentence and status 2", arguments: ["dumb", "no-such-terminal", ""])
  func refusal(_ term: String) throws {
    let robot = try Robot(200, 24, environment: ["TERM": term])
    let end = try robot.ending()
    #expect(end.status == 2)
    #expect(end.screen.contains("TERM"), "\(end.screen)")
    #expect(end.screen.contains("train"), "it names what else there is: \(end.screen)")
    #expect(end.screen.contains("modes kept"))
    #expect(try robot.terminal.isGivenBack)
  }

  @Test("where output is a pipe, one line and status 2")
  func pipe() throws {
    let end = try run(Robot.executable, ["explore", "--task", "sine"])
    #expect(end.status == 2)
    #expect(end.output.isEmpty)
    #expect(end.errors.split(separator: "\n").count == 1, "\(end.errors)")
    #expect(end.errors.contains("not a terminal") && end.errors.contains("train"), "\(end.errors)")
  }

  @Test("in a locale without UTF-8 there is nothing but ASCII on the screen")
  func ascii() throws {
    let robot = try Robot(environment: ["LC_ALL": "C"])
    let terminal = robot.terminal
    try terminal.wait(for: "> training")
    var pictures = ""
    try terminal.press("Right", "p", "f", "Space")
    pictures += try terminal.wait(for: "paused")
    try terminal.press("?")
    pictures += try terminal.wait(for: "Keys and commands")
    try terminal.press("Escape")
    // An escape and a key in one breath would be the key with alt.
    try terminal.wait("the panes") { !$0.contains("Keys and commands") }
    for (key, title) in [
      ("2", "Circuit"), ("3", "States"), ("4", "Conductances"), ("5", "Coefficients"), ("6", "Learning"),
    ] {
      try terminal.press(key)
      pictures += try terminal.wait("only one pane") { $0.split(separator: "\n")[2].contains(title) }
    }
    #expect(pictures.utf8.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) }, "\(pictures)")
    try terminal.press("q")
    #expect(try robot.ending().status == 0)
  }

  @Test("without colours there are none, and what is selected is still seen")
  func colours() throws {
    let robot = try Robot(environment: ["NO_COLOR": "1"])
    try robot.terminal.wait(for: "▶ training")
    try robot.terminal.press("Right", "Space")
    try robot.terminal.wait(for: "paused")
    let seen = try robot.terminal.screen(escapes: true)
    #expect(seen.firstMatch(of: /\u{1B}\[[0-9;]*(3[0-7]|38;|4[0-7]|48;|9[0-7])[0-9;:]*m/) == nil, "\(seen)")
    #expect(seen.contains(/\u{1B}\[[0-9;]*(1|7)m/))
    try robot.terminal.press("q")
    #expect(try robot.ending().status == 0)
  }

  @Test("with training and probe paused it uses less than 0.5 % of a core")
  func idle() throws {
    let robot = try Robot()
    try robot.terminal.wait(for: "▶ training")
    try robot.terminal.press("Space")
    try robot.terminal.wait(for: "paused")
    try robot.terminal.press(",")
    try robot.terminal.wait(for: "probe is held")
    // Its last message goes, and then there is nothing more to do.
    try robot.terminal.wait("the keys again") { $0.contains("? help") }
    // Processor time, which other programs on the machine do not lengthen; the least of three spans, for what the kernel
    // counts in them comes in whole ticks. 5 s of a core are 500 ticks of 1/100 s.
    var least = Int.max
    for _ in 0..<3 where Double(least) >= 0.005 * 500 {
      let before = try robot.ticks()
      sleep(5)
      least = min(least, try robot.ticks() - before)
    }
    #expect(Double(least) < 0.005 * 500, "\(least) ticks in 5 s")
    try robot.terminal.press("q")
    #expect(try robot.ending().status == 0)
  }
}
