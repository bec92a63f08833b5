import ArgumentParser
import Explorer
import Foundation

/// The explorer on the screen; what `ganglion` without a command does.
struct ExploreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explore", abstract: "Explore a network in the terminal while it learns (the default command).")

  @OptionGroup(title: "Task") var task: TaskOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Learning") var fit: FitOptions
  @OptionGroup(title: "Machine") var machine: MachineOptions

  @Option(help: ArgumentHelp("Play a recorded run with its interventions.", valueName: "file")) var replay: String?
  @Option(help: ArgumentHelp("Record every command, to be replayed.", valueName: "file")) var record: String?
  @Flag(help: "Look only: no command changes the network.") var readOnly = false
  @Flag(help: "One picture of each frame as plain text on standard output, no screen.") var plain = false
  @Flag(help: "Draw with ASCII letters only.") var ascii = false
  @Flag(help: "Draw without colours.") var noColor = false
  @Option(help: "Stop after so many frames.") var frames: Int?
  @Option(help: ArgumentHelp("Draw for a screen of this size.", valueName: "COLSxROWS")) var size: String?
  @Flag(help: "Say at the end how many frames and bytes were drawn.") var stats = false

  func validate() throws {
    if let size, parsedSize == nil {
      throw ValidationError("'\(size)' is no size of a screen: write COLSxROWS, for example --size 120x40.")
    }
    if let frames, frames < 1 { throw ValidationError("--frames \(frames) cannot be: use 1 or more.") }
  }

  /// Columns and rows, 1 … 10000 each.
  var parsedSize: (columns: Int, rows: Int)? {
    let parts = (size ?? "").lowercased().split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let columns = parts[0], let rows = parts[1] else { return nil }
    guard (1...10_000).contains(columns), (1...10_000).contains(rows) else { return nil }
    return (columns, rows)
  }

  func run() throws {
    let setup = try Setup(task, model, fit, machine)
    throw Failure(
      "This build has no explorer for the task '\(setup.task.name)' yet: use 'ganglion train' to train without a screen."
    )
  }
}
