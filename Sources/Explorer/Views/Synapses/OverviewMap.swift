import Circuits
import Terminal

/// A matrix that does not fit, made small: a cell for a block of synapses, which shows the one that is farthest from
/// zero. The block of the selection is marked.
struct OverviewMap: Widget {
  let scene: Scene
  /// [post, pre] over neurons and then inputs.
  let values: [Double]

  func draw(on canvas: inout Canvas) {
    let (rows, columns) = (scene.neurons, scene.neurons + scene.model.inputs)
    guard canvas.height > 2, canvas.width > 2, rows > 0 else { return }
    let block = (
      rows: HeatMap.block(of: rows, in: canvas.height - 1), columns: HeatMap.block(of: columns, in: canvas.width)
    )
    let small = (
      rows: (rows + block.rows - 1) / block.rows, columns: (columns + block.columns - 1) / block.columns
    )
    var strongest = [Double?](repeating: nil, count: small.rows * small.columns)
    let closed = scene.closedSynapses
    var zeros = closed.map { _ in [Bool](repeating: true, count: strongest.count) }
    for synapse in scene.connectivity.synapses {
      let value = values[synapse.post * columns + synapse.pre]
      let entry = synapse.post / block.rows * small.columns + synapse.pre / block.columns
      // A block is closed where all its synapses are.
      if let closed, !closed[synapse.post * columns + synapse.pre] { zeros?[entry] = false }
      if let old = strongest[entry], !value.isNaN, abs(old) >= abs(value) { continue }
      strongest[entry] = value
    }
    canvas.text(
      0, 0,
      oneOf: [
        "all \(rows)×\(columns): a cell is the strongest of \(block.rows)×\(block.columns)",
        "all, strongest of \(block.rows)×\(block.columns)", "all",
      ], .plain.bold())
    let absent = strongest.indices.filter { strongest[$0] == nil }
    let pre = scene.selection.pre ?? scene.selection.post
    let map = HeatMap(
      rows: small.rows, columns: small.columns, values: strongest.map { $0 ?? 0 },
      scale: scene.network.scales.scale(scene.quantity), palette: scene.palette(scene.quantity),
      levels: MapLevels.count,
      overrides: Dictionary(uniqueKeysWithValues: absent.map { ($0, .absent) }),
      selection: HeatMap.Selection(row: scene.selection.post / block.rows, column: pre / block.columns), cellWidth: 1,
      zeroMark: "∙", zeros: zeros)
    canvas.draw(map, in: canvas.area.inset(top: 1))
  }
}
