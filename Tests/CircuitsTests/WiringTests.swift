import Circuits
import Testing

@Suite struct WiringTests {
  func make(_ text: String, neurons: Int, inputs: Int = 2, motors: Int = 1, seed: UInt64 = 1) throws -> Wiring {
    try Wirings.make(
      text, neurons: neurons, inputNames: (0..<inputs).map { "in \($0)" }, motors: motors, seed: seed)
  }

  /// Measured with ncps: (units, out, in) → inter, command, motor.
  @Test(arguments: [
    (16, 1, 2, 9, 6, 1), (28, 4, 20, 15, 9, 4), (19, 1, 32, 11, 7, 1),
  ]) func policyCounts(units: Int, out: Int, inputs: Int, inter: Int, command: Int, motor: Int) throws {
    let wiring = try make("ncp", neurons: units, inputs: inputs, motors: out)
    #expect(wiring.layers.count { $0 == .inter } == inter)
    #expect(wiring.layers.count { $0 == .command } == command)
    #expect(wiring.layers.count { $0 == .motor } == motor)
  }

  @Test(arguments: 1...20) func policyKeepsItsLayers(seed: Int) throws {
    let wiring = try make("ncp", neurons: 28, inputs: 5, motors: 4, seed: UInt64(seed))
    let allowed: Set<[Wiring.Layer]> = [
      [.sensory, .inter], [.inter, .command], [.command, .command], [.command, .motor],
    ]
    for synapse in wiring.synapses {
      let pre = synapse.pre < 28 ? wiring.layers[synapse.pre] : .sensory
      #expect(allowed.contains([pre, wiring.layers[synapse.post]]))
    }
    // Fan-out of every input ⌊15·0.5⌋ = 7, or more where unreached neurons were repaired; everything is reached.
    for k in 0..<5 { #expect(wiring.synapses.count { $0.pre == 28 + k } >= 7) }
    for i in 0..<28 { #expect(wiring.synapses.contains { $0.post == i }) }
    for j in 4..<13 { #expect(wiring.synapses.contains { $0.pre == j && $0.post < 4 }) }
  }

  @Test func namesSeedsAndPolarity() throws {
    let wiring = try make("ncp", neurons: 6, motors: 2)
    #expect(wiring.neuronNames == ["motor 0", "motor 1", "command 0", "inter 0", "inter 1", "inter 2"])
    #expect(wiring.sourceName(6) == "in 0")
    #expect(try make("ncp", neurons: 16, seed: 3) == make("ncp", neurons: 16, seed: 3))
    #expect(try make("ncp", neurons: 16, seed: 3) != make("ncp", neurons: 16, seed: 4))
    let all = try make("all", neurons: 60)
    #expect(all.synapseCounts == (3600, 120))
    // 2/3 of 3 720 with standard deviation √(n·2/9) = 29: five of them.
    let excitatory = all.polarity.count { $0 > 0 }
    #expect(abs(excitatory - 2480) < 145)
  }

  @Test(arguments: [0.0, 0.25, 1.0]) func randomDensityIsExact(_ density: Double) throws {
    let wiring = try make("random:\(density)", neurons: 20, inputs: 3)
    #expect(wiring.synapseCounts == (Int(400 * density), Int(60 * density)))
  }

  @Test func indicesGoThereAndBack() {
    for index in 0..<(4 + 3) * 4 { #expect(Synapse(index: index, neurons: 4).index(neurons: 4) == index) }
  }

  @Test(arguments: [
    (
      "npc", 8, 1,
      "There is no wiring 'npc'. Did you mean 'ncp'? There are: ncp, all, random, tap-withdrawal, celegans, edges."
    ),
    (
      "all", 2, 3,
      "2 neurons cannot drive 3 outputs: each output reads a motor neuron of its own. Use --neurons 3 or more."
    ),
    ("random:2", 8, 1, "'random:2' has no density from 0 to 1: write for example --wiring random:0.3."),
    ("ncp:1", 8, 1, "'ncp:1' has no sparsity from 0 to below 1: write for example --wiring ncp:0.5."),
    ("all", 0, 0, "A circuit of 0 neurons cannot be made: use --neurons with a number from 1 to 4096."),
  ]) func mistakesAreSentences(text: String, neurons: Int, motors: Int, sentence: String) {
    #expect(throws: CircuitError(sentence)) { try make(text, neurons: neurons, motors: motors) }
  }
}
