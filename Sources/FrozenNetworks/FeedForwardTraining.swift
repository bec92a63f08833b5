import CKernels
import Foundation
import Randomness

/// Training of a network with one hidden layer of rectified units, in which only what ``Trained`` says learns: softmax
/// cross-entropy, Adam, single precision, one thread.
///
/// Whoever learns biases or masks computes no gradient of a weight and holds nothing of the weights' size but the weights
/// themselves, which it shares. A step then costs 2·B·H·(M + 2·O) operations, with gradients of all weights
/// 2·B·H·(2·M + 3·O) and Adam over them.
package final class FeedForwardTraining {
  package struct Options: Sendable, Hashable, Codable {
    package var trained: Trained
    package var epochs = 100
    package var batch = 32
    package var learningRate: Double
    /// Of the biases at the start, the order of samples, and what is drawn by ``Trained/count``.
    package var seed: UInt64
    /// How steep the masks' sigmoid is in the first epoch and in the last; in between it grows by an equal factor.
    package var firstSteepness = 1.0
    package var lastSteepness = 100.0
    /// Whether x·W of all samples is computed once and kept, 4·samples·H bytes, where weights in are frozen: the same
    /// results to the bit.
    package var keepsDrives = true

    package init(_ trained: Trained, learningRate: Double, seed: UInt64) {
      (self.trained, self.learningRate, self.seed) = (trained, learningRate, seed)
    }

    private enum CodingKeys: String, CodingKey {
      case trained = "trained"
      case epochs = "epochs"
      case batch = "batch"
      case learningRate = "learningRate"
      case seed = "seed"
      case firstSteepness = "firstSteepness"
      case lastSteepness = "lastSteepness"
      case keepsDrives = "keepsDrives"
    }
  }

  package let weights: FrozenWeights
  package let options: Options
  /// Mean loss of each epoch, nats a sample.
  package private(set) var losses: [Double] = []

  let data: LabelledImages
  private let level = gk_best_level()
  private let shape: FrozenWeights.Shape
  private var order: SeededGenerator

  // What learns, of those that do: biases or the masks' scores; weights in; weights out; single weights.
  private let biases: FloatMemory
  private var unitGroup, inputGroup, outputGroup, singleGroup: AdamGroup?
  private var singles: [SingleWeight] = []
  /// What is computed with: the shared weights, or this run's own.
  private var input, readout: UnsafePointer<Float>
  private let ownInput, ownReadout: FloatMemory?

  // Of a batch.
  private let samples: FloatMemory
  private let activity: FloatMemory
  private let errors: FloatMemory?
  /// Where sums over the batch go that nobody learns from.
  private let unused: FloatMemory?
  private let drives: FloatMemory?
  private var logits, slopes: [Float]

  /// - Precondition: the data have the network's number of inputs and no more classes than it has outputs; epochs, batch
  ///   and learning rate are above 0.
  package init(_ weights: FrozenWeights, on data: LabelledImages, _ options: Options) {
    let shape = weights.shape
    precondition(data.width == shape.inputs && data.classes <= shape.outputs && data.count > 0)
    precondition(options.epochs > 0 && options.batch > 0 && options.learningRate > 0)
    (self.weights, self.data, self.options, self.shape) = (weights, data, options, shape)
    order = SeededGenerator(seed: options.seed).stream(4)
    var chance = SeededGenerator(seed: options.seed).stream(5)
    let units = shape.paddedUnits
    biases = FloatMemory(units)
    biases.fill(weights.biases(seed: options.seed))

    let kind = options.trained.kind
    func copy(_ source: UnsafePointer<Float>, _ rows: Int) -> FloatMemory {
      .init(copying: source, count: units * rows)
    }
    ownInput = kind == .full || kind == .weights ? copy(weights.inputPointer, shape.inputs) : nil
    ownReadout = kind != .biases ? copy(weights.readoutPointer, shape.outputs) : nil
    input = ownInput.map { UnsafePointer($0.pointer) } ?? weights.inputPointer
    readout = ownReadout.map { UnsafePointer($0.pointer) } ?? weights.readoutPointer

    func chosen(of count: Int) -> [Int]? {
      options.trained.count.map { Self.some($0, of: count, &chance) }
    }
    switch kind {
    case .biases:
      unitGroup = AdamGroup(biases, learning: chosen(of: shape.units))
    case .masks:
      // About half of the units at first: scores of either sign, near 0.
      let scores = FloatMemory(units)
      scores.fill((0..<shape.units).map { _ in Float(chance.uniform(-0.1...0.1)) })
      unitGroup = AdamGroup(scores, learning: chosen(of: shape.units))
    case .output:
      let learning = chosen(of: shape.units * data.classes)?.map {
        shape.index(unit: $0 / data.classes, row: $0 % data.classes, of: shape.outputs)
      }
      outputGroup = AdamGroup(ownReadout!, learning: learning)
    case .full:
      unitGroup = AdamGroup(biases)
      inputGroup = AdamGroup(ownInput!)
      outputGroup = AdamGroup(ownReadout!)
    case .weights:
      let rows = shape.inputs + data.classes
      singles = (chosen(of: shape.units * rows) ?? Array(0..<shape.units * rows)).map { index in
        let (unit, row) = (index / rows, index % rows)
        return row < shape.inputs
          ? SingleWeight(
            unit: unit, row: row, isInput: true, entry: shape.index(unit: unit, row: row, of: shape.inputs))
          : SingleWeight(
            unit: unit, row: row - shape.inputs, isInput: false,
            entry: shape.index(unit: unit, row: row - shape.inputs, of: shape.outputs))
      }
      let values = FloatMemory(singles.count)
      for (index, single) in singles.enumerated() {
        values[index] = (single.isInput ? ownInput! : ownReadout!)[single.entry]
      }
      singleGroup = AdamGroup(values)
    }

    let batch = min(options.batch, data.count)
    samples = FloatMemory(batch * shape.inputs)
    activity = FloatMemory(batch * units)
    errors = ownInput == nil ? nil : FloatMemory(batch * units)
    unused = kind == .weights ? FloatMemory(units) : nil
    logits = [Float](repeating: 0, count: batch * data.classes)
    slopes = logits
    drives = ownInput == nil && options.keepsDrives ? FloatMemory(data.count * units) : nil
    if let drives {
      gk_hidden_product(
        level, shape.panels, data.count, shape.inputs, data.inputs, shape.inputs, 1, input, shape.inputs,
        drives.pointer,
        data.count)
    }
  }

  /// Parameters that learn.
  package var parameters: Int { options.trained.parameters(shape, outputs: data.classes) }

  /// All epochs that are left.
  ///
  /// - Parameter goesOn: asked before each with the number made; false leaves the rest.
  package func run(goesOn: (Int) -> Bool = { _ in true }) {
    while losses.count < options.epochs, goesOn(losses.count) { advance() }
  }

  /// One epoch: every sample once, in an order of its own.
  package func advance() {
    let places = order.shuffled(Int32(0)..<Int32(data.count))
    var sum = 0.0
    for start in stride(from: 0, to: places.count, by: options.batch) {
      sum += step(Array(places[start..<min(start + options.batch, places.count)]))
    }
    losses.append(sum / Double(data.count))
  }

  /// One step on those samples; the sum of their losses.
  private func step(_ places: [Int32]) -> Double {
    let loss = gradient(places)
    for group in [unitGroup, inputGroup, outputGroup, singleGroup] {
      group?.step(rate: options.learningRate, level: level)
    }
    for (index, single) in singles.enumerated() {
      (single.isInput ? ownInput! : ownReadout!)[single.entry] = singleGroup!.values[index]
    }
    return loss
  }

  /// Gradients of the samples' mean loss, of what learns; the sum of their losses.
  private func gradient(_ places: [Int32]) -> Double {
    let (rows, units) = (places.count, shape.panels)
    if options.trained.kind == .masks { scaleReadout { gain(score: $0) } }
    forward(places)
    gk_hidden_readout(level, units, rows, shape.outputs, data.classes, activity.pointer, readout, &logits)
    let loss = softmax(places)
    switch options.trained.kind {
    case .biases:
      gk_hidden_bias_gradient(
        level, units, rows, shape.outputs, data.classes, activity.pointer, slopes, readout,
        unitGroup!.gradient.pointer, nil)
    case .masks:
      let group = unitGroup!
      gk_hidden_gain_gradient(
        level, units, rows, shape.outputs, data.classes, activity.pointer, slopes, weights.readoutPointer,
        group.gradient.pointer)
      for unit in 0..<shape.units {
        let gain = gain(score: group.values[unit])
        group.gradient[unit] *= Float(steepness) * gain * (1 - gain)
      }
    case .output:
      gk_hidden_product(
        level, units, data.classes, rows, slopes, 1, data.classes, activity.pointer, rows,
        outputGroup!.gradient.pointer, shape.outputs)
    case .full:
      gk_hidden_bias_gradient(
        level, units, rows, shape.outputs, data.classes, activity.pointer, slopes, readout,
        unitGroup!.gradient.pointer, errors!.pointer)
      gk_hidden_product(
        level, units, data.classes, rows, slopes, 1, data.classes, activity.pointer, rows,
        outputGroup!.gradient.pointer, shape.outputs)
      gk_hidden_product(
        level, units, shape.inputs, rows, samples.pointer, 1, shape.inputs, errors!.pointer, rows,
        inputGroup!.gradient.pointer, shape.inputs)
    case .weights:
      gk_hidden_bias_gradient(
        level, units, rows, shape.outputs, data.classes, activity.pointer, slopes, readout, unused!.pointer,
        errors!.pointer)
      gradientOfSingles(rows)
    }
    return loss
  }

  private func forward(_ places: [Int32]) {
    if let drives {
      gk_hidden_rectify(
        level, shape.panels, places.count, data.count, places, drives.pointer, biases.pointer, activity.pointer)
      return
    }
    data.inputs.withUnsafeBufferPointer { inputs in
      for (row, entry) in places.enumerated() {
        (samples.pointer + row * shape.inputs).update(
          from: inputs.baseAddress! + Int(entry) * shape.inputs, count: shape.inputs)
      }
    }
    gk_hidden_forward(
      level, shape.panels, places.count, shape.inputs, samples.pointer, input, biases.pointer, activity.pointer)
  }

  /// Σ −log softmax(logits) at the labels; ``slopes`` become its gradient ÷ rows.
  private func softmax(_ places: [Int32]) -> Double {
    var sum = 0.0
    let classes = data.classes
    for (row, entry) in places.enumerated() {
      let range = row * classes..<(row + 1) * classes
      let most = logits[range].max()!
      var total: Float = 0
      for index in range {
        slopes[index] = exp(logits[index] - most)
        total += slopes[index]
      }
      let label = row * classes + Int(data.labels[Int(entry)])
      sum += Double(log(total) - (logits[label] - most))
      let scale = 1 / (total * Float(places.count))
      for index in range { slopes[index] *= scale }
      slopes[label] -= 1 / Float(places.count)
    }
    return sum
  }

  private func gradientOfSingles(_ rows: Int) {
    let (inputs, classes, panel) = (shape.inputs, data.classes, FrozenWeights.Shape.panel)
    let group = singleGroup!
    slopes.withUnsafeBufferPointer { slopes in
      for (index, single) in singles.enumerated() {
        let base = single.unit / panel * rows * panel + single.unit % panel
        var sum: Float = 0
        if single.isInput {
          for row in 0..<rows {
            sum += samples.pointer[row * inputs + single.row] * errors!.pointer[base + row * panel]
          }
        } else {
          for row in 0..<rows { sum += slopes[row * classes + single.row] * activity.pointer[base + row * panel] }
        }
        group.gradient.pointer[index] = sum
      }
    }
  }

  // MARK: Masks

  /// β of this epoch.
  var steepness: Double {
    let share = options.epochs > 1 ? Double(losses.count) / Double(options.epochs - 1) : 1
    return options.firstSteepness * pow(options.lastSteepness / options.firstSteepness, min(share, 1))
  }

  private func gain(score: Float) -> Float { 1 / (1 + exp(-Float(steepness) * score)) }

  /// The readout as it is with those gains of the units.
  private func scaleReadout(_ gain: (Float) -> Float) {
    for unit in 0..<shape.units {
      let gain = gain(unitGroup!.values[unit])
      for row in 0..<shape.outputs {
        let entry = shape.index(unit: unit, row: row, of: shape.outputs)
        ownReadout![entry] = gain * weights.readoutPointer[entry]
      }
    }
  }

  // MARK: What was learned

  /// The network as it is now: what to evaluate, to keep or to look into. Masks are hard.
  package func network() -> FeedForwardNetwork {
    let kind = options.trained.kind
    let units = shape.units
    return FeedForwardNetwork(
      weights: weights, biases: Array(biases.array.prefix(units)),
      mask: kind == .masks ? unitGroup!.values.array.prefix(units).map { $0 > 0 } : nil,
      ownInput: ownInput.map { FloatMemory(copying: $0.pointer, count: $0.count) },
      ownReadout: kind == .masks ? nil : ownReadout.map { FloatMemory(copying: $0.pointer, count: $0.count) })
  }

  /// `count` different numbers below `bound`, ascending; all where there are no more.
  private static func some(_ count: Int, of bound: Int, _ generator: inout SeededGenerator) -> [Int] {
    guard count < bound else { return Array(0..<bound) }
    var all = Array(0..<bound)
    for entry in 0..<count { all.swapAt(entry, entry + generator.index(below: bound - entry)) }
    return all[..<count].sorted()
  }
}

/// A weight that learns by itself, and where it stands.
private struct SingleWeight {
  var unit, row: Int
  var isInput: Bool
  var entry: Int
}

// What tests look at.
extension FeedForwardTraining {
  /// Gradients of one step on all samples, without taking it, by the parameters' own places.
  struct Gradients {
    /// Of biases or of the masks' scores; empty where neither learns.
    var units: [Float]
    var input, readout: (_ unit: Int, _ row: Int) -> Float
  }

  /// Computes the gradient of the mean loss over all samples, and returns that loss.
  func gradientOfAll() -> Double {
    let places = Array(Int32(0)..<Int32(data.count))
    precondition(places.count <= options.batch)
    return gradient(places) / Double(places.count)
  }

  var gradients: Gradients {
    let (shape, singles) = (weights.shape, singles)
    let (inputs, outputs, each) = (inputGroup?.gradient, outputGroup?.gradient, singleGroup?.gradient)
    func value(_ memory: FloatMemory?, _ unit: Int, _ row: Int, _ rows: Int, isInput: Bool) -> Float {
      if let memory { return memory[shape.index(unit: unit, row: row, of: rows)] }
      let index = singles.firstIndex { $0.unit == unit && $0.row == row && $0.isInput == isInput }
      return index.flatMap { each?[$0] } ?? 0
    }
    return Gradients(
      units: unitGroup.map { Array($0.gradient.array.prefix(shape.units)) } ?? [],
      input: { value(inputs, $0, $1, shape.inputs, isInput: true) },
      readout: { value(outputs, $0, $1, shape.outputs, isInput: false) })
  }

  /// What learns of the units: biases or scores.
  var unitValues: [Float] { unitGroup.map { Array($0.values.array.prefix(weights.shape.units)) } ?? [] }

  /// The weights that are computed with.
  var ownWeights: (input: (Int, Int) -> Float, readout: (Int, Int) -> Float) {
    let shape = weights.shape
    return (
      { self.input[shape.index(unit: $0, row: $1, of: shape.inputs)] },
      { self.readout[shape.index(unit: $0, row: $1, of: shape.outputs)] }
    )
  }
}
