import Analysis
import Circuits
import Terminal

/// The wiring as layers, with activity flowing: how bright a neuron is tells its state, how bright a line is how much its
/// synapse conducts now. Where there is no room for that, the neighbourhood of the selected neuron as lists.
struct CircuitView: View {
  static let name = "circuit"
  var name: String { Self.name }
  let actions = ["show", "up", "down", "left", "right", "find", "prune", "prune-neuron"]
  let summary = "the wiring as layers from what is sensed to what is done, with activity flowing through it"

  func title(_ scene: Scene) -> String {
    let lines =
      picture(scene) == "weights"
      ? "weight w" : scene.hasConductances ? "conductance g now" : "weight at work w·s now"
    return "Circuit, \(scene.model.readout.rawValue) readout  lines: \(lines)"
  }

  func pictures(_ scene: Scene) -> [String] {
    scene.hasGates ? ["flow", "weights"] : ["weights"]
  }

  /// Currents stand beside the drawing whatever its lines show.
  func needs(_ scene: Scene) -> ViewNeeds { .gates }

  func draw(_ scene: Scene, on canvas: inout Canvas) {
    guard scene.neurons > 0 else {
      canvas.draw(Paragraph("There is no neuron.", style: Ink.quiet))
      return
    }
    let parts = parts(scene, width: canvas.width, height: canvas.height)
    guard let layout = parts.layout else {
      let reason = "No room for all \(scene.neurons) neurons: here is who drives the selected one, and whom it drives."
      if canvas.height > 6 { canvas.draw(Paragraph(reason, style: Ink.quiet)) }
      let used = canvas.height > 6 ? Paragraph.wrap(reason, columns: canvas.width).count : 0
      canvas.draw(Neighbourhood(scene), in: canvas.area.inset(top: used))
      return
    }
    canvas.inside(parts.drawing) { canvas in
      let edges = drawEdges(scene, layout, on: &canvas)
      drawNodes(scene, layout, on: &canvas)
      drawPulses(scene, layout, edges, on: &canvas)
      drawLegend(scene, hidden: scene.masks.present - edges.count, on: &canvas)
    }
    if !parts.list.isEmpty { canvas.draw(Neighbourhood(scene), in: parts.list) }
  }

  // MARK: Room

  private struct Parts {
    var drawing: Rect
    var list: Rect
    /// Of the drawing without its legend; `nil` where there is no room.
    var layout: CircuitLayout?
  }

  /// The drawing, with the selection's synapses at its side, or below it, or without them.
  private func parts(_ scene: Scene, width: Int, height: Int) -> Parts {
    let area = Rect(x: 0, y: 0, width: width, height: height)
    let wiring = scene.model.wiring
    let least = 34
    if width >= 100 {
      let halves = area.columns([.weight(1), .cells(1), .cells(min(max(least, width / 4), 44))])
      if let layout = CircuitLayout(wiring, width: halves[0].width, height: height - 1) {
        return Parts(drawing: halves[0], list: halves[2], layout: layout)
      }
    }
    if height >= 16 {
      let halves = area.rows([.weight(1), .cells(min(6, height / 3))])
      if let layout = CircuitLayout(wiring, width: width, height: halves[0].height - 1) {
        return Parts(drawing: halves[0], list: halves[1], layout: layout)
      }
    }
    return Parts(
      drawing: area, list: Rect(x: 0, y: 0, width: 0, height: 0),
      layout: CircuitLayout(wiring, width: width, height: height - 1))
  }

  func selection(_ scene: Scene, atX x: Int, y: Int, width: Int, height: Int) -> Selection? {
    let parts = parts(scene, width: width, height: height)
    guard let layout = parts.layout, parts.drawing.contains(x: x, y: y),
      let member = layout.member(atX: x - parts.drawing.x, y: y - parts.drawing.y), member < scene.neurons
    else { return nil }
    return Selection(post: member)
  }

  // MARK: Lines

  private struct Edge {
    var synapse: Synapse
    var excites: Bool
    /// 0…1 of the colour scale.
    var strength: Double
    /// Whether what is shown is a moment in which its gate is closed.
    var isClosed: Bool
    var isLit: Bool
    var isSelected: Bool
  }

  /// The most lines that can be told apart: one for twenty cells between the layers, but those of a small circuit always.
  private func most(_ layout: CircuitLayout, _ canvas: Canvas) -> Int {
    let named = layout.columns.reduce(0) { $0 + $1.width }
    return max(48, (canvas.width - named) * canvas.height / 20)
  }

  private func drawEdges(_ scene: Scene, _ layout: CircuitLayout, on canvas: inout Canvas) -> [Edge] {
    let edges = edges(scene, atMost: most(layout, canvas))
    var raster = DotRaster(columns: canvas.width, rows: canvas.height)
    drawJunctions(scene, layout, on: &raster)
    for edge in edges {
      guard let path = layout.path(edge.synapse) else {
        let box = layout.boxes[edge.synapse.post]
        canvas.put(box.right - 1, box.y, "↺", style(edge, scene))
        continue
      }
      let style = style(edge, scene)
      for (from, to) in zip(path, path.dropFirst()) {
        raster.line(from.x, from.y, to.x, to.y, style, gap: edge.excites ? 0 : 2)
      }
    }
    raster.draw(on: &canvas)
    markJunctions(scene, layout, on: &canvas)
    markPruned(scene, layout, on: &canvas)
    return edges
  }

  /// A pruned synapse has no line; where it is the selected one, a sign stands in the middle of its way.
  private func markPruned(_ scene: Scene, _ layout: CircuitLayout, on canvas: inout Canvas) {
    guard let synapse = scene.selection.synapse, scene.isPruned(synapse), let path = layout.path(synapse) else {
      return
    }
    let middle = path.point(at: 0.5)
    canvas.put(Int(middle.x) / 2, Int(middle.y) / 4, "×", Ink.bright)
  }

  // MARK: Gap junctions

  /// Widely dotted lines of a colour of their own.
  private func drawJunctions(_ scene: Scene, _ layout: CircuitLayout, on raster: inout DotRaster) {
    for junction in scene.connectivity.junctions {
      guard let path = layout.path(Synapse(pre: junction.a, post: junction.b)) else { continue }
      for (from, to) in zip(path, path.dropFirst()) {
        raster.line(from.x, from.y, to.x, to.y, style(junction, scene), gap: 3)
      }
    }
  }

  private func markJunctions(_ scene: Scene, _ layout: CircuitLayout, on canvas: inout Canvas) {
    for junction in scene.connectivity.junctions {
      guard let path = layout.path(Synapse(pre: junction.a, post: junction.b)) else { continue }
      let middle = path.point(at: 0.5)
      let (x, y) = (Int(middle.x) / 2, Int(middle.y) / 4)
      if layout.member(atX: x, y: y) == nil { canvas.put(x, y, "≈", style(junction, scene)) }
    }
  }

  private func style(_ junction: GapJunction, _ scene: Scene) -> Style {
    [junction.a, junction.b].contains(scene.selection.post) ? Ink.electrical.bold() : Ink.electrical.dim()
  }

  /// The strongest, weak ones first, so that strong ones lie upon them; those of the selection last.
  private func edges(_ scene: Scene, atMost most: Int) -> [Edge] {
    let quantity: SynapseQuantity = picture(scene) == "weights" ? .weight : .conductance
    guard let values = SynapseValues(quantity, scene) else { return [] }
    let scale = scene.network.scales.scale(.conductance)
    let limit = max(abs(scale.low), abs(scale.high))
    let selection = scene.selection
    var edges: [Edge] = []
    for synapse in scene.connectivity.synapses {
      let index = synapse.index(neurons: scene.neurons)
      guard scene.snapshot.connections[index] != 0 else { continue }
      let size = abs(values[index])
      let isSelected = synapse == selection.synapse
      let touches = synapse.post == selection.post || synapse.pre == selection.post
      edges.append(
        Edge(
          synapse: synapse, excites: scene.excites(index),
          strength: size.isFinite && limit > 0 ? min(size / limit, 1) : 1,
          isClosed: quantity == .conductance && scene.isClosed(index), isLit: touches || isSelected,
          isSelected: isSelected))
    }
    func rank(_ edge: Edge) -> Double { edge.strength + (edge.isSelected ? 4 : edge.isLit ? 2 : 0) }
    edges.sort { rank($0) < rank($1) }
    return Array(edges.suffix(max(most, edges.count { $0.isLit })))
  }

  private func style(_ edge: Edge, _ scene: Scene) -> Style {
    if edge.isSelected { return Ink.bright }
    if edge.isLit { return (edge.excites ? Ink.excitatory : Ink.inhibitory).bold() }
    // The lower part of the scale, so that what is lit stands out; never so dark that a line would be lost.
    let level = 0.2 + 0.3 * edge.strength
    return Style(scene.look.diverging.color(level: Int((7 + (edge.excites ? 7 : -7) * level).rounded()), of: 15)).dim()
  }

  /// Signs that travel along lines that conduct: ▲ excites, ▼ inhibits.
  private func drawPulses(_ scene: Scene, _ layout: CircuitLayout, _ edges: [Edge], on canvas: inout Canvas) {
    let period = 12
    for edge in edges.suffix(60)
    where !edge.isClosed && (edge.isLit || edges.count <= 48 && edge.strength > 0.4) {
      guard let path = layout.path(edge.synapse) else { continue }
      let start = (edge.synapse.pre * 5 + edge.synapse.post * 7) % period
      let at = path.point(at: (Double((scene.network.momentTotal + start) % period) + 0.5) / Double(period))
      let (x, y) = (Int(at.x) / 2, Int(at.y) / 4)
      // Names stay readable.
      guard layout.member(atX: x, y: y) == nil else { continue }
      canvas.put(x, y, edge.excites ? "▲" : "▼", style(edge, scene))
    }
  }

  // MARK: Neurons

  private func drawNodes(_ scene: Scene, _ layout: CircuitLayout, on canvas: inout Canvas) {
    let wiring = scene.model.wiring
    let now = scene.moments.last
    let partner = scene.selection.pre
    for column in layout.columns {
      canvas.text(column.x, 0, column.title, Ink.quiet, maxWidth: column.width + 4)
      for member in column.members {
        let box = layout.boxes[member]
        let isNeuron = member < scene.neurons
        let values = isNeuron ? now?.state : now?.input
        let at = isNeuron ? member : member - scene.neurons
        // Lines end where a neuron stands.
        canvas.fill(Rect(x: box.x, y: box.y, width: box.width - 1, height: 1))
        let value = values.flatMap { at < $0.count ? Double($0[at]) : nil }
        if let value {
          drawSwatch(value, isNeuron ? scene.network.scales.states : Scale(-2, 2), box, scene, on: &canvas)
        }
        let isSelected = isNeuron && member == scene.selection.post
        let frozen = isNeuron && scene.isFrozen(neuron: member)
        let style = isSelected ? Ink.selected.reverse() : member == partner ? Ink.bright.underline() : Style.plain
        let room = box.width - CircuitLayout.lead - 1 - (layout.showsValues ? 6 : 0)
        canvas.text(box.x + CircuitLayout.lead, box.y, wiring.sourceName(member).padded(to: room), style)
        if frozen { canvas.put(box.x + 2, box.y, "❄", Ink.inhibitory) }
        if layout.showsValues, let value {
          canvas.textRight(box.right - 1, box.y, Scene.fixed(value), Ink.quiet, maxWidth: 6)
        }
      }
    }
  }

  private func drawSwatch(
    _ value: Double, _ scale: Scale, _ box: CircuitLayout.Box, _ scene: Scene, on canvas: inout Canvas
  ) {
    let palette = scene.look.diverging
    guard let level = palette.level(of: palette.unit(value, scale), levels: MapLevels.count) else {
      canvas.text(box.x, box.y, "!!", Palette.notFinite)
      return
    }
    let glyph = palette.glyph(level: level, of: MapLevels.count, tier: canvas.glyphs)
    let style = Style.swatch(palette.color(level: level, of: MapLevels.count))
    for x in 0..<2 { canvas.put(box.x + x, box.y, glyph, style) }
  }

  private func drawLegend(_ scene: Scene, hidden: Int, on canvas: inout Canvas) {
    let y = canvas.height - 1
    var x = canvas.text(0, y, "▲ solid excites  ", Ink.excitatory)
    x += canvas.text(x, y, "▼ dotted inhibits  ", Ink.inhibitory)
    if !scene.connectivity.junctions.isEmpty { x += canvas.text(x, y, "≈ gap junction  ", Ink.electrical) }
    let rest = hidden > 0 ? ["the \(hidden) weakest not drawn", "\(hidden) not drawn"] : ["bright: strong"]
    let swatch = scene.network.scales.states
    let range = "██ v \(Scene.number(max(abs(swatch.low), abs(swatch.high)), digits: 2))"
    canvas.text(
      x, y, oneOf: [rest[0] + "  ↺ to itself  \(range)", rest[0] + "  ↺ to itself", rest[0], rest.last ?? "", ""],
      Ink.quiet)
  }
}
