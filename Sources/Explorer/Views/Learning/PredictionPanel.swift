import Circuits
import Learning
import Tasks
import Terminal

/// Targets and predictions on held-out data, an output one above the other as many as fit; the chosen one among them.
struct PredictionPanel: Widget {
  let scene: Scene
  /// Also the other outputs.
  let showsAll: Bool

  func draw(on canvas: inout Canvas) {
    let count = scene.task.outputNames.count
    guard let now = scene.moments.last, count > 0, canvas.height > 1 else { return }
    let chosen = min(scene[LearningView.self].output, count - 1)
    let fitting = showsAll ? max(min(count, canvas.height / 5), 1) : 1
    let first = min(max(chosen - fitting / 2, 0), count - fitting)
    let rows = canvas.area.rows(fitting)
    for (row, output) in (first..<first + fitting).enumerated() {
      let more = count > fitting && row == 0 ? "  (o: next of \(count))" : ""
      canvas.inside(rows[row]) { draw(output, now, more: more, on: &$0) }
    }
  }

  private func draw(_ output: Int, _ now: Probe.Moment, more: String, on canvas: inout Canvas) {
    let name = scene.task.outputNames[output]
    var shown: [(target: Double?, prediction: Double?)] = []
    for moment in scene.moments.suffix(Trace.capacity(columns: canvas.width)) {
      shown.append(Self.pair(moment, output: output, task: scene.task))
    }
    let scale: Scale
    if case .regression = scene.task.kind {
      scale = .fitting(shown.compactMap(\.target) + shown.compactMap(\.prediction), margin: 0.05)
    } else {
      scale = Scale(-0.05, 1.05)
    }
    let latest = Self.pair(now, output: output, task: scene.task)
    let target = latest.target.map { Scene.number(Self.rounded($0, scale)) } ?? "missing"
    let unit = scene.task.kind == .regression ? Self.unit(scene.task.targets[output]) : ""
    var x = canvas.text(0, 0, "\(name)  ", .plain.bold(), maxWidth: canvas.width)
    x += canvas.text(x, 0, "─ target \(target)  ", Ink.target, maxWidth: max(canvas.width - x, 0))
    x += canvas.text(
      x, 0, "∘ prediction \(Scene.number(Self.rounded(latest.prediction ?? .nan, scale)))\(unit)", Ink.prediction,
      maxWidth: max(canvas.width - x, 0))
    canvas.text(x, 0, more, Ink.quiet, maxWidth: max(canvas.width - x, 0))
    let plot = Rect(x: 0, y: 1, width: canvas.width, height: canvas.height - 1)
    canvas.draw(Trace(shown.map(\.target), total: scene.network.momentTotal, y: scale, style: Ink.target), in: plot)
    canvas.draw(
      Overlay(
        Trace(shown.map(\.prediction), total: scene.network.momentTotal, y: scale, style: Ink.prediction, mark: "∘")),
      in: plot
    )
  }

  /// Zero where it is nothing beside what is drawn: sin π is not to be read as −7.35e−16.
  private static func rounded(_ value: Double, _ scale: Scale) -> Double {
    abs(value) < 1e-9 * (scale.high - scale.low) ? 0 : value
  }

  private static func unit(_ channel: Channel) -> String { channel.unit.isEmpty ? "" : " \(channel.unit)" }

  /// Target and prediction of one output as people read them: recorded units, or probabilities.
  static func pair(_ moment: Probe.Moment, output: Int, task: TaskData) -> (target: Double?, prediction: Double?) {
    switch task.kind {
    case .regression:
      let channel = task.targets[output]
      return (
        moment.counts ? channel.restore(Double(moment.target[output])) : nil,
        channel.restore(Double(moment.output[output]))
      )
    case .labels:
      return (moment.counts ? Double(moment.target[output]) : nil, logistic(Double(moment.output[output])))
    case .classes:
      let largest = moment.output.max() ?? 0
      let powers = moment.output.map { Double.exp(Double($0 - largest)) }
      return (
        moment.counts ? (Int(moment.target[0]) == output ? 1 : 0) : nil,
        powers[output] / powers.reduce(0, +)
      )
    }
  }
}
