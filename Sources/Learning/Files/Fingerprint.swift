import Circuits
import Tasks

/// What data look like from far: enough to tell that they are others, and mostly in what.
public struct DataFingerprint: Sendable, Hashable, Codable {
  /// Names; `nil` in files of version 1, which knew ``training`` alone.
  public var inputs: [String]?
  public var targets: [String]?
  /// Sequences and time steps of the training part.
  public var sequences: Int?
  public var steps: Int?
  /// Differ where the sequences of a part differ in a bit.
  public var training: String
  public var heldOut: String?

  /// FNV-1a of 64 bits over all numbers of the sequences.
  init(_ task: TaskData) {
    inputs = task.inputs.map(\.name)
    targets = task.targets.map(\.name)
    sequences = task.training.count
    steps = task.training.reduce(0) { $0 + $1.steps }
    training = Self.hash(task.training)
    heldOut = Self.hash(task.heldOut)
  }

  /// Of a file of version 1.
  init(training: String) { self.training = training }

  private enum CodingKeys: String, CodingKey {
    case inputs = "inputs"
    case targets = "targets"
    case sequences = "sequences"
    case steps = "steps"
    case training = "training"
    case heldOut = "heldOut"
  }

  private static func hash(_ part: [Series]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for series in part {
      for values in [series.inputs, series.targets, series.elapsed, series.weights] {
        for value in values { hash = (hash ^ value.bitPattern) &* 0x100_0000_01b3 }
      }
    }
    return String(hash, radix: 16)
  }

  /// "they have the inputs a, b instead of a, c": what the present data have instead of these; `nil` where they are the same.
  public func difference(from present: DataFingerprint) -> String? {
    func names(_ what: String, _ there: [String]?, _ here: [String]?) -> String? {
      guard let there, let here, there != here else { return nil }
      return "they have the \(what) \(here.joined(separator: ", ")) instead of \(there.joined(separator: ", "))"
    }
    if let difference = names("inputs", inputs, present.inputs) ?? names("targets", targets, present.targets) {
      return difference
    }
    if let sequences, let steps, let others = present.sequences, let otherSteps = present.steps,
      (sequences, steps) != (others, otherSteps)
    {
      return "they have \(otherSteps) training steps in \(others) sequence\(others == 1 ? "" : "s") instead of "
        + "\(steps) in \(sequences)"
    }
    if training != present.training { return "their training part has other numbers" }
    if let heldOut, heldOut != present.heldOut { return "their held-out part has other numbers" }
    return nil
  }
}

extension TaskData {
  /// Of the data as they are, after any normalisation.
  public var fingerprint: DataFingerprint { DataFingerprint(self) }
}

/// The names and shapes of a model's tensors, in their order: what flat values mean.
public struct LayoutFingerprint: Sendable, Hashable, Codable {
  /// "w 16×16", "output_b 1".
  public var tensors: [String]

  public init(_ layout: ParameterLayout) {
    tensors = layout.tensors.map { tensor in
      "\(tensor.name) \(tensor.declaration.shape.map(String.init).joined(separator: "×"))"
    }
  }

  public init(from decoder: any Decoder) throws {
    tensors = try decoder.singleValueContainer().decode([String].self)
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(tensors)
  }

  /// "it has 'w 8×8' where 'w 16×16' belongs": what the present layout has instead of this; `nil` where they are the same.
  public func difference(from present: LayoutFingerprint) -> String? {
    guard tensors != present.tensors else { return nil }
    if let index = zip(tensors, present.tensors).enumerated().first(where: { $0.element.0 != $0.element.1 })?.offset {
      return "it has the tensor '\(present.tensors[index])' where '\(tensors[index])' belongs"
    }
    return "it has \(present.tensors.count) tensors instead of \(tensors.count)"
  }
}
