import Circuits
import Tasks

/// Runs the newest weights along one real sequence, a step at a time, at human speed, and remembers the recent past.
///
/// What it yields is what the panes draw: states, outputs, and the operating point from which conductances and
/// coefficients follow. A value: it belongs to whoever draws.
public struct Probe {
  /// One moment.
  public struct Moment: Sendable, Equatable {
    /// Index into the sequence.
    public var step: Int
    /// M, as the sequence has them (normalised).
    public var input: [Float]
    /// K, as the sequence has them.
    public var target: [Float]
    /// Whether the target counts.
    public var counts: Bool
    public var elapsed: Float
    /// S, before this step: where the coefficients are taken.
    public var before: [Float]
    /// S, after it.
    public var state: [Float]
    /// O.
    public var output: [Float]
  }

  public let model: Model<Float>
  public let task: TaskData
  /// Which of the task's held-out sequences is shown.
  public private(set) var series: Int
  /// The next step to be taken.
  public private(set) var position = 0
  /// Moments so far, oldest first, at most ``capacity``.
  public private(set) var past: [Moment] = []
  /// Moments since the beginning, also those that are forgotten; for graphs that must not shimmer.
  public private(set) var total = 0
  public static var capacity: Int { 1024 }
  private let workspace: Workspace<Float>
  private let prepared: Buffer<Float>

  public var now: Moment? { past.last }
  public var steps: Int { task.heldOut[series].steps }

  /// At the start of held-out sequence `series`, state 0. The task has a held-out sequence with at least one step.
  public init(model: Model<Float>, task: TaskData, series: Int = 0) {
    self.model = model
    self.task = task
    self.series = series
    workspace = Workspace(model, rows: 1, steps: 1, forTraining: false)
    prepared = Buffer(model.cell.preparedSize)
  }

  /// One time step with these effective values; at the sequence's end it begins again from state 0.
  public mutating func advance(values: [Float], connections: [Float]) {
    let source = task.heldOut[series]
    guard source.steps > 0 else { return }
    if position >= source.steps { restart() }
    let (m, k, t) = (task.inputCount, task.targetCount, position)
    for i in 0..<m { workspace.inputs[i] = Float(source.inputs[t * m + i]) }
    workspace.elapsed[0] = Float(source.elapsed[t])
    let size = model.cell.stateSize
    let before = Array(workspace.states.array[..<size])
    values.withUnsafeBufferPointer { values in
      connections.withUnsafeBufferPointer { connections in
        let (values, connections) = (values.baseAddress!, connections.baseAddress!)
        model.cell.prepare(parameters: values, connections: connections, into: prepared.pointer)
        model.forward(
          workspace, parameters: values, connections: connections, prepared: prepared.pointer, keepsTape: false)
      }
    }
    let after = Array(workspace.states.array[size...])
    past.append(
      Moment(
        step: t, input: (0..<m).map { workspace.inputs[$0] },
        target: (0..<k).map { Float(source.targets[t * k + $0]) }, counts: source.weights[t] > 0,
        elapsed: workspace.elapsed[0], before: before, state: after, output: workspace.outputs.array))
    if past.count > Self.capacity { past.removeFirst(past.count - Self.capacity) }
    total += 1
    position += 1
    // A state that is no number would stay so for ever: begin again from rest.
    for i in 0..<size { workspace.states[i] = after[i].isFinite ? after[i] : 0 }
  }

  /// To `step` of held-out sequence `series`, from state 0; what was shown is forgotten.
  public mutating func jump(to step: Int, series: Int? = nil) {
    if let series, task.heldOut.indices.contains(series) { self.series = series }
    position = min(max(step, 0), max(steps - 1, 0))
    past.removeAll()
    workspace.states.zero()
  }

  /// Where in the present sequence the targets change most within `window` steps: the stretch worth watching.
  public func mostEventful(window: Int) -> Int {
    let source = task.heldOut[series]
    let k = task.targetCount
    guard source.steps > window, window > 0 else { return 0 }
    var scores = [Double](repeating: 0, count: source.steps)
    for column in 0..<k {
      for t in 1..<source.steps {
        scores[t] += abs(source.targets[t * k + column] - source.targets[(t - 1) * k + column])
      }
    }
    var sum = scores[..<window].reduce(0, +)
    var best = (start: 0, sum: sum)
    for start in 1...source.steps - window {
      sum += scores[start + window - 1] - scores[start - 1]
      if sum > best.sum { best = (start, sum) }
    }
    return best.start
  }

  private mutating func restart() {
    position = 0
    workspace.states.zero()
  }
}
