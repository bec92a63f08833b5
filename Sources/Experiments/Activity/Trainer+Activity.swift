import Learning

/// A trainer is steered by commands, each of which it answers with an outcome; who reports on it asks for no snapshot.
extension Trainer: Activity {
  /// Counts steps and changes of status.
  public var version: Int { changes }

  public func report() -> ActivityReport {
    let made = stepsMade
    let now: ActivityStatus =
      switch status {
      case .training: .running
      case .paused: hasEnded ? .finished : made == 0 ? .waiting : .paused
      case .stopped(let sentence): .failed(sentence)
      }
    return ActivityReport(title: title, status: now, share: share, progress: "step \(made)")
  }
}
