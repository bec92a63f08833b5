import CKernels

/// A network with one hidden layer as it was learned: shared frozen weights with biases, a mask, or weights of its own.
package final class FeedForwardNetwork {
  package let weights: FrozenWeights
  package let biases: [Float]
  /// Which units take part; `nil` for all.
  package let mask: [Bool]?
  private let ownInput, ownReadout: FloatMemory?
  private let level = gk_best_level()

  private var input: UnsafePointer<Float> { ownInput.map { UnsafePointer($0.pointer) } ?? weights.inputPointer }
  private var readout: UnsafePointer<Float> { ownReadout.map { UnsafePointer($0.pointer) } ?? weights.readoutPointer }

  /// One of the networks of a set of frozen weights.
  package convenience init(_ weights: FrozenWeights, biases: [Float], mask: [Bool]? = nil) {
    self.init(weights: weights, biases: biases, mask: mask, ownInput: nil, ownReadout: nil)
  }

  /// - Parameter ownReadout: with a mask `nil`.
  init(
    weights: FrozenWeights, biases: [Float], mask: [Bool]?, ownInput: FloatMemory?, ownReadout: FloatMemory?
  ) {
    precondition(biases.count == weights.shape.units && (mask.map { $0.count == biases.count } ?? true))
    (self.weights, self.biases, self.mask, self.ownInput) = (weights, biases, mask, ownInput)
    guard let mask else {
      self.ownReadout = ownReadout
      return
    }
    let shape = weights.shape
    let masked = FloatMemory(copying: weights.readoutPointer, count: shape.paddedUnits * shape.outputs)
    for (unit, isIn) in mask.enumerated() where !isIn {
      for row in 0..<shape.outputs { masked[shape.index(unit: unit, row: row, of: shape.outputs)] = 0 }
    }
    self.ownReadout = masked
  }

  /// [sample][class], before the softmax.
  package func logits(_ data: LabelledImages) -> [Float] {
    var logits = [Float](repeating: 0, count: data.count * data.classes)
    logits.withUnsafeMutableBufferPointer { logits in
      eachBatch(data) { first, rows, activity in
        gk_hidden_readout(
          level, weights.shape.panels, rows, weights.shape.outputs, data.classes, activity, readout,
          logits.baseAddress! + first * data.classes)
      }
    }
    return logits
  }

  /// The share of samples whose largest logit is their label's, the first where several are largest.
  package func accuracy(_ data: LabelledImages) -> Double {
    let logits = logits(data)
    let right = data.labels.indices.filter { sample in
      let own = logits[sample * data.classes..<(sample + 1) * data.classes]
      return own.firstIndex(of: own.max()!)! - own.startIndex == Int(data.labels[sample])
    }
    return Double(right.count) / Double(max(data.count, 1))
  }

  /// Of each unit: the variance of its activity over the samples, 0 where the mask leaves it out. Population variance.
  package func activityVariance(_ data: LabelledImages) -> [Double] {
    let (shape, panel) = (weights.shape, FrozenWeights.Shape.panel)
    // Sums of differences to the first sample's, so that a large mean costs no digits.
    var base: [Double] = []
    var (sums, squares) = ([Double](repeating: 0, count: shape.units), [Double](repeating: 0, count: shape.units))
    eachBatch(data) { _, rows, activity in
      func value(_ unit: Int, _ row: Int) -> Double {
        Double(activity[(unit / panel * rows + row) * panel + unit % panel])
      }
      if base.isEmpty { base = (0..<shape.units).map { value($0, 0) } }
      for unit in 0..<shape.units where mask?[unit] ?? true {
        for row in 0..<rows {
          let difference = value(unit, row) - base[unit]
          sums[unit] += difference
          squares[unit] += difference * difference
        }
      }
    }
    let count = Double(max(data.count, 1))
    return (0..<shape.units).map { max(squares[$0] / count - sums[$0] / count * (sums[$0] / count), 0) }
  }

  /// `body` with the first sample, the number of samples and the activity [P][rows][32] of each batch.
  private func eachBatch(_ data: LabelledImages, _ body: (Int, Int, UnsafePointer<Float>) -> Void) {
    let shape = weights.shape
    precondition(data.width == shape.inputs && data.classes <= shape.outputs)
    let most = min(128, data.count)
    let activity = FloatMemory(most * shape.paddedUnits)
    let padded = biases + [Float](repeating: 0, count: shape.paddedUnits - shape.units)
    data.inputs.withUnsafeBufferPointer { inputs in
      for first in stride(from: 0, to: data.count, by: max(most, 1)) {
        let rows = min(most, data.count - first)
        gk_hidden_forward(
          level, shape.panels, rows, shape.inputs, inputs.baseAddress! + first * shape.inputs, input, padded,
          activity.pointer)
        body(first, rows, UnsafePointer(activity.pointer))
      }
    }
  }
}
