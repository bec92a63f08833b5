/// Operating on synapses while the network runs: prune, restore, freeze. Every edit is undone by applying the states
/// that ``SpikingNetwork/states(of:)`` gave before it.
extension SpikingNetwork {
  /// All that an edit of a synapse changes.
  public struct SynapseState: Sendable, Equatable, Codable {
    public var synapse: Int
    public var weight: Float
    public var isFrozen, isPruned: Bool
  }

  /// What pruning some synapses would take away.
  public struct PrunePreview: Sendable, Equatable {
    /// How many of them are not pruned yet, and their largest weight.
    public var count: Int
    public var largest: Float
    /// Their share of all weight (as magnitudes) onto the neurons that they reach: 0 for nothing, 1 for all of it.
    public var shareOfInput: Double
  }

  /// Synapses onto `neuron` that are in the network, pruned ones included. O(S).
  public func incoming(to neuron: Int) -> [Int] {
    connectivity.targets.indices.filter { Int(connectivity.targets[$0]) == neuron }
  }

  public func states(of synapses: [Int]) -> [SynapseState] {
    synapses.map {
      SynapseState(
        synapse: $0, weight: weight.pointer[$0], isFrozen: plasticity?.isFrozen($0) ?? false,
        isPruned: pruned.contains($0))
    }
  }

  /// Sets synapses to given states: weight to the bit; a synapse that is thawed begins with empty traces.
  public func apply(_ states: [SynapseState]) {
    for state in states {
      weight.pointer[state.synapse] = state.weight
      if state.isPruned { pruned.insert(state.synapse) } else { pruned.remove(state.synapse) }
      if let plasticity, plasticity.isFrozen(state.synapse) != state.isFrozen {
        plasticity.freeze(state.synapse, state.isFrozen, now: now)
      }
    }
  }

  public func preview(pruning synapses: [Int]) -> PrunePreview {
    let chosen = Set(synapses).filter { !pruned.contains($0) }
    var (taken, all, largest) = (0.0, 0.0, Float(0))
    let reached = Set(chosen.map { connectivity.targets[$0] })
    for s in 0..<connectivity.synapses where reached.contains(connectivity.targets[s]) {
      let magnitude = weight.pointer[s].magnitude
      all += Double(magnitude)
      if chosen.contains(s) {
        taken += Double(magnitude)
        largest = max(largest, magnitude)
      }
    }
    return PrunePreview(count: chosen.count, largest: largest, shareOfInput: all > 0 ? taken / all : 0)
  }

  /// Pruned synapses weigh exactly 0 and do not learn until they are restored by ``apply(_:)``.
  public func prune(_ synapses: [Int]) {
    apply(synapses.map { SynapseState(synapse: $0, weight: 0, isFrozen: true, isPruned: true) })
  }

  /// Frozen synapses transmit and keep their weight to the bit; pruned ones stay frozen.
  public func freeze(_ synapses: [Int], _ isFrozen: Bool = true) {
    apply(
      states(of: synapses).map {
        SynapseState(
          synapse: $0.synapse, weight: $0.weight, isFrozen: isFrozen || $0.isPruned, isPruned: $0.isPruned)
      })
  }
}
