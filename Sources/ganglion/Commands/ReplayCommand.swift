import ArgumentParser
import Circuits
import Foundation
import Learning

/// A recorded run with its interventions, once more.
struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Play a recorded run again with its interventions, on the screen or without one.",
    discussion: """
      The log is one that explore --record or train --log wrote. The run ends bit for bit as the recorded one did, whatever \
      the number of threads. Without a screen it is trained as ganglion train does, with the same output; a log that holds \
      several runs is played from the first to the last, and --out receives the last one.
      """)

  @Argument(help: ArgumentHelp("The log.", valueName: "log")) var log: String
  @Flag(help: "Without a screen, also on a terminal.") var headless = false
  @Flag(help: "Without a screen, results as JSON, one object per line.") var json = false
  @Option(help: ArgumentHelp("Without a screen: where the best model goes (safetensors).", valueName: "file"))
  var out: String?
  @Option(help: "End at this step, where the log does not say it.") var steps: Int?
  @Option(help: "How many cores to use (all unless told).") var threads: Int?

  func validate() throws {
    if let steps, steps < 0 { throw ValidationError("--steps \(steps) cannot be: use 0 or more.") }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads \(threads) cannot be: use a number from 1 to 1024.")
    }
  }

  func run() throws {
    let logs = try CommandLog.read(path: log)
    if !headless, !json, out == nil, isatty(STDOUT_FILENO) == 1 {
      var arguments = ["--replay", log]
      if let threads { arguments += ["--threads", "\(threads)"] }
      return try ExploreCommand.parse(arguments).run()
    }
    Interrupt.watch()
    for (number, log) in logs.enumerated() where !Interrupt.happened {
      let setup = try log.setup(threads: threads)
      let isLast = number == logs.count - 1
      guard let end = (isLast ? steps : nil) ?? log.end else {
        throw CircuitError("\(self.log) does not say at which step the run ended: say it with --steps.")
      }
      let session = try setup.session()
      // As the run that was recorded did.
      if isLast, out != nil {
        session.record(in: WeightHistory(session.model, megabytes: TrainCommand.historyMegabytes))
      }
      try TrainRun(
        session, recipe: setup.resolved, goal: .steps(from: 0, to: end), out: isLast ? out : nil, json: json
      ).run()
    }
  }
}
