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
  /// "" where the quantity is a pure number.
  public var unit: String
  /// Legal values; the optimiser and edits are held inside after every update.
  public var bounds: ClosedRange<Double>
  public var owner: ParameterOwner
  public var role: ParameterRole
  public var initializer: Initializer
  /// One clause for the inspector: "maximal conductance".
  public var meaning: String

  public init(
    _ name: String, shape: [Int], unit: String = "", bounds: ClosedRange<Double> = -.infinity ... .infinity,
    owner: ParameterOwner, role: ParameterRole, initializer: Initializer, meaning: String
  ) {
    self.name = name
    self.shape = shape
    self.unit = unit
    self.bounds = bounds
    self.owner = owner
    self.role = role
    self.initializer = initializer
    self.meaning = meaning
  }

  public var count: Int { shape.reduce(1, *) }
}

/// Where every parameter of a model stands in its one flat buffer.
///
/// Values, gradients, optimiser moments, freeze masks, weight history and checkpoints all use this layout.
public struct ParameterLayout: Sendable, Equatable {
  /// A declared tensor and its place.
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
    guard let (tensor, coordinates) = locate(index) else { return "parameter \(index)" }
    return "\(tensor.name)[\(coordinates.map(String.init).joined(separator: ", "))]"
  }
}
