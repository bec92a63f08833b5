import Randomness
import RealModule

/// Pair-based spike-timing-dependent plasticity with all-to-all pairing.
///
/// A presynaptic event that arrives Δt before a postsynaptic spike adds A₊·e^(−Δt/τ₊), one that arrives Δt after it
/// takes away A₋·e^(−Δt/τ₋); every pair counts, by two traces per synapse that jump by 1 and decay (Song, Miller &
/// Abbott 2000, DOI 10.1038/78829). Events at the same step count as pre before post.
public struct PlasticityRule: Sendable, Equatable, Codable {
  public enum Bounds: String, Sendable, Codable, CaseIterable {
    /// Weights are cut to [0, w_max]: the steps do not depend on the weight. Competition is strong and weights end at
    /// the two bounds.
    case hard
    /// Steps shrink towards the bound that they lead to: A₊·(1 − w/w_max), A₋·w/w_max (van Rossum, Bi & Turrigiano
    /// 2000, DOI 10.1523/JNEUROSCI.20-23-08812.2000). Weights gather around one value.
    case soft
  }

  /// A₊ and A₋ as magnitudes, in units of ``maximum``; τ₊ and τ₋ in ms. Each is drawn per synapse unless equal.
  public var potentiation: Spread
  public var depression: Spread
  public var potentiationTime: Spread
  public var depressionTime: Spread
  public var bounds: Bounds
  /// w_max.
  public var maximum: Float

  public init(
    potentiation: Spread = .equal(0.01), depression: Spread = .equal(0.0105), potentiationTime: Spread = .equal(20),
    depressionTime: Spread = .equal(20), bounds: Bounds = .hard, maximum: Float
  ) {
    self.potentiation = potentiation
    self.depression = depression
    self.potentiationTime = potentiationTime
    self.depressionTime = depressionTime
    self.bounds = bounds
    self.maximum = maximum
  }

  public var isEqual: Bool {
    potentiation.isEqual && depression.isEqual && potentiationTime.isEqual && depressionTime.isEqual
  }

  public func validate() throws(SpikingError) {
    try potentiation.validate(name: "amplitude A₊", positive: false)
    try depression.validate(name: "amplitude A₋", positive: false)
    try potentiationTime.validate(name: "time constant τ₊")
    try depressionTime.validate(name: "time constant τ₋")
    try SpikingError.check(
      maximum.isFinite && maximum > 0, "The largest weight has to be above 0, and is \(maximum).")
  }

  /// The window: change of a weight (in units of w_max, away from the bounds) by one pair, Δt = t_post − t_pre at the
  /// synapse, ms, with the means of the spreads.
  public func window(_ interval: Double) -> Double {
    interval >= 0
      ? potentiation.mean * Double.exp(-interval / potentiationTime.mean)
      : -depression.mean * Double.exp(interval / depressionTime.mean)
  }
}

/// The traces and constants of one network's plastic synapses.
///
/// Memory: 16 bytes a synapse (two traces, the step they were last decayed in, and its entry in the list of the
/// synapses onto each neuron), and 16 more where constants are drawn. A trace is decayed only when an event reaches
/// its synapse, by a table of e^(−d·h/τ) over the steps d passed, or by the exponential itself where τ differs.
public final class Plasticity {
  struct Trace {
    var pre, post: Float
    /// The step at which `pre` and `post` hold; ``frozen`` for a synapse that does not learn.
    var last: Int32
  }

  struct Constants {
    /// A± in units of weight, h/τ±.
    var plus, minus, plusRate, minusRate: Float
  }

  static let frozen = Int32.min

  public let rule: PlasticityRule
  let trace: Buffer<Trace>
  /// One entry for all, or one per synapse.
  let constants: Buffer<Constants>
  /// Synapses onto neuron i from sources that excite: `incoming[firstIncoming[i] ..< firstIncoming[i + 1]]`.
  let firstIncoming, incoming: Buffer<Int32>
  let plusTable, minusTable: Buffer<Float>

  init(rule: PlasticityRule, connectivity: Connectivity, step: Double, seed: UInt64) throws(SpikingError) {
    try rule.validate()
    self.rule = rule
    let count = connectivity.synapses
    let drawn = rule.isEqual ? 1 : count
    let random = SeededGenerator(seed: seed)
    func draw(_ spread: Spread, _ stream: UInt64) -> [Double] {
      var generator = random.stream(stream)
      return spread.draw(drawn, using: &generator)
    }
    let (plus, minus) = (draw(rule.potentiation, 21), draw(rule.depression, 22))
    let (plusTime, minusTime) = (draw(rule.potentiationTime, 23), draw(rule.depressionTime, 24))
    let maximum = Double(rule.maximum)
    constants = Buffer(
      (0..<drawn).map {
        Constants(
          plus: Float(plus[$0] * maximum), minus: Float(minus[$0] * maximum), plusRate: Float(step / plusTime[$0]),
          minusRate: Float(step / minusTime[$0]))
      })
    trace = Buffer(repeating: Trace(pre: 0, post: 0, last: 0), count: count)
    plusTable = Self.table(step / rule.potentiationTime.mean)
    minusTable = Self.table(step / rule.depressionTime.mean)

    var first = [Int32](repeating: 0, count: connectivity.neurons + 1)
    for bundle in connectivity.bundles where !bundle.inhibitory {
      for s in Int(bundle.start)..<Int(bundle.start + bundle.count) { first[Int(connectivity.targets[s]) + 1] += 1 }
    }
    for neuron in 0..<connectivity.neurons { first[neuron + 1] += first[neuron] }
    var next = first
    var list = [Int32](repeating: 0, count: Int(first.last!))
    for bundle in connectivity.bundles where !bundle.inhibitory {
      for s in Int(bundle.start)..<Int(bundle.start + bundle.count) {
        let target = Int(connectivity.targets[s])
        list[Int(next[target])] = Int32(s)
        next[target] += 1
      }
    }
    firstIncoming = Buffer(first)
    incoming = Buffer(list)
  }

  var bytes: Int {
    trace.count * MemoryLayout<Trace>.stride + (incoming.count + firstIncoming.count) * MemoryLayout<Int32>.stride
      + constants.count * MemoryLayout<Constants>.stride
      + (plusTable.count + minusTable.count) * MemoryLayout<Float>.stride
  }

  /// e^(−d·rate) for d = 0, 1, … until it is below 1e-9, the last entry 0: what is that old counts for nothing.
  private static func table(_ rate: Double) -> Buffer<Float> {
    let length = min(Int(20.7 / rate) + 2, 1 << 20)
    return Buffer((0..<length).map { $0 == length - 1 ? 0 : Float(Double.exp(-Double($0) * rate)) })
  }

  /// Constants of one synapse: A± in units of w_max, τ± in ms.
  public func parameters(of synapse: Int, step: Double) -> (
    potentiation: Double, depression: Double, potentiationTime: Double, depressionTime: Double
  ) {
    let own = constants.pointer[constants.count == 1 ? 0 : synapse]
    let maximum = Double(rule.maximum)
    return (
      Double(own.plus) / maximum, Double(own.minus) / maximum, step / Double(own.plusRate),
      step / Double(own.minusRate)
    )
  }

  public func isFrozen(_ synapse: Int) -> Bool { trace.pointer[synapse].last == Self.frozen }

  /// A frozen synapse transmits and does not learn.
  public func freeze(_ synapse: Int, _ isFrozen: Bool = true, now: Int) {
    trace.pointer[synapse] = Trace(pre: 0, post: 0, last: isFrozen ? Self.frozen : Int32(truncatingIfNeeded: now))
  }

  func forgetTraces(now: Int) {
    for s in 0..<trace.count where !isFrozen(s) { freeze(s, false, now: now) }
  }

  /// Presynaptic events arrive at a run of synapses: each transmits its weight, then is depressed.
  func presynaptic(
    _ range: Range<Int>, now: Int32, weight: UnsafeMutablePointer<Float>, target: UnsafePointer<Int32>,
    into goal: UnsafeMutablePointer<Double>
  ) {
    if constants.count == 1 {
      let decay = EqualDecay(self)
      presynaptic(range, now: now, weight: weight, target: target, into: goal, decay)
    } else {
      presynaptic(range, now: now, weight: weight, target: target, into: goal, DrawnDecay(self))
    }
  }

  @inline(__always)
  private func presynaptic<D: Decay>(
    _ range: Range<Int>, now: Int32, weight: UnsafeMutablePointer<Float>, target: UnsafePointer<Int32>,
    into goal: UnsafeMutablePointer<Double>, _ decay: D
  ) {
    let trace = trace.pointer
    let (maximum, isSoft) = (rule.maximum, rule.bounds == .soft)
    for s in range {
      let w = weight[s]
      goal[Int(target[s])] += Double(w)
      var own = trace[s]
      guard own.last != Self.frozen else { continue }
      decay.apply(to: &own, of: s, now: now)
      own.pre += 1
      trace[s] = own
      let step = decay.constants(of: s).minus * own.post
      let next = isSoft ? w - step * (w / maximum) : w - step
      weight[s] = next > 0 ? next : 0
    }
  }

  /// Neurons fire: the synapses onto them are potentiated.
  func postsynaptic(_ spikes: [Int32], now: Int32, weight: UnsafeMutablePointer<Float>) {
    if constants.count == 1 {
      let decay = EqualDecay(self)
      for neuron in spikes { postsynaptic(neuron, now: now, weight: weight, decay) }
    } else {
      let decay = DrawnDecay(self)
      for neuron in spikes { postsynaptic(neuron, now: now, weight: weight, decay) }
    }
  }

  @inline(__always)
  private func postsynaptic<D: Decay>(
    _ neuron: Int32, now: Int32, weight: UnsafeMutablePointer<Float>, _ decay: D
  ) {
    let (trace, incoming) = (trace.pointer, incoming.pointer)
    let (maximum, isSoft) = (rule.maximum, rule.bounds == .soft)
    for k in Int(firstIncoming.pointer[Int(neuron)])..<Int(firstIncoming.pointer[Int(neuron) + 1]) {
      let s = Int(incoming[k])
      var own = trace[s]
      guard own.last != Self.frozen else { continue }
      decay.apply(to: &own, of: s, now: now)
      own.post += 1
      trace[s] = own
      let w = weight[s]
      let step = decay.constants(of: s).plus * own.pre
      let next = isSoft ? w + step * (1 - w / maximum) : w + step
      weight[s] = next < maximum ? next : maximum
    }
  }
}

/// How traces decay between two events of a synapse.
private protocol Decay {
  func apply(to trace: inout Plasticity.Trace, of synapse: Int, now: Int32)
  func constants(of synapse: Int) -> Plasticity.Constants
}

private struct EqualDecay: Decay {
  let plus, minus: UnsafeMutablePointer<Float>
  let plusEnd, minusEnd: Int
  let shared: Plasticity.Constants

  init(_ plasticity: Plasticity) {
    (plus, minus) = (plasticity.plusTable.pointer, plasticity.minusTable.pointer)
    (plusEnd, minusEnd) = (plasticity.plusTable.count - 1, plasticity.minusTable.count - 1)
    shared = plasticity.constants.pointer[0]
  }

  @inline(__always)
  func apply(to trace: inout Plasticity.Trace, of synapse: Int, now: Int32) {
    let passed = Int(now &- trace.last)
    trace.pre *= plus[min(passed, plusEnd)]
    trace.post *= minus[min(passed, minusEnd)]
    trace.last = now
  }

  @inline(__always)
  func constants(of synapse: Int) -> Plasticity.Constants { shared }
}

private struct DrawnDecay: Decay {
  let constants: UnsafeMutablePointer<Plasticity.Constants>

  init(_ plasticity: Plasticity) { constants = plasticity.constants.pointer }

  @inline(__always)
  func apply(to trace: inout Plasticity.Trace, of synapse: Int, now: Int32) {
    let passed = Float(now &- trace.last)
    let own = constants[synapse]
    // Most traces have died out when the next event comes: an exponential is worth its time only for a live one.
    trace.pre = trace.pre == 0 ? 0 : trace.pre * Float.exp(-own.plusRate * passed)
    trace.post = trace.post == 0 ? 0 : trace.post * Float.exp(-own.minusRate * passed)
    trace.last = now
  }

  @inline(__always)
  func constants(of synapse: Int) -> Plasticity.Constants { constants[synapse] }
}
