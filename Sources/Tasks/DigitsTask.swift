import Formats

/// Handwritten digits, read row by row from top to bottom: eight steps of eight pixels, answered at the last.
///
/// The first 1 200 of 1 797 images train, each also moved a column to the left and to the right. Pixels 0–16 become 0–1.
struct DigitsTask: TaskDefinition {
  let name = "digits"
  let summary = "Which digit is drawn, its 8 rows of pixels coming one after another"

  func load(seed: UInt64) throws -> TaskData {
    let table = try BundledTable.load("digits.csv", header: false)
    let columns = try (0..<65).map { pixel in try table.completeNumbers(table.names[pixel]) }
    func image(_ row: Int, moved: Int = 0) -> Series {
      let inputs = (0..<64).map { pixel in
        0..<8 ~= pixel % 8 - moved ? columns[pixel - moved][row] / 16 : 0
      }
      return Series(
        name: "image \(row + 1)\(moved == 0 ? "" : moved < 0 ? ", moved left" : ", moved right")", inputs: inputs,
        targets: [Double](repeating: columns[64][row], count: 8), elapsed: [Double](repeating: 1, count: 8),
        weights: LastStep.weights(8))
    }
    return TaskData(
      name: name, summary: summary, inputs: (1...8).map { Channel(name: "x\($0)", offset: 0, scale: 16) },
      targets: [Channel(name: "digit")], kind: .classes(names: (0...9).map(String.init)), timeUnit: "row",
      training: [0, -1, 1].flatMap { moved in (0..<1_200).map { image($0, moved: moved) } },
      heldOut: (1_200..<table.rowCount).map { image($0) },
      baselines: [Baseline(name: "logistic on all pixels", metric: "accuracy", value: 0.921)],
      suggestion: .init(
        sequence: 8, batch: 32, learningRate: 0.01, schedule: "cosine", noise: 0.2, neurons: 32, wiring: "all"),
      notes: ["Training images stand here three times: as they are, a column to the left, a column to the right."])
  }
}
