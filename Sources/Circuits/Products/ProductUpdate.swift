/// What a neuron of a ``ProductCell`` makes of its products' sums, forward and backward.
protocol ProductUpdate<Scalar>: Sendable {
  associatedtype Scalar: CircuitScalar
  /// The weight tensors in order.
  var products: [Product] { get }
  /// False where nothing of the state is fed back.
  var isRecurrent: Bool { get }
  /// 2 where a cell state stands beside the visible one, [h N | c N].
  var statesPerNeuron: Int { get }
  /// The form of `CKernels` that computes the same, if there is one.
  var form: Int? { get }
  /// Biases and what else a neuron owns.
  func tensors(neurons n: Int) -> [TensorDeclaration]
  func step(_ n: Int, _ step: ProductStep<Scalar>, into next: UnsafeMutablePointer<Scalar>)
  /// From ∂L/∂(h', …): *adds* ∂L/∂(h, …) to `stateGradient` and ∂L/∂p to `gradient`, *overwrites* the sums' gradients
  /// [K][N].
  func stepBack(
    _ n: Int, _ step: ProductStep<Scalar>, next: UnsafePointer<Scalar>, nextGradient: UnsafePointer<Scalar>,
    stateGradient: UnsafeMutablePointer<Scalar>, recurrentGradient: UnsafeMutablePointer<Scalar>,
    sensoryGradient: UnsafeMutablePointer<Scalar>, gradient: UnsafeMutablePointer<Scalar>)
}

/// The weight tensor of one product, as it is declared for synapses or for the heads of a backbone.
struct Product {
  var name: String
  var quantity: ParameterQuantity
  var symbol: String
  var unit = ""
  var meaning: String
}

extension ProductUpdate {
  var isRecurrent: Bool { true }
  var statesPerNeuron: Int { 1 }
  var form: Int? { nil }
}

/// One row at one step.
struct ProductStep<Scalar: CircuitScalar> {
  /// (h, …) before the step.
  let state: UnsafePointer<Scalar>
  /// Σ over neurons and Σ over inputs, [K][N] each.
  let recurrent, sensory: UnsafePointer<Scalar>
  /// Δt.
  let elapsed: Scalar
  /// The update's own parameters.
  let own: UnsafePointer<Scalar>

  /// The whole argument of product `q` at neuron `i` with its bias at `own[q·N + i]`.
  @inline(__always)
  func argument(_ q: Int, _ i: Int, _ n: Int) -> Scalar { recurrent[q * n + i] + sensory[q * n + i] + own[q * n + i] }
}

/// The registry's entries for cells that are maps: no solver, dense readout, weights take the inputs as they are.
protocol ProductKind: CellKind {
  func update<S: CircuitScalar>(as type: S.Type) -> any ProductUpdate<S>
}

extension ProductKind {
  var solvers: [String] { ["none"] }
  var readout: Readout { .dense }
  var hasInputMap: Bool { false }
  func make<S: CircuitScalar>(_ specification: ModelSpecification, wiring: Wiring, as type: S.Type) throws
    -> any Cell<S>
  {
    ProductCell<S>(wiring: wiring, update: update(as: S.self))
  }
}
