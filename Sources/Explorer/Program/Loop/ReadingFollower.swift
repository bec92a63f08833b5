import Analysis
import Learning

/// Keeps what the panes draw of the present moment up to date: the reading at once, and what is costly by the background
/// analysis, as often as it is wanted.
struct ReadingFollower {
  /// Seconds between two requests for eigenvalues, at least.
  static let spectrumInterval = 0.19
  /// Seconds for which steps that were too long once are told.
  static let unstableMemory = 10.0

  private var lastRequest = -1.0
  private var lastStiffness = -Double.infinity
  private var lastUnstable = -Double.infinity

  /// The set-up is another one: its stiffness is to be known soon.
  mutating func beginAnew() { lastStiffness = -.infinity }

  /// Brings the reading up to the present moment.
  ///
  /// - Parameters:
  ///   - isLive: whether the picture moves.
  ///   - needs: what the views on the screen show of the moment.
  /// - Returns: whether there is something new from the analysis.
  mutating func follow(_ session: ExplorerSession, time: Double, isLive: Bool, needs: ViewNeeds) -> Bool {
    guard let moment = session.scene.moments.last else {
      session.scene.reading = nil
      return false
    }
    let isFirst = session.scene.reading == nil
    session.scene.network.scales.expandStates(to: moment.state.prefix(session.scene.neurons))
    // All of it once, for the ranges that are fitted to it.
    session.scene.reading = Reading(
      at: NetworkPoint(session.scene.precise, session.scene.snapshot, moment), form: session.scene.look.form,
      parts: isFirst ? .all : needs.reading)
    let spectrum = session.analysis.spectrum
    let isFirstSpectrum = session.scene.network.spectrum == nil && spectrum != nil
    var isNew = false
    if let spectrum, spectrum != session.scene.network.spectrum {
      session.scene.note(spectrum)
      session.scene.network.scales.expandPlane(to: spectrum)
      isNew = true
    }
    if isFirst || isFirstSpectrum {
      var scales = session.scene.network.scales
      scales.fit(to: session.scene)
      session.scene.network.scales = scales
    }
    if followReference(session, needs: needs, moment: moment) { isNew = true }
    if watchStiffness(session, time: time, moment: moment, isLive: isLive) { isNew = true }
    if needs.contains(.spectrum), time - lastRequest > Self.spectrumInterval, session.scene.hasCoefficients {
      lastRequest = time
      session.analysis.ask(
        model: session.scene.precise, snapshot: session.scene.snapshot, moment: moment, form: session.scene.look.form)
      if needs.contains(.reference) { askReference(session) }
    }
    return isNew
  }

  /// Now and then: whether the sub-steps are short enough for the fastest time constant.
  private mutating func watchStiffness(
    _ session: ExplorerSession, time: Double, moment: Probe.Moment, isLive: Bool
  ) -> Bool {
    let found = session.analysis.stiffness
    var isNew = false
    if let found, session.scene.network.stiffness != found.stiffness {
      // The probe passes calm stretches too: what was too fast once is told until some time has passed without it.
      let isWorse = found.stiffness.isWorse(than: session.scene.network.stiffness)
      if isWorse || time - lastUnstable > Self.unstableMemory { session.scene.notice(found.stiffness) }
      if !found.stiffness.isStable, isWorse { lastUnstable = time }
      isNew = true
    }
    guard time - lastStiffness > max(2, 20 * (found?.seconds ?? 0)) else { return isNew }
    guard session.hasStepLimit, session.scene.reading != nil, isLive || session.scene.network.stiffness == nil else {
      return isNew
    }
    lastStiffness = time
    session.analysis.askStiffness(model: session.scene.precise, snapshot: session.scene.snapshot, moment: moment)
    return isNew
  }
}
