import Circuits

/// What the trainer shows of itself at one moment: immutable, whole, and newer than any with a smaller version.
public struct Snapshot: Sendable {
  public enum Status: Sendable, Equatable {
    case paused
    case training
    /// With the sentence that says why.
    case stopped(String)
  }

  /// Counts up with every snapshot published.
  public var version: Int
  public var status: Status
  public var step: Int
  public var epoch: Int
  /// P, effective.
  public var values: [Float]
  /// (N + M)×N.
  public var connections: [Float]
  /// P.
  public var frozen: [Bool]
  /// P, ∂L/∂(stored) of the last batch; zeros before the first.
  public var gradient: [Float]
  public var trainLoss: Double?
  public var heldOut: Evaluator<Float>.Result?
  public var bestLoss: Double?
  public var bestStep: Int?
  public var curve: LossCurve
  public var marks: [Mark]
  public var learningRate: Double
  public var gradientNorm: Double?
  public var stepsPerSecond: Double
  public var undoTitle: String?
  public var redoTitle: String?
  /// The newest outcomes, oldest first, at most 32.
  public var outcomes: [CommandOutcome]
  /// Commands of a replayed run that are still to come.
  public var scripted = 0
  /// Where a replayed run ends.
  public var end: Int?
  /// Whether it has ended there, and nobody let it go on.
  public var hasEnded = false
}

extension TrainingSession {
  /// The session as it stands between two steps; what it does not know itself is given.
  public func snapshot(
    version: Int, status: Snapshot.Status, stepsPerSecond: Double, outcomes: [CommandOutcome] = []
  ) -> Snapshot {
    let state = learner.state
    return Snapshot(
      version: version, status: status, step: step, epoch: epoch, values: model.effective(state.values),
      connections: state.connections, frozen: state.frozen, gradient: learner.gradient,
      trainLoss: recentLoss ?? report?.loss, heldOut: heldOut, bestLoss: best?.result.loss, bestStep: best?.step,
      curve: curve, marks: marks, learningRate: learner.learningRate, gradientNorm: report?.gradientNorm,
      stepsPerSecond: stepsPerSecond, undoTitle: edits.undoTitle, redoTitle: edits.redoTitle, outcomes: outcomes,
      scripted: script.count)
  }
}
