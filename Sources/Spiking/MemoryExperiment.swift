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

  /// 300 neurons as in the paper's smaller networks, near the edge of firing on their own.
  public init(
    topology: Topology? = nil, model: NeuronModel = NeuronModel(timeConstant: .equal(20)),
    plasticity: PlasticityRule? = nil, homeostasis: Homeostasis? = nil, hold: Double = 20, step: Double = 0.5,
    readoutDecay: Double = 20, bias: Double = 0.9, gain: Double = 0.6, learning: Int = 500, washout: Int = 100,
    measured: Int = 2_000, delays: Int = 40
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
    for _ in 0..<washout { drive.apply(drive.next(), to: network) { reader.add($0) } }
    let before = network.spikeCount
    var (input, states): ([Double], [Double]) = ([], [])
    var fired = [Bool](repeating: false, count: network.neurons)
    states.reserveCapacity(measured * network.neurons)
    for _ in 0..<measured {
      if isCancelled() { throw CancellationError() }
      input.append(drive.next())
      drive.apply(input.last!, to: network) {
        reader.add($0)
        for neuron in $0.spikes { fired[Int(neuron)] = true }
      }
      states += reader.values
    }
    let matrix = Matrix(rows: measured, columns: network.neurons, elements: states)
    let activity = Double(network.spikeCount - before) / Double(network.neurons) / Double(measured)
    return Outcome(
      memory: try MemoryCapacity.measure(states: matrix, input: input, delays: delays, seed: seed),
      processing: processing ? try ProcessingCapacity.measure(states: matrix, input: input, seed: seed) : nil,
      activity: activity, rate: activity / (hold / 1_000),
      silentShare: Double(fired.count { !$0 }) / Double(fired.count))
  }
}

/// Values of −1…1, held as currents.
final class InputDrive {
  private var random: SeededGenerator
  private let directions: [Double]
  private let bias, gain: Double
  private let steps: Int

  init(neurons: Int, bias: Double, gain: Double, hold: Double, step: Double, seed: UInt64) {
    var weights = SeededGenerator(seed: seed).stream(51)
    directions = (0..<neurons).map { _ in weights.uniform(-1...1) }
    random = SeededGenerator(seed: seed).stream(52)
    (self.bias, self.gain) = (bias, gain)
    steps = max(Int((hold / step).rounded()), 1)
  }

  func next() -> Double { random.uniform(-1...1) }

  func apply(_ value: Double, to network: SpikingNetwork, each: (SpikingNetwork) -> Void) {
    network.currents = directions.map { bias + gain * $0 * value }
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
