import Terminal

/// The states of all neurons as colours, a row each, a moment a column, the newest at the right. A moment's colours never
/// change once drawn (its states are past, the range is fixed), so they move to the left and do not flicker.
struct StateMap: Widget {
  let scene: Scene
  init(_ scene: Scene) { self.scene = scene }

  func draw(on canvas: inout Canvas) {
    var map = map(width: canvas.width)
    fill(&map, map.layout(width: canvas.width, height: canvas.height))
    canvas.draw(map)
    let span = "← \(min(scene.moments.count, map.columns)) moments"
    if canvas.height >= 4 && canvas.width >= 60 { canvas.textRight(canvas.width, canvas.height - 1, span, Ink.quiet) }
  }

  private func columns(_ width: Int) -> Int {
    let names = scene.model.wiring.neuronNames.lazy.map(\.terminalColumns).max() ?? 0
    return max(width - min(names, max(0, width / 3 - 1)) - 1, 1)
  }

  private func map(width: Int) -> HeatMap {
    HeatMap(
      rows: scene.neurons, columns: columns(width), values: [], scale: scene.network.scales.states,
      palette: scene.look.diverging,
      levels: MapLevels.count, selection: HeatMap.Selection(row: scene.selection.post),
      rowLabels: scene.model.wiring.neuronNames, cellWidth: 1, legend: "v")
  }

  /// The values of the rows that can be seen.
  private func fill(_ map: inout HeatMap, _ layout: HeatMap.Layout) {
    let columns = map.columns
    let shown = scene.moments.suffix(columns)
    let missing = columns - shown.count
    map.values = [Double](repeating: 0, count: map.rows * columns)
    for neuron in layout.firstRow..<layout.firstRow + layout.visibleRows {
      for column in 0..<missing { map.overrides[neuron * columns + column] = .absent }
      for (column, moment) in shown.enumerated() where neuron < moment.state.count {
        map.values[neuron * columns + missing + column] = Double(moment.state[neuron])
      }
    }
  }

  func selection(atX x: Int, y: Int, width: Int, height: Int) -> Selection? {
    map(width: width).entry(atX: x, y: y, width: width, height: height).map { Selection(post: $0.row) }
  }
}
