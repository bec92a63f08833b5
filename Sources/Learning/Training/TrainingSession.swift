import Circuits
import DequeModule
import Foundation
import Randomness
import Tasks

/// How to train, with nothing left open; ``Recipe/Training`` is what was asked for.
public struct TrainingOptions: Sendable, Equatable {
  /// T, steps of a training window.
  public var sequence: Int
  /// B, windows of a batch.
  public var batch: Int
  public var optimizer = "adam"
  public var learningRate: Double
  /// How the learning rate changes.
  public var schedule: Schedule
  /// Largest gradient norm; 0 for none.
  public var clip = 1.0
  /// Standard deviation of the noise added to the normalised inputs of each training window: a regulariser (Bishop 1995,
  /// DOI 10.1162/neco.1995.7.1.108). Held-out measurements have none.
  public var noise: Double?
  /// Draws the windows; together with the model's seed it fixes every bit of a run.
  public var seed: UInt64
  public var threads: Int
  /// Held-out error is measured every so many steps.
  public var evaluateEvery = 100

  private enum CodingKeys: String, CodingKey {
    case sequence = "sequence"
    case batch = "batch"
    case optimizer = "optimizer"
    case learningRate = "learningRate"
    case schedule = "schedule"
    case clip = "clip"
    case noise = "noise"
    case seed = "seed"
    case threads = "threads"
    case evaluateEvery = "evaluateEvery"
  }
  /// How the held-out error is measured; ``EvaluationProtocol/carried`` where `nil`.
  public var evaluation: EvaluationProtocol?

  /// What the task suggests.
  public init(_ task: TaskData, seed: UInt64 = 1, threads: Int = ProcessInfo.processInfo.activeProcessorCount) {
    sequence = task.suggestion.sequence
    batch = task.suggestion.batch
    learningRate = task.suggestion.learningRate
    schedule = (try? Schedule(task.suggestion.schedule)) ?? .constant
    noise = task.suggestion.noise > 0 ? task.suggestion.noise : nil
    self.seed = seed
    self.threads = threads
  }
}

/// One model learning one task: batches, updates, measurements, interventions; no queue and no screen.
///
/// `ganglion train` drives it directly, ``Trainer`` from its queue. Not Sendable.
public final class TrainingSession {
  public let model: Model<Float>
  public let task: TaskData
  public let options: TrainingOptions
  public let learner: Learner<Float>
  /// Steps made.
  public internal(set) var step = 0
  public var epoch: Int { max(sampler.epoch, 0) }
  /// Whole passes over the training part that have ended.
  public var completedEpochs: Int { sampler.completed }
  public internal(set) var curve: LossCurve {
    get { curveRecorder.curve }
    set { curveRecorder.curve = newValue }
  }
  public internal(set) var marks: [Mark] {
    get { curveRecorder.marks }
    set { curveRecorder.marks = newValue }
  }
  public internal(set) var edits: EditHistory<Float>
  /// The last update's loss and gradient norm.
  public internal(set) var report: Learner<Float>.Report?
  /// Mean training loss since the last measurement.
  public internal(set) var recentLoss: Double?
  public internal(set) var heldOut: Evaluator<Float>.Result?
  public internal(set) var best: Best? {
    get { bestRecorder.best }
    set { bestRecorder.best = newValue }
  }
  /// Why training cannot go on, once it met a value that is not finite.
  public private(set) var failure: NotFinite?

  /// The state with the smallest held-out loss so far.
  public struct Best: Sendable {
    public var step: Int
    public var result: Evaluator<Float>.Result
    public var state: ParameterState<Float>
  }

  var plateau = Plateau()
  var sampler: WindowSampler
  /// Windows drawn so far: with the seed, the whole state of `sampler`.
  var draws = 0
  private let noiseRoot: SeededGenerator
  private var batch: Batch<Float>
  /// Where the batch's rows come from.
  private var windows: [WindowSampler.Window] = []
  /// Whether `batch` holds windows that no update was made from: those of a step that failed.
  var isBatchWaiting = false
  /// Every command that changed the network, with the steps made by then: what a log keeps.
  public var applied: [CommandLog.Entry] { commandRecorder.entries }
  /// Commands that are still to come, each at its step: a run that is played again.
  public private(set) var script: Deque<CommandLog.Entry> = []
  let evaluator: Evaluator<Float>
  /// Where the weights are recorded, if they are.
  public private(set) var history: WeightHistory?
  private let curveRecorder = CurveRecorder()
  private let bestRecorder = BestRecorder()
  private let commandRecorder = CommandRecorder()
  /// In the order in which they are told.
  private var observers: [any TrainingObserver] = []
  private var hasEnded = false
  var lossSum = 0.0
  var lossCount = 0

  /// - Parameters:
  ///   - stored: first (stored) parameters; drawn from the model's seed where `nil`.
  ///   - start: values and masks of a saved model to begin from, instead of `stored`.
  /// - Throws: ``CircuitError`` for options that cannot be.
  public init(
    model: Model<Float>, task: TaskData, options: TrainingOptions, stored: [Float]? = nil,
    start: ParameterState<Float>? = nil
  ) throws {
    guard model.inputs == task.inputCount, model.outputs == task.outputCount else {
      throw CircuitError(
        "The model has \(model.inputs) inputs and \(model.outputs) outputs, the task '\(task.name)' has "
          + "\(task.inputCount) and \(task.outputCount). Use the task the model was made for.")
    }
    try model.checkTrainable()
    guard (1...100_000).contains(options.sequence), (1...100_000).contains(options.batch) else {
      throw CircuitError("Windows of \(options.sequence) steps, \(options.batch) a batch, cannot be: use 1 to 100000.")
    }
    if let noise = options.noise, !(noise >= 0 && noise.isFinite) {
      throw CircuitError("Noise of \(noise) cannot be added: use a number of 0 or more.")
    }
    guard options.learningRate.isFinite, options.learningRate >= 0 else {
      throw CircuitError("\(options.learningRate) is no learning rate: use a number of 0 or more.")
    }
    guard task.training.contains(where: { $0.steps > 0 && $0.weights.contains { $0 > 0 } }) else {
      throw CircuitError("The task '\(task.name)' has no training data with a known target.")
    }
    self.model = model
    self.task = task
    self.options = options
    let values = start?.values ?? stored ?? model.firstStoredParameters()
    learner = Learner(
      model: model, kind: task.kind, optimizer: try Optimizers.named(options.optimizer),
      learningRate: options.learningRate, clip: options.clip, threads: options.threads, values: values)
    edits = EditHistory(initialValues: values)
    sampler = WindowSampler(
      series: task.training, sequence: options.sequence,
      seed: SeededGenerator(seed: options.seed).stream(0x77).state, isOrdered: task.isOrdered)
    noiseRoot = SeededGenerator(seed: options.seed).stream(0x6E)
    let longest = task.training.map(\.steps).max() ?? 1
    batch = Batch(
      rows: options.batch, steps: min(options.sequence, longest), inputCount: task.inputCount,
      targetCount: task.targetCount)
    evaluator = Evaluator(
      model: model, task: task, series: task.heldOut, sequence: options.sequence, threads: options.threads,
      protocol: options.evaluation ?? .carried)
    observers = [curveRecorder, bestRecorder, commandRecorder]
    if let start {
      learner.edit { state in (state.connections, state.frozen) = (start.connections, start.frozen) }
    }
  }

  /// One batch, one update; measures the held-out error where it is due.
  ///
  /// - Throws: ``NotFinite``; the parameters are those from before, and further steps throw the same until a command
  ///   changed something.
  public func advance() throws {
    if let failure { throw failure }
    if !isBatchWaiting { windows.removeAll(keepingCapacity: true) }
    // After a step that failed the same windows are tried again, so that a failure leaves no trace in what comes after.
    for row in 0..<batch.rows where !isBatchWaiting {
      let window = sampler.next()
      windows.append(window)
      draws += 1
      let warmUp = window.start > 0 ? min(task.suggestion.warmUp, batch.steps - 1) : 0
      batch.fill(row: row, from: task.training[window.series], start: window.start, warmUp: warmUp)
      if let deviation = options.noise, deviation > 0 { addInputNoise(row, deviation) }
    }
    isBatchWaiting = true
    do {
      let report = try learner.step(batch)
      isBatchWaiting = false
      step += 1
      learner.learningRate *= options.schedule.factor(after: step)
      self.report = report
      lossSum += report.loss
      lossCount += 1
      tell(.stepped(report))
      if step % options.evaluateEvery == 0 || step == 1 { measure() }
    } catch let symptom as NotFinite {
      var problem = NotFinite.data(windows, steps: batch.steps, of: task) ?? symptom
      problem.step = step + 1
      failure = problem
      tell(.failed(problem))
      throw problem
    }
  }

  /// Adds noise to a row's inputs, from a stream of the window's own: the same bits however training was interrupted.
  private func addInputNoise(_ row: Int, _ deviation: Double) {
    var generator = noiseRoot.stream(UInt64(draws))
    for t in 0..<batch.steps {
      for k in 0..<task.inputCount {
        batch.inputs[(t * batch.rows + row) * task.inputCount + k] += Float(deviation * generator.normal())
      }
    }
  }

  /// Measures the held-out error now; the state is kept if it is the best.
  public func measure() {
    let state = learner.state
    let result = evaluator.evaluate(state.values, connections: state.connections)
    heldOut = result
    if lossCount > 0 { recentLoss = lossSum / Double(lossCount) }
    (lossSum, lossCount) = (0, 0)
    if case .plateau(let patience) = options.schedule, result.loss.isFinite {
      learner.learningRate *= plateau.factor(patience: patience, heldOut: result.loss)
    }
    tell(.measured(result))
  }

  /// Applies a command that changes the network and marks it on the curve.
  ///
  /// - Returns: a sentence that says what was done.
  /// - Throws: ``CircuitError`` where it cannot be; nothing has changed then.
  public func apply(_ command: Command) throws -> String {
    let sentence = try edits.apply(command, to: learner)
    failure = nil
    tell(.applied(.init(step: step, command: command), sentence: sentence))
    return sentence
  }

  /// Says that no step will follow; once.
  public func end() {
    if hasEnded { return }
    hasEnded = true
    tell(.ended)
  }

  /// Records the weights in `history` from now on, which checkpoints then keep; one that was recorded in before is let go.
  public func record(in history: WeightHistory) {
    if let old = self.history { remove(old) }
    self.history = history
    add(history)
  }

  /// Adds an observer, told from now on and after those that are there. The session keeps it.
  public func add(_ observer: any TrainingObserver) { observers.append(observer) }

  public func remove(_ observer: any TrainingObserver) { observers.removeAll { $0 === observer } }

  private func tell(_ event: TrainingEvent) {
    let session = ObservedSession(self)
    for observer in observers { observer.training(session, did: event) }
  }
}

extension TrainingSession {
  /// Applies these commands when their steps come; see ``applyDue(_:)``.
  public func follow(_ entries: [CommandLog.Entry]) { script = Deque(entries) }

  /// Applies the commands of the script whose step has come, before the next update is made.
  ///
  /// - Parameter told: called with each and what came of it.
  public func applyDue(_ told: (Command, Result<String, any Error>) -> Void = { _, _ in }) {
    while let next = script.first, next.step <= step {
      script.removeFirst()
      told(next.command, Result { try apply(next.command) })
    }
  }
}

extension Model {
  /// The first stored parameters: the initial ranges are those of effective values for `clamp`, and of stored values for
  /// `softplus` (as `ncps`, which draws before its softplus).
  public func firstStoredParameters() -> [Scalar] { initialParameters(seed: specification.seed) }
}
