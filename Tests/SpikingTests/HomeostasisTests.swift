import Spiking
import Testing

@Suite struct HomeostasisTests {
  /// Neurons whose currents differ ×1.5, half of them below threshold, for 20 s.
  private func run(_ settings: Homeostasis?) throws -> (rates: [Double], network: SpikingNetwork) {
    let network = try SpikingNetwork(
      model: NeuronModel(timeConstant: .equal(10)), connectivity: Connectivity(neurons: 20, edges: []))
    try network.setHomeostasis(settings)
    network.currents = (0..<20).map { 0.8 + 0.4 * Double($0) / 19 }
    var record = SpikeRecord()
    for n in 0..<200_000 {
      network.advance()
      if n >= 150_000 { record.append(network) }
    }
    return (record.counts(neurons: 20, bins: 1, width: 200_000)[0].map { $0 / 5 }, network)
  }

  @Test func thresholdsBringNeuronsToTheirGoal() throws {
    let without = try run(nil).rates
    #expect(without.count { $0 == 0 } == 10)
    let fast = try run(Homeostasis(means: .threshold, goal: 20, rate: 0.05, interval: 500))
    #expect(fast.rates.allSatisfy { $0 > 10 && $0 < 35 }, "\(fast.rates)")
    #expect(fast.network.homeostasisReport!.silentShare == 0)
    #expect(abs(fast.network.homeostasisReport!.meanRate - 20) < 8)
  }

  /// A rate of 0.001 leaves after 20 s silent what 0.05 has brought back: the report shows it.
  @Test func slowHomeostasisLeavesNeuronsSilent() throws {
    let slow = try run(Homeostasis(means: .threshold, goal: 20, rate: 0.001, interval: 500))
    #expect(slow.network.homeostasisReport!.silentShare > 0.3)
    #expect(slow.network.homeostasis!.rate == 0.001)
  }

  @Test func scalingMovesWeightsOntoTooFastNeurons() throws {
    let edges = (0..<10).map { Edge(source: 2 + $0, target: $0 % 2, weight: $0 % 2 == 0 ? 4 : 0.01) }
    let network = try SpikingNetwork(
      model: NeuronModel(), connectivity: Connectivity(neurons: 2, inputs: 10, edges: edges),
      plasticity: PlasticityRule(maximum: 10))
    network.isLearning = false
    network.plasticity!.freeze(0, now: 0)
    try network.setHomeostasis(Homeostasis(means: .scaling, goal: 10, rate: 0.1, interval: 200))
    var input = try PoissonInput(channels: 10, rate: 50, step: 0.1, seed: 1)
    var spikes: [Int32] = []
    for _ in 0..<2_000 {
      input.next(into: &spikes)
      network.advance(inputSpikes: spikes)
    }
    let weights = network.weights
    #expect(weights[0] == 4, "a frozen synapse is not scaled")
    #expect(abs(weights[2] - 3.6) < 1e-5 && abs(weights[1] - 0.011) < 1e-6, "\(weights)")
  }

  @Test func refusals() throws {
    let network = try lonely(NeuronModel())
    #expect(throws: SpikingError("The rate of homeostasis has to lie in 0…1, and is 2.0.")) {
      try network.setHomeostasis(Homeostasis(rate: 2))
    }
    #expect(throws: SpikingError.self) { try network.setHomeostasis(Homeostasis(goal: 0)) }
  }

  @Test func poissonTrainsHaveTheirRate() throws {
    var input = try PoissonInput(channels: 40, rate: 25, step: 0.1, seed: 4)
    var (spikes, counts): ([Int32], [Double]) = ([], [Double](repeating: 0, count: 40))
    for _ in 0..<400_000 {
      input.next(into: &spikes)
      #expect(zip(spikes, spikes.dropFirst()).allSatisfy { $0 < $1 })
      for channel in spikes { counts[Int(channel)] += 1 }
    }
    // 40 s: mean 1 000 a channel, deviation √1 000; five of them, and of the variance 5·√(2/40).
    #expect(counts.allSatisfy { abs($0 - 1_000) < 160 })
    #expect(abs(mean(counts) - 1_000) < 25 && abs(variance(counts) / 1_000 - 1) < 1.1)
    #expect(throws: SpikingError.self) { try PoissonInput(channels: 1, rate: 20_000, step: 0.1, seed: 1) }
    var silent = try PoissonInput(channels: 3, rate: 0, step: 0.1, seed: 1)
    silent.next(into: &spikes)
    #expect(spikes.isEmpty)
  }
}
