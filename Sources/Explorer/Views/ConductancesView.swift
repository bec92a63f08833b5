import Circuits
import Terminal

/// The matrix of synaptic conductances at this moment: rows are post-synaptic neurons, columns what drives them.
struct ConductancesView: View {
  let name = "conductances"
  let summary = "every synapse's conductance g = w·σ(v), signed by its reversal potential"

  func title(_ scene: Scene) -> String { "Conductances w·σ(y)" }

  func draw(_ scene: Scene, on canvas: inout Canvas) {
    guard let readings = scene.reading?.synapses else {
      let text =
        scene.reading == nil
        ? "Nothing has been measured yet: the probe makes its first step."
        : "The model '\(scene.model.kind.title)' has no conductances: its synapses are plain weights."
      canvas.draw(Paragraph(text, style: Ink.quiet))
      return
    }
    let wide = canvas.width >= 30
    let map = map(scene, readings: readings, cellWidth: cellWidth(scene, width: canvas.width), legend: wide)
    canvas.draw(map)
    if wide && canvas.height >= 6 {
      let key = "▓+ excites ─− inhibits × pruned ❄ frozen"
      if canvas.width >= key.terminalColumns + 34 { canvas.textRight(canvas.width, canvas.height - 1, key, Ink.quiet) }
    }
  }

  private func cellWidth(_ scene: Scene, width: Int) -> Int {
    width >= 10 + 3 * (scene.neurons + scene.model.inputs) ? 3 : width >= 10 + 2 * scene.neurons ? 2 : 1
  }

  private func map(_ scene: Scene, readings: SynapseReadings<Double>, cellWidth: Int, legend: Bool) -> HeatMap {
    let (n, m) = (scene.neurons, scene.model.inputs)
    let wiring = scene.model.wiring
    var values = [Double](repeating: 0, count: n * (n + m))
    var overrides: [Int: HeatMap.Override] = [:]
    let reversal = scene.model.layout["erev"].map(\.offset)
    for post in 0..<n {
      for pre in 0..<n + m {
        let synapse = Synapse(pre: pre, post: post)
        let index = synapse.index(neurons: n)
        let place = post * (n + m) + pre
        guard wiring.polarity[index] != 0 else {
          overrides[place] = .absent
          continue
        }
        // Recurrent and sensory reversal potentials follow each other in the layout, as the connections do.
        let sign = reversal.map { scene.snapshot.values[$0 + index] < 0 ? -1.0 : 1.0 } ?? 1
        values[place] = sign * readings.conductance[index]
        if scene.snapshot.connections[index] == 0 {
          overrides[place] = .pruned
        } else if scene.isFrozen(synapse) {
          overrides[place] = .frozen
        }
      }
    }
    let labels = wiring.neuronNames
    return HeatMap(
      rows: n, columns: n + m, values: values, scale: scene.scales.conductances, palette: scene.diverging, levels: 11,
      overrides: overrides, selection: HeatMap.Selection(row: scene.selection.post, column: scene.selection.pre),
      rowLabels: labels,
      columnLabels: (0..<n).map { cellWidth < 3 && n > 10 ? "\($0 % 10)" : "\($0)" }
        + wiring.inputNames.map { String($0.prefix(max(cellWidth - 1, 1))) }, cellWidth: cellWidth,
      legend: legend ? "g nS" : nil)
  }

  func selection(_ scene: Scene, atX x: Int, y: Int, width: Int, height: Int) -> Selection? {
    guard let readings = scene.reading?.synapses else { return nil }
    let map = map(scene, readings: readings, cellWidth: cellWidth(scene, width: width), legend: width >= 30)
    guard let entry = map.entry(atX: x, y: y, width: width, height: height) else { return nil }
    let synapse = Synapse(pre: entry.column, post: entry.row)
    return Selection(post: entry.row, pre: scene.model.wiring.has(synapse) ? entry.column : nil)
  }
}
