import Circuits

/// What a pruning would do to the held-out loss at once, measured without doing it.
public struct Trial: Sendable, Equatable {
  /// With the network as it is.
  public var before: Double
  /// With the synapses cut.
  public var after: Double

  public init(before: Double, after: Double) { (self.before, self.after) = (before, after) }
}

extension TrainingSession {
  /// Measures the held-out loss with and without these synapses; the network and what comes after stay as they are.
  public func trial(pruning synapses: [Synapse]) -> Trial {
    let state = learner.state
    var connections = state.connections
    for synapse in synapses where model.wiring.has(synapse) { connections[synapse.index(neurons: model.neurons)] = 0 }
    return Trial(
      before: evaluator.evaluate(state.values, connections: state.connections).loss,
      after: evaluator.evaluate(state.values, connections: connections).loss)
  }
}

extension Trainer {
  /// Measures between two steps what cutting these synapses would do; `told` is called on the training queue.
  public func tryPruning(_ synapses: [Synapse], told: @escaping @Sendable (Trial) -> Void) {
    queue.async { told(self.work.withLock { $0.session.trial(pruning: synapses) }) }
  }
}
