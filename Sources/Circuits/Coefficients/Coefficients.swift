import LinearAlgebra

/// Which of the two exact factorisations of the same dynamics.
public enum CoefficientForm: String, Sendable, Codable, CaseIterable {
  /// A = −diag(G/C), B = 0, and everything else is the state-dependent drive c: shows time constants and targets.
  case conductance
  /// Linear in every feature: each presynaptic gate is divided through its own argument.
  case feature
}

/// State-dependent coefficients: ẋ = A(x,u)·x + B(x,u)·u + c(x,u), exact at the point they were taken at.
///
/// Source: Lemmel & Grosu 2023, arXiv 2303.04944.
public struct Coefficients<Scalar: CircuitScalar>: Sendable, Equatable {
  public var form: CoefficientForm
  /// N×N, [post, pre], 1/t.
  public var a: Matrix<Scalar>
  /// N×M, [post, input].
  public var b: Matrix<Scalar>
  /// N.
  public var c: [Scalar]
  /// f(x,u), computed from the dynamics themselves and not from A, B, c.
  public var derivative: [Scalar]
  /// τ_i = C_i/G_i, the liquid time constant; t. Infinite where nothing leaks (neural ODE).
  public var timeConstants: [Scalar]
  /// x_inf,i = drive_i/G_i: where the neuron is heading at this instant. Not finite where nothing leaks.
  public var targets: [Scalar]

  /// A·x + B·u + c.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func rebuild(state: [Scalar], input: [Scalar]) -> [Scalar] {
    let (ax, bu) = (a * state, b * input)
    return c.indices.map { ax[$0] + bu[$0] + c[$0] }
  }

  /// ‖A·x + B·u + c − f(x,u)‖∞: rounding only.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func residual(state: [Scalar], input: [Scalar]) -> Scalar {
    zip(rebuild(state: state, input: input), derivative).reduce(0) { worst, pair in
      let difference = abs(pair.0 - pair.1)
      return difference.isNaN ? .nan : max(worst, difference)
    }
  }

  /// The same coefficients in terms of the raw input u where the cell sees a∘u + b: B·diag(a), and B·b goes into c.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func throughInputMap(gain: [Scalar], offset: [Scalar]) -> Coefficients {
    var mapped = self
    mapped.b = Matrix(rows: b.rows, columns: b.columns) { b[$0, $1] * gain[$1] }
    let shift = b * offset
    for i in c.indices { mapped.c[i] += shift[i] }
    return mapped
  }
}

/// Where in its space a circuit is looked at.
public struct OperatingPoint<Scalar: CircuitScalar>: Sendable {
  /// The model's flat parameters; a cell reads its own part, which comes first.
  public var parameters: [Scalar]
  /// (N + M)×N.
  public var connections: [Scalar]
  /// S entries.
  public var state: [Scalar]
  /// M; as the cell sees it, after the input map.
  public var input: [Scalar]

  public init(parameters: [Scalar], connections: [Scalar], state: [Scalar], input: [Scalar]) {
    self.parameters = parameters
    self.connections = connections
    self.state = state
    self.input = input
  }

  /// The presynaptic values [x; u].
  var sources: [Scalar] { state + input }
}

/// What every synapse does at one moment; (N + M)×N, [pre, post], 0 where there is no synapse.
public struct SynapseReadings<Scalar: CircuitScalar>: Sendable, Equatable {
  /// s = σ(σ_ji·(y_j − μ_ji)), 0…1.
  public var activation: [Scalar]
  /// A = w·s, nS; of either sign in models that add.
  public var conductance: [Scalar]
  /// What flows into the post-synaptic neuron: A·(E − x_i); w·s in models that add, h·s (the update) in STC and LRC.
  public var current: [Scalar]
}

/// A cell that is a differential equation, and so has state-dependent coefficients.
public protocol ContinuousCell<Scalar>: Cell {
  /// The factorisations it has, at least one.
  var forms: [CoefficientForm] { get }
  /// f(x,u) = ẋ.
  func derivative(at point: OperatingPoint<Scalar>) -> [Scalar]
  func coefficients(_ form: CoefficientForm, at point: OperatingPoint<Scalar>) -> Coefficients<Scalar>
  /// ∂f/∂x, N×N, [post, pre]; differs from A, which is a secant and not a tangent.
  func jacobian(at point: OperatingPoint<Scalar>) -> Matrix<Scalar>
}

/// A cell whose synapses have a gate that can be looked at.
public protocol SynapticCell<Scalar>: Cell {
  /// False where synapses are mere weights and there is nothing to read.
  var hasGates: Bool { get }
  func readings(at point: OperatingPoint<Scalar>) -> SynapseReadings<Scalar>
}

extension SynapticCell {
  public var hasGates: Bool { true }
}

extension Model {
  /// The operating point of a raw input: the input map applied.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func operatingPoint(
    parameters: [Scalar], connections: [Scalar], state: [Scalar], input: [Scalar]
  ) -> OperatingPoint<Scalar> {
    let (gain, offset) = inputMap(parameters)
    return OperatingPoint(
      parameters: parameters, connections: connections, state: state,
      input: input.indices.map { input[$0] * gain[$0] + offset[$0] })
  }

  /// `input_w` and `input_b`; 1 and 0 where there is no input map.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func inputMap(_ parameters: [Scalar]) -> (gain: [Scalar], offset: [Scalar]) {
    guard hasInputMap else {
      return ([Scalar](repeating: 1, count: inputs), [Scalar](repeating: 0, count: inputs))
    }
    return (
      Array(parameters[inputMapOffset..<inputMapOffset + inputs]),
      Array(parameters[inputMapOffset + inputs..<inputMapOffset + 2 * inputs])
    )
  }

  /// The coefficients in terms of the *raw* input: ẋ = A·x + B·u + c with the affine input map inside B and c.
  ///
  /// - Returns: `nil` where the cell is no differential equation, or has no such form.
  public func coefficients(
    _ form: CoefficientForm, parameters: [Scalar], connections: [Scalar], state: [Scalar], input: [Scalar]
  ) -> Coefficients<Scalar>? {
    guard let cell = continuous, cell.forms.contains(form) else { return nil }
    let point = operatingPoint(parameters: parameters, connections: connections, state: state, input: input)
    let (gain, offset) = inputMap(parameters)
    return cell.coefficients(form, at: point).throughInputMap(gain: gain, offset: offset)
  }

  /// ∂f/∂x, or `nil` where the cell is no differential equation.
  public func jacobian(
    parameters: [Scalar], connections: [Scalar], state: [Scalar], input: [Scalar]
  ) -> Matrix<Scalar>? {
    continuous?.jacobian(
      at: operatingPoint(parameters: parameters, connections: connections, state: state, input: input))
  }

  /// What every synapse does, or `nil` where the cell has none to look at.
  public func readings(
    parameters: [Scalar], connections: [Scalar], state: [Scalar], input: [Scalar]
  ) -> SynapseReadings<Scalar>? {
    synaptic?.readings(
      at: operatingPoint(parameters: parameters, connections: connections, state: state, input: input))
  }
}
