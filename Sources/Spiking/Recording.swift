import Randomness
import RealModule

/// Spikes in the order in which they happened.
public struct SpikeRecord: Sendable, Equatable, Codable {
  /// The step of every spike, and the neuron.
  public var steps: [Int32] = []
  public var neurons: [Int32] = []

  public init() {}

  public var count: Int { steps.count }

  /// Adds what fired in the step that the network has just made.
  public mutating func append(_ network: SpikingNetwork) {
    for neuron in network.spikes {
      steps.append(Int32(truncatingIfNeeded: network.now - 1))
      neurons.append(neuron)
    }
  }

  /// The times of each neuron's spikes, ms: the end of the step in which it crossed the threshold.
  public func times(neurons count: Int, step: Double) -> [[Double]] {
    var result = [[Double]](repeating: [], count: count)
    for (step_, neuron) in zip(steps, neurons) { result[Int(neuron)].append(Double(step_ + 1) * step) }
    return result
  }

  /// Spikes per neuron in every bin of `width` steps: `[bin][neuron]`.
  public func counts(neurons count: Int, bins: Int, width: Int) -> [[Double]] {
    var result = [[Double]](repeating: [Double](repeating: 0, count: count), count: bins)
    for (step, neuron) in zip(steps, neurons) where Int(step) / width < bins {
      result[Int(step) / width][Int(neuron)] += 1
    }
    return result
  }
}

/// Independent Poisson spike trains of one rate on M channels: in every step each fires with probability rate·h.
///
/// The gaps are drawn rather than the steps, so that the cost is one logarithm per spike.
public struct PoissonInput: Sendable {
  public let channels: Int
  private let logarithm: Double
  private var random: SeededGenerator
  /// How many more (step, channel) pairs pass without a spike.
  private var gap: Double

  /// `rate` in Hz, `step` in ms.
  public init(channels: Int, rate: Double, step: Double, seed: UInt64) throws(SpikingError) {
    let probability = rate * step / 1_000
    try SpikingError.check(
      channels >= 0 && probability >= 0 && probability < 1,
      "A rate of \(rate) Hz in steps of \(step) ms is not a probability below 1.")
    self.channels = channels
    logarithm = Double.log(onePlus: -probability)
    random = SeededGenerator(seed: seed).stream(31)
    gap = 0
    gap = nextGap()
  }

  private mutating func nextGap() -> Double {
    logarithm == 0 ? .infinity : (Double.log(1 - random.unit()) / logarithm).rounded(.down)
  }

  /// Channels that fire in the next step, ascending.
  public mutating func next(into spikes: inout [Int32]) {
    spikes.removeAll(keepingCapacity: true)
    var position = gap
    while position < Double(channels) {
      spikes.append(Int32(position))
      position += 1 + nextGap()
    }
    gap = position - Double(channels)
  }
}
