import LinearAlgebra
import Randomness

/// A recording over learning, ready to be fitted: trials × neurons × time, centred neuron by neuron and divided by one
/// number, so that its deviation is ``deviation``.
package struct LearningRecording: Sendable, Equatable {
  package let trials, neurons, steps: Int
  package let values: [Double]
  /// One a trial, 0 ..< ``conditions``.
  package let condition: [Int]
  package let conditions: Int
  /// What a normalised value is multiplied with to be what was recorded, less the neuron's mean.
  package let scale: Double
  package static let deviation = 0.3

  package var variance: Double { values.reduce(0) { $0 + $1 * $1 } / Double(values.count) }

  /// - Parameters:
  ///   - condition: one whole number a trial; nil where all trials are alike.
  ///   - scale: what the centred values are divided by; nil for what gives them a deviation of ``deviation``.
  /// - Throws: ``TensorRankError`` for a tensor with missing entries, one that never varies, or another number of
  ///   conditions.
  package init(_ tensor: Tensor3, condition: [Int]? = nil, scale given: Double? = nil) throws(TensorRankError) {
    guard tensor.present == nil else { throw .missingEntries }
    if let condition, condition.count != tensor.shape[0] {
      throw .wrongCount(expected: tensor.shape[0], actual: condition.count)
    }
    (trials, neurons, steps) = (tensor.shape[0], tensor.shape[1], tensor.shape[2])
    var centred = tensor.elements
    for neuron in 0..<neurons {
      var sum = 0.0
      for k in 0..<trials { for t in 0..<steps { sum += tensor[k, neuron, t] } }
      let mean = sum / Double(trials * steps)
      for k in 0..<trials { for t in 0..<steps { centred[(k * neurons + neuron) * steps + t] -= mean } }
    }
    let spread = (centred.reduce(0) { $0 + $1 * $1 } / Double(centred.count)).squareRoot()
    guard spread > 0, spread.isFinite else { throw .allZero }
    scale = given ?? spread / Self.deviation
    let factor = scale
    values = centred.map { $0 / factor }
    let names = Array(Set(condition ?? [0])).sorted()
    conditions = names.count
    self.condition = (condition ?? [Int](repeating: 0, count: trials)).map { names.firstIndex(of: $0)! }
  }

  /// The mean squared error on the tested entries of a principal-component model of the fitted data would need both; this is
  /// the plain bound of form: the share of variance outside the first `count` principal components of all data.
  package func outsideComponents(_ count: Int) throws -> Double {
    let samples = trials * steps
    let all = Matrix<Double>(rows: neurons, columns: samples) { neuron, sample in
      values[(sample / steps * neurons + neuron) * steps + sample % steps]
    }
    let eigenvalues = try (all * all.transpose).symmetricEigen().values.sorted(by: >)
    return eigenvalues.dropFirst(count).reduce(0, +) / Double(values.count)
  }
}

/// Fitting a ``LowTensorRankNetwork`` to a recording, iteration by iteration: whoever drives it watches, pauses and
/// freezes.
package struct LowTensorRankFit: Sendable {
  package static let (mostIterations, window, settled, hiddenShare) = (3_000, 200, 0.001, 0.2)
  /// Of Adam; the published one unless told.
  package var rate = 1e-3

  package private(set) var network: LowTensorRankNetwork
  package let recording: LearningRecording
  package let blocks: HeldOutBlocks
  /// Parts that do not move: their values stay bit-identical, and so do the optimiser's moments.
  package var frozen: Set<LowTensorRankNetwork.Part> = []
  /// Mean squared errors before each iteration, fitted and tested entries, with the process that sees all trials left out
  /// of it: as trained.
  package private(set) var fitted: [Double] = []
  package private(set) var tested: [Double] = []
  private var first: [Double]
  private var second: [Double]
  private var random: SeededGenerator

  package var iterations: Int { fitted.count }

  /// Whether to stop: as many iterations as there may be, or the tested error has settled: its standard deviation over the
  /// last 200 iterations is below 0.001 of the data's variance.
  package var isDone: Bool {
    if iterations >= Self.mostIterations { return true }
    guard iterations >= Self.window, tested.last?.isFinite == true else { return false }
    let last = tested.suffix(Self.window)
    let mean = last.reduce(0, +) / Double(last.count)
    let variance = last.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(last.count)
    return variance.squareRoot() < Self.settled * recording.variance
  }

  package init(
    _ recording: LearningRecording, rank: Int, neurons: Int? = nil, preparation: Int = 10, seed: UInt64 = 1,
    blocks: HeldOutBlocks? = nil
  ) throws(TensorRankError) {
    guard rank >= 1 else { throw .illegalRank(rank) }
    self.recording = recording
    self.blocks =
      blocks ?? HeldOutBlocks(trials: recording.trials, neurons: recording.neurons, steps: recording.steps)
    network = LowTensorRankNetwork(
      trials: recording.trials, neurons: neurons ?? recording.neurons, recorded: recording.neurons,
      steps: recording.steps, preparation: preparation, rank: rank, conditions: recording.conditions, seed: seed)
    first = network.values.map { _ in 0 }
    second = first
    random = SeededGenerator(seed: seed).stream(0x6C)
  }

  /// One iteration of Adam (1e-3; 0.9, 0.999) on the whole recording, a random fifth of the trials hidden from the process
  /// over trials.
  package mutating func advance() throws {
    var order = Array(0..<recording.trials)
    random.shuffle(&order)
    let hidden = Set(order.prefix(Int(Self.hiddenShare * Double(recording.trials))))
    let process = try TrialProcess(trials: recording.trials, hidden: hidden)
    let outcome = network.pass(
      targets: recording.values, fitted: blocks.fitted, tested: blocks.tested, condition: recording.condition,
      process: process)
    fitted.append(outcome.fitted)
    tested.append(outcome.tested)
    var (decay, decaySquare) = (1.0, 1.0)
    for _ in 0..<iterations { (decay, decaySquare) = (decay * 0.9, decaySquare * 0.999) }
    for part in LowTensorRankNetwork.Part.allCases where !frozen.contains(part) {
      for i in network.range(of: part) {
        let g = outcome.gradient[i]
        first[i] = 0.9 * first[i] + 0.1 * g
        second[i] = 0.999 * second[i] + 0.001 * g * g
        network.values[i] -=
          rate * first[i] / (1 - decay) / ((second[i] / (1 - decaySquare)).squareRoot() + 1e-8)
      }
    }
  }

  /// Errors and outputs now, with every trial shown to the process.
  package func measure() throws -> LowTensorRankNetwork.Outcome {
    network.pass(
      targets: recording.values, fitted: blocks.fitted, tested: blocks.tested, condition: recording.condition,
      process: try TrialProcess(trials: recording.trials), wantsGradient: false)
  }

  package func factors() throws -> (a: Matrix<Double>, b: Matrix<Double>, c: Matrix<Double>) {
    network.factors(try TrialProcess(trials: recording.trials))
  }
}

/// Cosines of the principal angles between the column spaces of two matrices with as many rows, largest first: 1 where
/// a direction is shared. Columns must be independent.
package func principalCosines(_ left: Matrix<Double>, _ right: Matrix<Double>) throws -> [Double] {
  func basis(_ matrix: Matrix<Double>) throws -> Matrix<Double> {
    let parts = try matrix.svd()
    let rank = parts.values.count { $0 > 1e-10 * (parts.values.first ?? 0) }
    return Matrix(rows: matrix.rows, columns: rank) { parts.u[$0, $1] }
  }
  return try (basis(left).transpose * basis(right)).singularValues.map { min($0, 1) }
}
