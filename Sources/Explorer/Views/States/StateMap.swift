import Terminal

/// The states of all neurons as colours, a row each, a moment a column, the newest at the right.
struct StateMap: Widget {
  let scene: Scene
  init(_ scene: Scene) { self.scene = scene }

  func draw(on canvas: inout Canvas) {
    canvas.draw(map(width: canvas.width))
    let span = "← \(min(scene.moments.count, columns(canvas.width))) moments"
    if canvas.height >= 4 && canvas.width >= 60 { canvas.textRight(canvas.width, canvas.height - 1, span, Ink.quiet) }
  }

  private func columns(_ width: Int) -> Int {
    let names = scene.model.wiring.neuronNames.lazy.map(\.terminalColumns).max() ?? 0
    return max(width - min(names, max(0, width / 3 - 1)) - 1, 1)
  }

  private func map(width: Int) -> HeatMap {
    let columns = columns(width)
    let shown = scene.moments.suffix(columns)
    var values = [Double](repeating: 0, count: scene.neurons * columns)
    var overrides: [Int: HeatMap.Override] = [:]
    let missing = columns - shown.count
    for neuron in 0..<scene.neurons {
      for column in 0..<missing { overrides[neuron * columns + column] = .absent }
      for (column, moment) in shown.enumerated() where neuron < moment.state.count {
        values[neuron * columns + missing + column] = Double(moment.state[neuron])
      }
    }
    return HeatMap(
      rows: scene.neurons, columns: columns, values: values, scale: scene.scales.states, palette: scene.diverging,
      levels: MapLevels.count, overrides: overrides, selection: HeatMap.Selection(row: scene.selection.post),
      rowLabels: scene.model.wiring.neuronNames, cellWidth: 1, legend: "v")
  }

  func selection(atX x: Int, y: Int, width: Int, height: Int) -> Selection? {
    map(width: width).entry(atX: x, y: y, width: width, height: height).map { Selection(post: $0.row) }
  }
}
