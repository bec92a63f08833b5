import ArgumentParser
import Circuits
import Foundation
import Experiments
import Learning
import Tasks

extension EvaluationProtocol: ExpressibleByArgument {}
extension Readout: ExpressibleByArgument {}

/// How long a comparison trains, what it is written to, and where it goes on: the same for `compare` and `study`.
struct ComparingOptions: ParsableArguments {
  @Option(help: "How many seeds, from --seed on: one run each.") var seeds = 3
  @Option(
    help:
      "How the error is measured: windowed (no longer than in training; unless told) or carried (the state goes on).")
  var evaluation = EvaluationProtocol.windowed
  @Option(
    name: .customLong("learning-rates"),
    help: ArgumentHelp(
      "The learning rates tried, the same for all (0.003,0.01,0.03 unless told); or search:LOWEST:HIGHEST:TRIALS, a Bayesian "
        + "search for each model.", valueName: "rate,…"))
  var learningRates: String?
  @Option(help: "Make so many steps a run: repeatable on any machine.") var steps: Int?
  @Option(help: ArgumentHelp("Where plan and runs go, as JSON lines; --resume reads it.", valueName: "file"))
  var log: String?
  @Option(
    help: ArgumentHelp("Go on with an interrupted comparison: its --log FILE, which also keeps it.", valueName: "file"))
  var resume: String?
  @Flag(help: "Results as JSON, one object per line.") var json = false

  func validate() throws {
    guard (1...1000).contains(seeds) else {
      throw ValidationError("--seeds \(seeds) cannot be: use a number from 1 to 1000.")
    }
    if let steps, steps < 1 { throw ValidationError("--steps \(steps) cannot be: use 1 or more.") }
    guard resume != nil else { return }
    let given: [(String, Bool)] = [
      ("--log", log != nil), ("--steps", steps != nil), ("--learning-rates", learningRates != nil),
      ("--seeds", seeds != 3), ("--evaluation", evaluation != .windowed),
    ]
    let stray = given.first(where: \.1)?.0
    if let stray { throw ValidationError("\(stray) and --resume exclude each other: the file says what is compared.") }
  }

  /// "0.003, 0.01" as numbers, "search:0.001:0.1:8" as a search.
  func setRates(of plan: inout ComparisonPlan) throws {
    guard let learningRates else { return }
    let parts = learningRates.split(separator: ":", omittingEmptySubsequences: false)
    guard parts[0] == "search" else {
      plan.rates = try Self.list(learningRates, "--learning-rates") { Double($0) }
      return
    }
    guard parts.count == 4, let lowest = Double(parts[1]), let highest = Double(parts[2]), let calls = Int(parts[3])
    else {
      throw ValidationError(
        "--learning-rates '\(learningRates)' cannot be: write search:LOWEST:HIGHEST:TRIALS, for example "
          + "search:0.001:0.1:8.")
    }
    plan.rateSearch = RateSearch(lowest: lowest, highest: highest, calls: calls)
  }

  /// Parts of "a,b,c", each as something.
  static func list<Value>(_ text: String, _ option: String, _ value: (String) -> Value?) throws -> [Value] {
    try text.split(separator: ",").map { part in
      let part = part.filter { $0 != " " }
      guard let value = value(part) else {
        throw ValidationError("\(option) '\(part)' cannot be: write a list with commas, for example \(option) 8,16,32.")
      }
      return value
    }
  }

  static func names(_ text: String) -> [String] {
    text.split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
  }
}

/// Where a comparison comes from: options that were given, or a log that is gone on with.
enum ComparisonSource {
  /// Loads the data and makes the comparison, not yet begun. `onResult` as in ``Comparison``.
  static func make(
    _ plan: () throws -> ComparisonPlan, _ comparing: ComparingOptions, threads: Int?,
    onResult: @escaping @Sendable () -> Void = {}
  ) throws -> Comparison {
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    if let path = comparing.resume {
      let contents = try ComparisonLog.Contents(path: path)
      let tasks = try contents.plan.taskEntries.map { try $0.source.load() }
      try contents.check(tasks)
      return try Comparison(
        contents.plan, tasks: tasks, threads: threads, finished: contents.runs,
        log: ComparisonLog(contents, path: path), onResult: onResult)
    }
    var plan = try plan()
    let seed = plan.taskEntries.first?.source.seed ?? 1
    plan.seeds = (0..<UInt64(comparing.seeds)).map { seed &+ $0 }
    try comparing.setRates(of: &plan)
    if let steps = comparing.steps { plan.budget = .steps(steps) }
    plan.evaluation = comparing.evaluation
    plan.settle()
    if let log = comparing.log {
      try Failure.unless { try TrainCommand.checkWritable(log) }
      if let runs = (try? ComparisonLog.Contents(path: log))?.runs, !runs.isEmpty {
        throw CircuitError(
          "\(log) holds \(runs.count.of("run")) of a comparison: go on with it by --resume \(log), or name another file."
        )
      }
    }
    return try Comparison(
      plan, tasks: plan.taskEntries.map { try $0.source.load() }, threads: threads,
      log: comparing.log.map { ComparisonLog(path: $0) }, onResult: onResult)
  }
}
