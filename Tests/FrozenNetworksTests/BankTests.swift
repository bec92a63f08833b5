@testable import FrozenNetworks
import Testing

@Suite struct BankTests {
  /// Two tasks on one weight set, each with its own biases: switching between them gives back each to the bit.
  @Test func tasksTakeTurns() throws {
    let weights = FrozenWeights(.init(inputs: 5, units: 1_000, outputs: 7), .uniform, seed: 3)
    let inputs = Small.data().inputs
    func entry(_ sample: Int, _ index: Int) -> Float { inputs[sample * 5 + index] }
    let first = LabelledImages(
      name: "first", classes: 2, width: 5, inputs: inputs, labels: (0..<23).map { entry($0, 0) > 0 ? 1 : 0 })
    let second = LabelledImages(
      name: "second", classes: 3, width: 5, inputs: inputs,
      labels: (0..<23).map { entry($0, 2) > 0.3 ? 2 : entry($0, 2) > -0.4 ? 1 : 0 })
    var bank = BiasBank(weights)
    for data in [first, second] {
      let training = FeedForwardTraining(weights, on: data, Small.options(Trained(.biases), epochs: 200, batch: 4))
      training.run()
      try bank.keep(.init(name: data.name, biases: training.network().biases))
    }
    let before = (try bank.network("first").logits(first), try bank.network("second").logits(second))
    let accuracies = (try bank.network("first").accuracy(first), try bank.network("second").accuracy(second))
    // The larger class has about a half of the samples.
    #expect(accuracies.0 > 0.7 && accuracies.1 > 0.7, "\(accuracies)")
    #expect(try bank.network("first").logits(first) == before.0)
    #expect(try bank.network("second").logits(second) == before.1)
    #expect(try bank.network("second").logits(first) != before.0)
    #expect(bank.weightsAreUnchanged)
  }

  @Test func sentences() throws {
    var bank = BiasBank(Small.weights())
    #expect {
      _ = try bank.network("parity")
    } throws: {
      "\($0)" == "The bank has no bias vector 'parity'. There are: none yet."
    }
    #expect {
      try bank.keep(.init(name: "parity", biases: [1, 2]))
    } throws: {
      "\($0)"
        == "The bias vector 'parity' has 2 values, but the weights have 37 hidden units: learn it on these weights."
    }
    #expect {
      try bank.keep(.init(name: "parity", biases: [Float](repeating: .nan, count: 37)))
    } throws: {
      "\($0)" == "The bias vector 'parity' has a value that is not finite: learn it again."
    }
    try bank.keep(.init(name: "parity", biases: [Float](repeating: 0, count: 37)))
    try bank.keep(.init(name: "parity", biases: [Float](repeating: 1, count: 37)))
    #expect(bank.entries.map(\.name) == ["parity"] && bank.entries[0].biases[0] == 1)
  }
}
