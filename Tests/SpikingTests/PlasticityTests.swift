import Randomness
import RealModule
import Spiking
import Testing

@Suite struct PlasticityTests {
  /// M inputs onto one neuron, with weights too small to move it: it fires when its potential is set.
  private func network(
    _ rule: PlasticityRule, inputs: Int = 1, start: Float = 0.5, delay: Int = 0, seed: UInt64 = 1
  ) throws -> SpikingNetwork {
    try SpikingNetwork(
      model: NeuronModel(refractory: 0),
      connectivity: Connectivity(
        neurons: 1, inputs: inputs,
        edges: (0..<inputs).map {
          Edge(source: 1 + $0, target: 0, weight: start * rule.maximum, delay: delay)
        }), plasticity: rule, seed: seed)
  }

  private func advance(_ network: SpikingNetwork, pre: [Int32], post: Bool) {
    network.potentials = [post ? 3 : 0]
    network.advance(inputSpikes: pre)
  }

  /// The classical protocol: 60 pairs, two a second, for every interval; the window must be the formula.
  @Test func pairingProtocolMeasuresTheWindow() throws {
    let rule = PlasticityRule(
      potentiation: .equal(0.001), depression: .equal(0.0004), potentiationTime: .equal(17),
      depressionTime: .equal(34), maximum: 1e-6)
    let pairs = isOptimised ? 60 : 6
    var worst = 0.0
    for interval in [-100, -40, -20, -10, -1, -0.1, 0, 0.1, 1, 10, 20, 40, 100] {
      let network = try network(rule)
      let apart = Int((interval * 10).rounded())
      for n in 0..<pairs * 5_000 {
        let phase = n % 5_000
        if phase == 2_000 || phase == 2_000 + apart {
          advance(network, pre: phase == 2_000 ? [0] : [], post: phase == 2_000 + apart)
        } else {
          network.advance()
        }
      }
      let change = Double(network.weight(of: 0) / rule.maximum) - 0.5
      // Events of neighbouring pairs are 400 ms and more apart: e^(−400/34) < 1e-5. A Float weight rounds 60 times.
      let error = abs(change - Double(pairs) * rule.window(interval))
      worst = max(worst, error)
      #expect(error < 60 * 6e-8, "Δt \(interval) ms: \(change) against \(Double(pairs) * rule.window(interval))")
    }
    print("pairing protocol: worst error \(worst) of w_max")
  }

  /// Random trains, constants drawn per synapse: every pair counts, as a sum over all pairs has it.
  @Test(arguments: [0, 7]) func allPairsCount(_ delay: Int) throws {
    let rule = PlasticityRule(
      potentiation: .gamma(shape: 4, mean: 1e-4), depression: .gamma(shape: 4, mean: 1e-4),
      potentiationTime: .uniform(shape: 3, mean: 20), depressionTime: .normal(shape: 4, mean: 20), maximum: 1e-6)
    let network = try network(rule, inputs: 8, delay: delay)
    var random = SeededGenerator(seed: 9)
    var (pre, post): ([[Int]], [Int]) = ([[Int]](repeating: [], count: 8), [])
    for n in 0..<3_000 {
      let fired = (0..<8).filter { _ in random.unit() < 0.01 }
      let fires = random.unit() < 0.01
      for input in fired where n + delay < 3_000 { pre[input].append(n + delay) }
      if fires { post.append(n) }
      advance(network, pre: fired.map(Int32.init), post: fires)
    }
    for synapse in 0..<8 {
      let own = network.plasticity!.parameters(of: synapse, step: 0.1)
      var expected = 0.5
      for a in pre[synapse] {
        for b in post {
          let interval = Double(b - a) * 0.1
          expected +=
            interval >= 0
            ? own.potentiation * Double.exp(-interval / own.potentiationTime)
            : -own.depression * Double.exp(interval / own.depressionTime)
        }
      }
      let w = Double(network.weight(of: synapse) / rule.maximum)
      // Float traces: some 60 events, each rounded to 6e-8 of a weight of about 0.5.
      #expect(abs(w - expected) < 60 * 6e-8, "synapse \(synapse): \(w) against \(expected)")
    }
    let (a, b) = (network.plasticity!.parameters(of: 0, step: 0.1), network.plasticity!.parameters(of: 1, step: 0.1))
    #expect(a.potentiation != b.potentiation && a.depressionTime != b.depressionTime)
  }

  /// Equal constants use tables and drawn ones exponentials: a spread so narrow that it is equal gives the same weights.
  @Test func tablesAndExponentialsAgree() throws {
    let equal = PlasticityRule(maximum: 1e-6)
    let drawn = PlasticityRule(
      potentiation: .uniform(shape: 1e14, mean: 0.01), depression: .uniform(shape: 1e14, mean: 0.0105),
      potentiationTime: .uniform(shape: 1e14, mean: 20), depressionTime: .uniform(shape: 1e14, mean: 20), maximum: 1e-6)
    #expect(!drawn.isEqual)
    let networks = try [equal, drawn].map { try network($0, inputs: 20) }
    var random = SeededGenerator(seed: 2)
    for _ in 0..<20_000 {
      let fired = (0..<20).filter { _ in random.unit() < 0.002 }.map(Int32.init)
      let fires = random.unit() < 0.002
      for network in networks { advance(network, pre: fired, post: fires) }
    }
    let difference = zip(networks[0].weights, networks[1].weights).map { abs($0 - $1) / 1e-6 }.max()!
    #expect(difference < 1e-4, "largest difference \(difference) of w_max")
  }

  /// Hard bounds cut, soft ones are approached geometrically: 1 − w ← (1 − w)·(1 − A₊), w ← w·(1 − A₋).
  @Test func bounds() throws {
    for bounds in PlasticityRule.Bounds.allCases {
      let rule = PlasticityRule(
        potentiation: .equal(0.3), depression: .equal(0.3), bounds: bounds, maximum: 1e-6)
      for isPotentiating in [true, false] {
        let network = try network(rule)
        for pair in 1...5 {
          advance(network, pre: isPotentiating ? [0] : [], post: !isPotentiating)
          if !isPotentiating { advance(network, pre: [0], post: false) } else { advance(network, pre: [], post: true) }
          for _ in 0..<10_000 { network.advance() }
          let factor = 0.3 * Double.exp(-0.1 / 20)
          let left = bounds == .hard ? max(0.5 - Double(pair) * factor, 0) : 0.5 * Double.pow(1 - factor, Double(pair))
          let w = Double(network.weight(of: 0) / rule.maximum)
          #expect(abs(w - (isPotentiating ? 1 - left : left)) < 2e-6)
        }
      }
    }
  }

  @Test func frozenSynapsesTransmitAndStay() throws {
    let network = try network(PlasticityRule(maximum: 1e-6), inputs: 2)
    network.plasticity!.freeze(0, now: network.now)
    let before = network.weights
    for _ in 0..<200 {
      advance(network, pre: [0, 1], post: false)
      advance(network, pre: [], post: true)
    }
    #expect(network.weights[0] == before[0] && network.weights[1] != before[1])
    #expect(network.plasticity!.isFrozen(0) && !network.plasticity!.isFrozen(1))
    network.isLearning = false
    let still = network.weights
    for _ in 0..<200 { advance(network, pre: [0, 1], post: true) }
    #expect(network.weights == still)
    // Turned on again, old traces are forgotten: a lone postsynaptic spike changes nothing.
    network.isLearning = true
    advance(network, pre: [], post: true)
    #expect(network.weights == still && network.plasticity!.isFrozen(0))
  }

  struct Reference: Decodable {
    struct Run: Decodable {
      var seed, spikes: Int
      var quantiles: [Double]
    }
    var runs: [Run]
  }

  /// brian2's own example, 100 s (`Fixtures/make_brian2_stdp.py`): the same bimodal histogram.
  ///
  /// In units of the distance from rest to threshold (20 mV): reset 0.7, excitatory reversal 3.7.
  static func example(seed: UInt64) throws -> SpikingNetwork {
    var random = SeededGenerator(seed: seed).stream(5)
    return try SpikingNetwork(
      model: NeuronModel(
        timeConstant: .equal(10), resetPotential: 0.7, refractory: 0,
        synapses: .conductance(excitatory: 5, inhibitory: 5, excitatoryReversal: 3.7, inhibitoryReversal: 0)),
      connectivity: Connectivity(
        neurons: 1, inputs: 1_000,
        edges: (0..<1_000).map { Edge(source: 1 + $0, target: 0, weight: Float(random.unit() * 0.01)) }),
      plasticity: PlasticityRule(potentiation: .equal(0.01), depression: .equal(0.0105), maximum: 0.01), seed: seed)
  }

  @Test func sameHistogramAsBrian2() throws {
    let reference = try fixture("brian2-stdp", as: Reference.self)
    func average(_ lists: [[Double]]) -> [Double] { lists[0].indices.map { q in mean(lists.map { $0[q] }) } }
    // Mean distance of quantiles: the work of turning one histogram into the other, in units of w_max.
    func distance(_ a: [Double], _ b: [Double]) -> Double { mean(zip(a, b).map { abs($0 - $1) }) }
    let theirs = average(reference.runs.map(\.quantiles))
    let seeds = isOptimised ? 4 : 1
    let own: [(spikes: Int, quantiles: [Double])] = try (0..<seeds).map { seed in
      let network = try Self.example(seed: UInt64(seed))
      var input = try PoissonInput(channels: 1_000, rate: 15, step: 0.1, seed: UInt64(seed))
      var spikes: [Int32] = []
      for _ in 0..<1_000_000 {
        input.next(into: &spikes)
        network.advance(inputSpikes: spikes)
      }
      let weights = network.weights.map { Double($0) / 0.01 }.sorted()
      return (network.spikeCount, (0...100).map { q in weights[min(q * 999 / 100, 999)] })
    }
    let ours = average(own.map(\.quantiles))
    let among = reference.runs.map { distance($0.quantiles, theirs) }.max()!
    let apart = distance(ours, theirs)
    let counts = own.map(\.spikes)
    print("STDP: distance \(apart), brian2's seeds from their mean at most \(among); spikes \(counts)")
    #expect(apart <= (isOptimised ? among : 2 * among), "distance \(apart), among brian2's own seeds at most \(among)")
    #expect(own.allSatisfy { distance($0.quantiles, theirs) < 2 * among })
    let expected = reference.runs.map(\.spikes)
    let (low, high) = (expected.min()!, expected.max()!)
    #expect(
      counts.allSatisfy { $0 > low - (high - low) && $0 < high + (high - low) }, "\(counts), brian2 \(low)…\(high)")
    // Bimodal: more at either end than anywhere between.
    let below = ours.count { $0 < 0.1 }
    let above = ours.count { $0 > 0.9 }
    let middle = ours.count { $0 > 0.45 && $0 < 0.55 }
    #expect(below > middle && above > middle, "\(below) % below 0.1, \(middle) % around 0.5, \(above) % above 0.9")
  }
}
