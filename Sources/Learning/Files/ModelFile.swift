import Circuits
import Formats

/// A model with its parameters and masks, as it is kept in a safetensors file.
///
/// The tensors have the names of the field's library `ncps` (`rnn_cell.w`, `rnn_cell.sensory_w`, …, and the masks
/// `rnn_cell.sparsity_mask`, `rnn_cell.sensory_sparsity_mask`, 1 where a synapse is present), so that its `LTC` loads them
/// strictly; dense readouts are `readout.weight` and `readout.bias`. What the library does not know stands in the header's
/// `__metadata__`: specification, wiring, pruned synapses, frozen values, and what the model was trained for.
public struct ModelFile: Sendable {
  public var model: Model<Float>
  /// Stored values and masks; without the optimiser's memory.
  public var state: ParameterState<Float>
  /// `nil` for files of other programs.
  public var origin: ModelOrigin?

  public init(model: Model<Float>, state: ParameterState<Float>, origin: ModelOrigin?) {
    self.model = model
    self.state = state
    self.state.slots = []
    self.state.updates = 0
    self.origin = origin
  }

  /// Reads a file of this program or of `ncps`.
  ///
  /// - Throws: `FormatError` that names the file and the tensor.
  public init(path: String) throws { try self.init(Safetensors(path: path), file: path) }

  /// Writes the file whole or not at all.
  public func write(to path: String) throws { try encoded().write(to: path) }

  public init(_ contents: Safetensors, file: String) throws {
    let isOwn = contents.metadata[Key.version] != nil
    self = try isOwn ? Self.own(contents, file: file) : Self.reference(contents, file: file)
  }

  /// P, what the circuit uses.
  public var effectiveValues: [Float] { model.effective(state.values) }

  /// The synapses that the wiring has and the connections lack.
  public var pruned: [Synapse] { model.wiring.synapses.filter { state.isPruned($0, in: model) } }

  /// Present synapses, and parameters that belong to them or to no synapse.
  public var counts: (synapses: Int, parameters: Int) { model.counts(connections: state.connections) }
}

extension Model {
  /// Synapses present in `connections`, and the parameters that remain with them.
  public func counts(connections: [Scalar]) -> (synapses: Int, parameters: Int) {
    let all = wiring.synapses
    let pruned = all.filter { connections[$0.index(neurons: neurons)] == 0 }
    return (
      all.count - pruned.count, parameterCount - pruned.reduce(0) { $0 + parameters(of: $1).count }
    )
  }
}

extension ModelFile {
  /// Names in `__metadata__`.
  enum Key {
    static let version = "ganglion"
    static let specification = "specification"
    static let wiring = "anatomy"
    static let pruned = "pruned"
    static let frozen = "frozen"
    static let origin = "origin"
    static let training = "training"
    static let layout = "layout"
    /// As the library calls them.
    static let unfolds = "ode_unfolds"
    static let softplus = "implicit_param_constraints"
    static let cell = "cell"
  }

  /// 1: no recipe, layout or fingerprint of the data; they are read.
  static let currentVersion = "2"
  static let readableVersions = ["1", "2"]
  static let recurrentMask = "rnn_cell.sparsity_mask"
  static let sensoryMask = "rnn_cell.sensory_sparsity_mask"
  /// Begins the names of a checkpoint's additional tensors.
  static let trainingPrefix = "training."

  /// "w" → "rnn_cell.w"; the dense readout's tensors are no part of the cell.
  static func fileName(_ tensor: String) -> String { tensor.hasPrefix("readout.") ? tensor : "rnn_cell." + tensor }

  /// The wiring, whole: what it was made from (a seed, an edge list) need not be there when the file is read.
  struct WiringDescription: Codable {
    var name: String
    var neuronNames: [String]
    var layers: [Wiring.Layer]
    var motors: Int
    /// (N + M)×N letters: + excitatory, - inhibitory, . nothing. Absent in files of early versions, whose wirings are made
    /// again.
    var signs: String?
    /// Absent where there are none.
    var gapJunctions: [GapJunction]?
    /// N, "" where unknown; absent where none is known.
    var transmitters: [String]?

    private enum CodingKeys: String, CodingKey {
      case name = "name"
      case neuronNames = "neuronNames"
      case layers = "layers"
      case motors = "motors"
      case signs = "signs"
      case gapJunctions = "gapJunctions"
      case transmitters = "transmitters"
    }

    init(_ wiring: Wiring) {
      name = wiring.name
      neuronNames = wiring.neuronNames
      layers = wiring.layers
      motors = wiring.motors
      signs = String(wiring.polarity.map { $0 > 0 ? "+" : $0 < 0 ? "-" : "." })
      gapJunctions = wiring.gapJunctions.isEmpty ? nil : wiring.gapJunctions
      transmitters = wiring.transmitters.allSatisfy(\.isEmpty) ? nil : wiring.transmitters
    }
  }
}
