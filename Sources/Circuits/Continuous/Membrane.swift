import RealModule

/// What a neuron makes of its synapses' sums: every continuous cell of the family is, neuron by neuron,
///
///     capacity_i·ẋ_i = drive_i(S) − total_i(S)·x_i
///
/// where S are the sums its synapses gathered and x enters nowhere else. So the conductance form, all solvers, the
/// state-dependent coefficients and the adjoint are written once, for whatever membrane.
protocol Membrane<Scalar>: Sendable {
  associatedtype Scalar: CircuitScalar
  /// In the order of its part of the flat buffer, after the synapses'.
  func tensors(neurons n: Int) -> [TensorDeclaration]
  /// Whether total is not simply 0: only then does a neuron have a time constant and a target.
  var leaks: Bool { get }
  /// Fills `flow` from the sums [K][N] and the membrane's own parameters. O(N).
  func evaluate(
    _ n: Int, sums: UnsafePointer<Scalar>, parameters: UnsafePointer<Scalar>, into flow: Flow<Scalar>)
  /// The adjoint: from ∂L/∂flow *overwrites* ∂L/∂sums and adds ∂L/∂p. O(N).
  func adjoint(
    _ n: Int, sums: UnsafePointer<Scalar>, parameters: UnsafePointer<Scalar>, flow: Flow<Scalar>,
    flowGradient: Flow<Scalar>, sumGradient: UnsafeMutablePointer<Scalar>, gradient: UnsafeMutablePointer<Scalar>)
  /// Writes drive_i = Σ_q gain_q,i·S_q,i + offset_i, exact at these sums: `gain` [K][N] and `offset` [N], both zero before.
  func linearize(
    _ n: Int, sums: UnsafePointer<Scalar>, parameters: UnsafePointer<Scalar>, gain: UnsafeMutablePointer<Scalar>,
    offset: UnsafeMutablePointer<Scalar>)
}

/// capacity, total and drive, or gradients by them: 3·N contiguous numbers.
struct Flow<Scalar: CircuitScalar> {
  let capacity, total, drive: UnsafeMutablePointer<Scalar>
  init(_ base: UnsafeMutablePointer<Scalar>, neurons n: Int) {
    (capacity, total, drive) = (base, base + n, base + 2 * n)
  }
}

/// tanh(a)/a, with value 1 at 0: the slope of the chord of tanh between 0 and a. Nothing cancels in tanh near 0.
@inline(__always)
func tanhQuotient<S: CircuitScalar>(_ a: S) -> S { a == 0 ? 1 : S.tanh(a) / a }
