/// How good outputs are, in the names that reports and baselines use.
public enum Metrics {
  /// - Regression: `mse`; `nmse`, the squared error divided by the variance of these targets, averaged over channels; with
  ///   several channels also `mse NAME` and `nmse NAME`. A channel whose targets are constant has no nmse. Both are of normalised values;
  ///   see ``ownErrors(_:targets:)`` for the targets' own unit.
  /// - Labels: `accuracy` and `balancedAccuracy`, means over the labels, and `balancedAccuracy NAME` each. An output above
  ///   0 is a yes (outputs are logits).
  /// - Classes: `accuracy`, and `balancedAccuracy`, the mean recall over the classes that occur.
  ///
  /// - Parameters:
  ///   - names: the targets' names (`TaskData.targets`); not used for classes.
  ///   - outputs: T×O, row-major.
  ///   - targets: T×(columns of targets), as in ``Series/targets``.
  ///   - weights: T; steps of weight 0 do not count. All zero gives an empty result.
  public static func compute(
    kind: TargetKind, names: [String], outputs: [Double], targets: [Double], weights: [Double]
  ) -> [String: Double] {
    guard weights.contains(where: { $0 > 0 }) else { return [:] }
    switch kind {
    case .regression: return regression(names, outputs, targets, weights)
    case .labels: return labels(names, outputs, targets, weights)
    case .classes(let classes): return self.classes(classes.count, outputs, targets, weights)
    }
  }

  /// The root mean squared error of every regression target in its own unit: √(mse of the channel)·scale, from metrics that
  /// ``compute(kind:names:outputs:targets:weights:)`` gave; empty for other kinds.
  public static func ownErrors(_ metrics: [String: Double], targets: [Channel]) -> [OwnError] {
    targets.compactMap { channel in
      (metrics["mse \(channel.name)"] ?? (targets.count == 1 ? metrics["mse"] : nil)).map {
        OwnError(target: channel.name, value: $0.squareRoot() * channel.scale, unit: channel.unit)
      }
    }
  }

  /// An error in the unit in which a target was recorded.
  public struct OwnError: Sendable, Equatable {
    public var target: String
    public var value: Double
    /// "" where the target is a pure number.
    public var unit: String

    public init(target: String, value: Double, unit: String) {
      self.target = target
      self.value = value
      self.unit = unit
    }
  }

  /// The same over several sequences, pooled: one mean, one variance.
  public static func compute(kind: TargetKind, names: [String], outputs: [[Double]], series: [Series]) -> [String:
    Double]
  {
    compute(
      kind: kind, names: names, outputs: outputs.flatMap(\.self), targets: series.flatMap(\.targets),
      weights: series.flatMap(\.weights))
  }

  private static func regression(
    _ names: [String], _ outputs: [Double], _ targets: [Double], _ weights: [Double]
  ) -> [String: Double] {
    let total = weights.reduce(0, +)
    let count = names.count
    var result: [String: Double] = [:]
    var errors = 0.0
    var normalised: [Double] = []
    for (channel, name) in names.enumerated() {
      var error = 0.0
      var mean = 0.0
      for (t, weight) in weights.enumerated() where weight > 0 {
        let target = targets[t * count + channel]
        let miss = outputs[t * count + channel] - target
        error += weight * miss * miss / total
        mean += weight * target / total
      }
      var variance = 0.0
      for (t, weight) in weights.enumerated() where weight > 0 {
        let deviation = targets[t * count + channel] - mean
        variance += weight * deviation * deviation / total
      }
      errors += error
      if count > 1 { result["mse \(name)"] = error }
      guard variance > 0 else { continue }
      normalised.append(error / variance)
      if count > 1 { result["nmse \(name)"] = error / variance }
    }
    result["mse"] = errors / Double(count)
    if !normalised.isEmpty { result["nmse"] = normalised.reduce(0, +) / Double(normalised.count) }
    return result
  }

  private static func labels(
    _ names: [String], _ outputs: [Double], _ targets: [Double], _ weights: [Double]
  ) -> [String: Double] {
    let count = names.count
    var result: [String: Double] = [:]
    var accuracy = 0.0
    var balanced = 0.0
    for (label, name) in names.enumerated() {
      var tally = Tally(classes: 2)
      for (t, weight) in weights.enumerated() where weight > 0 {
        let answer = outputs[t * count + label] > 0
        let truth = targets[t * count + label] > 0.5
        tally.add(truth: truth ? 1 : 0, correct: answer == truth, weight)
      }
      accuracy += tally.accuracy / Double(count)
      balanced += tally.balancedAccuracy / Double(count)
      result["balancedAccuracy \(name)"] = tally.balancedAccuracy
    }
    result["accuracy"] = accuracy
    result["balancedAccuracy"] = balanced
    return result
  }

  private static func classes(
    _ count: Int, _ outputs: [Double], _ targets: [Double], _ weights: [Double]
  ) -> [String: Double] {
    var tally = Tally(classes: count)
    for (t, weight) in weights.enumerated() where weight > 0 {
      let row = outputs[t * count..<(t + 1) * count]
      // The first of the largest; what is not a number never wins.
      var best = row.startIndex
      for index in row.indices where row[index] > row[best] || row[best].isNaN { best = index }
      let truth = Int(targets[t])
      tally.add(truth: truth, correct: best - row.startIndex == truth, weight)
    }
    return ["accuracy": tally.accuracy, "balancedAccuracy": tally.balancedAccuracy]
  }

  /// Weighted counts of steps and of correct answers by true class.
  private struct Tally {
    private var counts: [Double]
    private var correct: [Double]

    init(classes: Int) {
      counts = [Double](repeating: 0, count: classes)
      correct = counts
    }

    mutating func add(truth: Int, correct isCorrect: Bool, _ weight: Double) {
      counts[truth] += weight
      if isCorrect { correct[truth] += weight }
    }

    var accuracy: Double { correct.reduce(0, +) / counts.reduce(0, +) }

    var balancedAccuracy: Double {
      let recalls = zip(correct, counts).filter { $0.1 > 0 }.map { $0.0 / $0.1 }
      return recalls.reduce(0, +) / Double(recalls.count)
    }
  }
}
