import Formats
import ArgumentParser
import Circuits
import Tasks

/// What there is, one line each; with `--json` one object each.
private func list(_ entries: [(name: String, summary: String, more: [(String, JSON)])], json: Bool) {
  let width = entries.map(\.name.count).max() ?? 0
  for (name, summary, more) in entries {
    if json {
      Console.print(JSON.object([("name", .text(name)), ("summary", .text(summary))] + more).line)
    } else {
      Console.print(name + String(repeating: " ", count: width - name.count + 2) + summary)
    }
  }
}

struct TasksCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "tasks", abstract: "The tasks there are, one line each.")
  @Flag(help: "One object per line: name, summary.") var json = false
  func run() { list(TaskRegistry.all.map { ($0.name, $0.summary, []) }, json: json) }
}

struct ModelsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "models", abstract: "The models there are and the solvers they use, one line each.",
    discussion: "A model's first solver is its default.")
  @Flag(help: "One object per line: name, summary, solvers.") var json = false

  func run() {
    let entries = Cells.all.map { cell in
      let solved = cell.solvers == ["none"] ? "" : " (solvers \(cell.solvers.joined(separator: ", ")))"
      return (
        name: cell.name, summary: cell.summary + (json ? "" : solved),
        more: [("solvers", JSON.array(cell.solvers.map(JSON.text)))]
      )
    }
    list(entries, json: json)
  }
}

struct SolversCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "solvers", abstract: "The solvers there are and the models that use them, one line each.",
    discussion: "A model can use the solvers it is listed with; another pair is refused.")
  @Flag(help: "One object per line: name, summary, order, trains (whether a gradient goes through it), models.")
  var json = false

  func run() {
    let entries = Solvers.all.map { solver in
      let users = Cells.all.filter { $0.solvers.contains(solver.name) }
      let isDefault = users.filter { $0.solvers.first == solver.name }.map(\.name)
      let others = users.map(\.name).filter { !isDefault.contains($0) }
      let sentence = solver.summary.trimmingPrefix(solver.name + ": ")
      let lists = [("default of", isDefault), ("also for", others)].filter { !$0.1.isEmpty }
        .map { "\($0.0) \($0.1.joined(separator: ", "))" }
      return (
        name: solver.name, summary: json ? String(sentence) : "\(sentence); \(lists.joined(separator: "; "))",
        more: [
          ("order", JSON.integer(solver.order)), ("trains", .boolean(solver.isDifferentiable)),
          ("models", .array((isDefault + others).map(JSON.text))),
        ]
      )
    }
    list(entries, json: json)
  }
}

struct WiringsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "wirings", abstract: "The wirings there are, one line each.")
  @Flag(help: "One object per line: name, summary.") var json = false
  func run() { list(Wirings.all.map { ($0.name, $0.summary, []) }, json: json) }
}
