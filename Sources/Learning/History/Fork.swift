import Circuits

/// Another future from a moment of the past.
extension TrainingProgress {
  /// Where a session stands that goes on from `state`, a moment recorded on the way here: values, masks, learning rate and
  /// the losses until then are those of then, and the windows that follow are the ones that followed then.
  ///
  /// What was not recorded begins anew: the optimiser's memory, and the patience of a plateau. With an optimiser that has
  /// no memory and a schedule without patience the future of an untouched fork is its trunk's, bit for bit.
  ///
  /// - Parameter batch: windows a step.
  public func fork(at state: WeightHistory.State, batch: Int) -> TrainingProgress {
    let step = min(state.moment.step, counters.step)
    var fork = self
    fork.counters.step = step
    fork.counters.draws = step * batch
    fork.counters.learningRate = state.moment.learningRate ?? counters.learningRate
    fork.counters.plateau = nil
    fork.counters.report = nil
    fork.counters.recentLoss = counters.curve.training.last { $0.step <= step }?.value
    (fork.counters.lossSum, fork.counters.lossCount) = (0, 0)
    fork.counters.curve = counters.curve.through(step)
    fork.counters.marks = counters.marks.filter { $0.step <= step }
    fork.counters.heldOut = counters.heldOut(at: step)
    fork.state.values = state.values
    fork.state.connections = state.connections
    fork.state.frozen = state.frozen
    fork.state.slots = [Float](repeating: 0, count: fork.state.slots.count)
    fork.state.updates = 0
    if let step = best?.step, step > fork.counters.step { fork.best = nil }
    fork.history = history?.copy(through: step)
    return fork
  }
}

extension TrainingProgress.Counters {
  /// The newest held-out loss measured by `step`; other metrics were not kept but for the newest of all.
  fileprivate func heldOut(at step: Int) -> Evaluator<Float>.Result? {
    guard let last = curve.heldOut.last(where: { $0.step <= step }) else { return nil }
    if last == curve.heldOut.last { return heldOut }
    return Evaluator<Float>.Result(loss: last.value, metrics: [:], steps: heldOut?.steps ?? 0)
  }
}

extension LossCurve {
  /// As it was after `step` steps, in the buckets of now; what a bucket had begun to collect is left out.
  public func through(_ step: Int) -> LossCurve {
    var curve = self
    curve.cut(after: step)
    return curve
  }
}
