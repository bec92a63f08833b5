@testable import FrozenNetworks
import Foundation
import Testing

@Suite struct GradientTests {
  /// Loss and the gradient of every parameter of every way to learn, against central differences of the twin.
  @Test(arguments: Trained.Kind.allCases) func centralDifferences(_ kind: Trained.Kind) throws {
    let (weights, data) = (Small.weights(), Small.data())
    let training = FeedForwardTraining(weights, on: data, Small.options(Trained(kind)))
    var twin = DenseLayer(weights, biases: weights.biases(seed: 4))
    let scores = training.unitValues.map(Double.init)
    func gain(_ score: Double) -> Double { 1 / (1 + exp(-training.steepness * score)) }
    if kind == .masks { twin.gains = scores.map(gain) }
    let loss = training.gradientOfAll()
    #expect(abs(loss - twin.loss(data)) < 2e-6)
    let gradients = training.gradients
    var worst = 0.0
    // ε³ of the difference's own error against ε of rounding: 1e-5 leaves about ten digits of double precision.
    func check(_ gradient: Float, _ move: (inout DenseLayer, Double) -> Void) {
      var (up, down) = (twin, twin)
      move(&up, 1e-5)
      move(&down, -1e-5)
      worst = max(worst, abs(Double(gradient) - (up.loss(data) - down.loss(data)) / 2e-5))
    }
    for unit in 0..<weights.shape.units {
      switch kind {
      case .masks: check(gradients.units[unit]) { $0.gains[unit] = gain(scores[unit] + $1) }
      case .biases, .full: check(gradients.units[unit]) { $0.biases[unit] += $1 }
      case .output, .weights: #expect(gradients.units.isEmpty)
      }
      if kind == .output || kind == .full || kind == .weights {
        for output in 0..<data.classes {
          check(gradients.readout(unit, output)) { $0.readout[unit][output] += $1 }
        }
      }
      if kind == .full || kind == .weights {
        for index in 0..<data.width { check(gradients.input(unit, index)) { $0.input[unit][index] += $1 } }
      }
    }
    // Single precision: sums of 23 samples of entries below 1, about 50 roundings of 6e-8.
    #expect(worst < 3e-6, "largest difference \(worst)")
  }

  /// Who learns biases alone gets the bits that full training's gradient has for them.
  @Test func biasesAloneAreThoseOfAll() {
    for (units, count) in [(1, 1), (32, 13), (33, 12), (100, 31)] {
      let (weights, data) = (Small.weights(units: units), Small.data(count: count))
      let few = FeedForwardTraining(weights, on: data, Small.options(Trained(.biases)))
      let all = FeedForwardTraining(weights, on: data, Small.options(Trained(.full)))
      #expect(few.gradientOfAll() == all.gradientOfAll())
      #expect(few.gradients.units == all.gradients.units)
      #expect(few.gradients.units.count == units)
    }
  }

  /// Drives kept or computed anew: the same bits.
  @Test(arguments: [Trained.Kind.biases, .masks, .output]) func keptDrives(_ kind: Trained.Kind) {
    var options = Small.options(Trained(kind), epochs: 3, batch: 7)
    let kept = FeedForwardTraining(Small.weights(), on: Small.data(), options)
    options.keepsDrives = false
    let anew = FeedForwardTraining(Small.weights(), on: Small.data(), options)
    kept.run()
    anew.run()
    #expect(kept.losses == anew.losses)
    #expect(kept.network().logits(Small.data()) == anew.network().logits(Small.data()))
  }
}
