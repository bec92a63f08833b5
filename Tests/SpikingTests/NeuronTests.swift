import RealModule
import Spiking
import Testing

@Suite struct NeuronTests {
  /// On a grid of h a reset to rest fires at most one step late: t_ref + τ·ln(I/(I − 1)) rounded up.
  @Test(arguments: [1.05, 1.5, 2, 5, 20], [0.0, 2])
  func rateUnderConstantCurrent(_ current: Double, _ refractory: Double) throws {
    for tau in [1.0, 10, 37] {
      let model = NeuronModel(timeConstant: .equal(tau), refractory: refractory)
      let network = try lonely(model)
      network.setCurrent(current)
      let times = spikeSteps(network, steps: 20_000)
      let period = Double(times.last! - times.first!) / Double(times.count - 1) * 0.1
      let exact = refractory + tau * Double.log(current / (current - 1))
      #expect(period >= exact - 1e-9 && period <= exact + 0.1 + 1e-9, "τ \(tau): \(period) ms, exact \(exact) ms")
      #expect(abs(model.rate(current: current, timeConstant: tau) - 1_000 / exact) < 1e-9 * 1_000 / exact)
    }
  }

  /// The error falls with the step, as it only comes from rounding up: 0.01 ms leaves less than 0.01 ms.
  @Test func smallerStepsComeNearer() throws {
    let model = NeuronModel(timeConstant: .equal(10), refractory: 2)
    let network = try lonely(model, step: 0.01)
    network.setCurrent(1.5)
    let times = spikeSteps(network, steps: 100_000)
    let rate = 1_000 / (Double(times.last! - times.first!) / Double(times.count - 1) * 0.01)
    #expect(abs(rate - 1_000 / (2 + 10 * Double.log(3.0))) < 0.06)
  }

  /// What a grid adds beyond threshold is lost by a reset to rest, and kept by subtraction: its rate is unbiased.
  @Test func subtractionKeepsTheOvershoot() throws {
    var periods: [NeuronModel.Reset: Double] = [:]
    for reset in NeuronModel.Reset.allCases {
      // Without refractory period, and at a rate where the grid matters: the exact period is 0.5129 ms.
      let network = try lonely(NeuronModel(timeConstant: .equal(10), reset: reset, refractory: 0))
      network.setCurrent(20)
      let times = spikeSteps(network, steps: 50_000)
      periods[reset] = Double(times.last! - times.first!) / Double(times.count - 1) * 0.1
    }
    let exact = 10 * Double.log(20 / 19.0)
    #expect(abs(periods[.rest]! - 0.6) < 1e-9)
    // Left is the leak's own nonlinearity within a step, of relative order (h/τ)·(h/2T).
    #expect(abs(periods[.subtract]! - exact) < 0.005 * exact, "\(periods[.subtract]!) against \(exact)")
  }

  /// A volley far beyond threshold is one spike after a reset to rest, several after one by subtraction.
  @Test func strongInputAndTheTwoResets() throws {
    for (reset, expected) in [(NeuronModel.Reset.rest, 1), (.subtract, 3)] {
      let network = try lonely(NeuronModel(timeConstant: .equal(1e9), reset: reset, refractory: 0))
      network.potentials = [3.5]
      #expect(spikeSteps(network, steps: 100).count == expected)
    }
  }

  @Test func refractoryHoldsForWholeSteps() throws {
    let network = try lonely(NeuronModel(timeConstant: .equal(10), refractory: 2))
    network.setCurrent(1e6)
    // Integrated once in every 1 + 20 steps.
    #expect(spikeSteps(network, steps: 64) == [0, 21, 42, 63])
  }

  @Test func belowThresholdNothingFires() throws {
    let network = try lonely(NeuronModel())
    network.setCurrent(1)
    #expect(spikeSteps(network, steps: 20_000).isEmpty)
    #expect(abs(network.potentials[0] - 1) < 1e-12)
    #expect(network.model.rate(current: 1, timeConstant: 10) == 0)
  }

  /// One spike through an exponential synapse: v(t) = w·τ_s/(τ_s − τ_m)·(e^(−t/τ_s) − e^(−t/τ_m)), to rounding, for any
  /// step, also where the two time constants are equal or nearly so.
  @Test(arguments: [0.1, 1, 7])
  func currentSynapseIsExact(_ step: Double) throws {
    for (tau, decay) in [(10.0, 5.0), (5, 5), (5 * (1 + 1e-9), 5), (0.5, 20)] {
      let edges = [Edge(source: 1, target: 0, weight: 0.5)]
      let network = try SpikingNetwork(
        model: NeuronModel(synapses: .current(excitatory: decay, inhibitory: decay)),
        connectivity: Connectivity(neurons: 1, inputs: 1, edges: edges), timeConstants: [tau], step: step)
      network.advance(inputSpikes: [0])
      for n in 1...30 {
        network.advance()
        let t = Double(n) * step
        let relative = decay / tau - 1
        let exact =
          abs(relative) < 1e-6
          ? 0.5 * t / tau * Double.exp(-t / tau)
          : 0.5 * decay / (decay - tau) * (Double.exp(-t / decay) - Double.exp(-t / tau))
        #expect(abs(network.potential(of: 0) - exact) < 1e-9, "τ \(tau), τ_s \(decay), t \(t)")
      }
    }
  }

  /// In conductance form the rule is exact for constant conductances and of order 2 for decaying ones: a step half as
  /// long leaves a quarter of the error.
  @Test func conductanceSynapseIsOfSecondOrder() throws {
    func potential(_ step: Double) throws -> Double {
      let network = try SpikingNetwork(
        model: NeuronModel(
          threshold: 100,
          synapses: .conductance(excitatory: 5, inhibitory: 10, excitatoryReversal: 4, inhibitoryReversal: -1)),
        connectivity: Connectivity(
          neurons: 1, inputs: 2,
          edges: [Edge(source: 1, target: 0, weight: 2), Edge(source: 2, target: 0, weight: 3)],
          inhibitory: [false, false, true]), timeConstants: [10], step: step)
      network.advance(inputSpikes: [0, 1])
      for _ in 0..<Int((16 / step).rounded()) { network.advance() }
      return network.potential(of: 0)
    }
    let exact = try potential(1.0 / 256)
    let errors = try [2.0, 1, 0.5, 0.25].map { abs(try potential($0) - exact) }
    let orders = zip(errors, errors.dropFirst()).map { Double.log($0 / $1) / Double.log(2.0) }
    #expect(orders.allSatisfy { $0 > 1.8 && $0 < 2.2 }, "orders \(orders)")

    let constant = try SpikingNetwork(
      model: NeuronModel(
        synapses: .conductance(excitatory: 1e15, inhibitory: 1, excitatoryReversal: 0.9, inhibitoryReversal: -1)),
      connectivity: Connectivity(neurons: 1, inputs: 1, edges: [Edge(source: 1, target: 0, weight: 2)]),
      timeConstants: [10], step: 1)
    constant.advance(inputSpikes: [0])
    for _ in 0..<10 { constant.advance() }
    // g = 2: v∞ = 2·0.9/3, τ/(1 + g).
    #expect(abs(constant.potential(of: 0) - 0.6 * (1 - Double.exp(-3.0))) < 1e-12)
  }

  @Test(arguments: [0, 1, 7]) func delays(_ delay: Int) throws {
    let network = try SpikingNetwork(
      model: NeuronModel(),
      connectivity: Connectivity(
        neurons: 1, inputs: 1, edges: [Edge(source: 1, target: 0, weight: 1, delay: delay)]))
    network.advance(inputSpikes: [0])
    for n in 1...10 {
      network.advance()
      #expect((network.potential(of: 0) > 0) == (n > delay))
    }
  }

  @Test func silencedNeuronsDoNotFire() throws {
    let network = try lonely(NeuronModel(), neurons: 2)
    network.setCurrent(2)
    network.silence(1)
    for _ in 0..<1_000 {
      network.advance()
      #expect(network.spikes != [1] && network.spikes.count < 2)
    }
    #expect(network.spikeCount > 0)
  }

  @Test func refusals() throws {
    #expect(throws: SpikingError("The threshold (1.0) has to lie above the reset potential (1.0).")) {
      try NeuronModel(resetPotential: 1).validate()
    }
    #expect(throws: SpikingError.self) { try NeuronModel(refractory: -1).validate() }
    #expect(throws: SpikingError.self) { try NeuronModel(synapses: .current(excitatory: 0, inhibitory: 1)).validate() }
    #expect(throws: SpikingError("2 neurons need 2 membrane time constants above 0 ms; 1 were given.")) {
      try lonely(NeuronModel(), neurons: 2, timeConstants: [1])
    }
    #expect(throws: SpikingError("The step has to be above 0 ms, and is 0.0.")) { try lonely(NeuronModel(), step: 0) }
  }
}
