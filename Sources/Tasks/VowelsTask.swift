import Formats

/// Which of nine speakers says the vowels /ae/: sequences of 7 to 29 frames, answered at their last frame.
///
/// The published split: 270 utterances to train, 370 held out, of the same speakers.
struct VowelsTask: TaskDefinition {
  let name = "vowels"
  let summary = "Which of nine speakers says /ae/, from 12 cepstrum coefficients a frame"

  func load(seed: UInt64) throws -> TaskData {
    let training = try BundledTable.load("JapaneseVowels-train.csv")
    let heldOut = try BundledTable.load("JapaneseVowels-test.csv")
    let coefficients = (1...12).map { "c\($0)" }
    let channels = try coefficients.map {
      Channel.standardising(try training.completeNumbers($0), name: $0)
    }
    return TaskData(
      name: name, summary: summary, inputs: channels, targets: [Channel(name: "speaker")],
      kind: .classes(names: (1...9).map { "speaker \($0)" }), timeUnit: "frame",
      training: try sequences(training, channels), heldOut: try sequences(heldOut, channels),
      baselines: [
        Baseline(name: "majority", metric: "accuracy", value: 0.238),
        Baseline(name: "logistic on mean and difference", metric: "accuracy", value: 0.981),
      ],
      // 29 frames is the longest, so that every sequence is seen whole.
      suggestion: .init(sequence: 29, batch: 16, learningRate: 0.01, neurons: 32, wiring: "all"))
  }

  private func sequences(_ table: CSVTable, _ channels: [Channel]) throws -> [Series] {
    let ids = try table.completeNumbers("series")
    let labels = try table.completeNumbers("label")
    var inputs = Columns()
    for channel in channels { inputs.add(channel, try table.completeNumbers(channel.name)) }
    var result: [Series] = []
    var start = 0
    for end in 1...ids.count where end == ids.count || ids[end] != ids[start] {
      let count = end - start
      result.append(
        Series(
          name: "speaker \(Int(labels[start])), utterance \(Int(ids[start]) + 1)", inputs: inputs.rows(start..<end),
          targets: labels[start..<end].map { $0 - 1 }, elapsed: [Double](repeating: 1, count: count),
          weights: LastStep.weights(count)))
      start = end
    }
    return result
  }
}

/// Sequences that are classified as a whole: only the last step counts.
enum LastStep {
  static func weights(_ count: Int) -> [Double] {
    var weights = [Double](repeating: 0, count: count)
    if count > 0 { weights[count - 1] = 1 }
    return weights
  }
}
