import ArgumentParser
import Circuits
import Foundation
import Learning
import Tasks

/// What is to be learned: a task of the registry or the person's own table.
struct TaskOptions: ParsableArguments {
  @Option(name: .customLong("task"), help: ArgumentHelp("A task ('ganglion tasks' lists them).", valueName: "name"))
  var task: String?

  @Option(help: ArgumentHelp("Your own data: a CSV file with a header row.", valueName: "file"))
  var data: String?

  @Option(help: ArgumentHelp("What is asked for, in --data.", valueName: "column,…"))
  var target: String?

  @Option(
    help: ArgumentHelp(
      "What it is told from, in --data (every other numeric column unless told).", valueName: "column,…"))
  var features: String?

  @Option(help: ArgumentHelp("A column of --data with times, for steps that are irregular.", valueName: "column"))
  var time: String?

  @Option(help: ArgumentHelp("A column of --data that says which sequence a row belongs to.", valueName: "column"))
  var series: String?

  @Option(help: "What the targets of --data are: regression or classification (guessed unless told).")
  var kind: String?

  @Option(help: ArgumentHelp("How many rows ahead of the features the targets of --data are.", valueName: "rows"))
  var horizon: Int?

  var isGiven: Bool { task != nil || data != nil }

  func validate() throws {
    if task != nil, data != nil { throw ValidationError("--task and --data exclude each other: give one.") }
    if data == nil {
      let stray = [
        ("--target", target), ("--features", features), ("--time", time), ("--series", series), ("--kind", kind),
        ("--horizon", horizon.map { "\($0)" }),
      ].first { $0.1 != nil }
      if let stray { throw ValidationError("\(stray.0) describes a table: name it with --data FILE.") }
    } else if target == nil {
      throw ValidationError("--data needs to know what is asked for: name a column with --target.")
    }
    if let kind, CSVTask.Kind(rawValue: kind) == nil {
      throw ValidationError("There is no kind '\(kind)'. There are: regression, classification.")
    }
  }

  /// Where the data come from; the default task where nothing is said.
  func source(seed: UInt64) -> DataSource {
    guard let data else { return DataSource(task: task ?? TaskRegistry.all[0].name, seed: seed) }
    var source = DataSource(task: nil, seed: seed)
    source.file = data
    source.targets = Self.list(target) ?? []
    source.features = Self.list(features)
    source.time = time
    source.series = series
    source.kind = kind
    source.horizon = horizon
    return source
  }

  /// "a, b" → a and b.
  private static func list(_ text: String?) -> [String]? {
    text?.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
  }
}
