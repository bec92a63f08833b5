import Foundation

/// The first demonstration of the ncps library: sin and cos in, a sine of twice the frequency out, 48 samples.
///
/// One sequence, and nothing held out: what is tested is what was trained, as in the original.
struct SineTask: TaskDefinition {
  let name = "sine"
  let summary = "A sine of twice the frequency from a sine and a cosine, 48 samples (ncps's first demonstration)"

  func load(seed: UInt64) throws -> TaskData {
    let count = 48
    let phases = (0..<count).map { 3 * Double.pi * Double($0) / Double(count - 1) }
    let series = Series(
      name: "sine", inputs: phases.flatMap { [sin($0), cos($0)] }, targets: phases.map { sin(2 * $0) },
      elapsed: [Double](repeating: 1, count: count))
    return TaskData(
      name: name, summary: summary, inputs: [Channel(name: "sin"), Channel(name: "cos")],
      targets: [Channel(name: "sin 2x")], kind: .regression, timeUnit: "step", training: [series], heldOut: [series],
      baselines: [Baseline(name: "ncps, 400 epochs", metric: "mse", value: 4e-4)],
      suggestion: .init(sequence: count, batch: 1, learningRate: 0.01, neurons: 16),
      notes: ["Nothing is held out: training and test are the same 48 samples."])
  }
}
