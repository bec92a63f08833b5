import LinearAlgebra
import RealModule

/// A network that runs for a time, without a screen: what to build, what drives it, and what it showed.
public struct SpikeRun: Sendable, Equatable, Codable {
  /// What drives the neurons.
  public enum Drive: Sendable, Equatable, Codable {
    /// The same constant current into every neuron, in units of the threshold.
    case current(Double)
    /// [frame][variable]: every frame is held for `hold` ms as a current bias + gain·Σ_k a_ik·u_k into neuron i, a
    /// uniform in −1…1. Frames begin anew when they are used up. With an ``SpikeRun/encoder`` frames become spikes on
    /// the input channels instead, and only the bias is a current.
    case series([[Double]], hold: Double, bias: Double, gain: Double)
  }

  public var topology: Topology
  public var model: NeuronModel
  public var plasticity: PlasticityRule?
  public var homeostasis: Homeostasis?
  public var drive: Drive
  /// How a series becomes spikes on the ``Topology/inputs``; nil: it acts as currents.
  public var encoder: Encoder?
  /// How long, in seconds, and in steps of how many ms.
  public var seconds, step: Double
  public var seed: UInt64

  public init(
    topology: Topology, model: NeuronModel = NeuronModel(), plasticity: PlasticityRule? = nil,
    homeostasis: Homeostasis? = nil, drive: Drive = .current(1.2), encoder: Encoder? = nil, seconds: Double = 1,
    step: Double = 0.1, seed: UInt64 = 0
  ) {
    self.topology = topology
    self.model = model
    self.plasticity = plasticity
    self.drive = drive
    self.seconds = seconds
    self.step = step
    self.seed = seed
    self.encoder = encoder
    self.homeostasis = homeostasis
  }

  /// What is known at the end.
  public struct Summary: Sendable, Equatable, Codable {
    /// Spikes per second and neuron.
    public var rate: Double
    /// C for the first variable of a series of independent values that is long enough, otherwise nil.
    public var capacity: Double?
    /// Why there is no capacity, a sentence.
    public var noCapacity: String?
    /// S: mean spikes per neuron and frame; with a constant current a frame is a step.
    public var activity: Double
    /// 𝓔 = C/S.
    public var efficiency: Double?
    /// Share of neurons that never fired.
    public var silentShare: Double
    /// Time simulated ÷ time it took: above 1 is faster than real time. Readouts are not counted.
    public var secondsPerSecond: Double
  }

  /// The longest delay that ``Summary/capacity`` looks back, in frames.
  public static let delays = 40
  /// A readout costs neurons³, and its states neurons·frames numbers: above these no capacity is measured.
  static let (mostNeurons, mostStates) = (2_000, 40_000_000)

  public func validate() throws(SpikingError) {
    try SpikingError.check(
      seconds.isFinite && seconds > 0 && step.isFinite && step > 0,
      "The time and the step have to be above 0; they are \(seconds) s and \(step) ms.")
    try SpikingError.check(
      seconds * 1_000 / step < Double(Int32.max), "\(seconds) s are more than 2³¹ steps of \(step) ms.")
    try SpikingError.check(seconds * 1_000 / step >= 0.5, "\(seconds) s are less than one step of \(step) ms.")
    switch drive {
    case .current(let value):
      try SpikingError.check(value.isFinite, "The current has to be finite, and is \(value).")
      try SpikingError.check(encoder == nil, "A constant current is not encoded as spikes: leave the encoder out.")
    case .series(let frames, let hold, let bias, let gain):
      try SpikingError.check(
        !frames.isEmpty && !frames[0].isEmpty
          && frames.allSatisfy { $0.count == frames[0].count && $0.allSatisfy(\.isFinite) },
        "The input has to have at least one frame, and finite values, equally many in each.")
      try SpikingError.check(
        hold.isFinite && hold >= step && bias.isFinite && gain.isFinite,
        "A frame has to be held for at least one step of \(step) ms, and bias and gain have to be finite.")
      guard let encoder else { return }
      try encoder.validate()
      try SpikingError.check(
        encoder.ranges.count == frames[0].count && encoder.channels == topology.inputs,
        "The encoder is made for \(encoder.ranges.count) variables on \(encoder.channels) channels; the input has "
          + "\(frames[0].count), and the network \(topology.inputs).")
    }
  }

  /// The network before its first step.
  public func network() throws(SpikingError) -> SpikingNetwork {
    try validate()
    let network = try SpikingNetwork(
      model: model, connectivity: topology.connect(step: step, seed: seed), plasticity: plasticity, step: step,
      seed: seed)
    try network.setHomeostasis(homeostasis)
    return network
  }

  /// Runs to the end. `each` is called after every step; returning false ends the run early.
  public func run(
    each: (SpikingNetwork) -> Bool = { _ in true }
  ) throws -> (spikes: SpikeRecord, summary: Summary, network: SpikingNetwork) {
    let network = try network()
    let total = Int((seconds * 1_000 / step).rounded())
    var record = SpikeRecord()
    var feed = SeriesFeed(self, network)
    let clock = ContinuousClock()
    let started = clock.now
    var done = 0
    while done < total {
      network.advance(inputSpikes: feed.next(network, at: done))
      record.append(network)
      done += 1
      feed.read(network, after: done)
      if !each(network) { break }
    }
    let passed = clock.now - started
    let wall = Double(passed.components.seconds) + Double(passed.components.attoseconds) * 1e-18
    let simulated = Double(done) * step / 1_000
    let perNeuron = Double(record.count) / Double(network.neurons)
    let activity = perNeuron * Double(feed.perFrame) / Double(max(done, 1))
    var fired = [Bool](repeating: false, count: network.neurons)
    for neuron in record.neurons { fired[Int(neuron)] = true }
    let measured = try feed.capacity(seed: seed)
    return (
      record,
      Summary(
        rate: simulated > 0 ? perNeuron / simulated : 0, capacity: measured.value, noCapacity: measured.reason,
        activity: activity, efficiency: measured.value.map { activity > 0 ? $0 / activity : 0 },
        silentShare: Double(fired.count { !$0 }) / Double(fired.count),
        secondsPerSecond: wall > 0 ? simulated / wall : 0), network
    )
  }
}

extension SpikeRun {
  /// a_ik of ``Drive/series(_:hold:bias:gain:)``: neuron after neuron, a weight for each variable.
  public func directions(channels: Int) -> [[Double]] {
    CurrentDirections(neurons: topology.neurons, variables: channels, seed: seed).weights
  }
}

/// Gives a network its series, frame by frame, and keeps what a readout needs.
private struct SeriesFeed {
  /// Steps.
  let perFrame: Int
  private let frames: [[Double]]
  private let bias, gain, step: Double
  private let directions: CurrentDirections?
  private let encoder: Encoder?
  private var state: Encoder.State
  private var spikes: [[Int32]] = []
  private var filter: SpikeFilter
  private var (input, states): ([Double], [Double]) = ([], [])
  private let neurons: Int

  init(_ run: SpikeRun, _ network: SpikingNetwork) {
    neurons = network.neurons
    step = run.step
    encoder = run.encoder
    state = Encoder.State(seed: run.seed)
    filter = SpikeFilter(neurons: neurons, decay: 20, step: run.step)
    switch run.drive {
    case .current(let value):
      network.setCurrent(value)
      (frames, bias, gain, perFrame, directions) = ([], value, 0, 1, nil)
    case .series(let series, let hold, let bias, let gain):
      network.setCurrent(bias)
      (frames, self.bias, self.gain) = (series, bias, gain)
      perFrame = max(Int((hold / run.step).rounded()), 1)
      directions =
        run.encoder == nil
        ? CurrentDirections(neurons: neurons, variables: series[0].count, seed: run.seed) : nil
    }
  }

  /// Sets the frame's currents where one begins; the channels that fire in step `done`.
  mutating func next(_ network: SpikingNetwork, at done: Int) -> [Int32] {
    guard !frames.isEmpty else { return [] }
    let within = done % perFrame
    if within == 0 {
      let values = frames[done / perFrame % frames.count]
      if let encoder {
        spikes = encoder.encode(values, steps: perFrame, step: step, state: &state)
      } else if let directions {
        network.currents = directions.currents(values, bias: bias, gain: gain)
      }
    }
    return encoder == nil ? [] : spikes[within]
  }

  mutating func read(_ network: SpikingNetwork, after done: Int) {
    guard !frames.isEmpty else { return }
    filter.add(network)
    guard done % perFrame == 0 else { return }
    input.append(frames[(done / perFrame - 1) % frames.count][0])
    if neurons <= SpikeRun.mostNeurons, states.count + neurons <= SpikeRun.mostStates { states += filter.values }
  }

  func capacity(seed: UInt64) throws -> (value: Double?, reason: String?) {
    func none(_ reason: String) -> (Double?, String?) { (nil, reason) }
    let rows = input.count
    if frames.isEmpty { return none("A constant current is nothing to remember.") }
    if rows < 3 * SpikeRun.delays {
      return none("\(rows) frames are too few: at least \(3 * SpikeRun.delays) are needed.")
    }
    if rows > frames.count {
      return none("The input has \(frames.count) frames and was repeated: it would be remembered from its last time.")
    }
    if states.count < rows * neurons {
      return none("A readout of \(neurons) neurons over \(rows) frames is too large.")
    }
    if !Self.isIndependent(input) {
      return none("The frames of the input depend on each other, so that each tells of those before it.")
    }
    let matrix = Matrix(rows: rows, columns: neurons, elements: states)
    return (try MemoryCapacity.measure(states: matrix, input: input, delays: SpikeRun.delays, seed: seed).total, nil)
  }

  /// Whether no autocorrelation at lags 1…5 is larger than chance gives one independent series in ten thousand or so.
  static func isIndependent(_ values: [Double]) -> Bool {
    (1...5).allSatisfy { lag in
      let moments = Moments(Array(values.dropFirst(lag)), Array(values.dropLast(lag)))
      return moments.squaredCorrelation * Double(values.count - lag) < 16
    }
  }
}
