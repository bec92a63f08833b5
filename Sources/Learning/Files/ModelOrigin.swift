import Tasks

/// What a saved model was trained for: how to feed it and how to read it.
public struct ModelOrigin: Sendable, Equatable {
  /// The task's name, for people.
  public var task: String
  /// What made it, with nothing left to suggest; of files of version 1 only data, network and windows.
  public var recipe: Recipe
  /// M, with the normalisation that the inputs need.
  public var inputs: [Channel]
  public var targets: [Channel]
  public var kind: TargetKind
  /// "min", "step".
  public var timeUnit: String
  /// Of the data as the model saw them; `nil` in files of version 1.
  public var data: DataFingerprint?
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

    public init(_ best: TrainingSession.Best) {
      self.init(step: best.step, loss: best.result.loss, metrics: best.result.metrics)
    }

    private enum CodingKeys: String, CodingKey {
      case step = "step"
      case loss = "loss"
      case metrics = "metrics"
    }
  }

  /// - Parameter recipe: ``Setup/resolved``: it names the data.
  public init(_ task: TaskData, recipe: Recipe, heldOut: HeldOut? = nil) {
    self.task = task.name
    self.recipe = recipe
    inputs = task.inputs
    targets = task.targets
    kind = task.kind
    timeUnit = task.timeUnit
    data = task.fingerprint
    self.heldOut = heldOut
  }

  /// Where the data came from.
  public var source: DataSource { recipe.data ?? DataSource(task: task, seed: recipe.seed) }

  /// T of the training windows, which is also the lead-in of an evaluation.
  public var sequence: Int { recipe.training.sequence ?? TaskData.Suggestion().sequence }
}

extension ModelOrigin {
  /// Why this cannot be the origin of a model of that size; `nil` where all is well.
  func problem(inputs m: Int, outputs o: Int) -> String? {
    guard inputs.count == m else { return "the header describes \(inputs.count) input channels, the model has \(m)" }
    let count = if case .classes(let names) = kind { names.count } else { targets.count }
    guard count == o else { return "the header describes \(count) outputs, the model has \(o)" }
    if let channel = (inputs + targets).first(where: { !($0.scale > 0 && $0.scale.isFinite && $0.offset.isFinite) }) {
      return "the scale \(channel.scale) of '\(channel.name)' cannot be"
    }
    guard (1...100_000).contains(sequence) else { return "training windows of \(sequence) steps cannot be" }
    return nil
  }
}

extension ModelOrigin: Codable {
  private enum CodingKeys: String, CodingKey {
    case task = "task"
    case recipe = "recipe"
    case inputs = "inputs"
    case targets = "targets"
    case kind = "kind"
    case timeUnit = "timeUnit"
    case data = "data"
    case heldOut = "heldOut"
    /// Of version 1, which had no recipe.
    case source = "source"
    case sequence = "sequence"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    task = try container.decode(String.self, forKey: .task)
    inputs = try container.decode([Channel].self, forKey: .inputs)
    targets = try container.decode([Channel].self, forKey: .targets)
    kind = try container.decode(TargetKind.self, forKey: .kind)
    timeUnit = try container.decode(String.self, forKey: .timeUnit)
    data = try container.decodeIfPresent(DataFingerprint.self, forKey: .data)
    heldOut = try container.decodeIfPresent(HeldOut.self, forKey: .heldOut)
    if let recipe = try container.decodeIfPresent(Recipe.self, forKey: .recipe) {
      self.recipe = recipe
    } else {
      let source = try container.decode(DataSource.self, forKey: .source)
      recipe = Recipe(
        data: source, training: .init(sequence: try container.decode(Int.self, forKey: .sequence)), seed: source.seed)
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(task, forKey: .task)
    try container.encode(recipe, forKey: .recipe)
    try container.encode(inputs, forKey: .inputs)
    try container.encode(targets, forKey: .targets)
    try container.encode(kind, forKey: .kind)
    try container.encode(timeUnit, forKey: .timeUnit)
    try container.encodeIfPresent(data, forKey: .data)
    try container.encodeIfPresent(heldOut, forKey: .heldOut)
  }
}
