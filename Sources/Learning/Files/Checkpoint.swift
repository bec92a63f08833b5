import Circuits
import Formats
import Foundation
import Tasks

/// A training run put aside, so that it can go on bit for bit: the model file of the newest state, whose origin says how it
/// is trained, with the optimiser's memory, the best state and the counters in addition.
///
/// A checkpoint can be loaded wherever a model file can; it then is the newest state, not the best.
public struct Checkpoint: Sendable {
  public var file: ModelFile
  public var progress: TrainingProgress

  /// - Parameter recipe: ``Setup/resolved``.
  public init(_ session: TrainingSession, recipe: Recipe) { self.init(ObservedSession(session), recipe: recipe) }

  /// - Parameter recipe: ``Setup/resolved``.
  public init(_ session: ObservedSession, recipe: Recipe) {
    let progress = session.progress
    self.progress = progress
    file = ModelFile(
      model: session.model, state: progress.state,
      origin: ModelOrigin(
        session.task, recipe: recipe,
        heldOut: progress.counters.heldOut.map {
          .init(step: progress.counters.step, loss: $0.loss, metrics: $0.metrics)
        }))
  }

  /// How it is trained, on `task`.
  ///
  /// - Throws: ``CircuitError`` for numbers that cannot be.
  public func options(for task: TaskData, threads: Int? = nil) throws -> TrainingOptions {
    try (file.origin?.recipe ?? Recipe()).options(for: task, threads: threads)
  }

  public func write(to path: String) throws { try encoded().write(to: path) }

  public init(path: String) throws { try self.init(Safetensors(path: path), file: path) }

  /// The checkpoint of that name, or the one beside the model of that name, with its path.
  public static func find(_ path: String) throws -> (checkpoint: Checkpoint, path: String) {
    let beside = ModelPaths.checkpoint(of: path)
    let contents = try Safetensors(path: path)
    guard !isCheckpoint(contents), FileManager.default.fileExists(atPath: beside) else {
      return (try Checkpoint(contents, file: path), path)
    }
    return (try Checkpoint(path: beside), beside)
  }

  /// What stands in the header under ``ModelFile/Key/training``, beside the counters.
  private struct Header: Codable {
    var counters: TrainingProgress.Counters
    var updates: Int
    var bestStep: Int?
    var best: Evaluator<Float>.Result?
    /// Of the weight history, as it encodes itself.
    var history: String?

    enum CodingKeys: String, CodingKey {
      case history = "history"
      case counters = "counters"
      case updates = "updates"
      case bestStep = "bestStep"
      case best = "best"
    }
  }

  /// The same in version 1, which had the counters among the others and no recipe beside them.
  private struct HeaderOfVersion1: Decodable {
    var header: Header
    var options: OptionsOfVersion1
    var fingerprint: String

    init(from decoder: any Decoder) throws {
      enum Keys: String, CodingKey {
        case options = "options"
        case fingerprint = "fingerprint"
      }
      let container = try decoder.container(keyedBy: Header.CodingKeys.self)
      header = Header(
        counters: try TrainingProgress.Counters(from: decoder),
        updates: try container.decode(Int.self, forKey: .updates),
        bestStep: try container.decodeIfPresent(Int.self, forKey: .bestStep),
        best: try container.decodeIfPresent(Evaluator<Float>.Result.self, forKey: .best))
      let others = try decoder.container(keyedBy: Keys.self)
      options = try others.decode(OptionsOfVersion1.self, forKey: .options)
      fingerprint = try others.decode(String.self, forKey: .fingerprint)
    }
  }

  /// The options as version 1 wrote them: those of ``Recipe/Training`` under the same names, and the seed.
  private struct OptionsOfVersion1: Decodable {
    var training: Recipe.Training
    var seed: UInt64

    init(from decoder: any Decoder) throws {
      enum Keys: String, CodingKey { case seed = "seed" }
      training = try Recipe.Training(from: decoder)
      // What was not there had these values.
      training.schedule = training.schedule ?? "constant"
      training.noise = training.noise ?? 0
      seed = try decoder.container(keyedBy: Keys.self).decode(UInt64.self, forKey: .seed)
    }
  }

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
    let history = try progress.history?.encoded(
      prefix: ModelFile.trainingPrefix, through: progress.counters.step)
    contents.tensors += history?.tensors ?? []
    contents.metadata[ModelFile.Key.training] = try JSON.encode(
      Header(
        counters: progress.counters, updates: progress.state.updates, bestStep: progress.best?.step,
        best: progress.best?.result, history: history?.header))
    return contents
  }

  /// Whether a file is a checkpoint and no mere model.
  public static func isCheckpoint(_ contents: Safetensors) -> Bool { contents.metadata[ModelFile.Key.training] != nil }

  /// - Throws: `FormatError` that names the file and what is wrong with it.
  public init(_ contents: Safetensors, file name: String) throws {
    guard Self.isCheckpoint(contents) else {
      throw FormatError(
        file: name,
        problem: "this is a model, not a checkpoint, so training cannot be resumed from it; "
          + "begin anew from its values with --load")
    }
    var file = try ModelFile(contents, file: name)
    let header: Header
    if contents.metadata[ModelFile.Key.version] == "1" {
      let old = try ModelFile.value(
        HeaderOfVersion1.self, ModelFile.Key.training, of: contents.metadata, file: name)
      header = old.header
      file.origin?.data = DataFingerprint(training: old.fingerprint)
      file.origin?.recipe.training = old.options.training
      file.origin?.recipe.seed = old.options.seed
    } else {
      header = try ModelFile.value(Header.self, ModelFile.Key.training, of: contents.metadata, file: name)
    }
    self.file = file
    var reader = TensorReader(contents, file: name)
    func take(_ part: String, _ count: Int) throws -> [Float] {
      try reader.take(ModelFile.trainingPrefix + part, shape: [count])
    }
    let training = file.origin?.recipe.training
    let (count, optimizer) = (file.model.layout.count, training?.optimizer ?? "adam")
    let batch = training?.batch ?? 0
    if let problem = (1...100_000).contains(batch)
      ? header.counters.problem(batch: batch) : "windows of \(batch) a batch cannot be"
    {
      throw reader.failure("\(problem); the file is damaged: begin anew from its values with --load")
    }
    guard header.updates >= 0, header.bestStep.map({ (0...header.counters.step).contains($0) }) ?? true else {
      throw reader.failure(
        "\(header.updates) updates, or a best step that was not made, cannot be; begin anew from its values with --load"
      )
    }
    var state = file.state
    let slots = (try? Optimizers.named(optimizer).slots.count) ?? 0
    state.slots = try take("slots", slots * count)
    state.updates = header.updates
    var best: TrainingSession.Best?
    if let result = header.best, let step = header.bestStep {
      var state = ParameterState(file.model, values: try take("best", count), slots: 0)
      state.connections = try take("best_connections", file.state.connections.count)
      state.frozen = try take("best_frozen", count).map { $0 != 0 }
      best = TrainingSession.Best(step: step, result: result, state: state)
    }
    progress = TrainingProgress(
      counters: header.counters, state: state, initialValues: try take("initial", count), best: best)
    guard let text = header.history else { return }
    guard let moments = WeightHistory.count(header: text) else {
      throw reader.failure("the weight history in the header cannot be read; the file is damaged, save it again")
    }
    let prefix = ModelFile.trainingPrefix
    let history = WeightHistory(file.model)
    try history.restore(
      header: text, values: reader.take(prefix + "history", shape: [moments, count]),
      present: reader.takeMask(prefix + "history_connections", shape: [moments, file.state.connections.count]),
      through: header.counters.step, file: name)
    progress.history = history
  }
}
