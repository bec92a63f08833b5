import Circuits
import Tasks

/// How far a session has come: everything that another session over the same model, task and options needs to go on as if
/// nothing had happened, bit for bit. The undo stack is not part of it.
///
/// What a checkpoint keeps is declared, taken and given back in this file alone.
public struct TrainingProgress: Sendable {
  public var counters: Counters
  /// The newest values, the optimiser's memory and the masks.
  public var state: ParameterState<Float>
  /// P, what `rewind` goes back to.
  public var initialValues: [Float]
  /// Without the optimiser's memory.
  public var best: TrainingSession.Best?
  /// The weights until now, where they were recorded; it grows while that session trains, so that only its moments up to
  /// the step of ``counters`` belong to this.
  public var history: WeightHistory?

  /// What is no tensor: a checkpoint's header has it as JSON.
  public struct Counters: Sendable, Codable {
    public var step: Int
    /// Training windows drawn.
    public var draws: Int
    public var learningRate: Double
    public var plateau: Plateau?
    public var heldOut: Evaluator<Float>.Result?
    public var report: Learner<Float>.Report?
    public var recentLoss: Double?
    public var lossSum: Double
    public var lossCount: Int
    public var curve: LossCurve
    public var marks: [Mark]

    private enum CodingKeys: String, CodingKey {
      case step = "step"
      case draws = "draws"
      case learningRate = "learningRate"
      case plateau = "plateau"
      case heldOut = "heldOut"
      case report = "report"
      case recentLoss = "recentLoss"
      case lossSum = "lossSum"
      case lossCount = "lossCount"
      case curve = "curve"
      case marks = "marks"
    }
  }
}

extension TrainingProgress.Counters {
  /// What a run cannot have counted, for a file that was damaged or changed by hand; `nil` where all is well.
  ///
  /// - Parameter batch: windows a step.
  func problem(batch: Int) -> String? {
    guard (0...1_000_000_000).contains(step) else { return "\(step) steps cannot have been made" }
    let (windows, overflows) = step.multipliedReportingOverflow(by: batch)
    guard !overflows, draws == windows else {
      return "\(draws) windows cannot have been drawn in \(step) steps of \(batch)"
    }
    guard learningRate.isFinite, learningRate >= 0 else { return "the learning rate \(learningRate) cannot be" }
    guard (0...step).contains(lossCount) else { return "\(lossCount) losses cannot be of \(step) steps" }
    return curve.problem ?? plateau?.problem
  }
}

extension TrainingSession {
  /// Where the session stands, between two steps.
  public var progress: TrainingProgress {
    var best = best
    best?.state.slots = []
    return TrainingProgress(
      counters: .init(
        step: step, draws: draws - (isBatchWaiting ? options.batch : 0), learningRate: learner.learningRate,
        plateau: plateau, heldOut: heldOut, report: report, recentLoss: recentLoss, lossSum: lossSum,
        lossCount: lossCount, curve: curve, marks: marks),
      state: learner.state, initialValues: edits.initialValues, best: best, history: history)
  }

  /// A session that goes on where another one stood.
  ///
  /// The windows drawn so far are drawn again, O(draws).
  /// - Throws: ``CircuitError`` where progress and options do not belong together.
  public convenience init(
    model: Model<Float>, task: TaskData, options: TrainingOptions, resuming progress: TrainingProgress
  ) throws {
    try self.init(model: model, task: task, options: options, stored: progress.initialValues)
    guard progress.state.slots.count == learner.state.slots.count else {
      throw CircuitError(
        "The optimizer '\(options.optimizer)' cannot go on with the memory of another one. Use the one it began with.")
    }
    let counters = progress.counters
    if let problem = counters.problem(batch: options.batch) {
      throw CircuitError("Training cannot go on: \(problem). Begin anew from the values with --load.")
    }
    learner.edit { $0 = progress.state }
    learner.learningRate = counters.learningRate
    for _ in 0..<counters.draws { _ = sampler.next() }
    (step, draws, plateau) = (counters.step, counters.draws, counters.plateau ?? Plateau())
    (heldOut, report, recentLoss) = (counters.heldOut, counters.report, counters.recentLoss)
    (lossSum, lossCount) = (counters.lossSum, counters.lossCount)
    (curve, marks) = (counters.curve, counters.marks)
    best = progress.best
    // One of its own, for another session may go on from the same.
    if let history = progress.history { record(in: history.copy(through: step)) }
  }
}
