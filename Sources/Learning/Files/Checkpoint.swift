import Circuits
import Formats
import Tasks

/// A training run put aside, so that it can go on bit for bit: the model file of the newest state, with the optimiser's
/// memory, the best state and the counters in addition.
///
/// A checkpoint can be loaded wherever a model file can; it then is the newest state, not the best.
public struct Checkpoint: Sendable {
  public var file: ModelFile
  public var options: TrainingOptions
  public var progress: TrainingProgress
  /// Of the training data, to tell when they are others.
  public var fingerprint: String

  /// What stands in the header.
  private struct Counters: Codable {
    var options: TrainingOptions
    var fingerprint: String
    var step, draws, updates, lossCount: Int
    var learningRate, lossSum: Double
    var plateau: Plateau?
    var heldOut: Evaluator<Float>.Result?
    var report: Learner<Float>.Report?
    var recentLoss: Double?
    var curve: LossCurve
    var marks: [Mark]
    var bestStep: Int?
    var best: Evaluator<Float>.Result?
  }

  public init(_ session: TrainingSession, source: DataSource) {
    let progress = session.progress
    self.progress = progress
    options = session.options
    fingerprint = session.task.fingerprint
    file = ModelFile(
      model: session.model, state: progress.state,
      origin: ModelOrigin(
        session.task, source: source, sequence: session.options.sequence,
        heldOut: progress.heldOut.map { .init(step: progress.step, loss: $0.loss, metrics: $0.metrics) }))
  }

  public func write(to path: String) throws { try encoded().write(to: path) }

  public init(path: String) throws { try self.init(Safetensors(path: path), file: path) }

  public func encoded() throws -> Safetensors {
    var contents = try file.encoded()
    func add(_ name: String, _ values: some Sequence<Float>) {
      let values = values.map { Double($0) }
      contents.tensors.append(
        NamedTensor(name: ModelFile.trainingPrefix + name, shape: [values.count], values: values))
    }
    add("initial", progress.initialValues)
    add("slots", progress.state.slots)
    if let best = progress.best {
      add("best", best.state.values)
      add("best_connections", best.state.connections)
      add("best_frozen", best.state.frozen.map { $0 ? 1 : 0 })
    }
    contents.metadata[ModelFile.Key.training] = try JSON.encode(
      Counters(
        options: options, fingerprint: fingerprint, step: progress.step, draws: progress.draws,
        updates: progress.state.updates, lossCount: progress.lossCount, learningRate: progress.learningRate,
        lossSum: progress.lossSum, plateau: progress.plateau, heldOut: progress.heldOut, report: progress.report,
        recentLoss: progress.recentLoss,
        curve: progress.curve, marks: progress.marks, bestStep: progress.best?.step, best: progress.best?.result))
    return contents
  }

  /// Whether a file is a checkpoint and no mere model.
  public static func isCheckpoint(_ contents: Safetensors) -> Bool { contents.metadata[ModelFile.Key.training] != nil }

  public init(_ contents: Safetensors, file name: String) throws {
    guard Self.isCheckpoint(contents) else {
      throw FormatError(
        file: name,
        problem: "this is a model, not a checkpoint, so training cannot be resumed from it; "
          + "begin anew from its values with --load")
    }
    let file = try ModelFile(contents, file: name)
    self.file = file
    let counters = try ModelFile.value(Counters.self, ModelFile.Key.training, of: contents.metadata, file: name)
    var reader = TensorReader(contents, file: name)
    func take(_ part: String, _ count: Int) throws -> [Float] {
      try reader.take(ModelFile.trainingPrefix + part, shape: [count])
    }
    let count = file.model.layout.count
    var state = file.state
    state.slots = try take("slots", Optimizers.named(counters.options.optimizer).slots.count * count)
    state.updates = counters.updates
    var best: TrainingSession.Best?
    if let result = counters.best, let step = counters.bestStep {
      var state = ParameterState(file.model, values: try take("best", count), slots: 0)
      state.connections = try take("best_connections", file.state.connections.count)
      state.frozen = try take("best_frozen", count).map { $0 != 0 }
      best = TrainingSession.Best(step: step, result: result, state: state)
    }
    options = counters.options
    fingerprint = counters.fingerprint
    progress = TrainingProgress(
      step: counters.step, draws: counters.draws, learningRate: counters.learningRate,
      plateau: counters.plateau ?? Plateau(), state: state,
      initialValues: try take("initial", count), best: best, heldOut: counters.heldOut, report: counters.report,
      recentLoss: counters.recentLoss, lossSum: counters.lossSum, lossCount: counters.lossCount,
      curve: counters.curve, marks: counters.marks)
  }
}

extension TaskData {
  /// Differs where the training sequences differ in a bit: FNV-1a of 64 bits over all of their numbers.
  public var fingerprint: String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for series in training {
      for values in [series.inputs, series.targets, series.elapsed, series.weights] {
        for value in values { hash = (hash ^ value.bitPattern) &* 0x100_0000_01b3 }
      }
    }
    return String(hash, radix: 16)
  }
}
