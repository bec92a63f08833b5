import Circuits
import Foundation
import Learning
import Tasks
import Testing

/// `Fixtures/ltc-training.json`: the first 20 losses of Adam and the parameters after them, by ncps 1.0.1 and torch in
/// double precision, with the library's softplus ("implicit") constraints; made by `Tests/CircuitsTests/Fixtures/make_reference.py`.
struct ReferenceTraining: Decodable {
  struct AdamSettings: Decodable { var learningRate: Double }
  var parameters, after: [String: Nested]
  /// [1][T][M], [1][T][1].
  var input, target: Nested
  var adam: AdamSettings
  var clipNorm: Double
  var losses: [Double]

  static func load() throws -> ReferenceTraining {
    let url = Bundle.module.url(forResource: "Fixtures/ltc-training", withExtension: "json")!
    return try JSONDecoder().decode(ReferenceTraining.self, from: Data(contentsOf: url))
  }

  func model<S: CircuitScalar>(as type: S.Type) throws -> Model<S> {
    let units = parameters["gleak"]!.flat.count
    let inputs = parameters["input_w"]!.flat.count
    var wiring = Wiring(
      name: "reference", inputNames: (0..<inputs).map { "u\($0)" }, neuronNames: (0..<units).map { "n\($0)" },
      layers: [Wiring.Layer](repeating: .inter, count: units), motors: 1)
    let mask = parameters["sparsity_mask"]!.flat + parameters["sensory_sparsity_mask"]!.flat
    for (index, present) in mask.enumerated() where present != 0 {
      wiring.connect(Synapse(index: index, neurons: units), polarity: 1)
    }
    return try Model(
      ModelSpecification(
        neurons: units, inputNames: wiring.inputNames, outputNames: ["y"], positivity: .softplus),
      wiring: wiring)
  }

  func learner<S: CircuitScalar>(as type: S.Type) throws -> Learner<S> {
    let model = try model(as: S.self)
    return Learner(
      model: model, kind: .regression, optimizer: Adam(), learningRate: adam.learningRate, clip: clipNorm, threads: 1,
      values: model.layout.tensors.flatMap { parameters[$0.name]!.flat.map { S($0) } })
  }

  func batch<S: CircuitScalar>(as type: S.Type) -> Batch<S> {
    var batch = Batch<S>(rows: 1, steps: target.flat.count, inputCount: 2, targetCount: 1)
    batch.inputs = input.flat.map { S($0) }
    batch.targets = target.flat.map { S($0) }
    return batch
  }
}

/// A JSON number or array of arrays of numbers, read flat in row-major order.
struct Nested: Decodable {
  var flat: [Double]
  init(from decoder: any Decoder) throws {
    if let number = try? decoder.singleValueContainer().decode(Double.self) {
      flat = [number]
      return
    }
    flat = try decoder.singleValueContainer().decode([Nested].self).flatMap(\.flat)
  }
}

@Suite("Training against ncps and torch") struct ReferenceTrainingTests {
  /// Rounding of 1e-16 grows by the training's own sensitivity, about tenfold every few steps: 1e-9 after 20.
  @Test func twentyLossesAndFinalParameters() throws {
    let reference = try ReferenceTraining.load()
    let learner = try reference.learner(as: Double.self)
    let batch = reference.batch(as: Double.self)
    for (step, expected) in reference.losses.enumerated() {
      let report = try learner.step(batch)
      #expect(abs(report.loss - expected) <= 1e-9, "step \(step + 1)")
    }
    for tensor in learner.model.layout.tensors {
      let expected = try #require(reference.after[tensor.name]).flat
      let worst = zip(learner.state.values[tensor.range], expected).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect(worst <= 1e-9, "\(tensor.name): \(worst)")
    }
  }

  /// In Float the same curve within a few parts in ten thousand: 20 steps of Adam, whose steps do not depend on scale.
  @Test func theSameCurveInFloat() throws {
    let reference = try ReferenceTraining.load()
    let learner = try reference.learner(as: Float.self)
    let batch = reference.batch(as: Float.self)
    for expected in reference.losses {
      let report = try learner.step(batch)
      #expect(abs(report.loss - expected) <= 5e-4 * expected)
    }
  }
}
