import Randomness

/// What came before: an independent value u, uniform in −1…1, at every step, to be told one to five steps later.
///
/// Nothing but memory helps. A network that recalls the first k of the five and nothing of the others has an error of
/// (5 − k)/5.
struct RecallTask: TaskDefinition {
  let name = "recall"
  let summary = "The five values before this one, of a series of independent ones"
  static let delays = 1...5

  func load(seed: UInt64) throws -> TaskData {
    let input = Channel(name: "u", offset: 0, scale: 1)
    let targets = Self.delays.map { Channel(name: "u \($0) ago", offset: 0, scale: 1) }
    func series(_ name: String, _ steps: Int, _ random: SeededGenerator) -> Series {
      var random = random
      let values = (0..<steps).map { _ in random.uniform(-1...1) }
      return Series(
        name: name, inputs: values,
        targets: (0..<steps).flatMap { step in Self.delays.map { step >= $0 ? values[step - $0] : 0 } },
        elapsed: [Double](repeating: 1, count: steps),
        weights: (0..<steps).map { $0 >= Self.delays.upperBound ? 1 : 0 })
    }
    let random = SeededGenerator(seed: seed)
    return TaskData(
      name: name, summary: summary, inputs: [input], targets: targets, kind: .regression, timeUnit: "step",
      training: [series("training", 3_000, random.stream(1))], heldOut: [series("held out", 1_000, random.stream(2))],
      baselines: [Baseline(name: "mean", metric: "nmse", value: 1)],
      suggestion: .init(sequence: 32, batch: 16, learningRate: 0.01, neurons: 32, wiring: "all", warmUp: 5))
  }
}
