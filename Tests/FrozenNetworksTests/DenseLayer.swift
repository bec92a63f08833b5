@testable import FrozenNetworks
import Foundation

/// The network in double precision, loop by loop: the twin of the kernels.
struct DenseLayer {
  /// [unit][input], [unit][output], [unit]
  var input, readout: [[Double]]
  var biases, gains: [Double]

  init(_ weights: FrozenWeights, biases: [Float]) {
    let shape = weights.shape
    input = (0..<shape.units).map { unit in
      (0..<shape.inputs).map { Double(weights.inputWeight(unit: unit, input: $0)) }
    }
    readout = (0..<shape.units).map { unit in
      (0..<shape.outputs).map { Double(weights.outputWeight(unit: unit, output: $0)) }
    }
    self.biases = biases.map(Double.init)
    gains = biases.map { _ in 1 }
  }

  func activity(_ x: ArraySlice<Float>) -> [Double] {
    input.indices.map { unit in max(0, zip(input[unit], x).reduce(0) { $0 + $1.0 * Double($1.1) } + biases[unit]) }
  }

  func logits(_ x: ArraySlice<Float>, classes: Int) -> [Double] {
    let activity = activity(x)
    return (0..<classes).map { output in
      activity.indices.reduce(0) { $0 + gains[$1] * activity[$1] * readout[$1][output] }
    }
  }

  /// Mean cross-entropy.
  func loss(_ data: LabelledImages) -> Double {
    (0..<data.count).reduce(0) { sum, sample in
      let logits = logits(data.inputs[sample * data.width..<(sample + 1) * data.width], classes: data.classes)
      let most = logits.max()!
      return sum + most + log(logits.reduce(0) { $0 + exp($1 - most) }) - logits[Int(data.labels[sample])]
    } / Double(data.count)
  }
}

/// Small problems whose sizes fill no vector and no panel.
enum Small {
  static func weights(units: Int = 37, inputs: Int = 5, outputs: Int = 7) -> FrozenWeights {
    FrozenWeights(.init(inputs: inputs, units: units, outputs: outputs), .normal, seed: 3)
  }

  static func data(count: Int = 23, width: Int = 5, classes: Int = 6) -> LabelledImages {
    LabelledImages(
      name: "small", classes: classes, width: width,
      inputs: (0..<count * width).map { Float(sin(1 + 0.7 * Double($0))) },
      labels: (0..<count).map { Int32($0 * 5 % classes) })
  }

  static func options(_ trained: Trained, epochs: Int = 1, batch: Int = 32) -> FeedForwardTraining.Options {
    var options = FeedForwardTraining.Options(trained, learningRate: 0.01, seed: 4)
    (options.epochs, options.batch) = (epochs, batch)
    return options
  }
}
