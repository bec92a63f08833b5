/// How presynaptic values become sums at a post-synaptic neuron: S_q,i = Σ_pre term_q(y_pre; parameters of pre→i).
///
/// A law owns K sums of N entries each, laid out [K][N]. Tensors that belong to synapses have (N + M)×N entries, those of
/// sources N + M, neurons before inputs: a *row* of parameters is a presynaptic index below N + M. A synapse whose
/// connection is 0 is passed over: no effect, gradient exactly 0.
protocol SynapseLaw<Scalar>: Sendable {
  associatedtype Scalar: CircuitScalar
  /// K.
  var sums: Int { get }
  /// Whether terms contain a gate that opens and closes, for ``SynapticCell``.
  var hasGates: Bool { get }
  /// In the order of its part of the flat buffer.
  func tensors(neurons n: Int, inputs m: Int) -> [TensorDeclaration]
  /// Adds the terms of the rows in `sources` to `sums`. O(rows·N).
  func gather(_ sources: Sources<Scalar>, into sums: UnsafeMutablePointer<Scalar>)
  /// The adjoint of `gather`: from ∂L/∂sums adds ∂L/∂y to `valueGradient` and ∂L/∂p to `gradient`. O(rows·N).
  func scatter(
    _ sources: Sources<Scalar>, _ sumGradient: UnsafePointer<Scalar>,
    valueGradient: UnsafeMutablePointer<Scalar>, gradient: UnsafeMutablePointer<Scalar>)
  /// One aspect of the terms of row `row` at the value `y`: overwrites [K][N]. For single evaluations, not for speed.
  func terms(
    _ aspect: TermAspect, row: Int, value y: Scalar, _ sources: Sources<Scalar>, into out: UnsafeMutablePointer<Scalar>)
}

/// What may be asked about term(y).
enum TermAspect {
  /// term(y), term'(y), (term(y) − term(0))/y continued by term'(0), and term(0).
  case value, tangent, chord, rest
}

/// Some presynaptic rows with their values.
struct Sources<Scalar: CircuitScalar> {
  /// N.
  var neurons: Int
  /// M.
  var inputs: Int
  /// The first row; 0 for neurons, N for inputs.
  var first: Int
  var count: Int
  /// `count` values.
  var values: UnsafePointer<Scalar>
  /// The law's own parameters.
  var parameters: UnsafePointer<Scalar>
  /// (N + M)×N.
  var connections: UnsafePointer<Scalar>

  /// Entries of a tensor pair that has one entry a synapse.
  var synapses: Int { (neurons + inputs) * neurons }
}

extension TensorDeclaration {
  /// A tensor with one entry a synapse, and its `sensory_` twin.
  static func synapses(
    _ name: String, _ quantity: ParameterQuantity, _ n: Int, _ m: Int, symbol: String? = nil, unit: String = "",
    bounds: ClosedRange<Double> = -.infinity ... .infinity, initializer: Initializer, meaning: String? = nil
  ) -> [TensorDeclaration] {
    twins(
      TensorDeclaration(
        name, quantity, shape: [n, n], symbol: symbol, unit: unit, bounds: bounds, owner: .synapse,
        initializer: initializer, meaning: meaning), sensory: [m, n])
  }

  /// A tensor with one entry a presynaptic neuron, and its `sensory_` twin with one entry an input.
  static func sources(
    _ name: String, _ quantity: ParameterQuantity, _ n: Int, _ m: Int, initializer: Initializer
  ) -> [TensorDeclaration] {
    twins(TensorDeclaration(name, quantity, shape: [n], owner: .neuron, initializer: initializer), sensory: [m])
  }

  private static func twins(_ own: TensorDeclaration, sensory shape: [Int]) -> [TensorDeclaration] {
    var twin = own
    (twin.name, twin.shape, twin.meaning) = ("sensory_" + own.name, shape, "sensory " + own.meaning)
    twin.owner = own.owner == .synapse ? .sensorySynapse : .input
    return [own, twin]
  }

  /// A tensor with one entry a neuron.
  static func neurons(
    _ name: String, _ quantity: ParameterQuantity, _ n: Int, symbol: String? = nil, unit: String = "",
    bounds: ClosedRange<Double> = -.infinity ... .infinity, initializer: Initializer, meaning: String? = nil
  ) -> TensorDeclaration {
    TensorDeclaration(
      name, quantity, shape: [n], symbol: symbol, unit: unit, bounds: bounds, owner: .neuron, initializer: initializer,
      meaning: meaning)
  }
}

extension Initializer {
  /// U(−1/√f, 1/√f) with f sources a neuron: sums of f terms of size 1 stay of size 1.
  static func fanIn(_ f: Int) -> Initializer {
    let r = 1 / Double(max(f, 1)).squareRoot()
    return .uniform(-r...r)
  }
}
