@testable import FrozenNetworks
import Foundation
import Testing

/// Thirty steps beside PyTorch, which computes in double precision (`Fixtures/make_torch_losses.py`).
@Suite struct TorchTests {
  @Test(arguments: [Trained.Kind.biases, .masks, .output, .full]) func losses(_ kind: Trained.Kind) throws {
    let url = try #require(
      Bundle.module.url(forResource: "torch-losses", withExtension: "json", subdirectory: "Fixtures"))
    let expected = try #require(
      try JSONDecoder().decode([String: [Double]].self, from: Data(contentsOf: url))[kind.rawValue])
    let shape = FrozenWeights.Shape(inputs: 5, units: 37, outputs: 7)
    let weights = FrozenWeights(
      shape, input: (0..<37 * 5).map { Float(0.5 * sin(0.3 + 1.1 * Double($0))) },
      readout: (0..<37 * 7).map { Float(0.5 * cos(0.2 + 0.9 * Double($0))) })
    let training = FeedForwardTraining(weights, on: Small.data(), Small.options(Trained(kind), epochs: 30))
    training.run()
    let worst = zip(training.losses, expected).map { abs($0 - $1) }.max()!
    #expect(training.losses.count == expected.count && expected[0] - expected[29] > 0.02)
    // Single against double precision, 30 steps of a few roundings of 6e-8 each, beside a loss of up to 8. Adam divides by
    // √v: where a gradient is near 0 a rounding decides its sign, and with it a step of 0.01 of one of many parameters.
    #expect(worst < 1e-5 * expected[0], "largest difference \(worst)")
  }
}
