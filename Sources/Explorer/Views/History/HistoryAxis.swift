import Learning
import Terminal

/// The losses since the start with everything that happened on the way: interventions, the pinned moment, the moment that is
/// shown, where a fork left its trunk, and what the others that share this past have learned since. Below it the moments
/// that were kept, on the same axis.
struct HistoryAxis: Widget {
  private let scene: Scene
  private let x: Scale
  private let y: Scale
  private let series: [LineGraph.Series]

  init(_ scene: Scene) {
    self.scene = scene
    let newest = scene.newest
    let relatives = scene.past.relatives
    x = Scale(0, Double(max(([newest.step] + relatives.map(\.snapshot.step)).max() ?? 2, 2)))
    let train = LossPanel.smoothed(newest.curve.training, points: 160)
    let heldOut = newest.curve.heldOut.map { (Double($0.step), $0.value) }
    let others = relatives.map { relative in
      relative.snapshot.curve.heldOut.filter { $0.step >= relative.step }.map { (Double($0.step), $0.value) }
    }
    let shown = LossPanel.afterTheFirstDrop(train + heldOut + others.flatMap(\.self), steps: Int(x.high))
    let values = shown.filter { $0.isFinite && $0 > 0 }
    // Losses that are near each other would be a line in a range of decades.
    let isNarrow = (values.max() ?? 1) < 4 * (values.min() ?? 1)
    y = isNarrow ? .fitting(values, .log10, margin: 0.05) : .decades(values)
    series =
      zip(relatives, others).map { LineGraph.Series($1, style: Ink.target, name: $0.name, mark: "+") } + [
        LineGraph.Series(train, style: Ink.training, name: "train"),
        LineGraph.Series(heldOut, style: Ink.heldOut, name: "held-out", mark: "∘"),
      ]
  }

  private var labels: PlotLabels {
    PlotLabels(
      top: Scene.number(y.high), bottom: Scene.number(y.low), left: "0",
      right: "\(NumberText.grouped(Int(x.high))) steps")
  }

  /// The graph above, a row of moments below it where there is room.
  private func parts(width: Int, height: Int) -> (graph: Rect, moments: Rect) {
    let rows = Rect(x: 0, y: 0, width: width, height: height).rows([
      .cells(1), .weight(1), .cells(height >= 6 ? 1 : 0),
    ])
    return (rows[1], rows[2])
  }

  private func plot(width: Int, height: Int) -> Rect {
    let graph = parts(width: width, height: height).graph
    let plot = labels.plot(width: graph.width, height: graph.height)
    return Rect(x: graph.x + plot.x, y: graph.y + plot.y, width: plot.width, height: plot.height)
  }

  /// The step at a column of the picture; `nil` where it is so small that nothing is drawn.
  func step(atX column: Int, width: Int, height: Int) -> Int? {
    let plot = plot(width: width, height: height)
    guard plot.width > 1 else { return nil }
    let share = min(max((Double(column - plot.x) + 0.5) / Double(plot.width), 0), 1)
    return Int(x.value(at: share).rounded())
  }

  func draw(on canvas: inout Canvas) {
    guard !scene.past.moments.isEmpty else {
      canvas.draw(
        Paragraph(
          scene.past.history == nil
            ? "The weights of this network are not recorded."
            : "Nothing is recorded yet: space starts training, and every step becomes a moment to come back to.",
          style: Ink.quiet))
      return
    }
    let parts = parts(width: canvas.width, height: canvas.height)
    drawWords(on: &canvas)
    canvas.draw(LineGraph(series, x: x, y: y, markers: markers, labels: labels), in: parts.graph)
    drawMoments(parts.moments, on: &canvas)
  }

  private var markers: [Marker] {
    var markers = scene.newest.marks.map { Marker(x: Double($0.step), character: $0.kind.sign, style: Ink.warning) }
    for relative in scene.past.relatives {
      markers.append(Marker(x: Double(relative.step), character: "Y", style: Ink.target))
    }
    if let pin = scene.network.pin { markers.append(Marker(x: Double(pin.step), character: "◆", style: Ink.state)) }
    markers.append(Marker(x: Double(scene.snapshot.step), character: "▼", style: Ink.bright))
    return markers
  }

  /// Legend, and with relatives how good each of them is.
  private func drawWords(on canvas: inout Canvas) {
    var x = canvas.text(0, 0, "─ train ", Ink.training)
    x += canvas.text(x, 0, "∘ held-out ", Ink.heldOut, maxWidth: max(canvas.width - x, 0))
    let newest = scene.newest
    guard let relative = scene.past.relatives.last, let own = newest.heldOut?.loss,
      let other = relative.snapshot.heldOut
    else {
      canvas.text(
        x, 0,
        oneOf: ["▼ shown  ◆ pinned  ▲ ❄ … interventions  ╵ recorded moments", "▼ shown  ◆ pinned  ╵ moments", ""],
        Ink.quiet)
      return
    }
    // Fair is the same number of steps; how far the other has come stands behind it.
    let common = min(newest.step, relative.snapshot.step)
    let both = [newest, relative.snapshot].map { $0.heldOut(at: common).map { Scene.number($0.loss) } ?? "–" }
    let here = "held-out at step \(NumberText.grouped(common)): here \(both[0])"
    let there =
      "+ \(relative.name) \(both[1])   newest: here \(Scene.number(own)), \(relative.name) \(Scene.number(other.loss))"
    canvas.text(
      x, 0,
      oneOf: [
        "\(here)  \(there)   Y parted at step \(NumberText.grouped(relative.step))", "\(here)  \(there)",
        "\(here)  + \(relative.name) \(both[1])",
        "here \(Scene.number(own))  + \(relative.name) \(Scene.number(other.loss))",
      ], Ink.target)
  }

  private func drawMoments(_ rect: Rect, on canvas: inout Canvas) {
    guard rect.height > 0 else { return }
    let plot = plot(width: canvas.width, height: canvas.height)
    guard plot.width > 1 else { return }
    for moment in scene.past.moments {
      guard let share = x.position(Double(moment.step)), share >= 0, share <= 1 else { continue }
      let column = plot.x + min(Int(share * Double(plot.width)), plot.width - 1)
      canvas.put(column, rect.y, "╵", Ink.frame)
    }
    for mark in markers {
      guard let share = x.position(mark.x), share >= 0, share <= 1 else { continue }
      canvas.put(
        plot.x + min(Int(share * Double(plot.width)), plot.width - 1), rect.y,
        mark.character == "▼" ? "▲" : mark.character, mark.style)
    }
  }
}
