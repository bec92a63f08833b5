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

/// Tests/robot.sh prints how long each takes.
@Suite(
  "Scenarios at a terminal", .serialized, .enabled(if: Tmux.isInstalled, "tmux is missing: apt-get install tmux"))
struct TerminalScenarioTests {
  private static let tellsTimes = ProcessInfo.processInfo.environment["GANGLION_SCENARIO_TIMES"] != nil

  @Test("as a person plays it", arguments: Scenario.all)
  func plays(_ scenario: Scenario) throws {
    let start = ContinuousClock.now
    try scenario.playOnTerminal()
    guard Self.tellsTimes else { return }
    print("\(((.now - start) / .seconds(1)).formatted(.number.precision(.fractionLength(2)))) s  \(scenario.name)")
  }
}
