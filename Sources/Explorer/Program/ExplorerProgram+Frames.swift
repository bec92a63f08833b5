import Learning
import Terminal

// From the newest snapshot to the screen.

extension ExplorerProgram {
  /// Takes what is new from the trainer, lets the probe run, and computes what the panes draw.
  func refresh(elapsed: Double, time: Double) {
    let session = sessions.current
    let news = session.takeNews()
    if session.isAnswered { scene.session.askedToTrain = nil }
    for outcome in news { tell(outcome) }
    if scene.snapshot.version != session.lastVersion {
      session.lastVersion = scene.snapshot.version
      pacer.needsFrame = true
    }
    if followHistory(elapsed, time: time) { pacer.needsFrame = true }
    if scene.look.standsStill { return }
    scene.noticeMeasurement()
    if session.hasPlayedOut { playNext() }
    if probeRuns, session.player.play(elapsed, &session.scene) { pacer.needsFrame = true }
    updateReading(time: time)
  }

  private func tell(_ outcome: CommandOutcome) {
    if outcome.succeeded {
      scene.expectMeasurement(after: outcome.command, step: outcome.step, sentence: outcome.sentence)
    }
    if !outcome.sentence.isEmpty && (outcome.command.changesNetwork || !outcome.succeeded) {
      scene.say(outcome.sentence, isError: !outcome.succeeded)
    }
    pacer.needsFrame = true
  }

  func updateReading(time: Double) {
    let size = backend.size
    var needs = Frame.needs(scene, width: size.width, height: size.height)
    if !isLive && !pacer.needsFrame { needs.remove(.spectrum) }
    if reading.follow(sessions.current, time: time, isLive: isLive, needs: needs) { pacer.needsFrame = true }
  }

  /// Draws the scene and puts it on the screen.
  func show() {
    let before = ThreadTime.microseconds
    let size = backend.size
    let needs = Frame.needs(scene, width: size.width, height: size.height)
    // What a key has brought to the screen since the last refreshing.
    if let reading = scene.reading, !reading.parts.isSuperset(of: needs.reading) { updateReading(time: now()) }
    scene.settle(Frame.panes(scene, width: size.width, height: size.height).map(\.view))
    let grid = Frame.draw(scene, width: size.width, height: size.height)
    let drawn = ThreadTime.microseconds
    let cost = backend.present(grid)
    pacer.drew(in: (ThreadTime.microseconds - before) / 1e6)
    pacer.shown(
      at: now(), FramePacer.Motion(isTraining: scene.isTraining, probeSpeed: probeRuns ? scene.look.probeSpeed : 0))
    options.onFrame?(self)
    count(cost, composing: drawn - before)
  }

  /// Keeps what drawing costs, where it is shown.
  private func count(_ cost: FrameCost, composing microseconds: Double) {
    let versions = scene.snapshot.version - drawnVersion
    drawnVersion = scene.snapshot.version
    guard var stats = scene.stats else { return }
    if pacer.framesShown > 1, !scene.look.standsStill {
      stats.dropped += max(versions - 1, 0)
      if scene.isTraining && versions == 0 { stats.late += 1 }
    }
    stats.bytes = cost.bytes
    stats.microseconds = cost.microseconds
    stats.composeMicroseconds = microseconds
    stats.frames = pacer.framesShown
    scene.stats = stats
  }
}
