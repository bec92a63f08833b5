import ArgumentParser
import Explorer
import Foundation

/// The manual page in roff (`man` macros), from the argument parser's own description and the explorer's table of actions.
struct Manual {
  /// What the argument parser tells of itself (its format, version 0); only what the page needs.
  private struct Tool: Decodable {
    var command: Command
  }
  private struct Command: Decodable {
    var commandName: String
    var abstract: String?
    var discussion: String?
    var shouldDisplay: Bool?
    var subcommands: [Command]?
    var arguments: [Argument]?
  }
  private struct Argument: Decodable {
    var kind: String
    var names: [Name]?
    var valueName: String?
    var abstract: String?
    var shouldDisplay: Bool
    var isOptional: Bool
    var isRepeating: Bool
  }
  private struct Name: Decodable {
    var kind: String
    var name: String
  }

  private let root: Command
  private var lines: [String] = []

  /// The whole page.
  static func page() throws -> String {
    let description = Data(Ganglion._dumpHelp().utf8)
    var manual = Manual(try Failure.unless { try JSONDecoder().decode(Tool.self, from: description).command })
    manual.write()
    return manual.lines.joined(separator: "\n") + "\n"
  }

  private init(_ root: Command) { self.root = root }

  private mutating func write() {
    lines.append(".TH GANGLION 1 \"\" \"ganglion \(Ganglion.configuration.version)\" \"User Commands\"")
    section("NAME", [Self.escaped("ganglion - \(root.abstract ?? "")")])
    section("SYNOPSIS", [".B ganglion", ".RI [ command ] \" \" [ options ]"])
    section("DESCRIPTION", [root.discussion, Self.explorer].compactMap { $0 }.flatMap { [Self.escaped($0), ".PP"] })
    section("COMMANDS", [])
    for command in root.subcommands ?? [] where command.shouldDisplay ?? true { write(command) }
    section("KEYS AND COMMANDS OF THE EXPLORER", [Self.escaped(Self.keys)])
    for group in Action.Group.allCases {
      lines.append(".SS " + Self.escaped(group.rawValue))
      for action in Actions.all where action.group == group { write(action) }
    }
    section("ENVIRONMENT", [])
    for (name, what) in Self.environment { entry(".B " + Self.escaped(name), what) }
    section("FILES", [])
    entry(
      ".I " + Self.escaped("$XDG_STATE_HOME/ganglion/autosave.safetensors"),
      "Training that was not saved when the explorer had to end; without the variable in ~/.local/state.")
    section("EXIT STATUS", [])
    for (status, what) in Self.statuses { entry(".B \(status)", what) }
  }

  private static let explorer =
    "Without a command it opens the explorer, which shows the network while it learns and takes the keys below."
  private static let keys =
    "Keys work as they are; : opens the command line, where tab completes, the arrow keys bring back earlier lines, and "
    + "enter runs a command by its whole name or the beginning of one only. esc leaves whatever is open."
  private static let environment = [
    ("NO_COLOR", "Draws without colours."),
    ("TERM", "The kind of terminal; its description decides about colours."),
    ("LC_ALL, LC_CTYPE, LANG", "Without UTF-8 curves are drawn with ASCII letters."),
  ]
  private static let statuses = [
    ("0", "The work was done."), ("1", "It failed; a sentence says why."), ("2", "The command was used wrongly."),
    ("128+N", "Signal N ended the explorer; 130 is Ctrl-C."),
  ]

  private mutating func section(_ title: String, _ body: [String]) {
    lines.append(".SH \(title)")
    lines += body
  }

  private mutating func entry(_ head: String, _ text: String) { lines += [".TP", head, Self.escaped(text)] }

  private mutating func write(_ command: Command) {
    let shown = (command.arguments ?? []).filter(\.shouldDisplay)
    let positional = shown.filter { $0.kind == "positional" }.map { " \($0.valueName ?? "file")" }.joined()
    lines.append(".SS " + Self.escaped("ganglion \(command.commandName)\(positional)"))
    for text in [command.abstract, command.discussion].compactMap({ $0 }) where !text.isEmpty {
      lines += [Self.escaped(text), ".PP"]
    }
    for argument in shown
    where !["help", "version"].contains(argument.names?.first?.name ?? "")
      && argument.names?.contains(where: { $0.name == "help" }) != true
    {
      let names = (argument.names ?? []).map { ($0.kind == "short" ? "-" : "--") + $0.name }
      let value = argument.kind == "option" ? " \\fI\(Self.escaped(argument.valueName ?? "value"))\\fR" : ""
      let head = names.isEmpty ? argument.valueName ?? "argument" : names.joined(separator: ", ")
      entry("\\fB\(Self.escaped(head))\\fR\(value)", argument.abstract ?? "")
    }
  }

  private mutating func write(_ action: Action) {
    let keys = action.keys.map { "\\fB\(Self.escaped($0.description))\\fR" }.joined(separator: ", ")
    let argument = action.argument.map { " \\fI\(Self.escaped($0))\\fR" } ?? ""
    entry("\(keys)\(keys.isEmpty ? "" : "  ")\\fB:\(Self.escaped(action.name))\\fR\(argument)", action.sentence)
  }

  /// Text that roff prints as it is: backslashes and hyphens escaped, no line that begins as a request, ASCII dashes.
  static func escaped(_ text: String) -> String {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: true).map { line in
      let line = line.map { character -> String in
        switch character {
        case "\\": "\\e"
        case "-": "\\-"
        case "\"": "\\(dq"
        case _ where character.isASCII: String(character)
        // groff's name of a character by its number.
        default:
          character.unicodeScalars.map { "\\[u\(String($0.value, radix: 16, uppercase: true).leftPadded(4))]" }.joined()
        }
      }.joined()
      return line.hasPrefix(".") || line.hasPrefix("'") ? "\\&" + line : line
    }
    return lines.joined(separator: "\n")
  }
}

extension String {
  /// With zeros in front, to so many letters.
  fileprivate func leftPadded(_ count: Int) -> String {
    String(repeating: "0", count: max(count - self.count, 0)) + self
  }
}
