import Circuits
import Learning
import LinearAlgebra

/// What the newest weights do at the probe's present moment: everything the panes draw that is not history.
public struct Reading: Sendable {
  public var moment: Probe.Moment
  /// `nil` where the cell has no gates to look at.
  public var synapses: SynapseReadings<Double>?
  /// `nil` where the cell is no differential equation.
  public var coefficients: Coefficients<Double>?
  /// ‖A·x + B·u + c − f(x,u)‖∞.
  public var residual: Double

  /// Computed in double precision from the single-precision weights, so that what is called exact is seen to be.
  public init(model: Model<Double>, snapshot: Snapshot, moment: Probe.Moment, form: CoefficientForm) {
    self.moment = moment
    let point = Point(model: model, snapshot: snapshot, moment: moment)
    synapses = model.readings(
      parameters: point.values, connections: point.connections, state: point.state, input: point.input)
    coefficients = model.coefficients(
      form, parameters: point.values, connections: point.connections, state: point.state, input: point.input)
    residual = coefficients?.residual(state: point.state, input: point.input) ?? 0
  }

  /// Weights and a moment in double precision.
  struct Point {
    var values, connections, state, input: [Double]
    init(model: Model<Double>, snapshot: Snapshot, moment: Probe.Moment) {
      values = snapshot.values.map(Double.init)
      connections = snapshot.connections.map(Double.init)
      state = moment.before.prefix(model.neurons).map(Double.init)
      input = moment.input.map(Double.init)
    }
  }
}

/// Eigenvalues of A and of the true Jacobian at one moment; made off the drawing thread.
public struct Spectrum: Sendable, Equatable {
  public var a: [Eigenvalue<Double>]
  public var jacobian: [Eigenvalue<Double>]

  public init(a: [Eigenvalue<Double>], jacobian: [Eigenvalue<Double>]) {
    self.a = a
    self.jacobian = jacobian
  }
}
