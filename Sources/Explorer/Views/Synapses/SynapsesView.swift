import Circuits
import Terminal

/// The matrix of any quantity of the synapses, rows what is driven, columns what drives; beside it the activation curve
/// of the selected one.
struct SynapsesView: View {
  static let name = "synapses"
  var name: String { Self.name }
  let slot: DashboardSlot? = DashboardSlot(.upperRight, importance: 3)
  let actions = ["show", "prune", "freeze", "edit", "undo", "fit", "pin"]
  let summary =
    "a matrix of conductances, activations, currents, parameters or gradients, and one synapse's activation curve"

  func title(_ scene: Scene) -> String {
    scene.title(scene.quantity) + (scene.look.showsDifference ? "  minus the pinned" : "")
  }

  struct State: ViewState {
    /// Levels of the matrix's cells as last drawn, and of what they were.
    var levels = Quantiser()
    var quantity = SynapseQuantity.conductance
    var isDifference = false
  }

  /// The selected synapse's panel tells of its gate whatever the matrix shows.
  func needs(_ scene: Scene) -> ViewNeeds { .gates }

  func settle(_ scene: inout Scene) {
    let quantity = scene.quantity
    if scene.network.scales.quantities[quantity] == nil {
      var scales = scene.network.scales
      scales.fit(quantity, to: scene)
      scene.network.scales = scales
    }
    let isDifference = scene.look.showsDifference
    if scene[Self.self].quantity != quantity || scene[Self.self].isDifference != isDifference {
      scene[Self.self] = State(quantity: quantity, isDifference: isDifference)
    }
    guard let matrix = scene.synapseMatrix() else { return }
    let (scale, palette) = (scene.network.scales.scale(quantity), scene.palette(quantity))
    _ = scene[Self.self].levels.quantise(matrix, scale: scale, palette: palette, levels: MapLevels.count)
  }

  func pictures(_ scene: Scene) -> [String] { scene.quantities.map(\.rawValue) }

  func draw(_ scene: Scene, on canvas: inout Canvas) {
    guard let values = scene.synapseMatrix() else {
      canvas.draw(Paragraph(Self.absence(scene), style: Ink.quiet))
      return
    }
    let parts = parts(scene, canvas.area)
    var map = map(scene, values, parts[0])
    let layout = map.layout(width: parts[0].width, height: parts[0].height)
    mark(&map, layout, scene)
    canvas.draw(map, in: parts[0])
    drawInputNames(scene, map, layout, in: parts[0], on: &canvas)
    drawKey(scene, map, in: parts[0], on: &canvas)
    guard parts.count > 1 else { return }
    let isCut = layout.visibleRows < map.rows || layout.visibleColumns < map.columns
    let beside = parts[2].rows(isCut && parts[2].height >= 16 ? [.weight(1), .cells(1), .weight(1)] : [.weight(1)])
    if beside.count > 1 { canvas.draw(OverviewMap(scene: scene, values: values), in: beside[0]) }
    canvas.inside(beside[beside.count - 1]) { SynapsePanel(scene).draw(on: &$0) }
  }

  private static func absence(_ scene: Scene) -> String {
    scene.quantities.isEmpty
      ? scene.reading == nil
        ? "Nothing has been measured yet: the probe makes its first step."
        : "The model '\(scene.model.kind.title)' has no synapses with quantities of their own."
      : "\(scene.quantity.rawValue) cannot be shown: "
        + (scene.reading == nil
          ? "the probe has not made its first step (n makes one)." : "this model has none. v shows another quantity.")
  }

  /// The map, and with enough room the selected synapse's panel beside it.
  private func parts(_ scene: Scene, _ area: Rect) -> [Rect] {
    let columns = scene.neurons + scene.model.inputs
    let least = min(2 * columns + 11, area.width)
    guard scene.look.zoomed || area.width - least >= 30, area.width >= 70, area.height >= 9 else { return [area] }
    let wanted = min(max(area.width - 3 * columns - 12, 30), area.width / 2, 60)
    return area.columns([.weight(1), .cells(1), .cells(wanted)])
  }

  private func map(_ scene: Scene, _ values: [Double], _ area: Rect) -> HeatMap {
    let (n, m) = (scene.neurons, scene.model.inputs)
    let quantity = scene.quantity
    let width = area.width >= 11 + 3 * (n + m) ? 3 : area.width >= 11 + 2 * (n + m) ? 2 : 1
    let scale = scene.network.scales.scale(quantity)
    let palette = scene.palette(quantity)
    let wiring = scene.model.wiring
    let unit = scene.unit(quantity).isEmpty ? "" : " " + scene.unit(quantity)
    return HeatMap(
      rows: n, columns: n + m, values: values, scale: scale, palette: palette, levels: MapLevels.count,
      quantised: scene[Self.self].quantity == quantity
        ? scene[Self.self].levels.levels(
          of: values.count, scale: scale, palette: palette, levels: MapLevels.count) : nil,
      selection: HeatMap.Selection(row: scene.selection.post, column: scene.selection.pre),
      rowLabels: wiring.neuronNames,
      columnLabels: (0..<n).map { width < 3 && n > 10 ? "\($0 % 10)" : "\($0)" }
        + wiring.inputNames.map { String($0.prefix(max(width - 1, 1))) }, cellWidth: width,
      zeroMark: scene.look.showsDifference ? nil : "∙", zeros: scene.closedSynapses,
      legend: area.width >= 24 ? "\(scene.symbol(quantity))\(unit)" : nil)
  }

  /// Signs for what is cut, frozen or not there; only of what is on the screen.
  private func mark(_ map: inout HeatMap, _ layout: HeatMap.Layout, _ scene: Scene) {
    let n = scene.neurons
    let showsFrozen = scene.masks.frozen.count == scene.snapshot.connections.count
    for post in layout.firstRow..<layout.firstRow + layout.visibleRows {
      for pre in layout.firstColumn..<layout.firstColumn + layout.visibleColumns {
        let index = Synapse(pre: pre, post: post).index(neurons: n)
        let entry = post * map.columns + pre
        if scene.model.wiring.polarity[index] == 0 {
          let isElectrical = pre < n && scene.connectivity.isElectrical(pre, post)
          map.overrides[entry] = isElectrical ? .mark("≈", Ink.electrical) : .absent
        } else if scene.snapshot.connections[index] == 0 {
          map.overrides[entry] = .pruned
        } else if showsFrozen && scene.masks.frozen[index] {
          map.overrides[entry] = .frozen
        }
      }
    }
    guard case .preview(let preview) = scene.mode else { return }
    for synapse in preview.synapses {
      map.overrides[synapse.post * map.columns + synapse.pre] = .mark("×", Ink.warning.bold().reverse())
    }
  }

  /// Which columns are inputs, behind the columns' heads.
  private func drawInputNames(
    _ scene: Scene, _ map: HeatMap, _ layout: HeatMap.Layout, in rect: Rect, on canvas: inout Canvas
  ) {
    let names = scene.model.wiring.inputNames
    let x = layout.cells.x + layout.visibleColumns * map.cellWidth + 1
    guard !names.isEmpty, layout.firstColumn + layout.visibleColumns == map.columns, x + 8 <= rect.width else { return }
    canvas.inside(rect) {
      _ = $0.text(x, 0, oneOf: ["← inputs \(names.joined(separator: ", "))", "← inputs", "←input"], Ink.quiet)
    }
  }

  private func drawKey(_ scene: Scene, _ map: HeatMap, in rect: Rect, on canvas: inout Canvas) {
    let ends = NumberText.label(map.scale.low) + NumberText.label(map.scale.high)
    let used = (map.legend ?? "").terminalColumns + 4 + ends.terminalColumns + MapLevels.count + 2
    guard rect.height >= 3 else { return }
    let signs = scene.quantity == .conductance ? "▓+ excites ─− inhibits " : ""
    let gaps = scene.model.wiring.gapJunctions.isEmpty ? "" : "≈ gap junction "
    let closed = scene.quantity.isMeasured ? "∙ closed " : "∙ near 0 "
    let wordings = [signs + gaps + closed, gaps + closed, closed, ""].map { $0 + "× pruned ❄ frozen" } + ["× pruned"]
    guard let key = wordings.first(where: { $0.terminalColumns + used <= rect.width }) else { return }
    canvas.textRight(rect.right, rect.bottom - 1, key, Ink.quiet)
  }

  func selection(_ scene: Scene, atX x: Int, y: Int, width: Int, height: Int) -> Selection? {
    guard let values = scene.synapseMatrix() else { return nil }
    let area = parts(scene, Rect(x: 0, y: 0, width: width, height: height))[0]
    guard let entry = map(scene, values, area).entry(atX: x, y: y, width: area.width, height: area.height) else {
      return nil
    }
    let synapse = Synapse(pre: entry.column, post: entry.row)
    return Selection(post: entry.row, pre: scene.model.wiring.has(synapse) ? entry.column : nil)
  }
}
