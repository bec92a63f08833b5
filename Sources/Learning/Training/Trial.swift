import Circuits

/// What cutting synapses or bringing them back would do to the held-out loss at once, measured without doing it.
public struct Trial: Sendable, Equatable {
  /// With the network as it is.
  public var before: Double
  /// With the synapses cut, or back.
  public var after: Double

  public init(before: Double, after: Double) { (self.before, self.after) = (before, after) }
}

extension TrainingSession {
  /// Measures the held-out loss as it is and with these synapses cut (or brought back); the network and what comes after stay as they are.
  public func trial(_ synapses: [Synapse], restoring: Bool = false) -> Trial {
    let state = learner.state
    var connections = state.connections
    for synapse in synapses where model.wiring.has(synapse) {
      connections[synapse.index(neurons: model.neurons)] = restoring ? 1 : 0
    }
    return Trial(
      before: evaluator.evaluate(state.values, connections: state.connections).loss,
      after: evaluator.evaluate(state.values, connections: connections).loss)
  }
}

extension Trainer {
  /// Measures between two steps what cutting these synapses or bringing them back would do; `told` is called on the training queue.
  public func tryOut(_ synapses: [Synapse], restoring: Bool, told: @escaping @Sendable (Trial) -> Void) {
    queue.async { told(self.work.withLock { $0.session.trial(synapses, restoring: restoring) }) }
  }
}
