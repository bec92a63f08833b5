import Learning

/// A trainer pauses and goes on by commands, each of which it answers with an outcome.
extension Trainer: Activity {
  /// Steps made: every one is news. Asks for no snapshot.
  public var version: Int { stepsMade }

  public func report() -> ActivityReport {
    let snapshot = latest()
    let status: ActivityStatus =
      switch snapshot.status {
      case .training: .running
      case .paused: snapshot.step == 0 ? .waiting : .paused
      case .stopped(let sentence): .failed(sentence)
      }
    return ActivityReport(
      title: "training", status: status,
      share: snapshot.end.flatMap { $0 > 0 ? Double(snapshot.step) / Double($0) : nil },
      progress: "step \(snapshot.step)")
  }

  public func start() { send(.resume) }
  public func pause() { send(.pause) }

  /// As ``finish()``, but waits for nothing: what was learned can still be saved.
  public func cancel() { send(.pause) }
}
