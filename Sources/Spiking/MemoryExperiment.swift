import LinearAlgebra
import Randomness
import RealModule

/// A recurrent network, an input that it is to remember, and how its activity is read: from this follow C, S and 𝓔.
///
/// A value u uniform in −1…1 is held for ``hold`` ms as a current bias + gain·a_i·u into neuron i, a_i uniform in −1…1.
/// What a readout sees at its end are the neurons' spikes, filtered with ``readoutDecay``.
public struct MemoryExperiment: Sendable, Equatable, Codable {
  public var topology: Topology
  public var model: NeuronModel
  /// nil: fixed weights. Otherwise weights learn during ``learning`` inputs, and are fixed while capacity is measured.
  public var plasticity: PlasticityRule?
  public var homeostasis: Homeostasis?
  /// ms.
  public var hold, step, readoutDecay: Double
  public var bias, gain: Double
  /// Numbers of inputs: in which STDP works, that are thrown away, and that are measured.
  public var learning, washout, measured: Int
  /// The longest delay of the memory capacity, in inputs.
  public var delays: Int
  /// What is taken out of the network between learning and measuring; nil for nothing.
  public var pruning: NetworkPruning?

  /// 300 neurons as in the paper's smaller networks, near the edge of firing on their own.
  public init(
    topology: Topology? = nil, model: NeuronModel = NeuronModel(timeConstant: .equal(20)),
    plasticity: PlasticityRule? = nil, homeostasis: Homeostasis? = nil, hold: Double = 20, step: Double = 0.5,
    readoutDecay: Double = 20, bias: Double = 0.9, gain: Double = 0.6, learning: Int = 500, washout: Int = 100,
    measured: Int = 2_000, delays: Int = 40, pruning: NetworkPruning? = nil
  ) {
    self.topology =
      topology
      ?? Topology(
        neurons: 300, connections: 30, excitatoryWeight: .gamma(shape: 4, mean: 0.1),
        inhibitoryWeight: .gamma(shape: 4, mean: 0.4), delay: .uniform(shape: 3, mean: 2))
    self.model = model
    self.plasticity = plasticity
    self.homeostasis = homeostasis
    self.hold = hold
    self.step = step
    self.readoutDecay = readoutDecay
    self.bias = bias
    self.gain = gain
    self.learning = learning
    self.washout = washout
    self.measured = measured
    self.delays = delays
    self.pruning = pruning
  }

  /// What one network of the experiment does.
  public struct Outcome: Sendable, Equatable, Codable {
    public var memory: MemoryCapacity
    public var processing: ProcessingCapacity?
    /// S: mean spikes per neuron and input, and the same as a rate in Hz.
    public var activity, rate: Double
    /// Share of neurons that never fired while measured.
    public var silentShare: Double
    /// 𝓔 = C/S; 0 where nothing fired.
    public var efficiency: Double { activity > 0 ? memory.total / activity : 0 }
  }

  public func validate() throws(SpikingError) {
    for (name, value) in [("hold", hold), ("step", step), ("readout's decay", readoutDecay)] {
      try SpikingError.check(value.isFinite && value > 0, "The \(name) has to be above 0 ms, and is \(value).")
    }
    try SpikingError.check(
      hold >= step, "An input has to be held for at least one step of \(step) ms, and is held for \(hold) ms.")
    try SpikingError.check(
      bias.isFinite && gain.isFinite && learning >= 0 && washout >= 0,
      "Bias and gain have to be finite, and no number of inputs negative.")
    try SpikingError.check(
      measured >= delays + 20, "\(measured) inputs are too few for delays up to \(delays).")
    if let pruning {
      try pruning.validate()
      try SpikingError.check(washout >= 10, "Pruning needs the rates of at least 10 inputs; there are \(washout).")
    }
  }

  /// The network of one seed, before any input.
  public func network(seed: UInt64) throws(SpikingError) -> SpikingNetwork {
    try validate()
    let network = try SpikingNetwork(
      model: model, connectivity: topology.connect(step: step, seed: seed), plasticity: plasticity, step: step,
      seed: seed)
    try network.setHomeostasis(homeostasis)
    return network
  }

  /// Runs one seed. Cost: (learning + washout + measured)·hold/step steps, then the readouts.
  /// `isCancelled` is asked after every input.
  public func run(
    seed: UInt64, processing: Bool = false, isCancelled: () -> Bool = { false }
  ) throws -> Outcome {
    let network = try network(seed: seed)
    let drive = InputDrive(neurons: network.neurons, bias: bias, gain: gain, hold: hold, step: step, seed: seed)
    var reader = SpikeFilter(neurons: network.neurons, decay: readoutDecay, step: step)
    for _ in 0..<learning where plasticity != nil || homeostasis != nil {
      if isCancelled() { throw CancellationError() }
      drive.apply(drive.next(), to: network) { reader.add($0) }
    }
    network.isLearning = false
    try network.setHomeostasis(nil)
    if let pruning {
      var spikes = [Int](repeating: 0, count: network.neurons)
      for _ in 0..<washout {
        drive.apply(drive.next(), to: network) {
          reader.add($0)
          for neuron in $0.spikes { spikes[Int(neuron)] += 1 }
        }
      }
      try pruning.apply(to: network, rates: spikes.map { Double($0) / (Double(washout) * hold / 1_000) }, seed: seed)
    }
    return try measure(network, drive, &reader, seed: seed, processing: processing) { _, _ in !isCancelled() }
  }

  /// What a network remembers as it is: it has to have this experiment's step, and nothing of it may be learning.
  ///
  /// - Parameters:
  ///   - readers: the neurons that the readouts see, all unless told. Readouts cost O(readers³).
  ///   - checkpoints: numbers of inputs, ascending, at which an outcome of those measured until then is made.
  ///   - each: called after every measured input with their number, and with the outcome at a checkpoint; returning
  ///     false ends it with a `CancellationError`.
  public func measure(
    _ network: SpikingNetwork, seed: UInt64, readers: [Int]? = nil, checkpoints: [Int] = [],
    each: (Int, Outcome?) -> Bool = { _, _ in true }
  ) throws -> Outcome {
    try validate()
    try SpikingError.check(
      network.step == step && !network.isLearning,
      "Memory is measured in steps of \(step) ms with fixed weights; the network has steps of \(network.step) ms"
        + (network.isLearning ? " and learns." : "."))
    let drive = InputDrive(neurons: network.neurons, bias: bias, gain: gain, hold: hold, step: step, seed: seed)
    var reader = SpikeFilter(neurons: network.neurons, decay: readoutDecay, step: step)
    return try measure(network, drive, &reader, seed: seed, readers: readers, checkpoints: checkpoints, each: each)
  }

  private func measure(
    _ network: SpikingNetwork, _ drive: InputDrive, _ reader: inout SpikeFilter, seed: UInt64,
    processing: Bool = false, readers: [Int]? = nil, checkpoints: [Int] = [], each: (Int, Outcome?) -> Bool
  ) throws -> Outcome {
    for _ in 0..<washout {
      drive.apply(drive.next(), to: network) { reader.add($0) }
      if !each(0, nil) { throw CancellationError() }
    }
    let before = network.spikeCount
    var (input, states): ([Double], [Double]) = ([], [])
    var fired = [Bool](repeating: false, count: network.neurons)
    let columns = readers?.count ?? network.neurons
    states.reserveCapacity(measured * columns)
    func outcome(processing: Bool) throws -> Outcome {
      let matrix = Matrix(rows: input.count, columns: columns, elements: states)
      let activity = Double(network.spikeCount - before) / Double(network.neurons) / Double(input.count)
      return Outcome(
        memory: try MemoryCapacity.measure(states: matrix, input: input, delays: delays, seed: seed),
        processing: processing ? try ProcessingCapacity.measure(states: matrix, input: input, seed: seed) : nil,
        activity: activity, rate: activity / (hold / 1_000),
        silentShare: Double(fired.count { !$0 }) / Double(fired.count))
    }
    for number in 1...measured {
      input.append(drive.next())
      drive.apply(input.last!, to: network) {
        reader.add($0)
        for neuron in $0.spikes { fired[Int(neuron)] = true }
      }
      if let readers { for neuron in readers { states.append(reader.values[neuron]) } } else { states += reader.values }
      let isCheckpoint = number < measured && number >= delays + 20 && checkpoints.contains(number)
      if !each(number, isCheckpoint ? try outcome(processing: false) : nil) { throw CancellationError() }
    }
    return try outcome(processing: processing)
  }
}

/// Values of −1…1, held as currents.
final class InputDrive {
  private var random: SeededGenerator
  private let directions: CurrentDirections
  private let bias, gain: Double
  private let steps: Int

  init(neurons: Int, bias: Double, gain: Double, hold: Double, step: Double, seed: UInt64) {
    directions = CurrentDirections(neurons: neurons, variables: 1, seed: seed)
    random = SeededGenerator(seed: seed).stream(52)
    (self.bias, self.gain) = (bias, gain)
    steps = max(Int((hold / step).rounded()), 1)
  }

  func next() -> Double { random.uniform(-1...1) }

  func apply(_ value: Double, to network: SpikingNetwork, each: (SpikingNetwork) -> Void) {
    network.currents = directions.currents([value], bias: bias, gain: gain)
    for _ in 0..<steps {
      network.advance()
      each(network)
    }
  }
}

/// Each neuron's spikes, filtered by e^(−t/decay): what a linear readout sees.
public struct SpikeFilter: Sendable {
  public private(set) var values: [Double]
  private let factor: Double

  /// `decay` and `step` in ms.
  public init(neurons: Int, decay: Double, step: Double) {
    values = [Double](repeating: 0, count: neurons)
    factor = Double.exp(-step / decay)
  }

  /// Takes in the step that the network has just made.
  public mutating func add(_ network: SpikingNetwork) {
    for index in values.indices { values[index] *= factor }
    for neuron in network.spikes { values[Int(neuron)] += 1 }
  }
}
