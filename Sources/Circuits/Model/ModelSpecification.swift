/// Everything needed to build a model again, without its parameters: what a saved file keeps beside the tensors.
public struct ModelSpecification: Sendable, Equatable, Codable {
  /// A name of ``Cells/all``.
  public var cell: String
  /// N.
  public var neurons: Int
  /// As `--wiring` takes it.
  public var wiring: String
  /// Draws the wiring and the first parameters.
  public var seed: UInt64
  public var solver: String
  /// U, sub-steps a time step.
  public var unfolds: Int
  public var inputNames: [String]
  public var outputNames: [String]
  /// What Δt = 1 stands for ("min"); "" where unknown.
  public var timeUnit: String
  public var positivity: Positivity
  /// `nil` for cells without one.
  public var backbone: Backbone?
  /// How states become outputs; `nil` for the cell's own way (``CellKind/readout``).
  public var readout: Readout?

  private enum CodingKeys: String, CodingKey {
    case cell = "cell"
    case neurons = "neurons"
    case wiring = "wiring"
    case seed = "seed"
    case solver = "solver"
    case unfolds = "unfolds"
    case inputNames = "inputNames"
    case outputNames = "outputNames"
    case timeUnit = "timeUnit"
    case positivity = "positivity"
    case backbone = "backbone"
    case readout = "readout"
  }

  /// Without a `solver` the cell's default.
  public init(
    cell: String = "ltc", neurons: Int = 16, wiring: String = "ncp", seed: UInt64 = 1,
    solver: String? = nil, unfolds: Int = 6, inputNames: [String], outputNames: [String],
    timeUnit: String = "", positivity: Positivity = .clamp, backbone: Backbone? = nil,
    readout: Readout? = nil
  ) {
    self.cell = cell
    self.neurons = neurons
    self.wiring = wiring
    self.seed = seed
    self.solver = solver ?? Cells.all.first { $0.name == cell }?.solvers.first ?? "semi-implicit"
    self.unfolds = unfolds
    self.inputNames = inputNames
    self.outputNames = outputNames
    self.timeUnit = timeUnit
    self.positivity = positivity
    self.backbone = backbone
    self.readout = readout
  }
}

/// One entry of the cell registry: a file conforms, a line in ``Cells/all`` registers.
public protocol CellKind: Sendable {
  /// What `--model` takes.
  var name: String { get }
  /// As written on screen: "LTC".
  var title: String { get }
  /// One line for `ganglion models`.
  var summary: String { get }
  /// The solvers it can use; the first is the default.
  var solvers: [String] { get }
  /// How its states become outputs unless a specification says otherwise: for an LTC as `ncps` reads it.
  var readout: Readout { get }
  /// Whether inputs pass a gain and an offset each before the cell (`input_w`, `input_b`), as `ncps` has it for the LTC;
  /// false where the cell's weights take the inputs as they are.
  var hasInputMap: Bool { get }
  /// Whether dense layers stand between [h ; u] and its gates; see ``Backbone``.
  var hasBackbone: Bool { get }
  /// The part of a wiring that the cell can have.
  func supportedWiring(_ wiring: Wiring) -> Wiring
  func make<S: CircuitScalar>(_ specification: ModelSpecification, wiring: Wiring, as type: S.Type) throws
    -> any Cell<S>
}

extension CellKind {
  public var readout: Readout { .motorAffine }
  public var hasInputMap: Bool { true }
  public var hasBackbone: Bool { false }
  public func supportedWiring(_ wiring: Wiring) -> Wiring { wiring }
}

/// How states become outputs. Any cell can have either; compare models with the same one, for it matters more than the
/// synapse.
public enum Readout: String, Sendable, Codable, CaseIterable {
  /// y_o = output_w_o·x_o + output_b_o, the first O neurons (as `ncps`'s LTC): 2·O parameters.
  case motorAffine = "motor"
  /// y = x·W + b over all N neurons, `readout.weight` [N, O] and `readout.bias` [O]: N·O + O parameters.
  case dense
}

/// The cells there are.
public enum Cells {
  public static let all: [any CellKind] = [
    LTCKind(), LTCNeuralKind(),
    CTRNNKind(form: .neural), CTRNNKind(form: .synaptic), CTRNNKind(form: .squashed),
    NODEKind(form: .neural), NODEKind(form: .synaptic), NODEKind(form: .squashed),
    STCKind(), LRCKind(form: .asymmetric), LRCKind(form: .symmetric), LRCKind(form: .unit),
    CfCKind(form: .standard), CfCKind(form: .noGate), CfCKind(form: .pure),
    CfCKind(form: .standard, hasBackbone: true), CfCKind(form: .noGate, hasBackbone: true),
    CfCKind(form: .pure, hasBackbone: true),
    RNNKind(), GRUKind(), LSTMKind(), ReLUKind(),
  ]

  /// - Throws: ``CircuitError`` naming the cells there are.
  public static func named(_ name: String) throws -> any CellKind {
    guard let kind = all.first(where: { $0.name == name }) else {
      throw CircuitError.unknown("model", name, among: all.map(\.name))
    }
    return kind
  }
}
