import Learning

/// A trainer is steered by commands, each of which it answers with an outcome; who reports on it asks for no snapshot.
extension Trainer: Activity {
  /// Counts steps, and every change of status once more.
  public var version: Int {
    let state = status == .training ? 0 : 1
    return 2 * stepsMade + state
  }

  public func report() -> ActivityReport {
    let made = stepsMade
    let now: ActivityStatus =
      switch status {
      case .training: .running
      case .paused: made == 0 ? .waiting : .paused
      case .stopped(let sentence): .failed(sentence)
      }
    return ActivityReport(title: title, status: now, share: share, progress: "step \(made)")
  }
}
