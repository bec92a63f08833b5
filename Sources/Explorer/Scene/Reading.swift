import Circuits
import Learning
import LinearAlgebra

/// What the newest weights do at the probe's present moment: everything the panes draw that is not history.
public struct Reading: Sendable {
  public var moment: Probe.Moment
  /// `nil` where the cell has no gates to look at.
  public var synapses: SynapseReadings<Float>?
  /// `nil` where the cell is no differential equation.
  public var coefficients: Coefficients<Float>?
  /// ‖A·x + B·u + c − f(x,u)‖∞.
  public var residual: Float

  public init(model: Model<Float>, snapshot: Snapshot, moment: Probe.Moment, form: CoefficientForm) {
    self.moment = moment
    let state = Array(moment.before.prefix(model.neurons))
    synapses = model.readings(
      parameters: snapshot.values, connections: snapshot.connections, state: state, input: moment.input)
    coefficients = model.coefficients(
      form, parameters: snapshot.values, connections: snapshot.connections, state: state, input: moment.input)
    residual = coefficients?.residual(state: state, input: moment.input) ?? 0
  }
}

/// Eigenvalues of A and of the true Jacobian at one moment; made off the drawing thread.
public struct Spectrum: Sendable, Equatable {
  public var a: [Eigenvalue<Float>]
  public var jacobian: [Eigenvalue<Float>]

  public init(a: [Eigenvalue<Float>], jacobian: [Eigenvalue<Float>]) {
    self.a = a
    self.jacobian = jacobian
  }
}
