import Circuits
import Learning

/// The wiring as views ask for it: who drives whom, and where each synapse's parameters stand. Made once a model.
public struct Connectivity: Sendable {
  /// Every synapse there is, ordered by pre, then post.
  public let synapses: [Synapse]
  /// By post-synaptic neuron, sources ascending; N of them.
  public let incoming: [[Synapse]]
  /// By source, neurons before inputs; N + M of them.
  public let outgoing: [[Synapse]]
  /// Pairs of neurons joined by a gap junction, as the wiring orders them, and where the conductances stand.
  public let junctions: [GapJunction]
  private let junctionOffset: Int?
  private let joined: Set<GapJunction>
  let neurons: Int
  private let tensors: [Tensor]
  private let neuronTensors: [Int]
  let layout: ParameterLayout

  /// A tensor of the recurrent synapses and its twin of the sensory ones.
  struct Tensor: Sendable {
    /// Of the recurrent synapses.
    var declaration: TensorDeclaration
    var recurrent: Int
    var sensory: Int
    var quantity: ParameterQuantity { declaration.quantity }
    var isSigned: Bool { declaration.bounds.lowerBound < 0 }
    var unit: String { declaration.unit }
  }

  init(_ model: Model<Float>) {
    let wiring = model.wiring
    let n = model.neurons
    neurons = n
    layout = model.layout
    synapses = wiring.synapses
    var incoming = [[Synapse]](repeating: [], count: n)
    var outgoing = [[Synapse]](repeating: [], count: n + wiring.inputs)
    for synapse in synapses {
      incoming[synapse.post].append(synapse)
      outgoing[synapse.pre].append(synapse)
    }
    (self.incoming, self.outgoing) = (incoming, outgoing)
    junctionOffset = model.layout.tensors.first { $0.declaration.owner == .gapJunction }?.offset
    junctions = junctionOffset == nil ? [] : wiring.gapJunctions
    joined = Set(junctions)
    tensors = model.layout.tensors.filter { $0.declaration.owner == .synapse }.compactMap { tensor in
      guard let twin = model.layout.twin(of: tensor) else { return nil }
      // As if the sensory rows followed the recurrent ones, as the connections do.
      return Tensor(declaration: tensor.declaration, recurrent: tensor.offset, sensory: twin.offset - n * n)
    }
    neuronTensors = model.layout.tensors.filter { $0.declaration.owner == .neuron }.map(\.offset)
  }

  /// *The* weight of the synapses.
  var weight: Tensor? { tensors.first { $0.quantity.isSynapseWeight } }

  /// The tensor whose sign says whether a synapse excites.
  var signing: Tensor? { tensors.first { $0.quantity.signsSynapse } }

  func tensor(_ quantity: ParameterQuantity) -> Tensor? { tensors.first { $0.quantity == quantity } }

  func isElectrical(_ one: Int, _ other: Int) -> Bool {
    !joined.isEmpty && joined.contains(GapJunction(a: min(one, other), b: max(one, other)))
  }

  /// Conductance of the gap junction at that index of ``junctions``.
  func conductance(ofJunction index: Int, _ values: [Float]) -> Double {
    guard let offset = junctionOffset, offset + index < values.count else { return .nan }
    return Double(values[offset + index])
  }

  /// What the snapshot says about every synapse and neuron, in one pass.
  func masks(_ snapshot: Snapshot) -> Masks {
    var masks = Masks(
      frozen: [Bool](repeating: false, count: snapshot.connections.count),
      frozenNeurons: [Bool](repeating: false, count: neurons), fanIn: [Int](repeating: 0, count: incoming.count),
      fanOut: [Int](repeating: 0, count: outgoing.count), present: 0)
    masks.learning = learning(snapshot)
    guard let last = tensors.last, snapshot.frozen.count > last.recurrent else { return masks }
    for synapse in synapses {
      let index = synapse.index(neurons: neurons)
      if snapshot.connections[index] != 0 {
        masks.present += 1
        masks.fanIn[synapse.post] += 1
        masks.fanOut[synapse.pre] += 1
      }
      var frozen = true
      for tensor in tensors where frozen {
        frozen = snapshot.frozen[(index < neurons * neurons ? tensor.recurrent : tensor.sensory) + index]
      }
      masks.frozen[index] = frozen
    }
    for neuron in 0..<neurons where !neuronTensors.isEmpty {
      masks.frozenNeurons[neuron] = neuronTensors.allSatisfy { snapshot.frozen[$0 + neuron] }
    }
    return masks
  }
}

extension Connectivity.Tensor {
  /// The flat index of this tensor's entry for the synapse with that index in the connections.
  func flatIndex(_ index: Int, neurons: Int) -> Int { (index < neurons * neurons ? recurrent : sensory) + index }
}

/// What is frozen and how much is left, by the indices of the connections and by neurons.
public struct Masks: Sendable, Equatable {
  /// (N + M)×N: whether every parameter of the synapse is frozen.
  public var frozen: [Bool]
  public var frozenNeurons: [Bool]
  /// What training may move.
  public var learning = LearningShare()
  /// Synapses that are not pruned, into each neuron and out of each source.
  public var fanIn: [Int]
  public var fanOut: [Int]
  public var present: Int
}
