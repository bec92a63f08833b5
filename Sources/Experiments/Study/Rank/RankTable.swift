import Foundation

/// What a ``RankStudy`` found: for every network and tensor the shares of variance by rank, means and deviations over
/// seeds, beside what the controls give.
public struct RankTable: Sendable, Equatable {
  /// A mean, and its standard deviation over seeds (nil below two).
  public struct Value: Sendable, Equatable {
    public var mean: Double
    public var deviation: Double?

    init?(_ values: [Double]) {
      guard let mean = Statistics.mean(values) else { return nil }
      (self.mean, deviation) = (mean, Statistics.deviation(values))
    }
  }

  /// One tensor of one kind of network.
  public struct Row: Sendable, Equatable {
    public var task: String
    public var model: String
    public var tensor: String
    public var shape: [Int]
    /// One a seed.
    public var paths: [PathRank]

    public func value(_ share: (PathRank) -> [Double], _ rank: Int) -> Value? {
      Value(paths.compactMap { share($0).count >= rank ? share($0)[rank - 1] : nil })
    }
    public func explained(_ rank: Int) -> Value? { value(\.explained, rank) }
    public func sameNorm(_ rank: Int) -> Value? { value(\.sameNorm, rank) }
    public func sameSingularValues(_ rank: Int) -> Value? { value(\.sameSingularValues, rank) }
    public func similarity(_ rank: Int) -> Value? {
      Value(paths.compactMap { $0.similarity.count >= rank ? $0.similarity[rank - 1] : nil })
    }

    /// Explained less what the stronger of the two controls explains, seed by seed.
    public func distance(_ rank: Int) -> Value? {
      Value(
        paths.compactMap { path in
          guard path.explained.count >= rank, path.sameNorm.count >= rank, path.sameSingularValues.count >= rank else {
            return nil
          }
          return path.explained[rank - 1] - max(path.sameNorm[rank - 1], path.sameSingularValues[rank - 1])
        })
    }

    /// Whether the distance is larger than its deviation over seeds: not told with one seed.
    public func exceedsControls(_ rank: Int) -> Bool {
      guard let distance = distance(rank), let deviation = distance.deviation else { return false }
      return distance.mean > deviation
    }

    /// The smallest rank whose mean share is `share` or more; nil where none of those fitted is.
    public func rank(explaining share: Double, of which: (PathRank) -> [Double] = { $0.explained }) -> Int? {
      let most = paths.map { which($0).count }.min() ?? 0
      return (1...max(most, 1)).first { $0 <= most && (value(which, $0)?.mean ?? 0) >= share }
    }
  }

  public let plan: RankPlan
  public let runs: [RankRun]
  public let isDone: Bool

  public init(_ plan: RankPlan, runs: [RankRun], isDone: Bool) {
    (self.plan, self.isDone) = (plan, isDone)
    let order = Dictionary(uniqueKeysWithValues: plan.jobs.enumerated().map { ($1, $0) })
    self.runs = runs.sorted { (order[$0.job] ?? 0) < (order[$1.job] ?? 0) }
  }

  /// Of an independent run of the same experiment: shares of ΔW and of W by R = 1…5.
  public static let expected: [String: [Double]] = [
    "ΔW": [0.56, 0.93, 0.97, 0.98, 0.99], "W": [0.06, 0.12, 0.17, 0.23, 0.27],
  ]

  public var reach: [Row] { rows(.reach) }
  public var synapses: [Row] { rows(.synapses) }

  private func rows(_ kind: RankPlan.Job.Kind) -> [Row] {
    var rows: [Row] = []
    for run in runs where run.job.kind == kind {
      for path in run.paths {
        let index = rows.firstIndex {
          $0.task == run.job.task && $0.model == run.job.model && $0.tensor == path.tensor
        }
        if let index {
          rows[index].paths.append(path)
        } else {
          rows.append(
            Row(task: run.job.task, model: run.job.model, tensor: path.tensor, shape: path.shape, paths: [path]))
        }
      }
    }
    return rows
  }

  public var theorems: [LinearTheorem.Finding] { runs.compactMap(\.theorem) }

  /// The mean training loss of each trial of the reach experiment.
  public var trialLosses: [Double] {
    let all = runs.filter { $0.job.kind == .reach && !$0.losses.isEmpty }.map(\.losses)
    guard let trials = all.map(\.count).min() else { return [] }
    return (0..<trials).map { trial in Statistics.mean(all.map { $0[trial] }) ?? .nan }
  }

  /// What was found, in sentences that follow from the numbers.
  public var sentences: [String] {
    [reachSentence, theoremSentence, synapseSentence].compactMap(\.self)
      + (isDone ? [] : ["Not all networks are done: \(runs.count) of \(plan.jobs.count)."])
  }

  /// The rank at which path and controls are compared in words.
  public static let compared = 2

  private var reachSentence: String? {
    let rank = min(Self.compared, plan.ranks)
    guard let change = reach.first(where: { $0.tensor == "ΔW" }), let share = change.explained(rank),
      let norm = change.sameNorm(rank), let singular = change.sameSingularValues(rank),
      let distance = change.distance(rank)
    else { return nil }
    let verdict =
      distance.deviation == nil
      ? "one seed tells no spread"
      : change.exceedsControls(rank)
        ? "learning is of lower tensor rank than a path of such steps has by itself"
        : "the distance is within the spread over seeds, and no low rank can be claimed"
    let raw = reach.first { $0.tensor == "W" }?.explained(rank)
    let descent = reach.first { $0.tensor == "ΔW by gradient descent" }?.explained(rank)
    return "Reach, \(change.paths.count) seeds: R = \(rank) explains \(share.text) of what adaptation changed in W, "
      + (raw.map { "\($0.text) of W itself, " } ?? "")
      + "\(norm.text) of a path with random steps of the same norm and \(singular.text) with the same singular values in "
      + "random directions; the distance to the nearer is \(distance.text): \(verdict)."
      + (descent.map { " By gradient descent instead of Adam it explains \($0.text)." } ?? "")
  }

  private var theoremSentence: String? {
    guard !theorems.isEmpty, let bound = theorems.first?.bound, let neurons = theorems.first?.neurons else {
      return nil
    }
    let holds = theorems.count { $0.outside < 1e-10 && $0.dimension <= $0.bound }
    func largest(_ value: (LinearTheorem.Finding) -> Int) -> Int { theorems.map(value).max() ?? 0 }
    return
      "Linear networks by gradient descent: all W stay in the space of at most \(bound) dimensions that the theorem "
      + "names in \(holds) of \(theorems.count) runs (\(largest(\.dimension)) of \(neurons) dimensions used); by Adam they "
      + "use \(largest(\.dimensionWithAdam)), with tanh \(largest(\.dimensionWithTanh))."
  }

  private var synapseSentence: String? {
    let rows = synapses
    guard !rows.isEmpty else { return nil }
    let rank = min(Self.compared, plan.ranks)
    let beyond = rows.filter { $0.exceedsControls(rank) }
    let low = beyond.filter { ($0.explained(rank)?.mean ?? 0) >= 0.95 }
    let walkLike = rows.filter { !$0.exceedsControls(rank) }
    func tensors(_ rows: [Row]) -> String {
      let names = Set(rows.map(\.tensor)).sorted()
      return names.map { name in "\(name) \(rows.count { $0.tensor == name })" }.joined(separator: ", ")
    }
    let all = rows.count
    let mean = Value(rows.compactMap { $0.explained(rank)?.mean })
    let distance = Value(rows.compactMap { $0.distance(rank)?.mean })
    return
      "Synaptic tensors of \(plan.models.joined(separator: ", ")) on \(plan.tasks.joined(separator: ", ")): R = \(rank) "
      + "explains \(mean?.text ?? "–") of what changed (mean ± deviation over \(all) tensors), "
      + "\(distance?.text ?? "–") more than the nearer control. The distance exceeds the spread over seeds for "
      + "\(beyond.count) of \(all), of which \(low.count) have 95 % at that rank"
      + (low.isEmpty ? "" : " (\(tensors(low)))") + "; for \(walkLike.count) it does not"
      + (walkLike.isEmpty ? "." : " (\(tensors(walkLike))).")
  }
}

extension RankTable.Value {
  /// "0.93 ± 0.02".
  public var text: String {
    let format = { (value: Double) in String(format: "%.2f", value) }
    return format(mean) + (deviation.map { " ± " + format($0) } ?? "")
  }
}
