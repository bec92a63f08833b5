import Analysis
import Circuits
import LinearAlgebra
import Terminal

/// A matrix of then: the chosen quantity of the synapses, or A; beside the other's, or less it.
struct ThenMaps: Widget {
  private let scene: Scene
  private let name: String
  private let own: [Double]?
  private let other: [Double]?
  private let columns: Int
  private let isDiverging: Bool
  private let palette: Palette

  init(synapses scene: Scene) {
    self.scene = scene
    let quantity = scene.quantity
    name = "\(scene.symbol(quantity)) \(quantity.rawValue)"
    columns = scene.neurons + scene.model.inputs
    palette = scene.palette(quantity)
    isDiverging = palette.kind == .diverging
    let columns = columns
    func matrix(_ values: SynapseValues?) -> [Double]? {
      values.map { values in
        var matrix = [Double](repeating: 0, count: scene.neurons * columns)
        for synapse in scene.connectivity.synapses {
          matrix[synapse.post * columns + synapse.pre] = values[synapse.index(neurons: scene.neurons)]
        }
        return matrix
      }
    }
    own = matrix(SynapseValues(quantity, scene))
    other = scene.past.reference.flatMap { reference in
      matrix(
        SynapseValues(
          quantity, scene.connectivity, reference.reading, reference.values,
          [Float](repeating: .nan, count: reference.values.count), scene.neurons))
    }
  }

  init(coefficients scene: Scene) {
    self.scene = scene
    name = "A 1/\(scene.task.timeUnit)"
    columns = scene.neurons
    palette = scene.look.diverging
    isDiverging = true
    own = scene.reading?.coefficients?.a.elements
    other = scene.past.reference?.reading?.coefficients?.a.elements
  }

  func draw(on canvas: inout Canvas) {
    guard let own else {
      canvas.draw(Paragraph("\(name) is not known of this moment: v shows another picture.", style: Ink.quiet))
      return
    }
    let words = scene.thenWords
    let comparison = other == nil ? .alone : scene.historyComparison
    switch (comparison, other) {
    case (.difference, let other?):
      let difference = zip(own, other).map { $0 - $1 }
      let end = end(difference)
      map(
        difference, "\(name)  \(words.shown) − \(words.other)", Scale(-end, end), scene.look.diverging, canvas.area,
        &canvas)
    case (.beside, let other?) where canvas.width >= 40 || canvas.height >= 2 * scene.neurons + 4:
      let end = end(own + other)
      let scale = Scale(isDiverging ? -end : 0, end)
      let halves =
        canvas.width >= 40
        ? canvas.area.columns([.weight(1), .cells(1), .weight(1)])
        : canvas.area.rows([.weight(1), .cells(0), .weight(1)])
      map(own, "\(name)  \(words.shown)", scale, palette, halves[0], &canvas)
      map(other, words.other, scale, palette, halves[2], &canvas)
    default:
      let end = end(own)
      map(own, "\(name)  \(words.shown)", Scale(isDiverging ? -end : 0, end), palette, canvas.area, &canvas)
    }
  }

  /// The 98th percentile of what is not zero, so that one entry does not hide the others.
  private func end(_ values: [Double]) -> Double {
    // The diagonal of A is much larger than the rest, which is what one wants to see.
    let isSquare = columns == scene.neurons
    let sizes = values.enumerated().filter { !isSquare || $0.offset / columns % scene.neurons != $0.offset % columns }
      .map(\.element).map(abs).filter { $0.isFinite && $0 > 0 }.sorted()
    return sizes.isEmpty ? 1 : sizes[Int(Double(sizes.count - 1) * 0.98)]
  }

  private func map(
    _ values: [Double], _ title: String, _ scale: Scale, _ palette: Palette, _ rect: Rect, _ canvas: inout Canvas
  ) {
    let n = scene.neurons
    canvas.text(rect.x, rect.y, title, .plain.bold(), maxWidth: rect.width)
    let body = rect.inset(top: 1)
    let cell = body.width >= 3 * columns + 11 ? 3 : body.width >= 2 * columns + 9 ? 2 : 1
    var map = HeatMap(
      rows: n, columns: columns, values: values, scale: scale, palette: palette, levels: MapLevels.count,
      selection: HeatMap.Selection(row: scene.selection.post, column: scene.selection.pre),
      rowLabels: scene.model.wiring.neuronNames, cellWidth: cell, legend: rect.width >= 24 ? "" : nil)
    if columns > n || name.first != "A" {
      for post in 0..<n {
        for pre in 0..<columns where pre < scene.connectivity.outgoing.count {
          let index = Synapse(pre: pre, post: post).index(neurons: n)
          if scene.model.wiring.polarity[index] == 0 {
            map.overrides[post * columns + pre] = .absent
          } else if scene.snapshot.connections[index] == 0 {
            map.overrides[post * columns + pre] = .pruned
          }
        }
      }
    }
    canvas.draw(map, in: body)
  }
}
