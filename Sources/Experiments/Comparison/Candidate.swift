import Circuits
import Learning
import Tasks

/// One network of a comparison: what is trained once a seed.
public struct Candidate: Sendable, Hashable, Codable {
  /// Index of ``ComparisonPlan/taskEntries``.
  public var taskEntry: Int
  public var model: String
  public var wiring: String
  public var readout: Readout
  public var neurons: Int

  /// Tells it from every other candidate of a plan.
  public var name: String { "\(taskEntry) \(model) \(wiring) \(readout.rawValue) \(neurons)" }

  private enum CodingKeys: String, CodingKey {
    case taskEntry = "taskEntry"
    case model = "model"
    case wiring = "wiring"
    case readout = "readout"
    case neurons = "neurons"
  }

  public init(taskEntry: Int, model: String, wiring: String, readout: Readout, neurons: Int) {
    self.taskEntry = taskEntry
    self.model = model
    self.wiring = wiring
    self.readout = readout
    self.neurons = neurons
  }
}

/// A candidate with its sizes: as many as its first seed draws.
public struct SizedCandidate: Sendable, Equatable {
  public var candidate: Candidate
  public var synapses: Int
  public var parameters: Int
}

extension ComparisonPlan {
  /// What one run of a candidate is.
  public func recipe(_ candidate: Candidate, seed: UInt64, rate: Double? = nil) -> Recipe {
    var recipe = recipe
    recipe.data = taskEntries[candidate.taskEntry].source
    (recipe.network.cell, recipe.network.neurons) = (candidate.model, candidate.neurons)
    (recipe.network.wiring, recipe.network.readout) = (candidate.wiring, candidate.readout)
    recipe.training.learningRate = rate
    recipe.seed = seed
    return recipe
  }

  /// How the candidate's network is made for `seed`.
  ///
  /// - Throws: ``CircuitError`` for a model that there is not.
  public func specification(_ candidate: Candidate, _ task: TaskData, seed: UInt64) throws -> ModelSpecification {
    try recipe(candidate, seed: seed).specification(for: task)
  }

  /// The candidate of a row.
  ///
  /// - Throws: ``CircuitError`` where the model cannot have that size on that task.
  func candidate(
    _ taskEntry: Int, _ model: String, _ wiring: String, _ readout: Readout, _ size: Size, _ task: TaskData
  )
    throws -> SizedCandidate
  {
    func sized(_ neurons: Int) throws -> SizedCandidate {
      let wanted = Candidate(taskEntry: taskEntry, model: model, wiring: wiring, readout: readout, neurons: neurons)
      let network = try Model<Float>(specification(wanted, task, seed: seeds.first ?? 1))
      let synapses = network.wiring.synapseCounts
      // A wiring of a size of its own has the last word.
      return SizedCandidate(
        candidate: Candidate(
          taskEntry: taskEntry, model: model, wiring: wiring, readout: readout, neurons: network.neurons),
        synapses: synapses.recurrent + synapses.sensory, parameters: network.parameterCount)
    }
    switch size {
    case .neurons(let count): return try sized(count)
    case .parameters(let count): return try nearest(to: count, sized)
    case .parametersOf(let reference, let neurons):
      let wanted = try candidate(taskEntry, reference, wiring, readout, .neurons(neurons), task).parameters
      return try nearest(to: wanted, sized)
    }
  }

  /// The size whose number of parameters is nearest to `wanted`, the smaller of two; bisection, since parameters grow
  /// with neurons (a drawn wiring may waver by a few, which the neighbours of the result make up for).
  private func nearest(to wanted: Int, _ sized: (Int) throws -> SizedCandidate) throws -> SizedCandidate {
    // Each output may need a motor neuron of its own, a layered wiring some more.
    var problem: any Error = CircuitError("No number of neurons has \(wanted) parameters.")
    var low = 1
    var smallest: SizedCandidate?
    while smallest == nil, low <= 256 {
      do { smallest = try sized(low) } catch { (problem, low) = (error, low + 1) }
    }
    guard let smallest else { throw problem }
    var high = max(2 * low, 2)
    while try high < 2048 && sized(high).parameters < wanted { high *= 2 }
    var below = low
    while high - below > 1 {
      let middle = (below + high) / 2
      if try sized(middle).parameters < wanted { below = middle } else { high = middle }
    }
    let near = try (max(below - 2, low)...min(high + 2, 4096)).map(sized) + [smallest]
    return near.min {
      (abs($0.parameters - wanted), $0.candidate.neurons) < (abs($1.parameters - wanted), $1.candidate.neurons)
    } ?? smallest
  }
}

/// What a comparison shows of a task: one number, smaller is better.
public struct ErrorMeasure: Sendable, Equatable {
  /// "squared error ÷ variance", "error rate".
  public let name: String
  /// As reports call it: "nmse", "errorRate", "balancedErrorRate".
  public let key: String
  private let metric: String
  private let isShareOfRight: Bool

  public init(_ kind: TargetKind) {
    switch kind {
    case .regression: (name, key, metric, isShareOfRight) = ("squared error ÷ variance", "nmse", "nmse", false)
    case .labels:
      (name, key, metric, isShareOfRight) = ("balanced error rate", "balancedErrorRate", "balancedAccuracy", true)
    case .classes: (name, key, metric, isShareOfRight) = ("error rate", "errorRate", "accuracy", true)
    }
  }

  /// The error in a result's metrics; `nil` where it has none that is finite.
  public func error(_ metrics: [String: Double]) -> Double? {
    guard let value = metrics[metric], value.isFinite else { return nil }
    return isShareOfRight ? 1 - value : value
  }

  /// What simple methods reach, in this measure. Where they are known label by label only, the mean over all labels.
  public func baselines(_ task: TaskData) -> [Baseline] {
    var names: [String] = []
    for baseline in task.baselines where !names.contains(baseline.name) { names.append(baseline.name) }
    return names.compactMap { name in
      let own = task.baselines.filter { $0.name == name }
      let parts = task.targets.compactMap { target in own.first { $0.metric == "\(metric) \(target.name)" }?.value }
      let mean = parts.count == task.targets.count ? Statistics.mean(parts) : nil
      guard let value = own.first(where: { $0.metric == metric })?.value ?? mean else { return nil }
      return Baseline(name: name, metric: key, value: isShareOfRight ? 1 - value : value)
    }
  }
}
