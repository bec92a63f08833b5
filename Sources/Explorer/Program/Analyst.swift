import Circuits
import Dispatch
import Learning
import LinearAlgebra
import Synchronization

/// Computes what is too costly for the drawing thread, newest request first, on a queue of its own.
final class Analyst: Sendable {
  private struct Request: Sendable {
    var model: Model<Float>
    var values: [Float]
    var connections: [Float]
    var moment: Probe.Moment
    var form: CoefficientForm
  }
  private struct Box {
    var waiting: Request?
    var busy = false
    var result: Spectrum?
  }

  private let queue = DispatchQueue(label: "analysis")
  private let box = Mutex(Box())
  /// Called on the analyst's queue when a result is there.
  private let onResult: @Sendable () -> Void

  init(onResult: @escaping @Sendable () -> Void) { self.onResult = onResult }

  /// The newest result. Never waits.
  var spectrum: Spectrum? { box.withLock { $0.result } }

  /// Asks for the eigenvalues at a moment; a request that nobody has begun is replaced.
  func ask(model: Model<Float>, snapshot: Snapshot, moment: Probe.Moment, form: CoefficientForm) {
    let request = Request(
      model: model, values: snapshot.values, connections: snapshot.connections, moment: moment, form: form)
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
    let state = Array(request.moment.before.prefix(request.model.neurons))
    guard
      let a = request.model.coefficients(
        request.form, parameters: request.values, connections: request.connections, state: state,
        input: request.moment.input)?.a,
      let jacobian = request.model.jacobian(
        parameters: request.values, connections: request.connections, state: state, input: request.moment.input),
      let ofA = try? a.eigenvalues(), let ofJacobian = try? jacobian.eigenvalues()
    else { return nil }
    return Spectrum(a: ofA, jacobian: ofJacobian)
  }
}
