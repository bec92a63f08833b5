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
      for fired in experiment.encoder.encode(frame, steps: steps, step: experiment.step, state: &state) {
        network.advance(inputSpikes: fired)
        filter.add(network)
      }
      return filter.values
    }
  }

  /// Learns `targets` ([frame][target]) from one continuing series ([frame][variable]); the last frames are the test.
  ///
  /// Next-step prediction has the series itself as target, shifted; delayed recall the series shifted the other way.
  public func regress(
    series: [[Double]], targets: [[Double]], trained: Int, washout: Int = 50, seed: UInt64
  ) throws -> Outcome {
    try Self.check(series, variables: encoder.ranges.count)
    try SpikingError.check(
      series.count == targets.count && Set(targets.map(\.count)).count == 1 && !targets[0].isEmpty,
      "\(series.count) frames need as many targets of one size; \(targets.count) were given.")
    try SpikingError.check(
      washout >= 0 && trained >= washout + 20 && series.count >= trained + 2,
      "Of \(series.count) frames \(trained) for training, \(washout) of them thrown away, leave too few.")
    let reader = try Reader(self, seed: seed)
    var states: [Double] = []
    if plasticity != nil || homeostasis != nil {
      for frame in series.prefix(trained) { _ = reader.feed(frame) }
      reader.begin()
    }
    try reader.stopLearning()
    var before = 0
    for (index, frame) in series.enumerated() {
      if index == trained { before = reader.network.spikeCount }
      states += reader.feed(frame)
    }
    let n = reader.network.neurons
    let tested = series.count - trained
    func rows(_ range: Range<Int>) -> Matrix<Double> {
      Matrix(rows: range.count, columns: n, elements: Array(states[range.lowerBound * n..<range.upperBound * n]))
    }
    let readout = try LinearReadout(
      states: rows(washout..<trained), targets: Matrix(Array(targets[washout..<trained])))
    let predicted = readout(rows(trained..<series.count))
    let errors = targets[0].indices.map { column in
      let truth = targets[trained...].map { $0[column] }
      let middle = truth.reduce(0, +) / Double(tested)
      let variance = truth.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
      let square = (0..<tested).reduce(0) {
        $0 + (predicted[$1, column] - truth[$1]) * (predicted[$1, column] - truth[$1])
      }
      return variance > 0 ? (square / variance).squareRoot() : (square > 0 ? .infinity : 0)
    }
    let activity = Double(reader.network.spikeCount - before) / Double(n) / Double(tested)
    return Outcome(
      errors: errors, activity: activity, rate: activity / (hold / 1_000),
      predictions: (0..<tested).map { Array(predicted.row($0)) })
  }

  /// Learns the class (0 ..< classes) of whole sequences, each begun from rest. A sequence's features are the filtered
  /// spikes, averaged over its frames and at its end.
  public func classify(
    training: [(sequence: [[Double]], label: Int)], test: [(sequence: [[Double]], label: Int)], classes: Int,
    seed: UInt64
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
    func features(_ sequence: [[Double]]) -> [Double] {
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
      for (sequence, _) in training { _ = features(sequence) }
    }
    try reader.stopLearning()
    // Labels often come in order: the blocks of cross-validation should hold all of them.
    var random = SeededGenerator(seed: seed).stream(82)
    let order = permutation(training.count, using: &random)
    let states = Matrix(order.map { features(training[$0].sequence) })
    let targets = Matrix(rows: training.count, columns: classes) { training[order[$0]].label == $1 ? 1 : 0 }
    let readout = try LinearReadout(states: states, targets: targets)
    let before = reader.network.spikeCount
    let scores = readout(Matrix(test.map { features($0.sequence) }))
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
