/// One synapse from a source onto a neuron.
///
/// Sources 0 ..< N are the neurons themselves, N ..< N + M the input channels.
public struct Edge: Sendable, Equatable, Codable {
  public var source: Int
  public var target: Int
  public var weight: Float
  /// From the source's spike to its effect, in steps. 0 acts on the step that follows the spike.
  public var delay: Int

  public init(source: Int, target: Int, weight: Float, delay: Int = 0) {
    self.source = source
    self.target = target
    self.weight = weight
    self.delay = delay
  }
}

/// Who reaches whom: synapses sorted by source, then delay, then target.
///
/// All synapses of a source with one delay form a *bundle*: one entry in the queue of spikes on their way, and one
/// contiguous run of targets and weights when they arrive. Memory: 8 bytes a synapse and 16 a bundle.
public struct Connectivity: Sendable {
  struct Bundle: Sendable {
    var start, count: Int32
    var delay: UInt16
    var inhibitory: Bool
    var source: Int32
  }

  /// N and M.
  public let neurons, inputs: Int
  /// For every source whether its spikes inhibit.
  public let inhibitory: [Bool]
  /// Neuron that each synapse reaches.
  public let targets: [Int32]
  /// Weight that each synapse starts with.
  public let weights: [Float]
  let bundles: [Bundle]
  /// Bundles of source j: `firstBundle[j] ..< firstBundle[j + 1]`.
  let firstBundle: [Int32]

  public var synapses: Int { targets.count }
  public var sources: Int { neurons + inputs }
  /// The longest delay, steps.
  public var longestDelay: Int { Int(bundles.map(\.delay).max() ?? 0) }

  /// From a list of synapses in any order; two synapses between the same pair stay two.
  ///
  /// `inhibitory` has an entry for every source, or fewer: those that miss excite.
  public init(neurons: Int, inputs: Int = 0, edges: [Edge], inhibitory: [Bool] = []) throws(SpikingError) {
    try SpikingError.check(
      neurons >= 1 && inputs >= 0 && neurons + inputs < Int(Int32.max),
      "A network has at least one neuron and no negative number of inputs; \(neurons) and \(inputs) were asked for.")
    try SpikingError.check(
      inhibitory.count <= neurons + inputs,
      "\(inhibitory.count) sources are marked as inhibitory or not, and there are \(neurons + inputs).")
    try SpikingError.check(edges.count < Int(Int32.max), "\(edges.count) synapses are more than 2 147 483 646.")
    for edge in edges {
      try SpikingError.check(
        edge.source >= 0 && edge.source < neurons + inputs && edge.target >= 0 && edge.target < neurons,
        "A synapse from source \(edge.source) onto neuron \(edge.target) does not fit \(neurons) neurons and "
          + "\(inputs) inputs.")
      try SpikingError.check(
        edge.delay >= 0 && edge.delay <= Int(UInt16.max),
        "A delay of \(edge.delay) steps is outside 0…\(UInt16.max).")
      try SpikingError.check(edge.weight.isFinite, "The weight onto neuron \(edge.target) is \(edge.weight).")
    }
    let sources = neurons + inputs
    self.neurons = neurons
    self.inputs = inputs
    self.inhibitory = inhibitory + [Bool](repeating: false, count: sources - inhibitory.count)

    // Counting sort by source, then each source's own few by delay and target.
    var first = [Int](repeating: 0, count: sources + 1)
    for edge in edges { first[edge.source + 1] += 1 }
    for source in 0..<sources { first[source + 1] += first[source] }
    var next = first
    var order = [Int32](repeating: 0, count: edges.count)
    for (index, edge) in edges.enumerated() {
      order[next[edge.source]] = Int32(index)
      next[edge.source] += 1
    }
    var bundles: [Bundle] = []
    var firstBundle: [Int32] = [0]
    for source in 0..<sources {
      let range = first[source]..<first[source + 1]
      order[range].sort {
        let (a, b) = (edges[Int($0)], edges[Int($1)])
        return (a.delay, a.target, $0) < (b.delay, b.target, $1)
      }
      for position in range {
        let delay = UInt16(edges[Int(order[position])].delay)
        if position > range.lowerBound, bundles[bundles.count - 1].delay == delay {
          bundles[bundles.count - 1].count += 1
        } else {
          bundles.append(
            Bundle(
              start: Int32(position), count: 1, delay: delay, inhibitory: self.inhibitory[source],
              source: Int32(source)))
        }
      }
      firstBundle.append(Int32(bundles.count))
    }
    targets = order.map { Int32(edges[Int($0)].target) }
    weights = order.map { edges[Int($0)].weight }
    self.bundles = bundles
    self.firstBundle = firstBundle
  }

  /// Synapses of `source`, as indices into ``targets`` and ``weights``.
  public func outgoing(_ source: Int) -> Range<Int> {
    let (from, to) = (Int(firstBundle[source]), Int(firstBundle[source + 1]))
    guard from < to else { return 0..<0 }
    let last = bundles[to - 1]
    return Int(bundles[from].start)..<Int(last.start + last.count)
  }

  /// Source of every synapse. O(S).
  public func sourceOfEverySynapse() -> [Int32] {
    var result = [Int32](repeating: 0, count: synapses)
    for bundle in bundles {
      for index in Int(bundle.start)..<Int(bundle.start + bundle.count) { result[index] = bundle.source }
    }
    return result
  }

  /// Delay of every synapse, steps. O(S).
  public func delayOfEverySynapse() -> [Int] {
    var result = [Int](repeating: 0, count: synapses)
    for bundle in bundles {
      for index in Int(bundle.start)..<Int(bundle.start + bundle.count) { result[index] = Int(bundle.delay) }
    }
    return result
  }

  /// All synapses, in the order of ``targets``.
  public var edges: [Edge] {
    let (source, delay) = (sourceOfEverySynapse(), delayOfEverySynapse())
    return (0..<synapses).map {
      Edge(source: Int(source[$0]), target: Int(targets[$0]), weight: weights[$0], delay: delay[$0])
    }
  }
}
