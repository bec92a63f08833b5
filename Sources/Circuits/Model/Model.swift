import Randomness

/// A model: input map, cell and readout over one flat parameter buffer.
///
///     u' = input_w ⊙ u + input_b (where ``hasInputMap``),   h_t = cell(h_{t−1}, u'_t, Δt_t),   y_t = readout(h_t)
///
/// A value without parameters of its own: those are `[Scalar]` in ``layout``, so that training, history, snapshots and
/// files treat every model alike.
public struct Model<Scalar: CircuitScalar>: Sendable {
  public let specification: ModelSpecification
  public let kind: any CellKind
  public let wiring: Wiring
  public let cell: any Cell<Scalar>
  /// The cell where it is a differential equation; asked for at every frame, and a question to the runtime is not cheap.
  public let continuous: (any ContinuousCell<Scalar>)?
  /// The cell where its synapses have gates that can be looked at.
  let synaptic: (any SynapticCell<Scalar>)?
  /// Whether its synapses have gates that can be looked at.
  public var hasGates: Bool { synaptic != nil }
  public let layout: ParameterLayout
  public let readout: Readout
  /// The cell's tensors come first: entries below this are its own.
  public let cellParameters: Int
  /// Whether there is a u' = input_w ⊙ u + input_b before the cell; without, u' = u.
  public let hasInputMap: Bool
  let inputMapOffset: Int
  let readoutOffset: Int
  /// Of the dense readout's kernel, or `nil` where the scalar code computes.
  let readoutLevel: Int32?

  /// M.
  public var inputs: Int { wiring.inputs }
  /// N.
  public var neurons: Int { wiring.neurons }
  /// O.
  public let outputs: Int
  /// U: the sub-steps that the cell makes of a time step; what the specification asks for where it makes none.
  package var unfolds: Int { (cell as? ContinuousCircuit<Scalar>)?.unfolds ?? specification.unfolds }

  /// - Throws: ``CircuitError`` for an unknown cell, wiring or solver, or sizes that do not fit together.
  public init(_ specification: ModelSpecification, as type: Scalar.Type = Scalar.self) throws {
    let kind = try Cells.named(specification.cell)
    let outputs = specification.outputNames.count
    let readout = specification.readout ?? kind.readout
    let wiring = try Wirings.make(
      specification.wiring, neurons: specification.neurons, inputNames: specification.inputNames,
      motors: readout == .motorAffine ? outputs : min(outputs, specification.neurons), seed: specification.seed)
    try self.init(specification, kind: kind, wiring: wiring)
  }

  /// A model over a wiring that was made elsewhere (a file's masks, a test).
  public init(_ specification: ModelSpecification, wiring: Wiring) throws {
    try self.init(specification, kind: Cells.named(specification.cell), wiring: wiring)
  }

  private init(_ specification: ModelSpecification, kind: any CellKind, wiring: Wiring) throws {
    guard kind.solvers.contains(specification.solver) else {
      throw CircuitError(
        "The model '\(kind.name)' cannot use the solver '\(specification.solver)'. It can use: "
          + "\(kind.solvers.joined(separator: ", ")).")
    }
    let wiring = kind.supportedWiring(wiring)
    // A wiring with a size of its own has the last word, so that a saved specification describes the model it came from.
    var specification = specification
    specification.neurons = wiring.neurons
    if kind.hasBackbone { specification.backbone = specification.backbone ?? Backbone() }
    guard kind.hasBackbone || specification.backbone == nil else {
      throw CircuitError(
        "The model '\(kind.name)' has no backbone: leave --backbone out, or use --model "
          + "\(Cells.all.filter(\.hasBackbone).map(\.name).joined(separator: ", ")).")
    }
    self.specification = specification
    self.kind = kind
    self.wiring = wiring
    outputs = specification.outputNames.count
    readout = specification.readout ?? kind.readout
    guard readout == .dense || outputs <= wiring.motors else {
      throw CircuitError(
        "The wiring '\(wiring.name)' has \(wiring.motors) motor neuron\(wiring.motors == 1 ? "" : "s"), and "
          + "\(kind.title) reads each of \(outputs) outputs from one of its own. Use another --wiring, or read all "
          + "neurons with --readout dense.")
    }
    let cell = try kind.make(specification, wiring: wiring, as: Scalar.self)
    self.cell = cell
    continuous = cell as? any ContinuousCell<Scalar>
    let synaptic = cell as? any SynapticCell<Scalar>
    self.synaptic = synaptic.flatMap { $0.hasGates ? $0 : nil }
    let m = wiring.inputs
    let mapped =
      !kind.hasInputMap
      ? []
      : [
        TensorDeclaration(
          "input_w", .inputGain, shape: [m], owner: .input, initializer: .constant(1)),
        TensorDeclaration(
          "input_b", .inputOffset, shape: [m], owner: .input, initializer: .constant(0)),
      ]
    let own = cell.tensors
    layout = ParameterLayout(own + mapped + readout.tensors(neurons: wiring.neurons, outputs: outputs))
    cellParameters = own.reduce(0) { $0 + $1.count }
    inputMapOffset = cellParameters
    hasInputMap = kind.hasInputMap
    readoutOffset = cellParameters + (kind.hasInputMap ? 2 * m : 0)
    readoutLevel = readout == .dense ? Kernels.level(for: Scalar.self) : nil
  }

  /// First parameters, drawn from `seed` within each tensor's initial range; the same seed gives the same values in any
  /// precision up to rounding. Every tensor draws from a stream of its own.
  public func initialParameters(seed: UInt64) -> [Scalar] {
    var values = [Scalar](repeating: 0, count: layout.count)
    let root = SeededGenerator(seed: seed)
    for (number, tensor) in layout.tensors.enumerated() {
      var generator = root.stream(UInt64(number) + 1)
      for (entry, index) in tensor.range.enumerated() {
        switch tensor.declaration.initializer {
        case .uniform(let range): values[index] = Scalar(generator.uniform(range))
        case .constant(let value): values[index] = Scalar(value)
        case .polarity:
          let offset = tensor.declaration.owner == .sensorySynapse ? neurons * neurons : 0
          values[index] = Scalar(wiring.polarity[offset + entry])
        case .polarized(let range):
          let offset = tensor.declaration.owner == .sensorySynapse ? neurons * neurons : 0
          values[index] = Scalar(generator.uniform(range)) * Scalar(wiring.polarity[offset + entry])
        }
      }
    }
    return values
  }

  /// The number of parameters that exist: entries of synapse tensors count only where the wiring has the synapse.
  public var parameterCount: Int {
    layout.tensors.reduce(0) { sum, tensor in
      switch tensor.declaration.owner {
      case .synapse: sum + wiring.synapseCounts.recurrent
      case .sensorySynapse: sum + wiring.synapseCounts.sensory
      default: sum + tensor.declaration.count
      }
    }
  }

  /// Flat indices of every parameter that belongs to `synapse`, with their tensors' names.
  public func parameters(of synapse: Synapse) -> [(name: String, index: Int)] {
    let sensory = synapse.pre >= neurons
    let entry = sensory ? (synapse.pre - neurons) * neurons + synapse.post : synapse.index(neurons: neurons)
    return layout.tensors.filter { $0.declaration.owner == (sensory ? .sensorySynapse : .synapse) }
      .map { ($0.name, $0.offset + entry) }
  }

  /// Flat index of *the* weight of a synapse, and of the value whose sign says whether it excites; `nil` where the cell has
  /// none.
  public func weight(of synapse: Synapse) -> Int? { flatIndex(layout.synapseWeight, of: synapse) }
  public func sign(of synapse: Synapse) -> Int? { flatIndex(layout.synapseSign, of: synapse) }

  private func flatIndex(_ tensor: (ParameterOwner) -> ParameterLayout.Tensor?, of synapse: Synapse) -> Int? {
    let row = synapse.pre < neurons ? synapse.pre : synapse.pre - neurons
    return tensor(synapse.pre < neurons ? .synapse : .sensorySynapse).map { $0.offset + row * neurons + synapse.post }
  }

  /// Flat indices of every parameter that belongs to `neuron` itself (not to its synapses), with their tensors' names.
  public func parameters(ofNeuron neuron: Int) -> [(name: String, index: Int)] {
    layout.tensors.filter { $0.declaration.owner == .neuron }.map { ($0.name, $0.offset + neuron) }
  }

  /// The synapse a flat index belongs to, if it belongs to one.
  public func synapse(ofParameter index: Int) -> Synapse? {
    guard let tensor = layout.tensors.first(where: { $0.range.contains(index) }) else { return nil }
    switch tensor.declaration.owner {
    case .synapse: return Synapse(index: index - tensor.offset, neurons: neurons)
    case .sensorySynapse: return Synapse(index: index - tensor.offset + neurons * neurons, neurons: neurons)
    default: return nil
    }
  }
}

extension Readout {
  func tensors(neurons: Int, outputs: Int) -> [TensorDeclaration] {
    switch self {
    case .motorAffine:
      [
        TensorDeclaration(
          "output_w", .outputGain, shape: [outputs], owner: .readout, initializer: .constant(1)),
        TensorDeclaration(
          "output_b", .outputOffset, shape: [outputs], owner: .readout, initializer: .constant(0)),
      ]
    case .dense:
      [
        TensorDeclaration(
          "readout.weight", .readoutWeight, shape: [neurons, outputs], owner: .readout,
          initializer: .uniform(-1 / Double(max(neurons, 1)).squareRoot()...1 / Double(max(neurons, 1)).squareRoot())),
        TensorDeclaration(
          "readout.bias", .readoutBias, shape: [outputs], owner: .readout, initializer: .constant(0)),
      ]
    }
  }
}
