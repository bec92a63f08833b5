import Circuits
import Foundation
import Learning
import Tasks

/// What the shared options amount to: data, model and settings, checked against each other.
struct Setup {
  var task: TaskData
  var source: DataSource
  var model: Model<Float>
  /// Values and masks of a loaded model.
  var start: ParameterState<Float>?
  var options: TrainingOptions
  /// `--freeze` and `--prune`, as a person would have given them.
  var commands: [Learning.Command]
  /// The saved model it begins from.
  var loaded: String?

  /// - Parameter steps: how long training is going to be, where that is known.
  init(
    _ taskOptions: TaskOptions, _ modelOptions: ModelOptions, _ fit: FitOptions, _ machine: MachineOptions,
    steps: Int? = nil
  ) throws {
    let seed = machine.seed ?? 1
    let file = try modelOptions.load.map { try ModelFile(path: $0) }
    source = taskOptions.source(seed: seed)
    if !taskOptions.isGiven, let file {
      guard let origin = file.origin else {
        throw CircuitError("\(modelOptions.load ?? "The file") does not say what it was trained for: name a --task.")
      }
      source = origin.source
    }
    task = try source.load()
    if let file {
      task = try Self.adapt(task, to: file)
      model = try file.model.solved(by: modelOptions.solver, unfolds: modelOptions.unfolds)
      start = file.state
    } else {
      let kind = try modelOptions.model.map(Cells.named) ?? Cells.all[0]
      model = try Model(
        ModelSpecification(
          cell: kind.name, neurons: modelOptions.neurons ?? task.suggestion.neurons,
          wiring: modelOptions.wiring ?? task.suggestion.wiring, seed: seed,
          solver: modelOptions.solver ?? kind.solvers.first ?? "",
          unfolds: modelOptions.unfolds ?? 6, inputNames: task.inputs.map(\.name), outputNames: task.outputNames,
          timeUnit: task.timeUnit, backbone: modelOptions.backbone.map { try Backbone($0) },
          readout: modelOptions.readout))
    }
    options = TrainingOptions(task, seed: seed)
    options.threads = machine.threads ?? options.threads
    options.sequence = fit.sequence ?? options.sequence
    options.batch = fit.batch ?? options.batch
    options.optimizer = fit.optimizer ?? options.optimizer
    options.learningRate = fit.learningRate ?? options.learningRate
    options.clip = fit.clip ?? options.clip
    options.noise = fit.noise ?? options.noise
    options.schedule = try fit.schedule.map { try Schedule($0, steps: steps) } ?? options.schedule
    commands = fit.commands
    loaded = modelOptions.load
    try checkMemory()
  }

  /// The set-up with which a recorded run began.
  ///
  /// - Throws: errors with a sentence where it cannot be had any more.
  init(_ header: CommandLog.Header, threads: Int?) throws {
    if let path = header.resume {
      throw CircuitError(
        "This run went on from the checkpoint \(path), which its log does not hold: it cannot be played from the log alone."
      )
    }
    source = header.source
    task = try source.load()
    options = header.options
    options.threads = threads ?? TrainingOptions(task).threads
    commands = []
    loaded = header.load
    if let path = header.load {
      let file = try ModelFile(path: path)
      task = try Self.adapt(task, to: file)
      (model, start) = (try Model(header.specification, wiring: file.model.wiring), file.state)
      guard model.layout == file.model.layout else {
        throw CircuitError("The model in \(path) is not the one that the recorded run began from: put that one there.")
      }
    } else {
      model = try Model(header.specification)
    }
    try checkMemory()
  }

  /// Another task with other names is learned as it is; the same one as the model knows it.
  private static func adapt(_ task: TaskData, to file: ModelFile) throws -> TaskData {
    guard let origin = file.origin, origin.inputs.map(\.name) == task.inputs.map(\.name),
      origin.targets.map(\.name) == task.targets.map(\.name)
    else { return task }
    return try origin.adapt(task)
  }

  /// A tape of tens of gigabytes is a slip of the finger, not a wish.
  private func checkMemory() throws {
    let longest = min(options.sequence, task.training.map(\.steps).max() ?? 1)
    guard longest > 0, options.batch > 0 else { return }
    let floats = Double(model.cell.tapeSize(rows: 1, steps: longest)) * Double(options.batch)
    guard floats < 4e9 else {
      throw CircuitError(
        "\(options.batch) windows of \(longest) steps need \(Int(floats * 4 / 1e9)) GB of memory: use a smaller --batch or "
          + "--sequence.")
    }
  }
}

extension Model where Scalar == Float {
  /// The same circuit, its equation solved in another way.
  fileprivate func solved(by solver: String?, unfolds: Int?) throws -> Self {
    guard solver != nil || unfolds != nil else { return self }
    var specification = specification
    specification.solver = solver ?? specification.solver
    specification.unfolds = unfolds ?? specification.unfolds
    return try Model(specification, wiring: wiring)
  }
}

extension FitOptions {
  var commands: [Learning.Command] { freeze.map { .freeze($0) } + (prune.map { [.pruneFraction($0)] } ?? []) }
}
