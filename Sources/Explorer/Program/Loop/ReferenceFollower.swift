import Analysis
import Learning

// What the network is compared with: its moments, its coefficients and its eigenvalues, as far as a view shows them.

extension ReadingFollower {
  /// Brings what is known of the reference up to the present moment; whether there is something new from its analysis.
  func followReference(_ session: ExplorerSession, needs: ViewNeeds, moment: Probe.Moment) -> Bool {
    guard needs.contains(.reference), let reference = session.scene.past.reference, let own = reference.moments.last
    else { return false }
    let scene = session.scene
    let point = NetworkPoint(
      model: scene.precise, values: reference.values, connections: reference.connections, state: own.before,
      input: own.input)
    session.scene.past.reference?.reading = Reading(at: point, form: scene.look.form, parts: needs.reading)
    let spectrum = session.referenceAnalysis.spectrum
    guard let spectrum, spectrum != reference.spectrum else { return false }
    session.scene.past.reference?.spectrum = spectrum
    return true
  }

  /// Has the reference's eigenvalues computed, away from the drawing thread.
  func askReference(_ session: ExplorerSession) {
    guard let reference = session.scene.past.reference, let moment = reference.moments.last else { return }
    var snapshot = session.scene.newest
    (snapshot.values, snapshot.connections) = (reference.values, reference.connections)
    session.referenceAnalysis.ask(
      model: session.scene.precise, snapshot: snapshot, moment: moment, form: session.scene.look.form)
  }
}
