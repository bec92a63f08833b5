import Analysis
import Circuits
import Terminal

/// Two neurons against each other: the path of the recent past, where they are, and where they are heading.
struct PhasePortrait: Widget {
  let scene: Scene
  init(_ scene: Scene) { self.scene = scene }

  /// The neuron on the horizontal axis: the chosen one, or the neighbour of the selected.
  private var across: Int {
    let up = scene.selection.post
    if let chosen = scene[StatesView.self].companion, chosen != up, chosen < scene.neurons { return chosen }
    return up == 0 ? min(1, scene.neurons - 1) : up - 1
  }

  func draw(on canvas: inout Canvas) {
    let (across, up) = (across, scene.selection.post)
    let names = scene.model.wiring.neuronNames
    let path = scene.moments.suffix(480).compactMap { moment -> (x: Double, y: Double)? in
      guard max(across, up) < moment.state.count else { return nil }
      return (Double(moment.state[across]), Double(moment.state[up]))
    }
    guard let now = path.last else { return }
    let (x, y) = (scene.network.scales.neuron(across), scene.network.scales.neuron(up))
    var points: [Scatter.Point] = []
    if let targets = scene.reading?.coefficients?.targets, max(across, up) < targets.count {
      // Outside the picture it stands at the border, to tell the direction.
      points.append(
        Scatter.Point(
          x: min(max(targets[across], x.low), x.high), y: min(max(targets[up], y.low), y.high), character: "○",
          style: Ink.prediction))
    }
    points.append(Scatter.Point(x: now.x, y: now.y, character: "●", style: Ink.bright))
    var used = canvas.text(0, 0, "↑ \(names[up]) \(Scene.number(now.y))  ", Ink.selected, maxWidth: canvas.width)
    used += canvas.text(
      used, 0, "→ \(names[across]) \(Scene.number(now.x))", .plain, maxWidth: max(canvas.width - used, 0))
    let key = "  ● now  ○ heading for  x: put the selected on →"
    canvas.text(used, 0, key, Ink.quiet, maxWidth: max(canvas.width - used, 0))
    let recent = path.suffix(60)
    let labels = PlotLabels(
      top: Scene.number(y.high, digits: 2), bottom: Scene.number(y.low, digits: 2),
      left: Scene.number(x.low, digits: 2), right: Scene.number(x.high, digits: 2))
    canvas.draw(
      Scatter(
        points,
        trails: [
          Scatter.Trail(Array(path.dropLast(max(recent.count - 1, 0))), style: Ink.frame),
          Scatter.Trail(Array(recent), style: Ink.state),
        ], x: x, y: y, labels: labels, axisStyle: Ink.frame),
      in: Rect(x: 0, y: 1, width: canvas.width, height: canvas.height - 1))
  }
}
