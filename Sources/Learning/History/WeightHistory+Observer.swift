import Circuits

/// Recording hangs on training like everything else that follows a run: where nobody adds a history, it costs nothing.
extension WeightHistory: TrainingObserver {
  public func training(_ session: ObservedSession, did event: TrainingEvent) {
    let kind: Kind
    switch event {
    case .stepped: kind = .regular
    case .applied: kind = .intervention
    case .failed, .ended: kind = .latest
    case .measured: return
    }
    // Who listens from the first step on has the start too.
    if session.step == 1, case .stepped = event, isEmpty {
      let (initial, rate) = (session.initialValues, session.options.learningRate)
      session.withState {
        record(step: 0, values: initial, connections: $0.connections, frozen: $0.frozen, learningRate: rate)
      }
    }
    let rate = session.learningRate
    session.withState {
      record(
        step: session.step, values: $0.values, connections: $0.connections, frozen: $0.frozen, learningRate: rate,
        kind: kind)
    }
  }
}
