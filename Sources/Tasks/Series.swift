/// One recorded sequence of T time steps: what goes in, what should come out, and how much time passes at each step.
public struct Series: Sendable, Equatable {
  /// What the sequence is called on screen ("4–13 Feb", "speaker 3").
  public var name: String
  /// T×M, row-major, normalised as the task's ``Normalisation`` says.
  public var inputs: [Double]
  /// T×O, row-major. Regression: normalised values. Labels: 0 or 1. Classes: O is 1 and the value is the class index.
  public var targets: [Double]
  /// T; the time that passes at each step in the task's `timeUnit`s, > 0. Regular data has 1 throughout.
  public var elapsed: [Double]
  /// T; how much each step counts in the loss, ≥ 0. A target that is missing, or a step before the end of a sequence
  /// that is classified as a whole, has 0.
  public var weights: [Double]

  public var steps: Int { elapsed.count }

  public init(name: String, inputs: [Double], targets: [Double], elapsed: [Double], weights: [Double]? = nil) {
    self.name = name
    self.inputs = inputs
    self.targets = targets
    self.elapsed = elapsed
    self.weights = weights ?? [Double](repeating: 1, count: elapsed.count)
  }

  /// Steps `range` of the sequence, with `inputCount` = M and `targetCount` = O columns.
  public func slice(_ range: Range<Int>, inputCount m: Int, targetCount o: Int) -> Series {
    Series(
      name: name, inputs: Array(inputs[range.lowerBound * m..<range.upperBound * m]),
      targets: Array(targets[range.lowerBound * o..<range.upperBound * o]), elapsed: Array(elapsed[range]),
      weights: Array(weights[range]))
  }
}

/// One column of a task: its name, its unit, and the affine map between what is recorded and what the network sees.
public struct Channel: Sendable, Equatable, Codable {
  public var name: String
  /// "" where the quantity has none.
  public var unit: String
  /// normalised = (recorded − offset) / scale; `scale` > 0. Fitted on the training part only.
  public var offset: Double
  public var scale: Double

  private enum CodingKeys: String, CodingKey {
    case name = "name"
    case unit = "unit"
    case offset = "offset"
    case scale = "scale"
  }

  public init(name: String, unit: String = "", offset: Double = 0, scale: Double = 1) {
    self.name = name
    self.unit = unit
    self.offset = offset
    self.scale = scale
  }

  public func normalise(_ recorded: Double) -> Double { (recorded - offset) / scale }
  public func restore(_ normalised: Double) -> Double { normalised * scale + offset }
}

/// What the outputs mean, and so which loss and which metrics apply.
public enum TargetKind: Sendable, Equatable {
  /// O real values a step; mean squared error.
  case regression
  /// O independent yes/no labels a step; binary cross-entropy with `positiveWeights` (negatives ÷ positives in the
  /// training part), so that rare labels count.
  case labels(positiveWeights: [Double])
  /// One of several classes; softmax cross-entropy over as many outputs as there are names.
  case classes(names: [String])
}

/// An object with one key: `{"regression": {}}`, `{"labels": {"positiveWeights": […]}}`, `{"classes": {"names": […]}}`.
extension TargetKind: Codable {
  private enum CodingKeys: String, CodingKey {
    case regression = "regression"
    case labels = "labels"
    case classes = "classes"
  }
  private enum PartKeys: String, CodingKey {
    case positiveWeights = "positiveWeights"
    case names = "names"
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    if container.contains(.labels) {
      let part = try container.nestedContainer(keyedBy: PartKeys.self, forKey: .labels)
      self = .labels(positiveWeights: try part.decode([Double].self, forKey: .positiveWeights))
    } else if container.contains(.classes) {
      let part = try container.nestedContainer(keyedBy: PartKeys.self, forKey: .classes)
      self = .classes(names: try part.decode([String].self, forKey: .names))
    } else {
      _ = try container.nestedContainer(keyedBy: PartKeys.self, forKey: .regression)
      self = .regression
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .regression: _ = container.nestedContainer(keyedBy: PartKeys.self, forKey: .regression)
    case .labels(let weights):
      var part = container.nestedContainer(keyedBy: PartKeys.self, forKey: .labels)
      try part.encode(weights, forKey: .positiveWeights)
    case .classes(let names):
      var part = container.nestedContainer(keyedBy: PartKeys.self, forKey: .classes)
      try part.encode(names, forKey: .names)
    }
  }
}

/// What a simple method reaches on the held-out part: beat it or do not claim learning.
public struct Baseline: Sendable, Equatable {
  public var name: String
  /// "nmse", "balancedAccuracy heater", "accuracy".
  public var metric: String
  public var value: Double
  public init(name: String, metric: String, value: Double) {
    self.name = name
    self.metric = metric
    self.value = value
  }
}
