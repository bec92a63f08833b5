import Circuits
import Formats
import Foundation
import Tasks

extension Recipe {
  /// Loads the data, makes the network and checks all of it against each other.
  ///
  /// - Parameters:
  ///   - steps: how long training is going to be, where that is known.
  ///   - threads: all cores where `nil`; no part of the recipe, since results do not depend on it.
  /// - Throws: errors with a sentence that says what cannot be, and what to do.
  public func make(steps: Int? = nil, threads: Int? = nil) throws -> Setup {
    switch start {
    case .drawn: return try makeNew(steps: steps, threads: threads)
    case .file(let path): return try begin(from: path, steps: steps, threads: threads)
    case .checkpoint(let path): return try goOn(from: path, threads: threads)
    case .fork(let words):
      throw CircuitError(
        "This run began from \(words), which is in no file: play the run that it was forked from, go back to that moment "
          + "and fork again; or save a fork and begin from that file with --load.")
    case .comparison(let words):
      throw CircuitError(
        "This run began from \(words) as a comparison had trained it, whose values are in no file: compare again, open it "
          + "there and save it, and begin from that file with --load.")
    }
  }

  private func makeNew(steps: Int?, threads: Int?) throws -> Setup {
    let source = data ?? DataSource(task: TaskRegistry.all[0].name, seed: seed)
    let task = try source.load()
    let setup = try Setup(
      recipe: self, source: source, task: task, model: Model(specification(for: task)),
      options: options(for: task, steps: steps, threads: threads))
    try setup.checkMemory()
    return setup
  }

  private func begin(from path: String, steps: Int?, threads: Int?) throws -> Setup {
    let file = try ModelFile(path: path)
    guard let source = data ?? file.origin?.source else {
      throw CircuitError("\(path) does not say what it was trained for: name a --task.")
    }
    let task = try file.adaptIfSame(source.load())
    let setup = try Setup(
      recipe: self, source: source, task: task,
      model: file.model.solved(by: network.solver, unfolds: network.unfolds),
      options: options(for: task, steps: steps, threads: threads), start: file.state)
    try setup.checkMemory()
    return setup
  }

  /// The checkpoint says what is run; of this recipe only the first commands count.
  private func goOn(from path: String, threads: Int?) throws -> Setup {
    let (checkpoint, name) = try Checkpoint.find(path)
    guard let origin = checkpoint.file.origin else {
      throw CircuitError("\(name) does not say what it was trained for: begin anew from its values with --load.")
    }
    let task = try origin.adapt(origin.source.load())
    if let difference = origin.data?.difference(from: task.fingerprint) {
      throw CircuitError(
        "The data of \(origin.task) are not those that \(name) was trained with: \(difference). Bring those data back, or "
          + "begin anew from its values with --load.")
    }
    var recipe = origin.recipe
    recipe.commands = commands
    var setup = Setup(
      recipe: recipe, source: origin.source, task: task, model: checkpoint.file.model,
      options: try checkpoint.options(for: task, threads: threads), progress: checkpoint.progress)
    setup.checkpoint = name
    return setup
  }

  /// How the network is made for `task`.
  ///
  /// - Throws: ``CircuitError`` for a cell that there is not.
  public func specification(for task: TaskData) throws -> ModelSpecification {
    let kind = try network.kind
    return ModelSpecification(
      cell: kind.name, neurons: network.neurons ?? task.suggestion.neurons,
      wiring: network.wiring ?? task.suggestion.wiring, seed: seed, solver: network.solver,
      unfolds: network.unfolds ?? 6, inputNames: task.inputs.map(\.name), outputNames: task.outputNames,
      timeUnit: task.timeUnit, positivity: network.positivity ?? .clamp, backbone: network.backbone,
      readout: network.readout)
  }

  /// How `task` is learned.
  ///
  /// - Throws: ``CircuitError`` for numbers that cannot be.
  public func options(for task: TaskData, steps: Int? = nil, threads: Int? = nil) throws -> TrainingOptions {
    var options = TrainingOptions(
      task, seed: seed, threads: threads ?? ProcessInfo.processInfo.activeProcessorCount)
    if training.isOpenEnded == true, let pace = task.suggestion.openEnded {
      (options.learningRate, options.schedule) = (pace.learningRate, try Schedule(pace.schedule))
    }
    options.sequence = training.sequence ?? options.sequence
    options.batch = training.batch ?? options.batch
    options.optimizer = training.optimizer ?? options.optimizer
    options.learningRate = training.learningRate ?? options.learningRate
    options.clip = training.clip ?? options.clip
    if let noise = training.noise { options.noise = noise == 0 ? nil : noise }
    options.schedule = try training.schedule.map { try Schedule($0, steps: steps) } ?? options.schedule
    options.evaluateEvery = training.evaluateEvery ?? options.evaluateEvery
    options.evaluation = training.evaluation ?? options.evaluation
    guard options.clip >= 0, options.clip.isFinite else {
      throw CircuitError("\(options.clip) is no gradient norm: use a number above 0, or 0 for no limit.")
    }
    guard options.evaluateEvery >= 1 else {
      throw CircuitError(
        "The held-out error cannot be measured every \(options.evaluateEvery) steps: use a number of 1 or more.")
    }
    return options
  }
}

extension Recipe.Network {
  /// - Throws: ``CircuitError`` naming the cells there are.
  var kind: any CellKind { get throws { try cell.map(Cells.named) ?? Cells.all[0] } }
}

extension Setup {
  /// A tape of tens of gigabytes is a slip of the finger, not a wish.
  fileprivate func checkMemory() throws {
    let longest = min(options.sequence, task.training.map(\.steps).max() ?? 1)
    guard longest > 0, options.batch > 0 else { return }
    let floats = Double(model.cell.tapeSize(rows: 1, steps: longest)) * Double(options.batch)
    guard floats < 4e9 else {
      throw CircuitError(
        "\(options.batch) windows of \(longest) steps need \(Int(min(floats * 4 / 1e9, 1e15))) GB of memory: use a smaller "
          + "--batch or --sequence.")
    }
  }
}

extension ModelFile {
  /// The task as the model knows it where it has the same inputs and targets; another one as it is.
  fileprivate func adaptIfSame(_ task: TaskData) throws -> TaskData {
    guard let origin, origin.inputs.map(\.name) == task.inputs.map(\.name),
      origin.targets.map(\.name) == task.targets.map(\.name)
    else { return task }
    return try origin.adapt(task)
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
