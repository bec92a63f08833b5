import Analysis
import Circuits
import Terminal

/// Every neuron's trace, its state now, and its effective time constant; or all states as a map over time; or two of
/// them against each other.
struct StatesView: View {
  static let name = "states"
  var name: String { Self.name }
  let slot: DashboardSlot? = DashboardSlot(.upperLeft, importance: 4)
  let actions = ["show", "up", "down", "companion", "freeze", "prune-neuron", "probe-pause"]
  let summary = "every neuron's trace with its liquid time constant τ, a map over time, or the portrait of two neurons"

  struct State: ViewState {
    /// The neuron on the horizontal axis of the phase portrait; `nil` for a neighbour of the selected one.
    var companion: Int?
  }

  /// Time constants beside the traces, targets in the portrait.
  func needs(_ scene: Scene) -> ViewNeeds { picture(scene) == "map" ? [] : .coefficients }

  func title(_ scene: Scene) -> String {
    switch picture(scene) {
    case "map": "States v over time"
    case "portrait": "States: phase portrait"
    default: "States v(t)"
    }
  }

  func pictures(_ scene: Scene) -> [String] { scene.neurons > 1 ? ["traces", "map", "portrait"] : ["traces", "map"] }

  func draw(_ scene: Scene, on canvas: inout Canvas) {
    guard !scene.moments.isEmpty else {
      canvas.draw(
        Paragraph("The probe has not made its first step yet: press n for one, or , to let it run.", style: Ink.quiet))
      return
    }
    switch picture(scene) {
    case "map": canvas.draw(StateMap(scene))
    case "portrait": canvas.draw(PhasePortrait(scene))
    default: drawTraces(scene, on: &canvas)
    }
  }

  private func drawTraces(_ scene: Scene, on canvas: inout Canvas) {
    let rows = layout(scene, width: canvas.width, height: canvas.height)
    let names = scene.model.wiring.neuronNames
    let nameWidth = min(names.map(\.terminalColumns).max() ?? 0, max(canvas.width / 4, 6))
    // "−0.41  τ 25.5 min"
    let timeWidth = canvas.width >= 44 && scene.reading?.coefficients != nil ? 8 + max(scene.task.timeUnit.count, 3) : 0
    let traceWidth = max(canvas.width - nameWidth - 8 - timeWidth, 0)
    let legend = canvas.height > rows.count * rows.height
    for (row, neuron) in rows.neurons.enumerated() {
      let y = row * rows.height
      let selected = neuron == scene.selection.post
      let style = selected ? Ink.selected.reverse() : Ink.quiet
      canvas.text(0, y, names[neuron].padded(to: nameWidth), style, maxWidth: nameWidth)
      if scene.isFrozen(neuron: neuron) { canvas.put(nameWidth, y, "❄", Ink.inhibitory) }
      let samples = scene.moments.suffix(Trace.capacity(columns: traceWidth)).map { moment in
        neuron < moment.state.count ? Double(moment.state[neuron]) : nil
      }
      canvas.draw(
        Trace(
          samples, total: scene.network.momentTotal,
          y: rows.height > 1 ? scene.network.scales.states : scene.network.scales.neuron(neuron),
          style: selected ? Ink.state.bold() : Ink.state),
        in: Rect(x: nameWidth + 1, y: y, width: traceWidth, height: rows.height))
      guard let now = scene.moments.last, neuron < now.state.count else { continue }
      let value = now.state[neuron]
      let x = nameWidth + 1 + traceWidth
      canvas.text(
        x + 1, y, Scene.fixed(value), value.isFinite ? (selected ? Ink.selected : .plain) : Palette.notFinite,
        maxWidth: 6)
      if timeWidth > 0, let tau = scene.reading?.coefficients?.timeConstants[neuron] {
        canvas.text(
          x + 7, y, "τ \(scene.duration(tau))", selected ? Ink.selected : Ink.quiet, maxWidth: timeWidth)
      }
    }
    if legend, canvas.width >= 30 {
      let hidden = scene.neurons - rows.neurons.count
      let more = hidden > 0 ? "\(hidden) more: ↑ ↓ scroll" : ""
      let limits =
        "v \(Scene.number(scene.network.scales.states.low)) … \(Scene.number(scene.network.scales.states.high))"
      let ranges = rows.height > 1 ? [limits] : ["each trace on its own range", "own ranges"]
      let wordings = ranges.map { more.isEmpty ? $0 : $0 + "  " + more }
      canvas.text(0, canvas.height - 1, oneOf: wordings + (more.isEmpty ? [] : [more]), Ink.quiet)
    }
  }

  func selection(_ scene: Scene, atX x: Int, y: Int, width: Int, height: Int) -> Selection? {
    switch picture(scene) {
    case "map": return StateMap(scene).selection(atX: x, y: y, width: width, height: height)
    case "portrait": return nil
    default: break
    }
    let rows = layout(scene, width: width, height: height)
    let row = y / rows.height
    return rows.neurons.indices.contains(row) ? Selection(post: rows.neurons[row]) : nil
  }

  private struct Rows {
    var neurons: [Int]
    var height: Int
    var count: Int { neurons.count }
  }

  /// Which neurons are shown, so that the selected one is among them, and how high a row is.
  private func layout(_ scene: Scene, width: Int, height: Int) -> Rows {
    let n = scene.neurons
    guard height > 0, n > 0 else { return Rows(neurons: [], height: 1) }
    let usable = height > 3 && height != n ? height - 1 : height
    let each = max(usable / n, 1)
    let visible = min(n, usable / each)
    let first = min(max(scene.selection.post - visible / 2, 0), n - visible)
    return Rows(neurons: Array(first..<first + visible), height: min(each, 6))
  }
}
