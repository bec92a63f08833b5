/// Which neurons there are and which synapses connect them, before any parameter has a value.
///
/// Neurons are ordered [motor | command | inter], as in `ncps`; the first O are the motor neurons whose states are read.
public struct Wiring: Sendable, Equatable {
  /// Where a neuron stands between what is sensed and what is done.
  public enum Layer: String, Sendable, Codable, CaseIterable { case sensory, inter, command, motor }

  /// What the person asked for: "ncp", "random:0.3".
  public let name: String
  public let inputNames: [String]
  public let neuronNames: [String]
  /// One entry a neuron.
  public let layers: [Layer]
  /// O, how many neurons are read out: those with index below.
  public let motors: Int
  /// (N + M)×N, [pre, post], neurons before inputs: +1 excitatory, −1 inhibitory, 0 where there is no synapse.
  public private(set) var polarity: [Int8]
  /// The electrical synapses: each pair once, a < b.
  public private(set) var gapJunctions: [GapJunction] = []
  /// The transmitter of each neuron where it is known, otherwise ""; N entries.
  public var transmitters: [String]

  /// N.
  public var neurons: Int { neuronNames.count }
  /// M.
  public var inputs: Int { inputNames.count }

  /// A wiring without synapses; `layers` has one entry a neuron, `motors` is at most their number.
  public init(name: String, inputNames: [String], neuronNames: [String], layers: [Layer], motors: Int) {
    precondition(layers.count == neuronNames.count && motors <= neuronNames.count)
    self.name = name
    self.inputNames = inputNames
    self.neuronNames = neuronNames
    self.layers = layers
    self.motors = motors
    transmitters = [String](repeating: "", count: neuronNames.count)
    polarity = [Int8](repeating: 0, count: (neuronNames.count + inputNames.count) * neuronNames.count)
  }

  /// Adds a synapse, or changes the polarity of one that is there.
  public mutating func connect(_ synapse: Synapse, polarity sign: Int8) {
    polarity[synapse.index(neurons: neurons)] = sign
  }

  /// Adds an electrical synapse between two different neurons; once a pair, in either order.
  public mutating func couple(_ i: Int, _ j: Int) {
    let pair = GapJunction(a: min(i, j), b: max(i, j))
    if i != j, !gapJunctions.contains(pair) { gapJunctions.append(pair) }
  }

  /// Whether the wiring has this synapse.
  public func has(_ synapse: Synapse) -> Bool { polarity[synapse.index(neurons: neurons)] != 0 }

  /// Every synapse, ordered by pre (neurons before inputs), then post.
  public var synapses: [Synapse] {
    polarity.indices.filter { polarity[$0] != 0 }.map { Synapse(index: $0, neurons: neurons) }
  }

  /// The number of synapses from neurons, and from inputs.
  public var synapseCounts: (recurrent: Int, sensory: Int) {
    let split = neurons * neurons
    return (polarity[..<split].count { $0 != 0 }, polarity[split...].count { $0 != 0 })
  }

  /// The name of a neuron or, from N on, of an input.
  public func sourceName(_ pre: Int) -> String {
    pre < neurons ? neuronNames[pre] : inputNames[pre - neurons]
  }

  /// "inter 3→motor 0".
  public func name(of synapse: Synapse) -> String { "\(sourceName(synapse.pre))→\(neuronNames[synapse.post])" }

  /// The (N + M)×N connections buffer of the intact wiring: 1 where there is a synapse.
  public func connections<S: CircuitScalar>(as type: S.Type = S.self) -> [S] { polarity.map { $0 == 0 ? 0 : 1 } }
}

/// An electrical synapse between neurons a < b: the same both ways.
public struct GapJunction: Sendable, Hashable, Codable {
  public var a: Int
  public var b: Int

  private enum CodingKeys: String, CodingKey {
    case a = "a"
    case b = "b"
  }

  public init(a: Int, b: Int) {
    self.a = a
    self.b = b
  }
}

/// One synapse: `pre` is a neuron below N, and input k as N + k; `post` is a neuron.
public struct Synapse: Sendable, Hashable, Codable {
  public var pre: Int
  public var post: Int

  private enum CodingKeys: String, CodingKey {
    case pre = "pre"
    case post = "post"
  }

  public init(pre: Int, post: Int) {
    self.pre = pre
    self.post = post
  }
  /// From its index in an (N + M)×N array.
  public init(index: Int, neurons: Int) {
    pre = index / neurons
    post = index % neurons
  }
  /// Its index in an (N + M)×N array.
  public func index(neurons: Int) -> Int { pre * neurons + post }

}
