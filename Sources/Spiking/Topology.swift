import Randomness

/// A recipe for the recurrent synapses of a network and those from its inputs.
public struct Topology: Sendable, Equatable, Codable {
  /// Where a neuron's recurrent synapses come from. None comes from itself, and no pair is connected twice.
  public enum Recurrence: Sendable, Equatable, Codable {
    /// Any other neuron, all equally likely.
    case random
    /// The nearest neighbours on a ring on which excitatory and inhibitory neurons stand mixed, each replaced with this
    /// probability by any other neuron (Watts & Strogatz 1998, DOI 10.1038/30918, with directed edges).
    case smallWorld(rewiring: Double)
  }

  public var neurons: Int
  /// Share of neurons that inhibit; they are the last ones.
  public var inhibitoryShare: Double
  /// Recurrent synapses onto each neuron.
  public var connections: Int
  public var recurrence: Recurrence
  /// Weights of synapses from excitatory and inhibitory neurons, both as magnitudes.
  public var excitatoryWeight: Spread
  public var inhibitoryWeight: Spread
  /// Delays of recurrent synapses, ms, rounded to steps.
  public var delay: Spread
  /// Input channels, and synapses from them onto each neuron (at most one from each channel).
  public var inputs: Int
  public var inputConnections: Int
  public var inputWeight: Spread

  public init(
    neurons: Int, inhibitoryShare: Double = 0.2, connections: Int, recurrence: Recurrence = .random,
    excitatoryWeight: Spread, inhibitoryWeight: Spread, delay: Spread = .equal(1), inputs: Int = 0,
    inputConnections: Int = 0, inputWeight: Spread = .equal(1)
  ) {
    self.neurons = neurons
    self.inhibitoryShare = inhibitoryShare
    self.connections = connections
    self.recurrence = recurrence
    self.excitatoryWeight = excitatoryWeight
    self.inhibitoryWeight = inhibitoryWeight
    self.delay = delay
    self.inputs = inputs
    self.inputConnections = inputConnections
    self.inputWeight = inputWeight
  }

  /// Number of neurons that excite: they are 0 ..< this.
  public var excitatory: Int { neurons - Int((Double(neurons) * inhibitoryShare).rounded()) }

  public func validate() throws(SpikingError) {
    try SpikingError.check(
      inhibitoryShare >= 0 && inhibitoryShare <= 1,
      "The share of inhibitory neurons has to lie in 0…1, and is \(inhibitoryShare).")
    try SpikingError.check(
      connections >= 0 && connections < max(neurons, 1),
      "Each neuron can receive from 0 to \(neurons - 1) of the \(neurons) neurons; \(connections) were asked for.")
    try SpikingError.check(
      inputConnections >= 0 && inputConnections <= inputs,
      "Each neuron can receive from at most all \(inputs) inputs; \(inputConnections) were asked for.")
    if case .smallWorld(let rewiring) = recurrence {
      try SpikingError.check(
        rewiring >= 0 && rewiring <= 1, "The probability of rewiring has to lie in 0…1, and is \(rewiring).")
    }
    try excitatoryWeight.validate(name: "excitatory weight", positive: false)
    try inhibitoryWeight.validate(name: "inhibitory weight", positive: false)
    try inputWeight.validate(name: "input weight", positive: false)
    try delay.validate(name: "delay", positive: false)
  }

  /// Draws a network; the same seed and step (ms) give the same one. O(S) expected.
  public func connect(step: Double, seed: UInt64) throws(SpikingError) -> Connectivity {
    try validate()
    try SpikingError.check(step.isFinite && step > 0, "The step has to be above 0 ms, and is \(step).")
    let random = SeededGenerator(seed: seed)
    var (pairs, weights, delays) = (random.stream(1), random.stream(2), random.stream(3))
    let ring = permutation(neurons, using: &pairs)
    var position = [Int](repeating: 0, count: neurons)
    for (index, neuron) in ring.enumerated() { position[neuron] = index }
    var edges: [Edge] = []
    edges.reserveCapacity(neurons * (connections + inputConnections))
    // `chosen[j] == i` marks source j as taken for target i, without clearing between targets.
    var chosen = [Int](repeating: -1, count: max(neurons, inputs))
    let excitatory = excitatory
    for target in 0..<neurons {
      chosen[target] = target
      var list: [Int] = []
      if case .smallWorld(let rewiring) = recurrence {
        for offset in 0..<connections where pairs.unit() >= rewiring {
          // +1, −1, +2, −2, …
          let away = offset % 2 == 0 ? offset / 2 + 1 : -(offset / 2 + 1)
          let neighbour = ring[(position[target] + away + neurons) % neurons]
          if chosen[neighbour] != target {
            chosen[neighbour] = target
            list.append(neighbour)
          }
        }
      }
      pick(connections - list.count, of: neurons, excluding: target, from: &chosen, into: &list, using: &pairs)
      for source in list {
        let spread = source < excitatory ? excitatoryWeight : inhibitoryWeight
        edges.append(Edge(source: source, target: target, weight: Float(spread.draw(1, using: &weights)[0])))
      }
    }
    let stepsOfDelay = delay.draw(edges.count, using: &delays)
    for index in edges.indices { edges[index].delay = Int((stepsOfDelay[index] / step).rounded()) }
    for index in chosen.indices { chosen[index] = -1 }
    for target in 0..<neurons where inputConnections > 0 {
      var list: [Int] = []
      pick(inputConnections, of: inputs, excluding: target, from: &chosen, into: &list, using: &pairs)
      for input in list {
        edges.append(
          Edge(
            source: neurons + input, target: target, weight: Float(inputWeight.draw(1, using: &weights)[0])))
      }
    }
    return try Connectivity(
      neurons: neurons, inputs: inputs, edges: edges, inhibitory: (0..<neurons).map { $0 >= excitatory })
  }

  /// Appends `count` numbers below `limit` that are not marked with `mark`, and marks them: by rejection while few are
  /// taken, by going through the free ones where most are.
  private func pick(
    _ count: Int, of limit: Int, excluding mark: Int, from chosen: inout [Int], into list: inout [Int],
    using random: inout SeededGenerator
  ) {
    guard count > 0 else { return }
    if (list.count + count) * 2 < limit {
      var missing = count
      while missing > 0 {
        let source = random.index(below: limit)
        if chosen[source] == mark { continue }
        chosen[source] = mark
        list.append(source)
        missing -= 1
      }
    } else {
      var free = (0..<limit).filter { chosen[$0] != mark }
      for index in 0..<min(count, free.count) {
        free.swapAt(index, index + random.index(below: free.count - index))
        chosen[free[index]] = mark
        list.append(free[index])
      }
    }
  }
}

/// A random order of 0 ..< `count` (Fisher & Yates).
func permutation(_ count: Int, using random: inout SeededGenerator) -> [Int] {
  var result = Array(0..<count)
  for index in stride(from: count - 1, to: 0, by: -1) { result.swapAt(index, random.index(below: index + 1)) }
  return result
}
