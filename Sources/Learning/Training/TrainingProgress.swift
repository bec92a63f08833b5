import Circuits
import Tasks

/// How far a session has come: everything that another session over the same model, task and options needs to go on as if
/// nothing had happened, bit for bit. The undo stack is not part of it.
public struct TrainingProgress: Sendable {
  public var step: Int
  /// Training windows drawn.
  public var draws: Int
  public var learningRate: Double
  public var plateau: Plateau
  /// The newest values, the optimiser's memory and the masks.
  public var state: ParameterState<Float>
  /// P, what `rewind` goes back to.
  public var initialValues: [Float]
  /// Without the optimiser's memory.
  public var best: TrainingSession.Best?
  public var heldOut: Evaluator<Float>.Result?
  public var report: Learner<Float>.Report?
  public var recentLoss: Double?
  public var lossSum: Double
  public var lossCount: Int
  public var curve: LossCurve
  public var marks: [Mark]
}

extension TrainingSession {
  /// Where the session stands, between two steps.
  public var progress: TrainingProgress {
    var best = best
    best?.state.slots = []
    return TrainingProgress(
      step: step, draws: draws - (isBatchWaiting ? options.batch : 0), learningRate: learner.learningRate,
      plateau: plateau, state: learner.state, initialValues: edits.initialValues, best: best, heldOut: heldOut,
      report: report, recentLoss: recentLoss,
      lossSum: lossSum, lossCount: lossCount, curve: curve, marks: marks)
  }

  /// A session that goes on where another one stood.
  ///
  /// The windows drawn so far are drawn again, O(draws).
  /// - Throws: ``CircuitError`` where progress and options do not belong together.
  public convenience init(
    model: Model<Float>, task: TaskData, options: TrainingOptions, resuming progress: TrainingProgress
  ) throws {
    try self.init(model: model, task: task, options: options, stored: progress.initialValues)
    guard progress.state.slots.count == learner.state.slots.count, progress.draws >= 0 else {
      throw CircuitError(
        "The optimizer '\(options.optimizer)' cannot go on with the memory of another one. Use the one it began with.")
    }
    learner.edit { $0 = progress.state }
    learner.learningRate = progress.learningRate
    for _ in 0..<progress.draws { _ = sampler.next() }
    (step, draws, plateau) = (progress.step, progress.draws, progress.plateau)
    (best, heldOut, report, recentLoss) = (progress.best, progress.heldOut, progress.report, progress.recentLoss)
    (lossSum, lossCount) = (progress.lossSum, progress.lossCount)
    (curve, marks) = (progress.curve, progress.marks)
  }
}
