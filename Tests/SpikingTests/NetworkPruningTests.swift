import RealModule
import Spiking
import Testing

@Suite struct NetworkPruningTests {
  /// Root mean square of the potential that one synapse gives its target, by simulation, against the formula.
  @Test func sensitivityIsTheContributedPotential() throws {
    for (rate, membrane) in [(40.0, 20.0), (15.0, 5.0)] {
      let model = NeuronModel(timeConstant: .equal(membrane), threshold: 1_000)
      let network = try SpikingNetwork(
        model: model,
        connectivity: Connectivity(
          neurons: 1, inputs: 1, edges: [Edge(source: 1, target: 0, weight: 0.5)]), step: 0.25)
      var input = try PoissonInput(channels: 1, rate: rate, step: 0.25, seed: 4)
      var spikes: [Int32] = []
      var sum = 0.0
      let steps = isOptimised ? 2_000_000 : 200_000
      for _ in 0..<steps {
        input.next(into: &spikes)
        network.advance(inputSpikes: spikes)
        sum += network.potential(of: 0) * network.potential(of: 0)
      }
      let measured = (sum / Double(steps)).squareRoot()
      let formula = network.sensitivity(of: 0, rate: rate)
      // About 600 to 20 000 spikes: a few per cent, and h/(2τ_s) from the grid.
      #expect(abs(measured / formula - 1) < (isOptimised ? 0.05 : 0.12), "\(measured) against \(formula)")
    }
  }

  @Test func choosesTheLeast() throws {
    let edges = [
      Edge(source: 0, target: 1, weight: 0.4), Edge(source: 0, target: 2, weight: 0.1),
      Edge(source: 1, target: 2, weight: 0.3), Edge(source: 2, target: 0, weight: 0.2),
      Edge(source: 3, target: 0, weight: 0.05),
    ]
    let network = try SpikingNetwork(
      model: NeuronModel(), connectivity: Connectivity(neurons: 3, inputs: 1, edges: edges))
    let rates = [100.0, 1, 1]
    func sources(_ criterion: NetworkPruning.Criterion, _ share: Double) throws -> [Int32] {
      let source = network.connectivity.sourceOfEverySynapse()
      return try NetworkPruning(criterion, share: share).synapses(of: network, rates: rates, seed: 1).map { source[$0] }
    }
    // The input's synapse is the lightest and is never taken.
    #expect(try sources(.weight, 0.5) == [0, 2])
    // The light synapse of a neuron that fires much counts more than heavy ones of those that do not.
    #expect(try sources(.sensitivity, 0.5) == [2, 1])
    #expect(try sources(.random, 1).count == 4)
    #expect(try sources(.weight, 0).isEmpty)
    try NetworkPruning(.weight, share: 1).apply(to: network, rates: rates, seed: 1)
    #expect(network.weights.filter { $0 != 0 } == [0.05])
    #expect(throws: SpikingError("The share of synapses to be pruned has to lie in 0…1, and is 2.0.")) {
      try NetworkPruning(.weight, share: 2).validate()
    }
    #expect(throws: SpikingError("3 neurons need as many rates; 1 were given.")) {
      try NetworkPruning(.weight, share: 0.5).synapses(of: network, rates: [1], seed: 1)
    }
  }

  /// Nothing taken away changes nothing; everything taken away leaves the neurons' own memory.
  @Test func prunedExperiments() throws {
    var experiment = MemoryExperimentTests.small
    experiment.pruning = NetworkPruning(.sensitivity, share: 0.9)
    let pruned = try experiment.run(seed: 1)
    let whole = try MemoryExperimentTests.small.run(seed: 1)
    #expect(pruned.activity > 0 && pruned != whole)
    experiment.washout = 5
    #expect(throws: SpikingError("Pruning needs the rates of at least 10 inputs; there are 5.")) {
      try experiment.run(seed: 1)
    }
  }
}
