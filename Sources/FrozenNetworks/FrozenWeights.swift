import CKernels
import Randomness

/// The random weights of a network with one hidden layer: M inputs → H rectified units → O outputs, drawn once and never
/// changed. Every task, seed and way of learning shares this one copy; none can write to it.
///
/// Held in the panels of `hidden.h`, 4·(M + O)·⌈H/32⌉·32 bytes.
package final class FrozenWeights: Sendable {
  package struct Shape: Sendable, Hashable, Codable {
    package var inputs, units, outputs: Int

    package init(inputs: Int, units: Int, outputs: Int) {
      (self.inputs, self.units, self.outputs) = (inputs, units, outputs)
    }

    private enum CodingKeys: String, CodingKey {
      case inputs = "inputs"
      case units = "units"
      case outputs = "outputs"
    }

    static let panel = Int(GK_PANEL)
    /// Units are counted in whole panels in memory.
    var panels: Int { (units + Self.panel - 1) / Self.panel }
    var paddedUnits: Int { panels * Self.panel }
    /// Weights in and out, without biases.
    package var weights: Int { units * (inputs + outputs) }

    /// Where the weight from an input, or to an output of `rows`, stands.
    func index(unit: Int, row: Int, of rows: Int) -> Int {
      (unit / Self.panel * rows + row) * Self.panel + unit % Self.panel
    }
  }

  /// What weights and the biases at the start are drawn from; d is the number of values that a unit sums.
  package enum Distribution: String, Sendable, Codable, CaseIterable {
    /// U[−0.1, 0.1], whatever the layer.
    case uniform
    /// N(0, 1/d), d = M in the hidden layer and H in the readout.
    case normal

    func draw(_ generator: inout SeededGenerator, sums: Int) -> Float {
      switch self {
      case .uniform: Float(generator.uniform(-0.1...0.1))
      case .normal: Float(generator.normal() / Double(sums).squareRoot())
      }
    }
  }

  package let shape: Shape
  package let distribution: Distribution
  /// Written by an initialiser, before anybody else has the object, and only read ever after: safe from any thread.
  nonisolated(unsafe) private let input, readout: FloatMemory

  /// Unit after unit: with `uniform` a wider network of the same seed begins with the units of a narrower one.
  ///
  /// - Precondition: at least one input, unit and output.
  package init(_ shape: Shape, _ distribution: Distribution, seed: UInt64) {
    precondition(shape.inputs > 0 && shape.units > 0 && shape.outputs > 0, "a network has inputs, units and outputs")
    (self.shape, self.distribution) = (shape, distribution)
    let generator = SeededGenerator(seed: seed)
    func drawn(_ stream: UInt64, rows: Int, sums: Int) -> FloatMemory {
      var generator = generator.stream(stream)
      let memory = FloatMemory(shape.paddedUnits * rows)
      for unit in 0..<shape.units {
        for row in 0..<rows {
          memory[shape.index(unit: unit, row: row, of: rows)] = distribution.draw(&generator, sums: sums)
        }
      }
      return memory
    }
    input = drawn(1, rows: shape.inputs, sums: shape.inputs)
    readout = drawn(2, rows: shape.outputs, sums: shape.units)
  }

  /// From weights given as [unit][input] and [unit][output].
  package init(_ shape: Shape, input: [Float], readout: [Float]) {
    precondition(input.count == shape.units * shape.inputs && readout.count == shape.units * shape.outputs)
    (self.shape, distribution) = (shape, .normal)
    func packed(_ values: [Float], _ rows: Int) -> FloatMemory {
      let memory = FloatMemory(shape.paddedUnits * rows)
      for (index, value) in values.enumerated() {
        memory[shape.index(unit: index / rows, row: index % rows, of: rows)] = value
      }
      return memory
    }
    self.input = packed(input, shape.inputs)
    self.readout = packed(readout, shape.outputs)
  }

  var inputPointer: UnsafePointer<Float> { UnsafePointer(input.pointer) }
  var readoutPointer: UnsafePointer<Float> { UnsafePointer(readout.pointer) }

  package func inputWeight(unit: Int, input row: Int) -> Float {
    input[shape.index(unit: unit, row: row, of: shape.inputs)]
  }
  package func outputWeight(unit: Int, output row: Int) -> Float {
    readout[shape.index(unit: unit, row: row, of: shape.outputs)]
  }

  /// Of the bits of all weights: another where a single bit differs (FNV-1a with 64 bits, over words of 32). O(H·(M + O)).
  package var fingerprint: UInt64 {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for memory in [input, readout] {
      for index in 0..<memory.count { hash = (hash ^ UInt64(memory[index].bitPattern)) &* 0x100_0000_01b3 }
    }
    return hash
  }

  /// H biases to begin with, by a seed of their own.
  package func biases(seed: UInt64) -> [Float] {
    var generator = SeededGenerator(seed: seed).stream(3)
    return (0..<shape.units).map { _ in distribution.draw(&generator, sums: shape.inputs) }
  }
}
