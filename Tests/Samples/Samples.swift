import Circuits
import Foundation
import Learning
import Randomness
import Tasks

/// Small made-up tasks, so that a test takes milliseconds.
package enum Sample {
  /// Three series of 30 steps, two held out; two inputs and `outputs` columns that follow from the first input with delay.
  package static func task(_ kind: TargetKind = .regression, outputs: Int = 1, steps: Int = 30) -> TaskData {
    var generator = SeededGenerator(seed: 42)
    func series(_ number: Int) -> Series {
      var inputs: [Double] = []
      var targets: [Double] = []
      let columns = if case .classes = kind { 1 } else { outputs }
      for t in 0..<steps {
        let phase = Double(t + 7 * number) * 0.4
        inputs += [sin(phase), generator.uniform(-0.5...0.5)]
        for k in 0..<columns {
          let wave = sin(phase - 0.5 * Double(k + 1))
          switch kind {
          case .regression: targets.append(wave)
          case .labels: targets.append(wave > 0 ? 1 : 0)
          case .classes(let names): targets.append(wave > 0 ? 0 : Double(names.count - 1))
          }
        }
      }
      return Series(
        name: "series \(number)", inputs: inputs, targets: targets, elapsed: [Double](repeating: 1, count: steps))
    }
    let names = (0..<(kind.columns ?? outputs)).map { "target \($0)" }
    return TaskData(
      name: "sample", summary: "a delayed wave", inputs: [Channel(name: "wave"), Channel(name: "noise")],
      targets: names.map { Channel(name: $0) }, kind: kind, timeUnit: "step",
      training: (0..<3).map(series), heldOut: (3..<5).map(series))
  }

  package static func model(
    _ task: TaskData, neurons: Int = 8, wiring: String = "ncp", positivity: Positivity = .clamp, cell: String = "ltc"
  ) throws -> Model<Float> {
    try Model(
      ModelSpecification(
        cell: cell, neurons: neurons, wiring: wiring, seed: 3, unfolds: 3, inputNames: task.inputs.map(\.name),
        outputNames: task.outputNames, positivity: positivity,
        backbone: Cells.named(cell).hasBackbone ? Backbone(units: 6, layers: 2) : nil))
  }

  /// Windows of 10 steps, 20 a batch: three slices.
  package static func options(_ task: TaskData, threads: Int = 1) -> TrainingOptions {
    var options = TrainingOptions(task, seed: 5, threads: threads)
    (options.sequence, options.batch, options.evaluateEvery) = (10, 20, 4)
    return options
  }

  package static func session(
    _ task: TaskData = task(), threads: Int = 1, positivity: Positivity = .clamp
  ) throws -> TrainingSession {
    try TrainingSession(
      model: model(task, positivity: positivity), task: task, options: options(task, threads: threads))
  }
}

extension Recipe {
  /// Of a session over ``Sample/task(_:outputs:steps:)``, as a file keeps it.
  package static func sample(_ session: TrainingSession) -> Recipe {
    Recipe(
      data: DataSource(task: "sample", seed: 1), network: .init(session.model.specification),
      training: .init(session.options), seed: session.options.seed)
  }
}

extension TargetKind {
  /// Columns of targets where the kind fixes them.
  fileprivate var columns: Int? {
    if case .classes = self { 1 } else { nil }
  }
}

extension TrainingSession {
  /// `count` steps and their losses.
  package func losses(_ count: Int) throws -> [Double] {
    try (0..<count).map { _ in
      try advance()
      return report?.loss ?? .nan
    }
  }
}

/// A path in the temporary folder that no other test has.
package func temporaryPath(_ name: String) -> String {
  FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString)-\(name)").path
}
