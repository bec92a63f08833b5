import Circuits
import Learning
import Terminal

/// What learning changed between two moments: how far every tensor has moved, and the synapses that moved most.
struct ChangePanel: Widget {
  private let title: String
  private let bars: [BarChart.Bar]
  private let rows: [Table.Row]

  init(_ scene: Scene) {
    let words = scene.thenWords
    guard let reference = scene.past.reference, reference.values.count == scene.snapshot.values.count else {
      title =
        scene.isLookingBack
        ? "" : "Look back (←), or pin a moment (m) and go to another: what changed between them is here."
      (bars, rows) = ([], [])
      return
    }
    // Forward in time, whichever of the two is shown.
    let isForward = reference.step > scene.snapshot.step
    let (before, after) =
      isForward ? (scene.snapshot.values, reference.values) : (reference.values, scene.snapshot.values)
    title = "what changed from \(isForward ? words.shown : words.other) to \(isForward ? words.other : words.shown)"
    bars = scene.model.layout.tensors.filter { !$0.range.isEmpty }.map { tensor in
      var (change, size) = (0.0, 0.0)
      for index in tensor.range {
        let difference = Double(after[index]) - Double(before[index])
        change += difference * difference
        size += Double(before[index]) * Double(before[index])
      }
      return BarChart.Bar("Δ\(tensor.name)", size > 0 ? (change / size).squareRoot() : change.squareRoot())
    }
    let wiring = scene.model.wiring
    var moved: [(name: String, symbol: String, before: Double, after: Double)] = []
    for tensor in scene.model.layout.tensors where [.synapse, .sensorySynapse].contains(tensor.declaration.owner) {
      for index in tensor.range {
        guard let synapse = scene.model.synapse(ofParameter: index), wiring.has(synapse) else { continue }
        moved.append(
          (wiring.name(of: synapse), tensor.declaration.symbol, Double(before[index]), Double(after[index])))
      }
    }
    // A share of what the tensor holds would favour the small: what counts is how far it went.
    moved.sort { abs($0.after - $0.before) > abs($1.after - $1.before) }
    rows = moved.prefix(40).map {
      Table.Row([
        $0.name, $0.symbol, Scene.number($0.before), Scene.number($0.after), Scene.signed($0.after - $0.before),
      ])
    }
  }

  func draw(on canvas: inout Canvas) {
    guard !bars.isEmpty else {
      canvas.draw(Paragraph(title, style: Ink.quiet))
      return
    }
    canvas.text(0, 0, oneOf: [title, "what changed", "changes"], .plain.bold())
    let body = canvas.area.inset(top: 1)
    let shown = Array(
      bars.sorted { $0.value > $1.value || $0.value.isNaN }.prefix(max(min(bars.count, body.height / 3), 1)))
    let parts = body.rows([.cells(min(shown.count + 1, body.height)), .weight(1)])
    canvas.text(parts[0].x, parts[0].y, "‖Δ‖/‖before‖ by tensor", Ink.quiet, maxWidth: parts[0].width)
    canvas.draw(BarChart(shown), in: parts[0].inset(top: 1))
    canvas.draw(
      Table(
        [
          Table.Column("moved most"), Table.Column("", width: 2), Table.Column("before", .right, width: 7),
          Table.Column("after", .right, width: 7), Table.Column("change", .right, width: 8),
        ], rows: rows, gap: 1), in: parts[1])
  }
}
