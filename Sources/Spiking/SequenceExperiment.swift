import LinearAlgebra
import Randomness
import RealModule

/// A recurrent network that is fed with encoded sequences and read out linearly: prediction, recall, classification.
///
/// Weights learn by STDP (if there is a rule) while the training part passes through once, and are fixed afterwards;
/// the readout alone sees targets.
public struct SequenceExperiment: Sendable, Equatable, Codable {
  /// ``Topology/inputs`` has to be the encoder's number of channels.
  public var topology: Topology
  public var model: NeuronModel
  public var plasticity: PlasticityRule?
  public var homeostasis: Homeostasis?
  public var encoder: Encoder
  /// A constant current into every neuron.
  public var bias: Double
  /// ms.
  public var hold, step, readoutDecay: Double

  public init(
    topology: Topology, model: NeuronModel = NeuronModel(timeConstant: .equal(20)), plasticity: PlasticityRule? = nil,
    homeostasis: Homeostasis? = nil, encoder: Encoder, bias: Double = 0.5, hold: Double = 20, step: Double = 0.5,
    readoutDecay: Double = 30
  ) {
    self.topology = topology
    self.model = model
    self.plasticity = plasticity
    self.homeostasis = homeostasis
    self.encoder = encoder
    self.bias = bias
    self.hold = hold
    self.step = step
    self.readoutDecay = readoutDecay
  }

  /// How well one network does on the part that it was not trained on.
  public struct Outcome: Sendable, Equatable, Codable {
    /// Regression: root mean squared error ÷ standard deviation of each target. Classification: share of wrong answers.
    public var errors: [Double]
    public var error: Double { errors.reduce(0, +) / Double(max(errors.count, 1)) }
    /// S, mean spikes per neuron and frame over the tested part, and the same in Hz.
    public var activity, rate: Double
    /// Regression only: prediction of every target, [frame][target], over the tested part.
    public var predictions: [[Double]]
  }

  public func validate() throws(SpikingError) {
    try encoder.validate()
    try SpikingError.check(
      topology.inputs == encoder.channels,
      "The encoder has \(encoder.channels) channels, and the network \(topology.inputs) inputs.")
    for (name, value) in [("hold", hold), ("step", step), ("readout's decay", readoutDecay)] {
      try SpikingError.check(value.isFinite && value > 0, "The \(name) has to be above 0 ms, and is \(value).")
    }
    try SpikingError.check(
      hold >= step, "A frame has to be held for at least one step of \(step) ms, and is held for \(hold) ms.")
  }

  /// A network with what is read from it.
  private final class Reader {
    let network: SpikingNetwork
    var filter: SpikeFilter
    var state: Encoder.State
    let experiment: SequenceExperiment
    let steps: Int
    let directions: CurrentDirections?

    init(_ experiment: SequenceExperiment, seed: UInt64) throws(SpikingError) {
      try experiment.validate()
      self.experiment = experiment
      network = try SpikingNetwork(
        model: experiment.model, connectivity: experiment.topology.connect(step: experiment.step, seed: seed),
        plasticity: experiment.plasticity, step: experiment.step, seed: seed)
      network.setCurrent(experiment.bias)
      try network.setHomeostasis(experiment.homeostasis)
      filter = SpikeFilter(neurons: network.neurons, decay: experiment.readoutDecay, step: experiment.step)
      state = Encoder.State(seed: seed)
      directions =
        experiment.encoder.channels == 0
        ? CurrentDirections(neurons: network.neurons, variables: experiment.encoder.ranges.count, seed: seed) : nil
      steps = max(Int((experiment.hold / experiment.step).rounded()), 1)
    }

    func stopLearning() throws(SpikingError) {
      network.isLearning = false
      try network.setHomeostasis(nil)
    }

    /// Starts another sequence: rest everywhere, nothing on its way; weights and thresholds stay.
    func begin() {
      network.rest()
      state.begin()
      filter = SpikeFilter(neurons: network.neurons, decay: experiment.readoutDecay, step: experiment.step)
    }

    /// States after one frame.
    func feed(_ frame: [Double]) -> [Double] {
      if let directions, case .current(let gain) = experiment.encoder.code {
        let values = frame.indices.map { 2 * experiment.encoder.unit(frame[$0], $0) - 1 }
        network.currents = directions.currents(values, bias: experiment.bias, gain: gain)
      }
      for fired in experiment.encoder.encode(frame, steps: steps, step: experiment.step, state: &state) {
        network.advance(inputSpikes: fired)
        filter.add(network)
      }
      return filter.values
    }
  }

  /// A sequence of frames ([frame][variable]) with what is to be told at each ([frame][target]).
  public struct Lesson: Sendable {
    public var frames, targets: [[Double]]

    public init(frames: [[Double]], targets: [[Double]]) { (self.frames, self.targets) = (frames, targets) }
  }

  /// Learns targets from sequences, each begun from rest; the first `washout` frames of each count nowhere.
  ///
  /// Prediction has later frames as targets, delayed recall earlier ones.
  public func regress(
    training: [Lesson], test: [Lesson], washout: Int = 50, seed: UInt64, isCancelled: () -> Bool = { false }
  ) throws -> Outcome {
    try SpikingError.check(washout >= 0, "The frames that are thrown away cannot be \(washout).")
    let size = training.first?.targets.first?.count ?? 0
    for lesson in training + test {
      try Self.check(lesson.frames, variables: encoder.ranges.count)
      try SpikingError.check(
        lesson.frames.count == lesson.targets.count && lesson.targets.allSatisfy { $0.count == size } && size > 0,
        "\(lesson.frames.count) frames need as many targets of one size; \(lesson.targets.count) were given.")
    }
    func counted(_ lessons: [Lesson]) -> Int { lessons.reduce(0) { $0 + max($1.frames.count - washout, 0) } }
    try SpikingError.check(
      counted(training) >= 20 && counted(test) >= 2,
      "With the first \(washout) frames of each sequence thrown away, \(counted(training)) frames for training and "
        + "\(counted(test)) for the test are too few.")
    let reader = try Reader(self, seed: seed)
    /// Gives the states after the washout to `each`, and returns their targets.
    func pass(_ lessons: [Lesson], each: ([Double]) -> Void = { _ in }) throws -> [[Double]] {
      var targets: [[Double]] = []
      for lesson in lessons {
        reader.begin()
        for (index, frame) in lesson.frames.enumerated() {
          if isCancelled() { throw CancellationError() }
          let state = reader.feed(frame)
          guard index >= washout else { continue }
          each(state)
          targets.append(lesson.targets[index])
        }
      }
      return targets
    }
    if plasticity != nil || homeostasis != nil { _ = try pass(training) }
    try reader.stopLearning()
    let n = reader.network.neurons
    var states: [Double] = []
    let known = try pass(training) { states += $0 }
    let readout = try LinearReadout(
      states: Matrix(rows: known.count, columns: n, elements: states), targets: Matrix(known))
    let before = reader.network.spikeCount
    states = []
    let truth = try pass(test) { states += $0 }
    let predicted = readout(Matrix(rows: truth.count, columns: n, elements: states))
    let predictions = (0..<truth.count).map { Array(predicted.row($0)) }
    let frames = test.reduce(0) { $0 + $1.frames.count }
    let activity = Double(reader.network.spikeCount - before) / Double(n) / Double(frames)
    return Outcome(
      errors: Self.relativeErrors(predictions, truth), activity: activity, rate: activity / (hold / 1_000),
      predictions: predictions)
  }

  /// Root mean squared error ÷ standard deviation of the truth, for every target.
  public static func relativeErrors(_ predictions: [[Double]], _ truth: [[Double]]) -> [Double] {
    (0..<(truth.first?.count ?? 0)).map { column in
      let middle = truth.reduce(0) { $0 + $1[column] } / Double(truth.count)
      let variance = truth.reduce(0) { $0 + ($1[column] - middle) * ($1[column] - middle) }
      let square = zip(predictions, truth).reduce(0) { sum, pair in
        sum + (pair.0[column] - pair.1[column]) * (pair.0[column] - pair.1[column])
      }
      return variance > 0 ? (square / variance).squareRoot() : (square > 0 ? .infinity : 0)
    }
  }

  /// Learns the class (0 ..< classes) of whole sequences, each begun from rest. A sequence's features are the filtered
  /// spikes, averaged over its frames and at its end.
  public func classify(
    training: [(sequence: [[Double]], label: Int)], test: [(sequence: [[Double]], label: Int)], classes: Int,
    seed: UInt64, isCancelled: () -> Bool = { false }
  ) throws -> Outcome {
    for (sequence, label) in training + test {
      try Self.check(sequence, variables: encoder.ranges.count)
      try SpikingError.check(
        (0..<classes).contains(label) && !sequence.isEmpty,
        "A sequence of \(sequence.count) frames with label \(label) does not fit \(classes) classes.")
    }
    try SpikingError.check(
      training.count >= 10 && !test.isEmpty,
      "Classification needs at least 10 sequences for training and one for the test.")
    let reader = try Reader(self, seed: seed)
    func features(_ sequence: [[Double]]) throws -> [Double] {
      if isCancelled() { throw CancellationError() }
      reader.begin()
      var sum = [Double](repeating: 0, count: reader.network.neurons)
      var last = sum
      for frame in sequence {
        last = reader.feed(frame)
        for k in sum.indices { sum[k] += last[k] }
      }
      return sum.map { $0 / Double(sequence.count) } + last
    }
    if plasticity != nil || homeostasis != nil {
      for (sequence, _) in training { _ = try features(sequence) }
    }
    try reader.stopLearning()
    // Labels often come in order: the blocks of cross-validation should hold all of them.
    var random = SeededGenerator(seed: seed).stream(82)
    let order = permutation(training.count, using: &random)
    let states = Matrix(try order.map { try features(training[$0].sequence) })
    let targets = Matrix(rows: training.count, columns: classes) { training[order[$0]].label == $1 ? 1 : 0 }
    let readout = try LinearReadout(states: states, targets: targets)
    let before = reader.network.spikeCount
    let scores = readout(Matrix(try test.map { try features($0.sequence) }))
    let wrong = test.indices.count { index in
      let row = Array(scores.row(index))
      return row.firstIndex(of: row.max()!)! != test[index].label
    }
    let frames = test.reduce(0) { $0 + $1.sequence.count }
    let activity = Double(reader.network.spikeCount - before) / Double(reader.network.neurons) / Double(frames)
    return Outcome(
      errors: [Double(wrong) / Double(test.count)], activity: activity, rate: activity / (hold / 1_000),
      predictions: [])
  }

  private static func check(_ series: [[Double]], variables: Int) throws(SpikingError) {
    for frame in series {
      try SpikingError.check(
        frame.count == variables && frame.allSatisfy(\.isFinite),
        "Every frame has to have \(variables) finite values; one has \(frame.count): \(frame.prefix(4)).")
    }
  }
}
