/// What a named tensor's entries belong to.
public enum ParameterOwner: String, Sendable, Codable {
  /// One entry a recurrent synapse, [pre, post] of shape N×N.
  case synapse
  /// One entry a sensory synapse, [input, post] of shape M×N.
  case sensorySynapse
  /// One entry a neuron.
  case neuron
  /// One entry an input channel.
  case input
  /// One entry a pair of electrically coupled neurons.
  case gapJunction
  /// Dense layers that all neurons share.
  case backbone
  /// The map from neurons to outputs.
  case readout

  /// Who has the same quantities on the other side of the inputs: synapses from inputs for synapses from neurons, inputs for
  /// neurons, and the other way round.
  public var twin: ParameterOwner? {
    switch self {
    case .synapse: .sensorySynapse
    case .sensorySynapse: .synapse
    case .neuron: .input
    case .input: .neuron
    case .gapJunction, .backbone, .readout: nil
    }
  }
}

/// What a tensor does, for presets such as "train biases only".
public enum ParameterRole: String, Sendable, Codable { case weight, bias, shape }

/// How a tensor's first values are drawn.
public enum Initializer: Sendable, Equatable {
  case uniform(ClosedRange<Double>)
  case constant(Double)
  /// The wiring's polarity: +1 excitatory, −1 inhibitory, 0 where there is no synapse.
  case polarity
  /// A size drawn from the range, with the sign of the wiring's polarity; 0 where there is no synapse.
  case polarized(ClosedRange<Double>)
}

/// One named tensor of a model, as its cell or readout declares it.
public struct TensorDeclaration: Sendable, Equatable {
  /// The field's name: `w`, `mu`, `sigma`, `erev`, `gleak`, `vleak`, `cm`, `sensory_*`, `input_*`, `output_*`.
  public var name: String
  public var shape: [Int]
  public var quantity: ParameterQuantity
  /// The letter of the model's formulas: "μ", "g_leak". A tensor and its sensory twin have the same.
  public var symbol: String
  /// "nS", "nS·t", "1/t" with t the model's unit of time; "" where the quantity is a pure number, as states and potentials
  /// are.
  public var unit: String
  /// Legal values; the optimiser and edits are held inside after every update.
  public var bounds: ClosedRange<Double>
  public var owner: ParameterOwner
  public var initializer: Initializer
  /// One clause for the inspector: "maximal conductance".
  public var meaning: String

  /// Symbol and meaning are the quantity's unless told.
  public init(
    _ name: String, _ quantity: ParameterQuantity, shape: [Int], symbol: String? = nil, unit: String = "",
    bounds: ClosedRange<Double> = -.infinity ... .infinity, owner: ParameterOwner, initializer: Initializer,
    meaning: String? = nil
  ) {
    self.name = name
    self.quantity = quantity
    self.symbol = symbol ?? quantity.symbol
    self.shape = shape
    self.unit = unit
    self.bounds = bounds
    self.owner = owner
    self.initializer = initializer
    self.meaning = meaning ?? quantity.name
  }

  public var count: Int { shape.reduce(1, *) }
  public var role: ParameterRole { quantity.role }
}

/// Where every parameter of a model stands in its one flat buffer.
///
/// Values, gradients, optimiser moments, freeze masks, weight history and checkpoints all use this layout.
public struct ParameterLayout: Sendable, Equatable {
  /// A declared tensor and its offset.
  public struct Tensor: Sendable, Equatable {
    public var declaration: TensorDeclaration
    public var offset: Int
    public var name: String { declaration.name }
    public var range: Range<Int> { offset..<offset + declaration.count }
  }

  public let tensors: [Tensor]
  /// P, the number of entries of the flat buffer.
  public let count: Int

  public init(_ declarations: [TensorDeclaration]) {
    var offset = 0
    tensors = declarations.map { declaration in
      defer { offset += declaration.count }
      return Tensor(declaration: declaration, offset: offset)
    }
    count = offset
  }

  /// The tensor of that name. O(number of tensors).
  public subscript(name: String) -> Tensor? { tensors.first { $0.name == name } }

  /// The tensor of that quantity, the first where there are several; O(number of tensors).
  public func tensor(_ quantity: ParameterQuantity, of owner: ParameterOwner) -> Tensor? {
    tensors.first { $0.declaration.quantity == quantity && $0.declaration.owner == owner }
  }

  /// *The* weights of the synapses, and the tensor whose sign says whether they excite; `owner` is `.synapse` or
  /// `.sensorySynapse`. `nil` where the cell has none.
  public func synapseWeight(of owner: ParameterOwner) -> Tensor? {
    tensors.first { $0.declaration.owner == owner && $0.declaration.quantity.isSynapseWeight }
  }
  public func synapseSign(of owner: ParameterOwner) -> Tensor? {
    tensors.first { $0.declaration.owner == owner && $0.declaration.quantity.signsSynapse }
  }

  /// The same quantity on the other side: of the inputs' synapses or the inputs for a tensor of recurrent synapses or
  /// neurons, and the other way round.
  public func twin(of tensor: Tensor) -> Tensor? {
    let own = tensor.declaration
    guard let other = own.owner.twin else { return nil }
    return tensors.first {
      $0.declaration.owner == other && $0.declaration.quantity == own.quantity && $0.declaration.symbol == own.symbol
    }
  }

  /// The tensor that holds flat index `index`, and the index's coordinates in it: `w[3, 7]`.
  public func locate(_ index: Int) -> (tensor: Tensor, coordinates: [Int])? {
    guard let tensor = tensors.first(where: { $0.range.contains(index) }) else { return nil }
    var rest = index - tensor.offset
    var coordinates = [Int](repeating: 0, count: tensor.declaration.shape.count)
    for axis in coordinates.indices.reversed() {
      coordinates[axis] = rest % tensor.declaration.shape[axis]
      rest /= tensor.declaration.shape[axis]
    }
    return (tensor, coordinates)
  }

  /// "w[3, 7]", for messages.
  public func describe(_ index: Int) -> String {
    name(of: index)?.description ?? "parameter \(index)"
  }
}
