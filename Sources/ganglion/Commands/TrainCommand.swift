import ArgumentParser
import Circuits
import Formats
import Foundation
import Learning
import Tasks

/// Trains without a screen.
struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train", abstract: "Train a network without a screen.",
    discussion: """
      The held-out error is measured after the first step, every 100 steps and at the end. --out FILE.safetensors receives \
      the state with the smallest one, and FILE.checkpoint.safetensors beside it the newest state with everything that \
      --resume needs to go on bit for bit: also the weights through training, thinned so that they fit into --history \
      megabytes; 'ganglion export' writes them for others to read.

      Ctrl-C ends training after the step that is being made: the files are saved, the result is printed and the exit \
      status is 0. Where a number stops being finite, the best state is saved and the exit status is 1.

      With --json one object per line on standard output: step, epoch, train (mean loss since the line before), heldOut, \
      learningRate, gradientNorm; at the end one with "done": true, where train is the mean loss since the last \
      measurement and metrics are those of the best state on the held-out part.
      """)

  @OptionGroup(title: "Task") var task: TaskOptions
  @OptionGroup(title: "Model") var model: ModelOptions
  @OptionGroup(title: "Learning") var fit: FitOptions
  @OptionGroup(title: "Machine") var machine: MachineOptions

  @Option(help: "Make so many steps (1000 where neither --epochs nor --minutes is given); with --resume, so many more.")
  var steps: Int?
  @Option(help: "Train until so many passes over the training part are complete.") var epochs: Int?
  @Option(help: "Train for so many minutes.") var minutes: Double?
  @Option(help: ArgumentHelp("Where the best model goes (safetensors).", valueName: "file")) var out: String?
  @Option(
    help: ArgumentHelp(
      "Memory for the weights through training that the checkpoint keeps; 0 for none.", valueName: "megabytes"))
  var history = TrainCommand.historyMegabytes
  @Option(help: ArgumentHelp("Go on from a checkpoint that --out wrote.", valueName: "file")) var resume: String?
  @Option(help: ArgumentHelp("Write the commands given to the network as JSON lines.", valueName: "file"))
  var log: String?
  @Flag(help: "Results as JSON, one object per line.") var json = false

  /// Of the weights through training that a checkpoint keeps, unless told.
  static let historyMegabytes = 8.0

  func validate() throws {
    guard [steps != nil, epochs != nil, minutes != nil].count(where: \.self) <= 1 else {
      throw ValidationError("--steps, --epochs and --minutes exclude each other: give one.")
    }
    if let steps, steps < 0 { throw ValidationError("--steps \(steps) cannot be: use 0 or more.") }
    if let epochs, epochs < 1 { throw ValidationError("--epochs \(epochs) cannot be: use 1 or more.") }
    if let minutes, !(minutes > 0 && minutes.isFinite) {
      throw ValidationError("--minutes \(minutes) cannot be: use a number above 0.")
    }
    guard history >= 0, history <= 4_000 else {
      throw ValidationError("--history \(history) cannot be: use 0 to 4000 megabytes.")
    }
    guard resume != nil else { return }
    let stray =
      (task.isGiven ? "--task or --data" : nil) ?? (model.load.map { _ in "--load" }) ?? model.stray ?? fit.stray
      ?? machine.seed.map { _ in "--seed" }
    if let stray {
      throw ValidationError("\(stray) and --resume exclude each other: the checkpoint says how training began.")
    }
  }

  func run() throws {
    Interrupt.watch()
    let setup = try recipe().make(
      steps: epochs == nil && minutes == nil ? steps ?? 1000 : nil, threads: machine.threads)
    // Where a checkpoint is gone on with, what comes of it goes beside it.
    let out = out ?? setup.checkpoint.flatMap(ModelPaths.model)
    let session = try setup.session()
    if let out { try Failure.unless { try Self.checkWritable(out) } }
    if out != nil, history > 0, session.history == nil {
      session.record(in: WeightHistory(session.model, megabytes: history))
    }
    for command in setup.recipe.commands { _ = try session.apply(command) }
    for note in session.task.notes { Console.note(note) }
    if let log { try Failure.unless { try write(log, setup, session, end: nil) } }
    defer { if let log { try? write(log, setup, session, end: session.step) } }
    try TrainRun(session, recipe: setup.resolved, goal: goal(session), out: out, json: json).run()
  }

  private func recipe() throws -> Recipe {
    guard let resume else { return try Recipe(task, model, fit, machine) }
    let rate = fit.learningRate.map { [Learning.Command.setLearningRate($0)] } ?? []
    return Recipe(start: .checkpoint(resume), commands: rate + fit.commands)
  }

  private func goal(_ session: TrainingSession) -> TrainRun.Goal {
    if let epochs { return .epochs(epochs) }
    if let minutes { return .minutes(minutes) }
    return .steps(from: session.step, to: session.step + (steps ?? 1000))
  }

  private func write(_ path: String, _ setup: Setup, _ session: TrainingSession, end: Int?) throws {
    let log = CommandLog(header: .init(setup), entries: session.applied, end: end)
    try FileBytes.write(Array((log.lines().joined(separator: "\n") + "\n").utf8), to: path)
  }

  /// Says before an hour of training, not after it, that the result cannot be kept.
  static func checkWritable(_ path: String) throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: folder, isDirectory: &isFolder), isFolder.boolValue else {
      throw FormatError(file: path, problem: "cannot be written: there is no folder \(folder); make it first")
    }
    guard FileManager.default.isWritableFile(atPath: folder) else {
      throw FormatError(file: path, problem: "cannot be written: permission is denied; check the rights of its folder")
    }
  }
}
