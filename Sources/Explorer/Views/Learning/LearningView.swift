import Circuits
import Learning
import Tasks
import Terminal

/// How learning goes: the losses with what was done to the network, and the prediction beside its target.
struct LearningView: View {
  let name = "learning"
  let summary = "training and held-out loss with your interventions; prediction against target on held-out data"

  func title(_ scene: Scene) -> String {
    switch scene.task.kind {
    case .regression: "Learning  mean squared error (log)"
    case .labels, .classes: "Learning  cross-entropy (log)"
    }
  }

  func draw(_ scene: Scene, on canvas: inout Canvas) {
    let parts = canvas.area.rows([.weight(1), .weight(1)])
    if canvas.width >= 90 && canvas.height < 14 {
      let halves = canvas.area.columns([.weight(1), .cells(1), .weight(1)])
      canvas.inside(halves[0]) { drawCurve(scene, on: &$0) }
      canvas.inside(halves[2]) { drawPrediction(scene, on: &$0) }
    } else if canvas.height >= 8 {
      canvas.inside(parts[0]) { drawCurve(scene, on: &$0) }
      canvas.inside(parts[1]) { drawPrediction(scene, on: &$0) }
    } else {
      drawCurve(scene, on: &canvas)
    }
  }

  private func drawCurve(_ scene: Scene, on canvas: inout Canvas) {
    let curve = scene.snapshot.curve
    guard !curve.training.isEmpty else {
      canvas.draw(Paragraph("No step has been made yet: space starts training.", style: Ink.quiet))
      return
    }
    let train = Self.smoothed(curve.training, points: max(canvas.width, 1))
    let heldOut = curve.heldOut.map { (Double($0.step), $0.value) }
    let finite = (train + heldOut).map(\.1).filter { $0.isFinite && $0 > 0 }
    let y = Scale.decades(finite)
    let x = Scale(0, Double(max(scene.snapshot.step, 2)))
    let markers = scene.snapshot.marks.map { mark in
      Marker(x: Double(mark.step), character: mark.kind.sign, style: Ink.warning)
    }
    let labels = PlotLabels(
      top: Scene.number(y.high), bottom: Scene.number(y.low), left: "0",
      right: "\(NumberText.grouped(scene.snapshot.step)) steps")
    canvas.text(0, 0, "─ train ", Ink.training)
    canvas.text(9, 0, "─ held-out ", Ink.heldOut, maxWidth: max(canvas.width - 9, 0))
    if let last = scene.snapshot.marks.last, canvas.width >= 50 {
      canvas.textRight(
        canvas.width, 0,
        "\(last.kind.sign) \(last.label) @\(NumberText.grouped(last.step))".fitted(to: canvas.width - 24),
        Ink.warning)
    }
    canvas.draw(
      LineGraph(
        [
          LineGraph.Series(train, style: Ink.training, name: "train"),
          LineGraph.Series(heldOut, style: Ink.heldOut, name: "held-out"),
        ], x: x, y: y, markers: markers, labels: labels),
      in: Rect(x: 0, y: 1, width: canvas.width, height: canvas.height - 1))
  }

  /// Means over equal stretches, at most `points` of them: single batches are too noisy to be followed by eye.
  private static func smoothed(_ curve: [LossCurve.Point], points: Int) -> [(Double, Double)] {
    let group = max((curve.count + points - 1) / points, min(curve.count / 8, 8), 1)
    return stride(from: 0, to: curve.count, by: group).map { start in
      let part = curve[start..<min(start + group, curve.count)]
      return (Double(part.last!.step), part.reduce(0) { $0 + $1.value } / Double(part.count))
    }
  }

  private func drawPrediction(_ scene: Scene, on canvas: inout Canvas) {
    guard let now = scene.moments.last, !scene.task.outputNames.isEmpty, canvas.height > 1 else { return }
    let output = min(scene.output, scene.task.outputNames.count - 1)
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
    let target = latest.target.map { Scene.number($0) } ?? "missing"
    let unit = scene.task.kind == .regression ? Self.unit(scene.task.targets[output]) : ""
    let more = scene.task.outputNames.count > 1 ? "  (o: next)" : ""
    var x = canvas.text(0, 0, "\(name)  ", .plain.bold(), maxWidth: canvas.width)
    x += canvas.text(x, 0, "─ target \(target)  ", Ink.target, maxWidth: max(canvas.width - x, 0))
    x += canvas.text(
      x, 0, "─ prediction \(Scene.number(latest.prediction ?? .nan))\(unit)", Ink.prediction,
      maxWidth: max(canvas.width - x, 0))
    canvas.text(x, 0, more, Ink.quiet, maxWidth: max(canvas.width - x, 0))
    let place = Rect(x: 0, y: 1, width: canvas.width, height: canvas.height - 1)
    canvas.draw(Trace(shown.map(\.target), total: scene.momentTotal, y: scale, style: Ink.target), in: place)
    canvas.draw(
      Overlay(Trace(shown.map(\.prediction), total: scene.momentTotal, y: scale, style: Ink.prediction)), in: place)
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

/// A widget drawn over what is there: blanks let the picture below shine through.
struct Overlay<Content: Widget>: Widget {
  var content: Content
  init(_ content: Content) { self.content = content }

  func draw(on canvas: inout Canvas) {
    var layer = Canvas(width: canvas.width, height: canvas.height, glyphs: canvas.glyphs)
    content.draw(on: &layer)
    for y in 0..<canvas.height {
      for x in 0..<canvas.width where layer[x, y].character != " " {
        canvas.put(x, y, layer[x, y].character, layer[x, y].style)
      }
    }
  }
}

extension Mark.Kind {
  /// What stands on the loss curve and before the mark's label.
  var sign: Character {
    switch self {
    case .prune: "▲"
    case .freeze: "❄"
    case .edit: "◆"
    case .rate: "≈"
    case .rewind: "↺"
    case .undo: "↶"
    }
  }
}

extension Scale {
  /// A logarithmic scale that moves by half decades only, so that the curve is not rescaled with every step.
  static func decades(_ values: [Double]) -> Scale {
    guard let low = values.min(), let high = values.max() else { return Scale(0.01, 1, .log10) }
    func power(_ exponent: Double) -> Double { Double.pow(10, exponent) }
    let bottom = (Double.log10(low) * 2).rounded(.down) / 2
    let top = (Double.log10(high) * 2).rounded(.up) / 2
    return Scale(power(bottom), power(max(top, bottom + 0.5)), .log10)
  }
}
