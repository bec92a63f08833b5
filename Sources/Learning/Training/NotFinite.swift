import Circuits
import Tasks

/// Training met a value that is not finite: which, where, at which parameter, and what to try.
public struct NotFinite: Error, CustomStringConvertible, Equatable, Sendable {
  /// What was not finite: "loss", "gradient", "parameter"; "input", "target", "elapsed time" where the data are to blame.
  public var quantity: String
  /// The tensor entry it was found at, "w[3, 7]", or the channel, step and series; `nil` where nothing of that is to blame.
  public var location: String?
  public var value: Double
  /// Filled in by the trainer.
  public var step: Int?

  public var description: String {
    let at = location.map { isInData ? " \($0)" : " at \($0)" } ?? ""
    let when = step.map { " in step \($0)" } ?? ""
    // The sign of a NaN means nothing.
    let shown = value.isNaN ? "nan" : "\(value)"
    if isInData {
      return "Training stopped: the \(quantity)\(at) is \(shown), met\(when). The last good parameters are kept. "
        + "Correct the data, or leave that series out."
    }
    return "Training stopped: the \(quantity)\(at) became \(shown)\(when). The last good parameters are kept. "
      + "Try a smaller learning rate, gradient clipping (--clip 1), or undo the last change."
  }

  /// Whether a number of the data, not one of the model, is to blame.
  var isInData = false

  /// The first number in `windows` that is not finite, or that the network's single precision cannot hold.
  static func data(_ windows: [WindowSampler.Window], steps: Int, of task: TaskData) -> NotFinite? {
    for window in windows {
      let series = task.training[window.series]
      for t in window.start..<min(window.start + steps, series.steps) {
        func row(_ values: [Double], _ channels: [Channel]) -> [(String, Double)] {
          channels.enumerated().map { ("'\($1.name)'", values[t * channels.count + $0]) }
        }
        let numbers =
          row(series.inputs, task.inputs).map { ("input", $0.0, $0.1) }
          + row(series.targets, task.targets).map { ("target", $0.0, $0.1) }
          + [("elapsed time", "", series.elapsed[t])]
        guard let (quantity, name, value) = numbers.first(where: { !Float($0.2).isFinite }) else { continue }
        var found = NotFinite(
          quantity: quantity, location: "\(name.isEmpty ? "" : name + " ")at step \(t + 1) of \(series.name)",
          value: value
        )
        found.isInData = true
        return found
      }
    }
    return nil
  }

  static func loss<S>(in learner: Learner<S>, value: Double) -> NotFinite {
    let index = learner.state.values.firstIndex { !$0.isFinite } ?? learner.gradient.firstIndex { !$0.isFinite }
    return NotFinite(quantity: "loss", location: index.map(learner.model.layout.describe), value: value)
  }

  static func gradient<S>(in learner: Learner<S>) -> NotFinite {
    // Every entry may be finite and only the sum of squares overflow: then the largest entry is the one to name.
    let index =
      learner.gradient.firstIndex { !$0.isFinite }
      ?? learner.gradient.indices.max { abs(learner.gradient[$0]) < abs(learner.gradient[$1]) } ?? 0
    return NotFinite(
      quantity: "gradient", location: learner.model.layout.describe(index), value: Double(learner.gradient[index]))
  }

  static func value<S>(in learner: Learner<S>, index: Int, value: Double) -> NotFinite {
    NotFinite(quantity: "parameter", location: learner.model.layout.describe(index), value: value)
  }
}
