import Analysis
import Circuits
import Learning

/// A moment that was kept: the network as it was, and what it did then.
public struct Pin: Sendable {
  public var reading: Reading
  public var form: CoefficientForm
  /// P, effective.
  public var values: [Float]
  public var gradient: [Float]
  /// (N + M)×N.
  public var connections: [Float]
  /// Training step.
  public var step: Int
  /// Step of the probe's sequence.
  public var moment: Int
}

extension Scene {
  /// Keeps the present moment to compare with, or lets go of the kept one.
  mutating func togglePin() {
    if network.pin != nil {
      network.pin = nil
      look.showsDifference = false
      say("The pinned moment is let go: everything is as it is now again.")
      return
    }
    guard reading != nil, let moment = moments.last else {
      say("There is no moment to pin yet: the probe has not made a step.", isError: true)
      return
    }
    // All of it, whatever is on the screen now: the difference may be looked at elsewhere.
    let reading = Reading(at: NetworkPoint(precise, snapshot, moment), form: look.form)
    network.pin = Pin(
      reading: reading, form: look.form, values: snapshot.values, gradient: snapshot.gradient,
      connections: snapshot.connections, step: snapshot.step,
      moment: moment.step)
    look.showsDifference = true
    say("This moment is pinned: matrices show the difference to it; d shows the values again.")
  }

  /// Takes note of newly computed eigenvalues; the trail is as long as can be drawn in no time.
  mutating func note(_ spectrum: Spectrum) {
    network.spectrum = spectrum
    network.spectra.append(spectrum)
    let most = min(max(4000 / max(spectrum.a.count, 1), 8), 200)
    if network.spectra.count > most { network.spectra.removeFirst(network.spectra.count - most) }
  }
}
