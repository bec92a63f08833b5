import Spiking
import Testing

@Suite struct SynapseEditTests {
  private func network(learning: Bool) throws -> SpikingNetwork {
    let network = try SpikingNetwork(
      model: NeuronModel(),
      connectivity: Topology(
        neurons: 30, connections: 8, excitatoryWeight: .gamma(shape: 4, mean: 0.1), inhibitoryWeight: .equal(0.3)
      ).connect(step: 0.1, seed: 4), plasticity: learning ? PlasticityRule(maximum: 0.5) : nil)
    network.setCurrent(1.3)
    return network
  }

  private func run(_ network: SpikingNetwork, steps: Int = 2_000) { for _ in 0..<steps { network.advance() } }

  @Test(arguments: [true, false]) func prunedSynapsesStayZeroUntilRestored(_ learning: Bool) throws {
    let network = try network(learning: learning)
    run(network)
    let fan = network.incoming(to: 3)
    #expect(fan.count == 8)
    let before = network.states(of: fan)
    let preview = network.preview(pruning: fan)
    #expect(preview.count == 8 && preview.shareOfInput == 1 && preview.largest == before.map(\.weight).max())
    network.prune(fan)
    #expect(network.pruned == Set(fan) && network.preview(pruning: fan).count == 0)
    run(network)
    #expect(fan.allSatisfy { network.weight(of: $0) == 0 })
    // A neuron that nothing reaches fires as its current alone has it.
    var times: [Int] = []
    for n in 0..<2_000 {
      network.advance()
      if network.spikes.contains(3) { times.append(n) }
    }
    #expect(Set(zip(times, times.dropFirst()).map { $1 - $0 }).count == 1)
    network.apply(before)
    #expect(network.states(of: fan) == before && network.pruned.isEmpty)
    run(network)
    #expect(learning == (network.states(of: fan) != before))
  }

  /// A fifth of a network pruned and restored before anything runs leaves every spike as it was.
  @Test func undoIsExact() throws {
    let (one, other) = (try network(learning: true), try network(learning: true))
    let some = stride(from: 0, to: one.connectivity.synapses, by: 5).map { $0 }
    let before = one.states(of: some)
    one.prune(some)
    one.apply(before)
    for _ in 0..<3_000 {
      one.advance()
      other.advance()
      #expect(one.spikes == other.spikes)
    }
    #expect(one.weights == other.weights)
  }

  @Test func freezing() throws {
    let network = try network(learning: true)
    let some = network.incoming(to: 0)
    network.prune([some[0]])
    network.freeze(some)
    let before = network.states(of: some)
    run(network)
    #expect(network.states(of: some) == before)
    network.freeze(some, false)
    run(network)
    let after = network.states(of: some)
    #expect(after[0] == before[0] && after.dropFirst().allSatisfy { !$0.isFrozen } && after != before)
  }
}
