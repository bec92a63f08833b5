import Analysis
import Circuits
import Dispatch
import Learning

/// Computes what is too costly for the drawing thread, newest request first, on a queue of its own.
final class BackgroundAnalysis: Sendable {
  private struct Request: Sendable {
    var model: Model<Double>
    var snapshot: Snapshot
    var moment: Probe.Moment
    var form: CoefficientForm
  }
  /// How stiff the circuit was at a moment, and how long it took to tell.
  struct Found: Sendable, Equatable {
    var stiffness: Stiffness
    var seconds: Double
  }

  private let queue = DispatchQueue(label: "analysis")
  private let waiting = Pending<Request>()
  private let spectra = Pending<Spectrum>()
  private let found = Pending<Found>()
  /// Called on the analysis's queue when a result is there.
  private let onResult: @Sendable () -> Void

  init(onResult: @escaping @Sendable () -> Void) { self.onResult = onResult }

  /// The newest result. Never waits.
  var spectrum: Spectrum? { spectra.newest }

  /// The newest answer to ``askStiffness(model:snapshot:moment:)``. Never waits.
  var stiffness: Found? { found.newest }

  /// Asks how stiff the circuit is at a moment; for now and then, since it comes after what was asked before it.
  func askStiffness(model: Model<Double>, snapshot: Snapshot, moment: Probe.Moment) {
    queue.async {
      let start = DispatchTime.now().uptimeNanoseconds
      guard let stiffness = NetworkPoint(model, snapshot, moment).stiffness(elapsed: Double(moment.elapsed)) else {
        return
      }
      self.found.put(Found(stiffness: stiffness, seconds: Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9))
      self.onResult()
    }
  }

  /// Asks for the eigenvalues at a moment; a request that nobody has begun is replaced.
  func ask(model: Model<Double>, snapshot: Snapshot, moment: Probe.Moment, form: CoefficientForm) {
    waiting.put(Request(model: model, snapshot: snapshot, moment: moment, form: form))
    queue.async {
      // Nothing where a newer request was answered in this one's place.
      guard let request = self.waiting.take() else { return }
      if let spectrum = Self.spectrum(request) { self.spectra.put(spectrum) }
      self.onResult()
    }
  }

  private static func spectrum(_ request: Request) -> Spectrum? {
    try? Spectrum(at: NetworkPoint(request.model, request.snapshot, request.moment), form: request.form)
  }
}
