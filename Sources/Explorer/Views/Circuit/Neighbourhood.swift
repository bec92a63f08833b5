import Analysis
import Circuits
import Terminal

/// Who drives the selected neuron and whom it drives, with values, strongest lines first where they cannot all be shown.
struct Neighbourhood: Widget {
  let scene: Scene
  init(_ scene: Scene) { self.scene = scene }

  func draw(on canvas: inout Canvas) {
    let post = scene.selection.post
    guard scene.connectivity.incoming.indices.contains(post) else { return }
    let incoming = scene.connectivity.incoming[post]
    let outgoing = scene.connectivity.outgoing[post]
    if canvas.width >= 72 {
      let halves = canvas.area.columns([.weight(1), .cells(2), .weight(1)])
      canvas.inside(halves[0]) { draw(incoming, isInput: true, on: &$0) }
      canvas.inside(halves[2]) { draw(outgoing, isInput: false, on: &$0) }
      return
    }
    // As much as each needs, and half each where both need more.
    let wanted = (incoming.count + 2, outgoing.count + 2)
    let upper = min(wanted.0, max(canvas.height / 2, canvas.height - wanted.1))
    let parts = canvas.area.rows([.cells(upper), .weight(1)])
    canvas.inside(parts[0]) { draw(incoming, isInput: true, on: &$0) }
    if parts[1].height >= 2 { canvas.inside(parts[1]) { draw(outgoing, isInput: false, on: &$0) } }
  }

  private func draw(_ synapses: [Synapse], isInput: Bool, on canvas: inout Canvas) {
    let name = scene.model.wiring.neuronNames[scene.selection.post]
    let title = isInput ? "into \(name)" : "out of \(name)"
    canvas.text(0, 0, title, .plain.bold(), maxWidth: canvas.width)
    let junctions = isInput ? junctionRows() : []
    guard !synapses.isEmpty || !junctions.isEmpty else {
      canvas.text(0, 1, "nothing", Ink.quiet, maxWidth: canvas.width)
      return
    }
    let measured = scene.reading?.synapses != nil
    let unit = scene.unit(.weight).isEmpty ? "" : " " + scene.unit(.weight)
    let columns = [
      Table.Column("", width: 1), Table.Column(isInput ? "from" : "to"),
      Table.Column(measured ? scene.openSymbol + unit : "w", .right),
      Table.Column(measured ? "I" : "", .right), Table.Column(measured ? "w" + unit : "", .right),
    ]
    let list = isInput ? "\(synapses.count) synapses" + (junctions.isEmpty ? "" : ", \(junctions.count) ≈") : ""
    if canvas.width > title.terminalColumns + 16 { canvas.textRight(canvas.width, 0, list, Ink.quiet) }
    let selected = isInput ? synapses.firstIndex { $0 == scene.selection.synapse } : nil
    // Rows are made for what can be seen only: a neuron may have hundreds of synapses.
    let room = max(canvas.height - 2, 0)
    let first = min(max((selected ?? 0) - room / 2, 0), max(synapses.count - room, 0))
    let shown = synapses[first..<min(first + room, synapses.count)]
    let table = Table(
      columns, rows: shown.map { row($0, isInput: isInput, measured: measured) } + junctions,
      selected: selected.map { $0 - first }, gap: 1)
    canvas.draw(table, in: Rect(x: 0, y: 1, width: min(canvas.width, 56), height: canvas.height - 1))
  }

  /// Gap junctions of the selected neuron: they conduct both ways.
  private func junctionRows() -> [Table.Row] {
    scene.connectivity.junctions.enumerated().compactMap { number, junction in
      let post = scene.selection.post
      guard junction.a == post || junction.b == post else { return nil }
      let other = scene.model.wiring.neuronNames[junction.a == post ? junction.b : junction.a]
      let conductance = scene.connectivity.conductance(ofJunction: number, scene.snapshot.values)
      return Table.Row(["≈", other, Scene.number(conductance, digits: 2), "", ""], cellStyles: [0: Ink.electrical])
    }
  }

  private func row(_ synapse: Synapse, isInput: Bool, measured: Bool) -> Table.Row {
    let index = synapse.index(neurons: scene.neurons)
    let other = scene.model.wiring.sourceName(isInput ? synapse.pre : synapse.post)
    let weight = SynapseValues(.weight, scene).map { Scene.number($0[index], digits: 2) } ?? ""
    let excites = scene.excites(index)
    let isPruned = scene.isPruned(synapse)
    let sign = isPruned ? "×" : scene.isFrozen(synapse) ? "❄" : excites ? "▲" : "▼"
    let ink = isPruned ? Ink.quiet : excites ? Ink.excitatory : Ink.inhibitory
    guard measured, let readings = scene.reading?.synapses else {
      return Table.Row([sign, other, weight, "", ""], cellStyles: [0: ink])
    }
    return Table.Row(
      [
        sign, other, Scene.number(readings.conductance[index], digits: 2),
        Scene.signed(readings.current[index]), weight,
      ], style: isPruned ? Ink.quiet : .plain, cellStyles: [0: ink])
  }
}
