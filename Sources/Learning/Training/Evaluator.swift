import Circuits
import Dispatch
import Tasks

/// Runs a model over whole sequences without learning and measures it.
///
/// A long sequence is cut into stretches that run side by side, as the ``EvaluationProtocol`` says; each begins with a
/// lead-in that is not counted, so that its states are those of a circuit that has been running. Not Sendable.
public final class Evaluator<Scalar: CircuitScalar> {
  /// What a measurement found.
  public struct Result: Sendable, Equatable, Codable {
    public var loss: Double
    /// By name: "nmse", "accuracy", "balancedAccuracy heater" (``Metrics``).
    public var metrics: [String: Double]
    /// Time steps that counted.
    public var steps: Int

    public init(loss: Double, metrics: [String: Double], steps: Int) {
      (self.loss, self.metrics, self.steps) = (loss, metrics, steps)
    }

    private enum CodingKeys: String, CodingKey {
      case loss = "loss"
      case metrics = "metrics"
      case steps = "steps"
    }
  }

  private struct Stretch {
    var series: Int
    var start: Int
    var lead: Int
    var count: Int
  }

  private let model: Model<Scalar>
  private let loss: Loss
  private let series: [Series]
  private let names: [String]
  private let targetCount: Int
  private let stretches: [Stretch]
  private let length: Int
  private let threads: Int
  private let workspaces: [Workspace<Scalar>]
  private let prepared: Buffer<Scalar>
  private static var rows: Int { 8 }

  /// For measuring `model` on `series`, sequences of `task`, trained with windows of `sequence` steps.
  public init(
    model: Model<Scalar>, task: TaskData, series: [Series], sequence: Int, threads: Int,
    protocol way: EvaluationProtocol = .carried
  ) {
    self.model = model
    loss = Loss(task.kind)
    names = task.targets.map(\.name)
    self.series = series
    targetCount = task.targetCount
    let longest = series.map(\.steps).max() ?? 1
    let (counted, leadIn) = way.stretch(sequence: sequence)
    let span = min(counted, max(longest, 1))
    var stretches: [Stretch] = []
    for (index, one) in series.enumerated() {
      for start in stride(from: 0, to: one.steps, by: span) {
        let lead = min(start, leadIn)
        stretches.append(Stretch(series: index, start: start - lead, lead: lead, count: min(span, one.steps - start)))
      }
    }
    self.stretches = stretches
    length = stretches.map { $0.lead + $0.count }.max() ?? 1
    let groups = (stretches.count + Self.rows - 1) / Self.rows
    self.threads = max(min(threads, groups), 1)
    let (length, rows) = (length, min(Self.rows, max(stretches.count, 1)))
    workspaces = (0..<self.threads).map { _ in Workspace(model, rows: rows, steps: length, forTraining: false) }
    prepared = Buffer(model.cell.preparedSize)
  }

  /// Loss and metrics with these stored parameters and connections.
  public func evaluate(_ stored: [Scalar], connections: [Scalar]) -> Result {
    let (o, k) = (model.outputs, targetCount)
    let steps = series.reduce(0) { $0 + $1.steps }
    var outputs = [Double](repeating: 0, count: steps * o)
    var starts = [0]
    for one in series { starts.append(starts.last! + one.steps) }
    let values = model.effective(stored)
    let groups = stride(from: 0, to: stretches.count, by: Self.rows).map { $0 }
    values.withUnsafeBufferPointer { values in
      connections.withUnsafeBufferPointer { connections in
        outputs.withUnsafeMutableBufferPointer { outputs in
          let (values, connections, outputs) = (values.baseAddress!, connections.baseAddress!, outputs.baseAddress)
          model.cell.prepare(parameters: values, connections: connections, into: prepared.pointer)
          // Each worker has a workspace of its own and writes the outputs of its own stretches; all are done when
          // concurrentPerform returns.
          func work(_ worker: Int) {
            for group in stride(from: worker, to: groups.count, by: threads) {
              run(groups[group], workspaces[worker], values, connections, starts: starts, into: outputs!)
            }
          }
          if threads == 1 {
            work(0)
          } else {
            nonisolated(unsafe) let work = work
            DispatchQueue.concurrentPerform(iterations: threads) { work($0) }
          }
        }
      }
    }
    let targets = series.flatMap(\.targets)
    let weights = series.flatMap(\.weights)
    let total = weights.reduce(0, +)
    let value =
      total > 0
      ? loss.accumulate(
        outputs: outputs, outputCount: o, targets: targets, targetCount: k, weights: weights, samples: steps,
        total: total, gradient: nil) : .nan
    return Result(
      loss: value,
      metrics: Metrics.compute(
        kind: loss.kind, names: names, outputs: outputs, targets: targets, weights: weights),
      steps: weights.count { $0 > 0 })
  }

  private func run(
    _ first: Int, _ workspace: Workspace<Scalar>, _ values: UnsafePointer<Scalar>,
    _ connections: UnsafePointer<Scalar>, starts: [Int], into outputs: UnsafeMutablePointer<Double>
  ) {
    let (rows, m, o) = (workspace.rows, model.inputs, model.outputs)
    workspace.states.zero()
    let group = stretches[first..<min(first + Self.rows, stretches.count)]
    var longest = 0
    for (row, stretch) in group.enumerated() {
      let source = series[stretch.series]
      longest = max(longest, stretch.lead + stretch.count)
      for t in 0..<length {
        let inside = t < stretch.lead + stretch.count
        workspace.elapsed[t * rows + row] = inside ? Scalar(source.elapsed[stretch.start + t]) : 1
        for k in 0..<m {
          workspace.inputs[(t * rows + row) * m + k] = inside ? Scalar(source.inputs[(stretch.start + t) * m + k]) : 0
        }
      }
    }
    model.forward(
      workspace, parameters: values, connections: connections, prepared: prepared.pointer, keepsTape: false,
      steps: longest)
    for (row, stretch) in group.enumerated() {
      let base = starts[stretch.series] + stretch.start
      for t in stretch.lead..<stretch.lead + stretch.count {
        for c in 0..<o { outputs[(base + t) * o + c] = Double(workspace.outputs[(t * rows + row) * o + c]) }
      }
    }
  }
}
