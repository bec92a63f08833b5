import LinearAlgebra
import Randomness
import RealModule
import Spiking
import Testing

@Suite struct SequenceTests {
  static func experiment(_ code: Encoder.Code, ranges: [ClosedRange<Double>], neurons: Int = 80) -> SequenceExperiment {
    let encoder = Encoder(code, ranges: ranges)
    return SequenceExperiment(
      topology: Topology(
        neurons: neurons, connections: 10, excitatoryWeight: .gamma(shape: 4, mean: 0.1),
        inhibitoryWeight: .gamma(shape: 4, mean: 0.4), delay: .uniform(shape: 3, mean: 2), inputs: encoder.channels,
        inputConnections: min(encoder.channels, 4), inputWeight: .gamma(shape: 4, mean: 1)),
      model: NeuronModel(timeConstant: .gamma(shape: 4, mean: 20)), encoder: encoder,
      bias: encoder.channels == 0 ? 0.9 : 0.5)
  }

  /// The first of two parts for training, the second for the test.
  static func parts(_ targets: [[Double]], trained: Int) -> (
    training: [SequenceExperiment.Lesson], test: [SequenceExperiment.Lesson]
  ) {
    let frames = Array(wave.prefix(targets.count))
    return (
      [.init(frames: Array(frames[..<trained]), targets: Array(targets[..<trained]))],
      [.init(frames: Array(frames[trained...]), targets: Array(targets[trained...]))]
    )
  }

  static let wave = (0..<400).map { t in [Double.sin(Double(t) / 6), Double.cos(Double(t) / 6)] }

  /// A slow wave is told from the spikes of 80 neurons; and a constant prediction would have error 1.
  @Test(arguments: [Encoder.Code.rate(maximum: 200, population: 8), .latency(population: 8), .current(gain: 0.6)])
  func predictsAWave(_ code: Encoder.Code) throws {
    let experiment = Self.experiment(code, ranges: [-1...1, -1...1])
    let (training, test) = Self.parts(Self.wave.dropFirst(5).map { [$0[0]] }, trained: 280)
    let outcome = try experiment.regress(training: training, test: test, washout: 20, seed: 1)
    #expect(outcome.error < 0.6, "\(code): \(outcome.error)")
    #expect(outcome.predictions.count == 95 && outcome.activity > 0)
    #expect(abs(outcome.rate - outcome.activity * 50) < 1e-9)
    #expect(try experiment.regress(training: training, test: test, washout: 20, seed: 1) == outcome)
    #expect(throws: CancellationError.self) {
      try experiment.regress(training: training, test: test, seed: 1, isCancelled: { true })
    }
  }

  /// What the states cannot know they do not predict: independent noise has an error of about 1.
  @Test func doesNotPredictNoise() throws {
    var random = SeededGenerator(seed: 3)
    let noise = (0..<400).map { _ in [random.normal()] }
    let (training, test) = Self.parts(noise, trained: 300)
    let outcome = try Self.experiment(.rate(maximum: 200, population: 8), ranges: [-1...1, -1...1]).regress(
      training: training, test: test, washout: 20, seed: 1)
    #expect(outcome.error > 0.9 && outcome.error < 1.3, "\(outcome.error)")
  }

  /// Sequences that rise or fall, from any level: not told apart by their mean.
  @Test func classifiesWithPlasticity() throws {
    var random = SeededGenerator(seed: 8)
    func sequences(_ count: Int) -> [(sequence: [[Double]], label: Int)] {
      (0..<count).map { index in
        let rises = index % 2 == 0
        let start = random.uniform(0.2...0.4)
        let values = (0..<8).map { [start + 0.05 * Double($0)] }
        return (rises ? values : values.reversed(), rises ? 1 : 0)
      }
    }
    var experiment = Self.experiment(.rate(maximum: 400, population: 8), ranges: [0...1])
    experiment.plasticity = PlasticityRule(maximum: 0.4)
    let outcome = try experiment.classify(training: sequences(60), test: sequences(40), classes: 2, seed: 2)
    #expect(outcome.error < 0.2, "\(outcome.error)")
    #expect(outcome.activity > 0)
  }

  @Test func linearReadoutFindsALinearFunction() throws {
    var random = SeededGenerator(seed: 1)
    let states = Matrix<Double>(rows: 100, columns: 3) { _, column in random.uniform(-1...1) * (column == 2 ? 0 : 1) + 5
    }
    let targets = Matrix(rows: 100, columns: 2) { row, column in
      column == 0 ? 2 * states[row, 0] - states[row, 1] + 7 : 3
    }
    let readout = try LinearReadout(states: states, targets: targets)
    // A constant state counts for nothing, and a constant target is the intercept.
    let predicted = readout(Matrix([[1, 2, 5], [0, 0, 5]]))
    #expect((predicted - Matrix([[7, 3], [7, 3]])).maxAbsNorm < 1e-6, "\(predicted)")
  }

  @Test func refusals() throws {
    let experiment = Self.experiment(.latency(population: 2), ranges: [0...1])
    func lessons(_ frames: [[Double]]) -> [SequenceExperiment.Lesson] {
      [.init(frames: frames, targets: frames.map { _ in [0] })]
    }
    let good = lessons([[Double]](repeating: [0], count: 60))
    #expect(throws: SpikingError("Every frame has to have 1 finite values; one has 2: [0.1, 2.0].")) {
      try experiment.regress(training: lessons([[0.1, 2]]), test: good, seed: 1)
    }
    #expect(throws: SpikingError("60 frames need as many targets of one size; 0 were given.")) {
      try experiment.regress(training: good, test: [.init(frames: good[0].frames, targets: [])], seed: 1)
    }
    #expect(
      throws: SpikingError(
        "With the first 50 frames of each sequence thrown away, 10 frames for training and 10 for the test are too few."
      )
    ) { try experiment.regress(training: good, test: good, seed: 1) }
    var other = experiment
    other.topology.inputs = 5
    #expect(throws: SpikingError("The encoder has 2 channels, and the network 5 inputs.")) { try other.validate() }
  }
}
