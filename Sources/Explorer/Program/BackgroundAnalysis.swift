import Circuits
import Dispatch
import Learning
import LinearAlgebra
import Synchronization

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
  private struct Box {
    var stiffness: Found?
    var waiting: Request?
    var busy = false
    var result: Spectrum?
  }

  private let queue = DispatchQueue(label: "analysis")
  private let box = Mutex(Box())
  /// Called on the analysis's queue when a result is there.
  private let onResult: @Sendable () -> Void

  init(onResult: @escaping @Sendable () -> Void) { self.onResult = onResult }

  /// The newest result. Never waits.
  var spectrum: Spectrum? { box.withLock { $0.result } }

  /// The newest answer to ``askStiffness(model:snapshot:moment:)``. Never waits.
  var stiffness: Found? { box.withLock { $0.stiffness } }

  /// Asks how stiff the circuit is at a moment; for now and then, it waits its turn.
  func askStiffness(model: Model<Double>, snapshot: Snapshot, moment: Probe.Moment) {
    queue.async {
      let start = DispatchTime.now().uptimeNanoseconds
      let point = Reading.Point(model: model, snapshot: snapshot, moment: moment)
      guard
        let found = model.stiffness(
          parameters: point.values, connections: point.connections, state: point.state, input: point.input,
          elapsed: Double(moment.elapsed))
      else { return }
      let seconds = Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
      self.box.withLock { $0.stiffness = Found(stiffness: found, seconds: seconds) }
      self.onResult()
    }
  }

  /// Asks for the eigenvalues at a moment; a request that nobody has begun is replaced.
  func ask(model: Model<Double>, snapshot: Snapshot, moment: Probe.Moment, form: CoefficientForm) {
    let request = Request(model: model, snapshot: snapshot, moment: moment, form: form)
    let mustStart = box.withLock { box in
      box.waiting = request
      defer { box.busy = true }
      return !box.busy
    }
    if mustStart { queue.async { self.work() } }
  }

  private func work() {
    while true {
      let next = box.withLock { box -> Request? in
        defer { box.waiting = nil }
        if box.waiting == nil { box.busy = false }
        return box.waiting
      }
      guard let request = next else { return }
      if let spectrum = Self.spectrum(request) { box.withLock { $0.result = spectrum } }
      onResult()
    }
  }

  private static func spectrum(_ request: Request) -> Spectrum? {
    let point = Reading.Point(model: request.model, snapshot: request.snapshot, moment: request.moment)
    guard
      let a = request.model.coefficients(
        request.form, parameters: point.values, connections: point.connections, state: point.state, input: point.input
      )?.a,
      let jacobian = request.model.jacobian(
        parameters: point.values, connections: point.connections, state: point.state, input: point.input),
      let ofA = try? a.eigenvalues(), let ofJacobian = try? jacobian.eigenvalues()
    else { return nil }
    return Spectrum(a: ofA, jacobian: ofJacobian)
  }
}
