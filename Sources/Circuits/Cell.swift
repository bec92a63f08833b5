/// A recurrent cell: the part of a model between the mapped inputs and the states, forward and backward.
///
/// A cell works on R rows of a batch at once (a *part* of it; parts run on different cores) over T time steps. It owns no
/// storage: parameters, states, the tape it keeps for the way back and its scratch space come from outside, so that a
/// training step allocates nothing. Letters: R rows, T steps, N neurons, M inputs, S state entries a row, P parameters.
///
/// The *connections* buffer has (N + M)×N entries, [pre, post], recurrent rows first: 1 where a synapse is present, 0
/// where there is none or it is pruned. A synapse whose connection is 0 has no effect and receives no gradient.
public protocol Cell<Scalar>: Sendable {
  associatedtype Scalar: CircuitScalar
  /// N.
  var neurons: Int { get }
  /// M.
  var inputs: Int { get }
  /// S; the first N entries of a row are the neurons' states as people see them.
  var stateSize: Int { get }
  /// The cell's own tensors, in the order of its part of the flat buffer.
  var tensors: [TensorDeclaration] { get }
  /// Scalars of `Pass.prepared`: what is derived from the parameters once a training step, shared by all parts.
  var preparedSize: Int { get }
  /// Scalars of `Pass.tape` for a part.
  func tapeSize(rows: Int, steps: Int) -> Int
  /// Scalars of `Pass.scratch` for a part; contents are not kept between calls.
  func scratchSize(rows: Int) -> Int

  /// Derives `prepared` from parameters and connections.
  func prepare(
    parameters: UnsafePointer<Scalar>, connections: UnsafePointer<Scalar>, into prepared: UnsafeMutablePointer<Scalar>)
  /// Fills `pass.states[1...T]` from `pass.states[0]` and, if `pass.keepsTape`, the tape.
  func forward(_ pass: Pass<Scalar>)
  /// After ``forward(_:)`` with the tape kept: turns ∂L/∂states into gradients.
  func backward(_ pass: Pass<Scalar>, _ gradient: PassGradient<Scalar>)
}

extension Cell {
  public var preparedSize: Int { 0 }
  public func prepare(
    parameters: UnsafePointer<Scalar>, connections: UnsafePointer<Scalar>, into prepared: UnsafeMutablePointer<Scalar>
  ) {}
}

/// The buffers of one part on the way forward. Pointers are valid for the call only.
public struct Pass<Scalar: CircuitScalar> {
  public var rows: Int
  public var steps: Int
  /// The cell's own tensors, flat.
  public var parameters: UnsafePointer<Scalar>
  /// (N + M)×N.
  public var connections: UnsafePointer<Scalar>
  public var prepared: UnsafePointer<Scalar>
  /// [T][R][M], after the model's input map.
  public var inputs: UnsafePointer<Scalar>
  /// [T][R], Δt > 0.
  public var elapsed: UnsafePointer<Scalar>
  /// [T + 1][R][S]; index 0 is the initial state.
  public var states: UnsafeMutablePointer<Scalar>
  public var tape: UnsafeMutablePointer<Scalar>
  public var scratch: UnsafeMutablePointer<Scalar>
  /// False when only states are wanted (evaluation): the tape need not be written and may be a single entry.
  public var keepsTape: Bool

  public init(
    rows: Int, steps: Int, parameters: UnsafePointer<Scalar>, connections: UnsafePointer<Scalar>,
    prepared: UnsafePointer<Scalar>, inputs: UnsafePointer<Scalar>, elapsed: UnsafePointer<Scalar>,
    states: UnsafeMutablePointer<Scalar>, tape: UnsafeMutablePointer<Scalar>, scratch: UnsafeMutablePointer<Scalar>,
    keepsTape: Bool
  ) {
    self.rows = rows
    self.steps = steps
    self.parameters = parameters
    self.connections = connections
    self.prepared = prepared
    self.inputs = inputs
    self.elapsed = elapsed
    self.states = states
    self.tape = tape
    self.scratch = scratch
    self.keepsTape = keepsTape
  }
}

/// The buffers of one part on the way back.
public struct PassGradient<Scalar: CircuitScalar> {
  /// [T + 1][R][S]; in: ∂L/∂h_t from the readout (index 0: zero); used as working space, out: index 0 holds ∂L/∂h_0.
  public var states: UnsafeMutablePointer<Scalar>
  /// [T][R][M]; out: ∂L/∂(mapped input), overwritten.
  public var inputs: UnsafeMutablePointer<Scalar>
  /// The cell's own P; gradients are *added*.
  public var parameters: UnsafeMutablePointer<Scalar>

  public init(
    states: UnsafeMutablePointer<Scalar>, inputs: UnsafeMutablePointer<Scalar>,
    parameters: UnsafeMutablePointer<Scalar>
  ) {
    self.states = states
    self.inputs = inputs
    self.parameters = parameters
  }
}
