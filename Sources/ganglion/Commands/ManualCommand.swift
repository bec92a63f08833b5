import ArgumentParser

/// Prints the manual page.
struct ManualCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "manual", abstract: "Print the manual page.",
    discussion: "In roff: 'ganglion manual | man -l -' reads it, and 'ganglion manual > ganglion.1' keeps it.")

  func run() throws { Console.write(Array(try Manual.page().utf8)) }
}
