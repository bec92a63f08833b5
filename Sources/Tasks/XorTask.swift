import Randomness

/// Is the number of ones odd? 32 random bits, told only when they change.
///
/// A step is a run of equal bits: the bit, how long it lasts, and that length as the elapsed time, so that only a model
/// that knows time can do without the second input. In training each run is answered with the parity so far; what is held
/// out counts at its last run alone, where the whole word is known. After Lechner & Hasani 2020, arXiv 2006.04418.
struct XorTask: TaskDefinition {
  let name = "xor"
  let summary = "Is the number of ones among 32 bits odd? Bits come as runs, with the time they last"

  static let bits = 32

  func load(seed: UInt64) throws -> TaskData {
    var generator = SeededGenerator(seed: seed).stream(3)
    var seen: Set<UInt32> = []
    var words: [UInt32] = []
    // No word occurs twice, so that what is held out was never trained on.
    while words.count < 66_048 {
      let word = UInt32(truncatingIfNeeded: generator.next() >> 32)
      if seen.insert(word).inserted { words.append(word) }
    }
    let training = words[..<65_536].map(Self.series)
    let heldOut = words[65_536...].map(Self.series).map { series in
      var series = series
      series.weights = LastStep.weights(series.steps)
      return series
    }
    let odd = Double(heldOut.count { $0.targets.last == 1 }) / Double(heldOut.count)
    let length = Channel(name: "run", unit: "bits")
    return TaskData(
      name: name, summary: summary, inputs: [Channel(name: "bit"), length], targets: [Channel(name: "parity")],
      kind: .classes(names: ["even", "odd"]), timeUnit: "bit", training: training, heldOut: heldOut,
      baselines: [Baseline(name: "majority", metric: "accuracy", value: max(odd, 1 - odd))],
      suggestion: .init(sequence: Self.bits, batch: 32, learningRate: 0.01, neurons: 32, wiring: "all"))
  }

  /// The runs of a word's bits, lowest bit first, and the parity of the ones up to the end of each.
  static func series(_ word: UInt32) -> Series {
    var runs: [(bit: Double, length: Double)] = []
    for position in 0..<bits {
      let bit = Double(word >> UInt32(position) & 1)
      if runs.last?.bit == bit {
        runs[runs.count - 1].length += 1
      } else {
        runs.append((bit, 1))
      }
    }
    var ones = 0
    let parities = runs.map { run in
      ones += Int(run.bit * run.length)
      return Double(ones % 2)
    }
    return Series(
      name: "\(runs.count) runs", inputs: runs.flatMap { [$0.bit, $0.length] }, targets: parities,
      elapsed: runs.map(\.length))
  }
}
