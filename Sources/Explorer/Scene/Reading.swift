import Analysis
import Circuits
import Learning

extension NetworkPoint {
  /// Where the newest weights stand at a moment of the probe: at the state from which it made its step.
  public init(_ model: Model<Double>, _ snapshot: Snapshot, _ moment: Probe.Moment) {
    self.init(
      model: model, values: snapshot.values, connections: snapshot.connections, state: moment.before,
      input: moment.input)
  }
}

extension Scene {
  /// The coefficients of the present moment, computed where nothing on the screen shows them.
  var wholeCoefficients: Coefficients<Double>? {
    if let read = reading?.coefficients { return read }
    guard hasCoefficients, let moment = moments.last else { return nil }
    return NetworkPoint(precise, snapshot, moment).coefficients(look.form)
  }
}
