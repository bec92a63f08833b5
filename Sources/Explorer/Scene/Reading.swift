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
