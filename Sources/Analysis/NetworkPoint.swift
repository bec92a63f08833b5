import Circuits
import LinearAlgebra

/// A network at one point of its state space, in double precision: everything that an analysis starts from.
///
/// The input is the *raw* one (normalised, before the trainable input map); ``Circuits/OperatingPoint`` is what a cell sees
/// of it after the map.
public struct NetworkPoint: Sendable {
  public var model: Model<Double>
  /// P, effective.
  public var values: [Double]
  /// (N + M)×N, [pre, post]; 0 where there is no synapse or it is pruned.
  public var connections: [Double]
  /// N; the neurons' states, without what else a cell remembers.
  public var state: [Double]
  /// M.
  public var input: [Double]

  public init(
    model: Model<Double>, values: [Double], connections: [Double], state: [Double], input: [Double]
  ) {
    self.model = model
    self.values = values
    self.connections = connections
    self.state = state
    self.input = input
  }

  /// Of a network that is trained in single precision. What `state` holds beyond N is left out.
  public init(
    model: Model<Double>, values: [Float], connections: [Float], state: [Float], input: [Float]
  ) {
    self.init(
      model: model, values: values.map(Double.init), connections: connections.map(Double.init),
      state: state.prefix(model.neurons).map(Double.init), input: input.map(Double.init))
  }

  /// What every synapse does here; `nil` where the cell has no gates to look at. O(number of synapses).
  public func gates() -> SynapseReadings<Double>? {
    model.readings(parameters: values, connections: connections, state: state, input: input)
  }

  /// A, B and c of ẋ = A·x + B·u + c; `nil` where the cell is no differential equation or has no such form. O(N·(N + M)).
  public func coefficients(_ form: CoefficientForm) -> Coefficients<Double>? {
    model.coefficients(form, parameters: values, connections: connections, state: state, input: input)
  }

  /// ∂f/∂x, N×N, [post, pre]; `nil` where the cell is no differential equation. O(N²).
  public func jacobian() -> Matrix<Double>? {
    model.jacobian(parameters: values, connections: connections, state: state, input: input)
  }
}
