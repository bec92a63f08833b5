import Circuits

/// Training met a number that is none: which, where, at which parameter, and what to try.
public struct NotFinite: Error, CustomStringConvertible, Equatable, Sendable {
  /// What was not finite: "loss", "gradient", "parameter".
  public var quantity: String
  /// The tensor entry it was found at, "w[3, 7]"; `nil` where no parameter is to blame.
  public var place: String?
  public var value: Double
  /// Filled in by the trainer.
  public var step: Int?

  public var description: String {
    let at = place.map { " at \($0)" } ?? ""
    let when = step.map { " in step \($0)" } ?? ""
    // The sign of a NaN means nothing.
    let shown = value.isNaN ? "nan" : "\(value)"
    return "Training stopped: the \(quantity)\(at) became \(shown)\(when). The last good parameters are kept. "
      + "Try a smaller learning rate, gradient clipping (--clip 1), or undo the last change."
  }

  static func loss<S>(in learner: Learner<S>, value: Double) -> NotFinite {
    let index = learner.state.values.firstIndex { !$0.isFinite } ?? learner.gradient.firstIndex { !$0.isFinite }
    return NotFinite(quantity: "loss", place: index.map(learner.model.layout.describe), value: value)
  }

  static func gradient<S>(in learner: Learner<S>) -> NotFinite {
    // Every entry may be finite and only the sum of squares overflow: then the largest entry is the one to name.
    let index =
      learner.gradient.firstIndex { !$0.isFinite }
      ?? learner.gradient.indices.max { abs(learner.gradient[$0]) < abs(learner.gradient[$1]) } ?? 0
    return NotFinite(
      quantity: "gradient", place: learner.model.layout.describe(index), value: Double(learner.gradient[index]))
  }

  static func value<S>(in learner: Learner<S>, index: Int, value: Double) -> NotFinite {
    NotFinite(quantity: "parameter", place: learner.model.layout.describe(index), value: value)
  }
}
