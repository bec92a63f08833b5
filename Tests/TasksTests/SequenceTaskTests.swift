import Tasks
import Testing

@Suite struct SequenceTaskTests {
  @Test func vowels() throws {
    let data = try TaskRegistry.named("vowels").load(seed: 1)
    #expect(data.training.count == 270)
    #expect(data.heldOut.count == 370)
    let lengths = (data.training + data.heldOut).map(\.steps)
    #expect(lengths.min() == 7 && lengths.max() == 29)
    #expect(data.outputCount == 9 && data.inputCount == 12)
    #expect((data.training + data.heldOut).allSatisfy { $0.weights.reduce(0, +) == 1 && $0.weights.last == 1 })
    // Always the speaker with most held-out utterances: the baseline.
    let answer = answers(data) { _ in 3 }
    let best = (0..<9).map { speaker in answers(data) { _ in speaker } }.max()!
    #expect(abs(best - 0.238) < 0.0005)
    #expect(answer <= best)
    // The first frame of the first utterance, c1 = 1.861.
    #expect(abs(data.inputs[0].restore(data.training[0].inputs[0]) - 1.861) < 1e-12)
  }

  /// Accuracy of an answer by sequence.
  func answers(_ data: TaskData, _ answer: (Series) -> Int) -> Double {
    let outputs = data.heldOut.map { series in
      (0..<series.steps).flatMap { _ in (0..<data.outputCount).map { $0 == answer(series) ? 1.0 : 0 } }
    }
    return Metrics.compute(kind: data.kind, names: ["class"], outputs: outputs, series: data.heldOut)["accuracy"]!
  }

  @Test func digits() throws {
    let data = try TaskRegistry.named("digits").load(seed: 1)
    // 1 200 images, and each moved a column to either side.
    #expect(data.training.count == 3_600)
    for (moved, copies) in [(-1, data.training[1_200..<2_400]), (1, data.training[2_400...])] {
      for (image, copy) in zip(data.training, copies) {
        #expect(copy.targets == image.targets)
        for pixel in 0..<64 {
          let source = pixel % 8 - moved
          #expect(copy.inputs[pixel] == (0..<8 ~= source ? image.inputs[pixel - moved] : 0))
        }
      }
    }
    #expect(data.heldOut.count == 597)
    let firstRow: [Double] = [0, 0, 5, 13, 9, 1, 0, 0]
    #expect(data.training[0].inputs[..<8].map { $0 * 16 } == firstRow)
    #expect(data.training[4].targets == [Double](repeating: 4, count: 8))
    #expect(data.training[0].weights == [0, 0, 0, 0, 0, 0, 0, 1])
    #expect(data.training.allSatisfy { $0.inputs.allSatisfy { 0...1 ~= $0 } })
  }

  /// Every step's parity and length follow from the bits so far, and no word is held out that was trained on.
  @Test func xor() throws {
    let data = try TaskRegistry.named("xor").load(seed: 5)
    var words: Set<UInt32> = []
    for series in data.training + data.heldOut {
      var word: UInt32 = 0
      var pixel: UInt32 = 0
      for t in 0..<series.steps {
        #expect(series.inputs[2 * t + 1] == series.elapsed[t])
        if t > 0 { #expect(series.inputs[2 * t] != series.inputs[2 * t - 2]) }
        for _ in 0..<Int(series.elapsed[t]) {
          if series.inputs[2 * t] == 1 { word |= 1 << pixel }
          pixel += 1
        }
        #expect(series.targets[t] == Double(word.nonzeroBitCount % 2))
      }
      #expect(pixel == 32)
      words.insert(word)
    }
    #expect(words.count == 66_048)
    #expect(data.training.allSatisfy { $0.weights.allSatisfy { $0 == 1 } })
    #expect(data.heldOut.allSatisfy { $0.weights.last == 1 && $0.weights.reduce(0, +) == 1 })
    let again = try TaskRegistry.named("xor").load(seed: 5)
    #expect(again.training == data.training)
    let other = try TaskRegistry.named("xor").load(seed: 6)
    #expect(other.training != data.training)
  }

  @Test func tapWithdrawal() throws {
    let data = try TaskRegistry.named("tap-withdrawal").load(seed: 1)
    #expect(data.inputs.map(\.name) == ["PLM", "ALM", "AVM", "PVD"])
    #expect(data.outputNames == ["reverse", "forward"])
    for series in data.training {
      for t in 0..<series.steps where series.targets[2 * t] + series.targets[2 * t + 1] > 0 {
        #expect(series.targets[2 * t] + series.targets[2 * t + 1] == 1)
        #expect((series.targets[2 * t + 1] == 1) == series.name.hasSuffix("tail"))
      }
      if series.name.hasSuffix("nothing") { #expect(series.targets.allSatisfy { $0 == 0 }) }
    }
    // Without memory the five steps after the touch are missed: better than chance, worse than perfect.
    for baseline in data.baselines { #expect(baseline.value > 0.65 && baseline.value < 0.85, "\(baseline)") }
  }
}
