/// A task ready to be learned: sequences, split in time order, with everything a screen needs to name what it shows.
public struct TaskData: Sendable {
  public var name: String
  /// One sentence: what is known, what is asked.
  public var summary: String
  public var inputs: [Channel]
  /// What the targets are: one channel per regression value or label; a single one ("speaker") for classes.
  public var targets: [Channel]
  public var kind: TargetKind
  /// What Δt = 1 stands for: "min", "h", "s", "step".
  public var timeUnit: String
  public var training: [Series]
  /// Whether the training sequences are trials of an experiment, to be learned in the order in which they come.
  public var isOrdered = false
  public var heldOut: [Series]
  public var baselines: [Baseline]
  public var suggestion: Suggestion
  /// What was done to the data that a person should know, a sentence each.
  public var notes: [String]

  /// Settings that are known to work, used where the person names none.
  public struct Suggestion: Sendable, Equatable {
    public var sequence = 32
    public var batch = 16
    public var learningRate = 0.01
    /// As `--schedule` takes it.
    public var schedule = "constant"
    /// Standard deviation of the noise on training inputs.
    public var noise = 0.0
    public var neurons = 16
    /// As `--wiring` takes it.
    public var wiring = "ncp"
    /// Steps at the start of every training window that only warm the state up and do not count in the loss.
    public var warmUp = 0
    /// Rate and schedule for training that nobody has set an end to, because somebody watches it; as above where `nil`.
    public var openEnded: Pace?

    /// How fast is learned.
    public struct Pace: Sendable, Equatable {
      public var learningRate: Double
      /// As `--schedule` takes it.
      public var schedule: String
      public init(learningRate: Double, schedule: String) {
        self.learningRate = learningRate
        self.schedule = schedule
      }
    }

    public init(
      sequence: Int = 32, batch: Int = 16, learningRate: Double = 0.01, schedule: String = "constant",
      noise: Double = 0,
      neurons: Int = 16,
      wiring: String = "ncp", warmUp: Int = 0, openEnded: Pace? = nil
    ) {
      self.sequence = sequence
      self.batch = batch
      self.learningRate = learningRate
      self.schedule = schedule
      self.noise = noise
      self.neurons = neurons
      self.wiring = wiring
      self.warmUp = warmUp
      self.openEnded = openEnded
    }
  }

  public init(
    name: String, summary: String, inputs: [Channel], targets: [Channel], kind: TargetKind, timeUnit: String,
    training: [Series], heldOut: [Series], baselines: [Baseline] = [], suggestion: Suggestion = Suggestion(),
    notes: [String] = []
  ) {
    self.name = name
    self.summary = summary
    self.inputs = inputs
    self.targets = targets
    self.kind = kind
    self.timeUnit = timeUnit
    self.training = training
    self.heldOut = heldOut
    self.baselines = baselines
    self.suggestion = suggestion
    self.notes = notes
  }

  /// M.
  public var inputCount: Int { inputs.count }
  /// Columns of `Series.targets`.
  public var targetCount: Int { targets.count }
  /// O, what the network must put out: one value a target, or one a class.
  public var outputCount: Int {
    if case .classes(let names) = kind { names.count } else { targets.count }
  }
  /// Names of the O outputs.
  public var outputNames: [String] {
    if case .classes(let names) = kind { names } else { targets.map(\.name) }
  }
}

/// One entry of the task registry: a file conforms, a line registers (`TaskRegistry`).
public protocol TaskDefinition: Sendable {
  /// What `--task` takes.
  var name: String { get }
  /// One line for `ganglion tasks`.
  var summary: String { get }
  /// Reads or generates the data. `seed` matters only to generators that draw noise.
  func load(seed: UInt64) throws -> TaskData
}
