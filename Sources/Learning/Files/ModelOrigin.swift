import Tasks

/// What a saved model was trained for: how to feed it and how to read it.
public struct ModelOrigin: Sendable, Equatable, Codable {
  /// The task's name, for people.
  public var task: String
  public var source: DataSource
  /// M, with the normalisation that the inputs need.
  public var inputs: [Channel]
  public var targets: [Channel]
  public var kind: TargetKind
  /// "min", "step".
  public var timeUnit: String
  /// T of the training windows, which is also the lead-in of an evaluation.
  public var sequence: Int
  /// What was measured on the held-out part with these parameters.
  public var heldOut: HeldOut?

  public struct HeldOut: Sendable, Equatable, Codable {
    public var step: Int
    public var loss: Double
    public var metrics: [String: Double]
    public init(step: Int, loss: Double, metrics: [String: Double]) {
      self.step = step
      self.loss = loss
      self.metrics = metrics
    }
  }

  public init(_ task: TaskData, source: DataSource, sequence: Int, heldOut: HeldOut? = nil) {
    self.task = task.name
    self.source = source
    inputs = task.inputs
    targets = task.targets
    kind = task.kind
    timeUnit = task.timeUnit
    self.sequence = sequence
    self.heldOut = heldOut
  }
}
