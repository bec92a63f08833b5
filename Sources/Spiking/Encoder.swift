import Randomness
import RealModule

/// How numbers become spikes on a network's input channels, frame by frame.
///
/// Values are first mapped from their range to 0…1 (and cut there).
public struct Encoder: Sendable, Equatable, Codable {
  public enum Code: Sendable, Equatable, Codable {
    /// `population` channels per variable fire as Poisson processes: one channel at rate x·maximum, several at
    /// maximum·e^(−(x − c_k)²/(2·width²)) with centres c_k spread evenly over 0…1 and width 1/population.
    case rate(maximum: Double, population: Int)
    /// Two channels per variable: one spike each time x has risen, on the other fallen, by another `level` since the
    /// last spike (send on delta); within a frame spikes are spread evenly.
    case levelCrossing(level: Double)
    /// `population` channels per variable as above, each with one spike a frame, the earlier the stronger: at
    /// (1 − response)·frame; none where the response is below 0.05.
    case latency(population: Int)
    /// No spikes and no channels: x acts as a current gain·Σ_k a_ik·(2·x_k − 1) into neuron i, a uniform in −1…1.
    case current(gain: Double)
  }

  public var code: Code
  /// One per variable.
  public var ranges: [ClosedRange<Double>]

  public init(_ code: Code, ranges: [ClosedRange<Double>]) {
    self.code = code
    self.ranges = ranges
  }

  /// The smallest ranges that hold every value of `series` ([frame][variable]); a constant variable gets one of width 1.
  public static func ranges(of series: [[Double]]) -> [ClosedRange<Double>] {
    (0..<(series.first?.count ?? 0)).map { variable in
      let column = series.map { $0[variable] }
      let (low, high) = (column.min()!, column.max()!)
      return high > low ? low...high : low - 0.5...low + 0.5
    }
  }

  public var channelsPerVariable: Int {
    switch code {
    case .rate(_, let population), .latency(let population): population
    case .levelCrossing: 2
    case .current: 0
    }
  }
  /// M.
  public var channels: Int { ranges.count * channelsPerVariable }

  public func validate() throws(SpikingError) {
    try SpikingError.check(
      !ranges.isEmpty
        && ranges.allSatisfy { $0.lowerBound < $0.upperBound && ($0.upperBound - $0.lowerBound).isFinite },
      "An encoder needs a range that is finite and not empty for each variable.")
    switch code {
    case .rate(let maximum, let population):
      try SpikingError.check(
        maximum.isFinite && maximum > 0 && population >= 1,
        "A rate code needs a rate above 0 Hz and at least one channel; \(maximum) and \(population) were given.")
    case .levelCrossing(let level):
      try SpikingError.check(
        level > 0 && level < 1, "The level of a level-crossing code has to lie between 0 and 1, and is \(level).")
    case .latency(let population):
      try SpikingError.check(population >= 1, "A latency code needs at least one channel per variable.")
    case .current(let gain):
      try SpikingError.check(gain.isFinite, "The gain of a current has to be finite, and is \(gain).")
    }
  }

  /// What has to be remembered from frame to frame.
  public struct State: Sendable {
    var random: SeededGenerator
    /// Per variable where the last crossing was; nil before the first frame.
    var levels: [Double]?

    public init(seed: UInt64) { random = SeededGenerator(seed: seed).stream(81) }

    /// Forgets levels: the next frame is the first of another sequence.
    public mutating func begin() { levels = nil }
  }

  /// A value of a variable as a share of its range, cut to 0…1.
  public func unit(_ value: Double, _ variable: Int) -> Double {
    let range = ranges[variable]
    return min(max((value - range.lowerBound) / (range.upperBound - range.lowerBound), 0), 1)
  }

  private func response(_ x: Double, _ channel: Int, of population: Int) -> Double {
    guard population > 1 else { return x }
    let z = (x - Double(channel) / Double(population - 1)) * Double(population)
    return Double.exp(-z * z / 2)
  }

  /// The channels that fire in each of a frame's steps (of `step` ms).
  public func encode(_ frame: [Double], steps: Int, step: Double, state: inout State) -> [[Int32]] {
    var result = [[Int32]](repeating: [], count: steps)
    let values = ranges.indices.map { unit(frame[$0], $0) }
    switch code {
    case .rate(let maximum, let population):
      for (variable, x) in values.enumerated() {
        for k in 0..<population {
          let probability = maximum * response(x, k, of: population) * step / 1_000
          for n in 0..<steps where state.random.unit() < probability {
            result[n].append(Int32(variable * population + k))
          }
        }
      }
    case .latency(let population):
      for (variable, x) in values.enumerated() {
        for k in 0..<population {
          let strength = response(x, k, of: population)
          if strength < 0.05 { continue }
          result[min(Int((1 - strength) * Double(steps)), steps - 1)].append(Int32(variable * population + k))
        }
      }
    case .levelCrossing(let level):
      var last = state.levels ?? values
      for (variable, x) in values.enumerated() {
        // Whole levels passed since the last crossing; the tolerance keeps rounding from losing one that was just met.
        let passed = Int(((x - last[variable]).magnitude / level + 1e-9).rounded(.down))
        let channel = Int32(variable * 2 + (x > last[variable] ? 0 : 1))
        for index in 0..<passed { result[(index * steps) / passed].append(channel) }
        last[variable] += (x > last[variable] ? 1 : -1) * Double(passed) * level
      }
      state.levels = last
    case .current: break
    }
    return result
  }
}

extension Encoder.Code: CustomStringConvertible {
  /// `rate[:HZ[:CHANNELS]]`, `level[:STEP]`, `latency[:CHANNELS]` or `current[:GAIN]`; ``description`` gives the whole
  /// text back.
  public init(parsing text: String) throws(SpikingError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let numbers = parts.dropFirst().map { Double($0) ?? .nan }
    func number(_ index: Int, _ usual: Double) -> Double { index < numbers.count ? numbers[index] : usual }
    func count(_ index: Int, _ usual: Double) -> Int {
      let value = number(index, usual)
      return value.rounded() == value && (1...1_000).contains(value) ? Int(value) : 0
    }
    let most = ["rate": 2, "level": 1, "latency": 1, "current": 1][parts[0]]
    guard let most, numbers.count <= most, numbers.allSatisfy(\.isFinite) else {
      throw SpikingError(
        "“\(text)” is not an encoder: write rate:HZ:CHANNELS, level:STEP, latency:CHANNELS or current:GAIN (numbers may "
          + "be left out from the right).")
    }
    switch parts[0] {
    case "rate": self = .rate(maximum: number(0, 200), population: count(1, 8))
    case "level": self = .levelCrossing(level: number(0, 0.05))
    case "latency": self = .latency(population: count(0, 8))
    default: self = .current(gain: number(0, 0.6))
    }
    try Encoder(self, ranges: [0...1]).validate()
  }

  public var description: String {
    switch self {
    case .rate(let maximum, let population): "rate:\(maximum):\(population)"
    case .levelCrossing(let level): "level:\(level)"
    case .latency(let population): "latency:\(population)"
    case .current(let gain): "current:\(gain)"
    }
  }
}

/// How a ``Encoder/Code/current(gain:)`` reaches the neurons: the same weights for a seed, wherever they are used.
struct CurrentDirections: Sendable {
  /// [neuron][variable].
  let weights: [[Double]]

  init(neurons: Int, variables: Int, seed: UInt64) {
    var random = SeededGenerator(seed: seed).stream(51)
    weights = (0..<neurons).map { _ in (0..<variables).map { _ in random.uniform(-1...1) } }
  }

  /// bias + gain·Σ_k a_ik·u_k for every neuron i.
  func currents(_ values: [Double], bias: Double, gain: Double) -> [Double] {
    weights.map { row in bias + gain * zip(row, values).reduce(0) { $0 + $1.0 * $1.1 } }
  }
}
