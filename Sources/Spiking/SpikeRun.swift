import LinearAlgebra
import Randomness
import RealModule

/// A network that runs for a time, without a screen: what to build, what drives it, and what it showed.
public struct SpikeRun: Sendable, Equatable, Codable {
  /// What drives the neurons.
  public enum Drive: Sendable, Equatable, Codable {
    /// The same constant current into every neuron, in units of the threshold.
    case current(Double)
    /// [frame][channel]: every frame is held for `hold` ms as a current bias + gain·Σ_k a_ik·u_k into neuron i, a
    /// uniform in −1…1. Frames begin anew when they are used up.
    case series([[Double]], hold: Double, bias: Double, gain: Double)
  }

  public var topology: Topology
  public var model: NeuronModel
  public var plasticity: PlasticityRule?
  public var drive: Drive
  /// How long, in seconds, and in steps of how many ms.
  public var seconds, step: Double
  public var seed: UInt64

  public init(
    topology: Topology, model: NeuronModel = NeuronModel(), plasticity: PlasticityRule? = nil,
    drive: Drive = .current(1.2), seconds: Double = 1, step: Double = 0.1, seed: UInt64 = 0
  ) {
    self.topology = topology
    self.model = model
    self.plasticity = plasticity
    self.drive = drive
    self.seconds = seconds
    self.step = step
    self.seed = seed
  }

  /// What is known at the end.
  public struct Summary: Sendable, Equatable, Codable {
    /// Spikes per second and neuron.
    public var rate: Double
    /// C for the first channel of a series that is long enough, otherwise nil.
    public var capacity: Double?
    /// S: mean spikes per neuron and frame; with a constant current a frame is a step.
    public var activity: Double
    /// 𝓔 = C/S.
    public var efficiency: Double?
    /// Time simulated ÷ time it took: above 1 is faster than real time. Readouts are not counted.
    public var secondsPerSecond: Double
  }

  /// The longest delay that ``Summary/capacity`` looks back, in frames.
  public static let delays = 40

  public func validate() throws(SpikingError) {
    try SpikingError.check(
      seconds.isFinite && seconds > 0 && step.isFinite && step > 0,
      "The time and the step have to be above 0; they are \(seconds) s and \(step) ms.")
    try SpikingError.check(
      seconds * 1_000 / step < Double(Int32.max), "\(seconds) s are more than 2³¹ steps of \(step) ms.")
    switch drive {
    case .current(let value): try SpikingError.check(value.isFinite, "The current has to be finite, and is \(value).")
    case .series(let frames, let hold, let bias, let gain):
      try SpikingError.check(
        !frames.isEmpty && frames.allSatisfy { $0.count == frames[0].count && $0.allSatisfy(\.isFinite) },
        "The input has to have at least one frame, and finite values, equally many in each.")
      try SpikingError.check(
        hold.isFinite && hold >= step && bias.isFinite && gain.isFinite,
        "A frame has to be held for at least one step of \(step) ms, and bias and gain have to be finite.")
    }
  }

  /// Runs to the end. `each` is called after every step; returning false ends the run early.
  public func run(
    each: (SpikingNetwork) -> Bool = { _ in true }
  ) throws -> (spikes: SpikeRecord, summary: Summary, network: SpikingNetwork) {
    try validate()
    let network = try SpikingNetwork(
      model: model, connectivity: topology.connect(step: step, seed: seed), plasticity: plasticity, step: step,
      seed: seed)
    let total = Int((seconds * 1_000 / step).rounded())
    var record = SpikeRecord()
    var filter = SpikeFilter(neurons: network.neurons, decay: 20, step: step)
    var (input, states): ([Double], [Double]) = ([], [])
    let perFrame: Int
    let currents: ((Int) -> [Double])?
    switch drive {
    case .current(let value):
      network.setCurrent(value)
      (perFrame, currents) = (1, nil)
    case .series(let frames, let hold, let bias, let gain):
      perFrame = max(Int((hold / step).rounded()), 1)
      let directions = directions(channels: frames[0].count)
      currents = { frame in
        let values = frames[frame % frames.count]
        return directions.map { row in bias + gain * zip(row, values).reduce(0) { $0 + $1.0 * $1.1 } }
      }
    }
    let clock = ContinuousClock()
    let started = clock.now
    var done = 0
    while done < total {
      if let currents, done % perFrame == 0 { network.currents = currents(done / perFrame) }
      network.advance()
      record.append(network)
      done += 1
      if case .series(let frames, _, _, _) = drive {
        filter.add(network)
        if done % perFrame == 0 {
          input.append(frames[(done / perFrame - 1) % frames.count][0])
          states += filter.values
        }
      }
      if !each(network) { break }
    }
    let passed = clock.now - started
    let wall = Double(passed.components.seconds) + Double(passed.components.attoseconds) * 1e-18
    let rows = input.count
    var capacity: Double?
    // A series that repeats itself would be remembered from its last time.
    if case .series(let frames, _, _, _) = drive, rows >= 3 * Self.delays, rows <= frames.count {
      let matrix = Matrix(rows: rows, columns: network.neurons, elements: states)
      capacity = try MemoryCapacity.measure(states: matrix, input: input, delays: Self.delays, seed: seed).total
    }
    let simulated = Double(done) * step / 1_000
    let perNeuron = Double(record.count) / Double(network.neurons)
    let activity = perNeuron * Double(perFrame) / Double(max(done, 1))
    return (
      record,
      Summary(
        rate: simulated > 0 ? perNeuron / simulated : 0, capacity: capacity, activity: activity,
        efficiency: capacity.map { activity > 0 ? $0 / activity : 0 },
        secondsPerSecond: wall > 0 ? simulated / wall : 0), network
    )
  }

  private func directions(channels: Int) -> [[Double]] {
    var random = SeededGenerator(seed: seed).stream(51)
    return (0..<topology.neurons).map { _ in (0..<channels).map { _ in random.uniform(-1...1) } }
  }
}
