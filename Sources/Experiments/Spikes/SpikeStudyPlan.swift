import Spiking
import Tasks

/// What `study spikes` computes, and how large.
public struct SpikeStudyPlan: Sendable, Equatable, Codable {
  public enum Budget: String, Sendable, Codable, CaseIterable { case small, full }

  public var neurons: Int
  public var seeds: [UInt64]
  /// Inputs in which STDP works, that are measured, and the longest delay.
  public var learning, measured, delays: Int
  /// Evaluations of every search, how many of them at once, and the seeds of each, which are none of ``seeds``.
  public var calls, batch: Int
  public var searchSeeds: [UInt64]
  /// Tasks that every kind of network does, and tasks that the equal one and the optimised ones of equal and of drawn
  /// constants do.
  public var tasks, moreTasks: [String]
  /// How far ahead chaotic forecasts look, samples; sequences a task has at most.
  public var horizon, sequences: Int
  /// Shares of the optimised network's synapses that are taken away.
  public var pruned: [Double]

  /// "small" takes about two minutes on one core, "full" a quarter of an hour.
  public init(_ budget: Budget, seeds: [UInt64]) {
    self.seeds = seeds
    (tasks, horizon, pruned) = (["lorenz", "vowels"], 3, [0.5, 0.75, 0.9])
    switch budget {
    case .small:
      (neurons, learning, measured, delays, calls, batch) = (100, 200, 800, 20, 10, 2)
      (searchSeeds, moreTasks, sequences) = ([1_000_001], [], 1_200)
    case .full:
      (neurons, learning, measured, delays, calls, batch) = (300, 500, 2_000, 40, 30, 2)
      (searchSeeds, moreTasks, sequences) = (
        [1_000_001, 1_000_002], ["rossler", "mackey-glass", "recall", "digits"], 1_200
      )
    }
  }

  /// - Throws: an error that says what cannot be.
  public func check() throws {
    func refuse(_ condition: Bool, _ sentence: String) throws {
      if !condition { throw SpikingError(sentence) }
    }
    try refuse(!seeds.isEmpty && Set(seeds).count == seeds.count, "A study needs seeds, each once: use 1 or more.")
    try refuse(
      Set(seeds).isDisjoint(with: searchSeeds),
      "The seeds of the study may not be those of its searches (\(searchSeeds[0]) and after): use smaller ones.")
    try refuse((5...2_000).contains(neurons), "A study has 5 to 2000 neurons, and \(neurons) were asked for.")
    try refuse(calls >= 4 && batch >= 1, "A search needs at least 4 evaluations; \(calls) were asked for.")
    try refuse(pruned.allSatisfy { (0...1).contains($0) }, "Shares of synapses to be pruned lie in 0…1.")
    try memory(SpikeCondition.Kind.all[3].condition(maximum: maximum)).validate()
  }

  /// Largest weight of a synapse that learns: three times the mean, soft.
  public var maximum: Float { 0.3 }

  func topology(inputs: Int) -> Topology {
    let connections = min(30, neurons / 4)
    // What a neuron receives altogether is that of 30 synapses.
    let scale = 30 / Double(connections)
    return Topology(
      neurons: neurons, connections: connections, excitatoryWeight: .gamma(shape: 4, mean: 0.1 * scale),
      inhibitoryWeight: .gamma(shape: 4, mean: 0.4 * scale), delay: .uniform(shape: 3, mean: 2), inputs: inputs,
      inputConnections: min(inputs, 8), inputWeight: .gamma(shape: 4, mean: 0.6))
  }

  /// How capacity is measured.
  public func memory(_ condition: SpikeCondition, pruning: NetworkPruning? = nil) -> MemoryExperiment {
    MemoryExperiment(
      topology: topology(inputs: 0), model: NeuronModel(timeConstant: condition.timeConstant),
      plasticity: condition.plasticity, learning: learning, measured: measured, delays: delays, pruning: pruning)
  }

  /// How a task is done: a rate code on eight channels a variable (four where there are many), steps of 1 ms.
  public func experiment(_ condition: SpikeCondition, on task: SpikingTask) -> SequenceExperiment {
    let encoder = Encoder(.rate(maximum: 200, population: task.ranges.count > 3 ? 4 : 8), ranges: task.ranges)
    return SequenceExperiment(
      topology: topology(inputs: encoder.channels), model: NeuronModel(timeConstant: condition.timeConstant),
      plasticity: condition.plasticity, encoder: encoder, step: 1)
  }

  /// - Throws: where a task is not known or not for spikes.
  public func load() throws -> [String: SpikingTask] {
    var result: [String: SpikingTask] = [:]
    for name in tasks + moreTasks {
      let isChaotic = ["lorenz", "rossler"].contains(name)
      result[name] = try SpikingTask(
        DataSource(task: name, seed: 1).load(), horizon: isChaotic ? horizon : 1, most: sequences)
    }
    return result
  }
}
