import LinearAlgebra
import Spiking
import Tasks

/// A task as a spiking network does it: frames are encoded, a linear readout of the filtered spikes answers.
///
/// One number is its error: of regression the root mean squared error ÷ standard deviation, the mean over targets
/// (1 is what the mean reaches); of classification the share of wrong answers.
public struct SpikingTask: Sendable {
  public enum Examples: Sendable {
    case lessons(training: [SequenceExperiment.Lesson], test: [SequenceExperiment.Lesson])
    case labelled(
      training: [(sequence: [[Double]], label: Int)], test: [(sequence: [[Double]], label: Int)], classes: Int)
  }

  public let name: String
  public let examples: Examples
  /// Frames of each sequence that only warm the network up.
  public let washout: Int
  /// For every variable what the training part spans.
  public let ranges: [ClosedRange<Double>]
  /// Errors of simple methods on the same examples, by name.
  public let baselines: [(name: String, error: Double)]

  /// What ``SequenceExperiment/Outcome/error`` is.
  public var measure: String {
    if case .labelled = examples { "errorRate" } else { "nrmse" }
  }

  /// - Parameters:
  ///   - horizon: how many steps later than the task's own a regression's target lies, plus 1: for forecasts the number
  ///     of samples ahead.
  ///   - most: sequences for training and for the test, at most.
  /// - Throws: ``TaskError`` for labels that may be true at once.
  public init(_ task: TaskData, horizon: Int = 1, most: Int = .max) throws {
    guard horizon >= 1 else { throw TaskError("A forecast \(horizon) steps ahead cannot be: use 1 or more.") }
    name = task.name
    let m = task.inputCount
    func frames(_ series: Series) -> [[Double]] {
      (0..<series.steps).map { Array(series.inputs[$0 * m..<($0 + 1) * m]) }
    }
    let (training, test) = (task.training.prefix(most), task.heldOut.prefix(most))
    ranges = Encoder.ranges(of: training.flatMap(frames))
    switch task.kind {
    case .labels:
      throw TaskError(
        "'\(task.name)' asks for labels that may be true at once, which spikes are not read for: choose a task of values "
          + "or classes.")
    case .regression:
      let o = task.targetCount
      func lesson(_ series: Series) -> SequenceExperiment.Lesson {
        let count = max(series.steps - horizon + 1, 0)
        return .init(
          frames: Array(frames(series).prefix(count)),
          targets: (0..<count).map { step in
            let at = step + horizon - 1
            return Array(series.targets[at * o..<(at + 1) * o])
          })
      }
      let lessons = (training: training.map(lesson), test: test.map(lesson))
      examples = .lessons(training: lessons.training, test: lessons.test)
      let shortest = (lessons.training + lessons.test).map(\.frames.count).min() ?? 0
      washout = min(50, shortest / 4)
      let samePlace = task.targets.map { target in task.inputs.firstIndex { $0.name == target.name } }
      baselines = try Self.baselines(lessons, washout: washout, persistence: samePlace.compactMap(\.self))
    case .classes(let names):
      func labelled(_ series: Series) -> (sequence: [[Double]], label: Int) {
        (frames(series), Int(series.targets.last ?? 0))
      }
      let pairs = (training: training.map(labelled), test: test.map(labelled))
      examples = .labelled(training: pairs.training, test: pairs.test, classes: names.count)
      washout = 0
      baselines = try Self.baselines(pairs, classes: names.count)
    }
  }

  /// What drives a network that only shows its spikes: all training sequences, one after the other.
  public var frames: [[Double]] {
    switch examples {
    case .lessons(let training, _): training.flatMap(\.frames)
    case .labelled(let training, _, _): training.flatMap(\.sequence)
    }
  }

  /// How well one network does. `experiment`'s encoder has to be made for ``ranges``.
  public func run(
    _ experiment: SequenceExperiment, seed: UInt64, isCancelled: () -> Bool = { false }
  ) throws -> SequenceExperiment.Outcome {
    switch examples {
    case .lessons(let training, let test):
      try experiment.regress(training: training, test: test, washout: washout, seed: seed, isCancelled: isCancelled)
    case .labelled(let training, let test, let classes):
      try experiment.classify(
        training: training, test: test, classes: classes, seed: seed, isCancelled: isCancelled)
    }
  }

  private typealias Lessons = (training: [SequenceExperiment.Lesson], test: [SequenceExperiment.Lesson])

  /// Persistence where every target is one of the inputs, and the same ridge readout on this frame and the four before.
  private static func baselines(
    _ lessons: Lessons, washout: Int, persistence: [Int]
  ) throws -> [(name: String, error: Double)] {
    let lags = 5
    func rows(_ part: [SequenceExperiment.Lesson]) -> (states: [[Double]], targets: [[Double]], last: [[Double]]) {
      var (states, targets, last): ([[Double]], [[Double]], [[Double]]) = ([], [], [])
      for lesson in part {
        for step in lesson.frames.indices where step >= max(washout, lags - 1) {
          states.append((0..<lags).flatMap { lesson.frames[step - $0] })
          targets.append(lesson.targets[step])
          last.append(persistence.map { lesson.frames[step][$0] })
        }
      }
      return (states, targets, last)
    }
    func error(_ predictions: [[Double]], _ truth: [[Double]]) -> Double {
      let errors = SequenceExperiment.relativeErrors(predictions, truth)
      return errors.reduce(0, +) / Double(max(errors.count, 1))
    }
    let (known, asked) = (rows(lessons.training), rows(lessons.test))
    guard known.states.count >= 20, let first = asked.targets.first else { return [] }
    var result: [(name: String, error: Double)] = []
    if persistence.count == first.count { result.append(("persistence", error(asked.last, asked.targets))) }
    let readout = try LinearReadout(states: Matrix(known.states), targets: Matrix(known.targets))
    let predicted = readout(Matrix(asked.states))
    result.append(
      ("linear on 5 frames", error((0..<predicted.rows).map { Array(predicted.row($0)) }, asked.targets)))
    return result
  }

  /// The most frequent class, and the same ridge readout on the mean frame and the last.
  private static func baselines(
    _ pairs: (training: [(sequence: [[Double]], label: Int)], test: [(sequence: [[Double]], label: Int)]), classes: Int
  ) throws -> [(name: String, error: Double)] {
    func features(_ sequence: [[Double]]) -> [Double] {
      sequence[0].indices.map { entry in sequence.reduce(0) { $0 + $1[entry] } / Double(sequence.count) }
        + sequence[sequence.count - 1]
    }
    guard pairs.training.count >= 10, !pairs.test.isEmpty else { return [] }
    var counts = [Int](repeating: 0, count: classes)
    for pair in pairs.training { counts[pair.label] += 1 }
    let most = counts.firstIndex(of: counts.max() ?? 0) ?? 0
    let all = Double(pairs.test.count)
    // Every fifth to each block of the cross-validation, since labels often come in order.
    let order = (0..<5).flatMap { Array(stride(from: $0, to: pairs.training.count, by: 5)) }
    let readout = try LinearReadout(
      states: Matrix(order.map { features(pairs.training[$0].sequence) }),
      targets: Matrix(rows: order.count, columns: classes) { pairs.training[order[$0]].label == $1 ? 1 : 0 })
    let scores = readout(Matrix(pairs.test.map { features($0.sequence) }))
    let wrong = pairs.test.indices.count { index in
      let row = Array(scores.row(index))
      return row.firstIndex(of: row.max() ?? 0) != pairs.test[index].label
    }
    return [
      ("most frequent class", Double(pairs.test.count { $0.label != most }) / all),
      ("linear on mean and last frame", Double(wrong) / all),
    ]
  }
}
