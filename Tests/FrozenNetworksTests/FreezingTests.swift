@testable import FrozenNetworks
import Testing

@Suite struct FreezingTests {
  /// Nothing that learns, in whichever way, changes a bit of the shared weights; and what learns does change.
  @Test func sharedWeightsAreUntouched() {
    let (weights, data) = (Small.weights(), Small.data())
    let before = weights.fingerprint
    let first = FeedForwardNetwork(weights, biases: weights.biases(seed: 4)).logits(data)
    for kind in Trained.Kind.allCases {
      for count in [nil, 11] where kind != .full || count == nil {
        let training = FeedForwardTraining(
          weights, on: data, Small.options(Trained(kind, count: count), epochs: 50, batch: 5))
        training.run()
        #expect(weights.fingerprint == before)
        #expect(training.network().logits(data) != first, "\(kind) learned nothing")
      }
    }
    #expect(Small.weights().fingerprint == before)
    #expect(FrozenWeights(weights.shape, .normal, seed: 5).fingerprint != before)
  }

  /// Of a part that learns, exactly so many parameters move.
  @Test func countsOfWhatLearns() {
    let (weights, data) = (Small.weights(), Small.data())
    let units = weights.shape.units
    func changed(_ kind: Trained.Kind, _ count: Int?) -> (biases: Int, input: Int, readout: Int) {
      let training = FeedForwardTraining(weights, on: data, Small.options(Trained(kind, count: count), epochs: 2))
      training.run()
      let (biases, start) = (training.network().biases, weights.biases(seed: 4))
      let own = training.ownWeights
      var (input, readout) = (0, 0)
      for unit in 0..<units {
        input += (0..<5).count { own.input(unit, $0) != weights.inputWeight(unit: unit, input: $0) }
        readout += (0..<7).count { own.readout(unit, $0) != weights.outputWeight(unit: unit, output: $0) }
      }
      return (biases.indices.count { biases[$0] != start[$0] }, input, readout)
    }
    // Units that are idle for all samples have no gradient, so a few of those drawn may rest.
    let biases = changed(.biases, 9)
    #expect((6...9).contains(biases.biases) && biases.input == 0 && biases.readout == 0)
    let output = changed(.output, 9)
    #expect((6...9).contains(output.readout) && output.input == 0 && output.biases == 0)
    let some = changed(.weights, 60)
    #expect(some.biases == 0 && some.input > 0 && some.readout > 0 && (40...60).contains(some.input + some.readout))
    // Of seven outputs six are used.
    let active = FeedForwardNetwork(weights, biases: weights.biases(seed: 4)).activityVariance(data).count { $0 > 0 }
    #expect(
      changed(.output, nil).readout == 6 * active && Trained(.output).parameters(weights.shape, outputs: 6) == 222)
    #expect(Trained(.full).parameters(weights.shape, outputs: 6) == 37 * (5 + 6 + 1))
    #expect(Trained(.biases, count: 9).parameters(weights.shape, outputs: 6) == 9)
  }

  /// At test a mask is hard: units are in or out, by their score's sign, and those that are out have no part at all.
  @Test func masksAreHardAtTest() {
    let (weights, data) = (Small.weights(), Small.data())
    let training = FeedForwardTraining(weights, on: data, Small.options(Trained(.masks), epochs: 20))
    training.run()
    let network = training.network()
    let mask = network.mask!
    #expect(mask == training.unitValues.map { $0 > 0 })
    #expect(mask.contains(true) && mask.contains(false))
    #expect(network.biases == weights.biases(seed: 4))
    var twin = DenseLayer(weights, biases: network.biases)
    twin.gains = mask.map { $0 ? 1 : 0 }
    let logits = network.logits(data)
    for sample in 0..<data.count {
      let expected = twin.logits(data.inputs[sample * 5..<(sample + 1) * 5], classes: 6)
      for (output, value) in expected.enumerated() { #expect(abs(Double(logits[sample * 6 + output]) - value) < 1e-5) }
    }
    let variance = network.activityVariance(data)
    for unit in mask.indices where !mask[unit] { #expect(variance[unit] == 0) }
  }

  @Test func sameSeedSameBits() {
    func biases(_ seed: UInt64) -> [Float] {
      var options = Small.options(Trained(.biases), epochs: 5, batch: 4)
      options.seed = seed
      let training = FeedForwardTraining(Small.weights(), on: Small.data(), options)
      training.run()
      return training.network().biases
    }
    #expect(biases(4) == biases(4))
    #expect(biases(4) != biases(5))
  }
}
