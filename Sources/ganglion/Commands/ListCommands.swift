import ArgumentParser
import Circuits
import Tasks

/// What there is, a line each; with `--json` an object each.
private func list(_ entries: [(name: String, summary: String)], json: Bool) {
  let width = entries.map(\.name.count).max() ?? 0
  for (name, summary) in entries {
    if json {
      Console.print(JSON.object([("name", .text(name)), ("summary", .text(summary))]).line)
    } else {
      Console.print(name + String(repeating: " ", count: width - name.count + 2) + summary)
    }
  }
}

struct TasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "tasks", abstract: "The tasks there are, a line each.")
  @Flag(help: "An object a line: name, summary.") var json = false
  func run() { list(TaskRegistry.all.map { ($0.name, $0.summary) }, json: json) }
}

struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "models", abstract: "The models there are, a line each.")
  @Flag(help: "An object a line: name, summary.") var json = false
  func run() { list(Cells.all.map { ($0.name, $0.summary) }, json: json) }
}

struct SolversCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "solvers", abstract: "The solvers there are and the models that use them, a line each.")
  @Flag(help: "An object a line: name, summary.") var json = false

  func run() {
    var names: [String] = []
    for cell in Cells.all { names += cell.solvers.filter { !names.contains($0) } }
    let entries = names.map { name in
      let users = Cells.all.filter { $0.solvers.contains(name) }
        .map { $0.name + ($0.solvers.first == name ? " (its default)" : "") }
      return (name, "for " + users.joined(separator: ", "))
    }
    list(entries, json: json)
  }
}

struct WiringsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wirings", abstract: "The wirings there are, a line each.")
  @Flag(help: "An object a line: name, summary.") var json = false
  func run() { list(Wirings.all.map { ($0.name, $0.summary) }, json: json) }
}
