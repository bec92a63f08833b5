import Circuits

/// Everything of a training run that is worth keeping, taken between two steps: what a model file, a checkpoint and a log are
/// written from. A value; taking it copies nothing until the next update, which then copies what it changes.
public struct TrainingCapture: Sendable {
  /// With the newest state; enough to go on from.
  public var progress: TrainingProgress
  /// Every command that changed the network.
  public var applied: [CommandLog.Entry]

  public var state: ParameterState<Float> { progress.state }
  public var step: Int { progress.counters.step }
  /// Without the optimiser's memory.
  public var best: TrainingSession.Best? { progress.best }
}

extension TrainingSession {
  /// The session as it stands between two steps.
  public var capture: TrainingCapture { TrainingCapture(progress: progress, applied: applied) }
}
