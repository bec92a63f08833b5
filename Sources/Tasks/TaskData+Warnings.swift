import Foundation

// What a person should be told about data and scores before believing them.

extension TaskData {
  /// A sentence for every input that leaves the range it is trained on in a fifth of the held-out steps or more.
  ///
  /// A network has never seen such a value, so what it makes of it is chance: a `month` that is 1–9 in training and 10–12
  /// after tells nothing and misleads. Ranges are those of recorded values; steps without a known target count too.
  public var rangeWarnings: [String] {
    let m = inputCount
    return inputs.enumerated().compactMap { channel, input in
      func values(_ parts: [Series]) -> [Double] {
        parts.flatMap { part in stride(from: channel, to: part.inputs.count, by: m).map { part.inputs[$0] } }
          .filter(\.isFinite)
      }
      let (seen, asked) = (values(training), values(heldOut))
      guard let low = seen.min(), let high = seen.max(), let least = asked.min(), let most = asked.max() else {
        return nil
      }
      // What differs by rounding alone is no new value.
      let margin = 1e-9 * max(high - low, 1)
      let outside = asked.count { $0 < low - margin || $0 > high + margin }
      guard 5 * outside >= asked.count else { return nil }
      func text(_ value: Double) -> String { Self.brief(input.restore(value)) }
      return
        "Input '\(input.name)' is \(text(low)) to \(text(high)) in training and \(text(least)) to \(text(most)) after: "
        + "\(100 * outside / asked.count) % of the held-out steps are outside of what was learned from. Leave it out with "
        + "--features, or turn it into something that comes back (a day of the week, a sine of the year)."
    }
  }

  /// Why a score says that nothing was learned, in a sentence; `nil` where it beats the last known value (or none is known).
  ///
  /// - Parameter metrics: of the held-out part (``Metrics``).
  public func warning(about metrics: [String: Double]) -> String? {
    for baseline in baselines where baseline.name == "persistence" {
      guard let value = metrics[baseline.metric], !(value < baseline.value) else { continue }
      return
        "The model does not beat persistence on the held-out data (\(baseline.metric) \(Self.brief(value)), answering with "
        + "the last known value \(Self.brief(baseline.value))): so far it has learned nothing that the last value does not tell."
    }
    return nil
  }

  /// Four significant digits.
  private static func brief(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "\(value)" }
    let digits = 3 - Int(log10(abs(value)).rounded(.down))
    let factor = pow(10, Double(digits))
    let rounded = (value * factor).rounded() / factor
    return rounded == rounded.rounded() && abs(rounded) < 1e9 ? "\(Int(rounded))" : "\(rounded)"
  }
}
