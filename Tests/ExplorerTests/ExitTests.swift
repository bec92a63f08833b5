import Foundation
import Glibc
import Terminal
import Testing

// Rarer ways out, and what must not be lost on the way.

@Suite(
  "A robot on its way out", .serialized, .enabled(if: Tmux.isInstalled, "tmux is missing: apt-get install tmux"))
struct ExitTests {
  /// A fault recurs when its handler has returned; a signal from outside has to be sent again for that.
  @Test("a fault gives the terminal back before the process dies of it", arguments: [SIGSEGV, SIGTRAP, SIGILL, SIGFPE])
  func faults(_ signal: Int32) throws {
    let robot = try Robot(environment: ["SWIFT_BACKTRACE": "enable=no"])
    try robot.terminal.wait(for: "▶ training")
    try robot.signal(signal)
    try robot.terminal.wait("the shell's screen") { _ in try robot.terminal.query("#{alternate_on}") == "0" }
    try robot.signal(signal)
    let end = try robot.ending()
    #expect(end.status == 128 + Int(signal))
    #expect(end.screen.contains("modes kept"), "\(end.screen)")
    #expect(try robot.terminal.isGivenBack)
  }

  @Test("what is written on standard error meanwhile does not tear the picture, and is shown after leaving")
  func standardError() throws {
    let robot = try Robot(settled: "settled")
    let terminal = robot.terminal
    try terminal.wait(for: "▶ training")
    let errors = try #require(FileHandle(forWritingAtPath: "/proc/\(robot.process)/fd/2"))
    try errors.seekToEnd()
    try errors.write(contentsOf: Data("a library warns of something\n".utf8))
    try terminal.press([.character("3")])
    try robot.waitUntilSettled(keys: 1)
    #expect(try !terminal.wait(for: "3 States").contains("a library warns"))
    try terminal.press("q")
    let end = try robot.ending()
    #expect(end.status == 0)
    #expect(end.screen.contains("a library warns of something"), "\(end.screen)")
  }

  @Test("of a flood of keys while it trains none is lost, and the last has its effect")
  func flood() throws {
    let robot = try Robot(settled: "settled")
    let terminal = robot.terminal
    try terminal.wait(for: "▶ training")
    let flood = (0..<100).flatMap { _ in [Key.down, .up, .right, .left] }
    for _ in 0..<3 { try terminal.press(flood) }
    try terminal.press([.character("/")] + "inter 0".map { .character($0) } + [.enter])
    try robot.waitUntilSettled(keys: 3 * flood.count + 9)
    #expect(try robot.settledKeys == 3 * flood.count + 9)
    try terminal.wait(for: "neuron inter 0")
    try terminal.press("q")
    #expect(try robot.ending().status == 0)
  }

  @Test("input that ends is no reason to spin or to hang")
  func emptyInput() throws {
    let robot = try Robot(80, 24, "explore --task sine --seed 1 --threads 1 < /dev/null")
    try robot.terminal.wait(for: "▶ training")
    try robot.terminal.press("q")
    #expect(try robot.ending().status == 0)
    #expect(try robot.terminal.isGivenBack)
  }
}
