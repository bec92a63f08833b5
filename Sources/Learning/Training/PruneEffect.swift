import Circuits

/// What pruning synapses or bringing them back would do to the held-out loss at once, measured without doing it.
public struct PruneEffect: Sendable, Equatable {
  /// With the network as it is.
  public var before: Double
  /// With the synapses pruned, or back.
  public var after: Double

  public init(before: Double, after: Double) { (self.before, self.after) = (before, after) }
}

extension TrainingSession {
  /// Measures the held-out loss as it is and with these synapses pruned (or brought back); the network and what comes after
  /// stay as they are. Those that the wiring does not have are passed over. Of a moment of the past where one is given.
  public func pruneEffect(
    of synapses: [Synapse], restoring: Bool = false, at moment: WeightHistory.State? = nil
  ) -> PruneEffect {
    let values = moment?.values ?? learner.state.values
    let present = moment?.connections ?? learner.state.connections
    var connections = present
    for synapse in synapses where model.wiring.has(synapse) {
      connections[synapse.index(neurons: model.neurons)] = restoring ? 1 : 0
    }
    return PruneEffect(
      before: evaluator.evaluate(values, connections: present).loss,
      after: evaluator.evaluate(values, connections: connections).loss)
  }
}

extension Trainer {
  /// Measures between two steps what pruning these synapses or bringing them back would do.
  ///
  /// - Parameter told: called on the training queue.
  public func measurePruneEffect(
    of synapses: [Synapse], restoring: Bool, at moment: WeightHistory.State? = nil,
    told: @escaping @Sendable (PruneEffect) -> Void
  ) {
    later { told($0.session.pruneEffect(of: synapses, restoring: restoring, at: moment)) }
  }
}
