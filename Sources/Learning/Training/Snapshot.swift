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
}
