import Foundation
import Testing

// One list of scenarios, two players.

@Suite("Scenarios in memory", .serialized)
struct MemoryScenarioTests {
  @Test("as a person plays it", arguments: Scenario.all)
  func plays(_ scenario: Scenario) throws { try scenario.playInMemory() }

  @Test("there are thirty at least, each with a name of its own, and keys that are keys")
  func list() {
    #expect(Scenario.all.count >= 30)
    #expect(Set(Scenario.all.map(\.name)).count == Scenario.all.count)
    for scenario in Scenario.all {
      for case .keys(let names) in scenario.acts {
        #expect(Scenario.Act.keys(names).typed?.count == names.count, "\(scenario.name): \(names)")
      }
    }
  }
}

/// Three robots at once, each with a terminal of its own, for most of what they do is waiting. Tests/robot.sh prints how long
/// each scenario takes.
@Suite("Scenarios at a terminal", .enabled(if: Tmux.isInstalled, "tmux is missing: apt-get install tmux"))
struct TerminalScenarioTests {
  private static let tellsTimes = ProcessInfo.processInfo.environment["GANGLION_SCENARIO_TIMES"] != nil
  private static let robots = 3

  /// Every scenario is played by one robot.
  private static func scenarios(of robot: Int) -> [Scenario] {
    Scenario.all.indices.filter { $0 % robots == robot }.map { Scenario.all[$0] }
  }

  @Test("as a person plays it, one robot", .serialized, arguments: scenarios(of: 0))
  func one(_ scenario: Scenario) throws { try play(scenario) }

  @Test("as a person plays it, another", .serialized, arguments: scenarios(of: 1))
  func another(_ scenario: Scenario) throws { try play(scenario) }

  @Test("as a person plays it, a third", .serialized, arguments: scenarios(of: 2))
  func aThird(_ scenario: Scenario) throws { try play(scenario) }

  private func play(_ scenario: Scenario) throws {
    let start = ContinuousClock.now
    try scenario.playOnTerminal()
    guard Self.tellsTimes else { return }
    print("\(((.now - start) / .seconds(1)).formatted(.number.precision(.fractionLength(2)))) s  \(scenario.name)")
  }
}
