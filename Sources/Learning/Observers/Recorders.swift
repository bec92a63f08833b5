// The observers that every session has: what it knows of its own past.

/// Keeps the losses, and where commands changed the network.
final class CurveRecorder: TrainingObserver {
  var curve = LossCurve()
  var marks: [Mark] = []

  func training(_ session: ObservedSession, did event: TrainingEvent) {
    switch event {
    case .stepped(let report): curve.append(step: session.step, training: report.loss)
    case .measured(let result): curve.append(step: session.step, heldOut: result.loss)
    case .applied(let entry, let sentence):
      guard let kind = entry.command.mark else { break }
      marks.append(Mark(step: entry.step, kind: kind, label: sentence))
    case .failed, .ended: break
    }
  }
}

/// Keeps the state with the smallest held-out loss.
final class BestRecorder: TrainingObserver {
  var best: TrainingSession.Best?

  func training(_ session: ObservedSession, did event: TrainingEvent) {
    guard case .measured(let result) = event, result.loss.isFinite, result.loss < best?.result.loss ?? .infinity else {
      return
    }
    best = TrainingSession.Best(step: session.step, result: result, state: session.state)
  }
}

/// Keeps every command that changed the network: what a log is made of.
final class CommandRecorder: TrainingObserver {
  private(set) var entries: [CommandLog.Entry] = []

  func training(_ session: ObservedSession, did event: TrainingEvent) {
    if case .applied(let entry, _) = event { entries.append(entry) }
  }
}
