import Learning
import Tasks
import Terminal

/// Models side by side: a table of sizes and errors, and the error against parameters and against neurons.
struct CompareView: View {
  let name = "compare"
  let summary = "models trained alike: sizes, error with its spread over seeds, time; error against size"
  let actions = ["compare-pause", "compare-sort", "compare-filter", "compare-open", "show"]
  var showsNetwork: Bool { false }

  static let invitation =
    "Nothing is compared yet. For example :compare --models ltc,gru,lstm --neurons 8,16 --minutes 2 trains these models "
    + "on the present task, all alike."

  func title(_ scene: Scene) -> String {
    guard let look = scene.comparison, let arena = arena(look) else { return "Compare" }
    return "Compare  \(arena.task): held-out \(arena.measure)"
  }

  func pictures(_ scene: Scene) -> [String] { ["overview", "table", "parameters", "neurons"] }

  /// The task of the selected row.
  private func arena(_ look: ComparisonLook) -> ComparisonTable.Arena? {
    look.table.arenas.indices.contains(look.row?.contender.arena ?? 0)
      ? look.table.arenas[look.row?.contender.arena ?? 0] : nil
  }

  func inspector(_ scene: Scene) -> [String]? {
    guard let look = scene.comparison, let row = look.row else { return ["no comparison"] }
    var parts = ["\(row.title), \(row.contender.neurons) neurons, \(row.parameters) parameters"]
    if let mean = row.mean {
      parts.append("error \(Scene.number(mean))" + (row.deviation.map { " ± \(Scene.number($0))" } ?? ""))
    }
    parts.append("\(row.done) of \(row.each.count) runs done")
    if !row.failures.isEmpty { parts.append("! \(row.failures.count) not finite: \(row.failures[0])") }
    let values = zip(look.table.seeds, row.each).compactMap { seed, value in
      value.map { "seed \(seed) \(Scene.number($0))" }
    }
    if !values.isEmpty { parts.append(values.joined(separator: ", ")) }
    return parts
  }

  func draw(_ scene: Scene, on canvas: inout Canvas) {
    guard let look = scene.comparison, let arena = arena(look) else {
      canvas.draw(Paragraph(Self.invitation, style: Ink.quiet), in: canvas.area.inset(left: 1, right: 1))
      return
    }
    let treatment = arena.treatment.isEmpty ? "The steps that fit into the time are being found." : arena.treatment
    let lines = canvas.height < 12 ? 0 : min(Paragraph.wrap(treatment, columns: max(canvas.width, 1)).count, 3)
    let parts = canvas.area.rows([.cells(1), .weight(1), .cells(lines)])
    drawStatus(look, in: parts[0], on: &canvas)
    if lines > 0 { canvas.draw(Paragraph(treatment, style: Ink.quiet), in: parts[2]) }
    drawBody(scene, look, arena, in: parts[1], on: &canvas)
  }

  private func drawStatus(_ look: ComparisonLook, in rect: Rect, on canvas: inout Canvas) {
    let style =
      switch look.table.status {
      case .measuring, .running, .finished: Ink.good
      case .paused, .cancelled: Ink.warning
      case .failed: Ink.error
      }
    let filter = look.filter.isEmpty ? "" : "   only '\(look.filter)'"
    let order = look.order == .plan ? "" : "   by \(look.order.rawValue)"
    let ended = look.table.rows.count { $0.done == $0.each.count }
    canvas.inside(rect) { canvas in
      let used = canvas.text(0, 0, look.progress, style.bold())
      canvas.text(used + 3, 0, "\(ended) of \(look.table.rows.count) rows complete\(order)\(filter)", Ink.quiet)
    }
  }

  private func drawBody(
    _ scene: Scene, _ look: ComparisonLook, _ arena: ComparisonTable.Arena, in rect: Rect, on canvas: inout Canvas
  ) {
    let table = CompareTable(look)
    let byParameters = ErrorScatter(look, arena, by: .parameters)
    let byNeurons = ErrorScatter(look, arena, by: .neurons)
    switch picture(scene) {
    case "table": canvas.draw(table, in: rect)
    case "parameters": canvas.draw(byParameters, in: rect)
    case "neurons": canvas.draw(byNeurons, in: rect)
    default:
      if rect.height < 9 || rect.width < 50 {
        canvas.draw(table, in: rect)
      } else if rect.width >= 130 {
        let columns = rect.columns([.cells(table.width), .cells(2), .weight(1)])
        canvas.draw(table, in: columns[0])
        let rows = columns[2].rows([.weight(1), .weight(1)])
        canvas.draw(byParameters, in: rows[0])
        canvas.draw(byNeurons, in: rows[1])
      } else {
        let wanted = max(min(table.height, rect.height / 2), 4)
        let rows = rect.rows([.cells(wanted), .weight(1)])
        canvas.draw(table, in: rows[0])
        let halves = rows[1].columns([.weight(1), .cells(2), .weight(1)])
        canvas.draw(byParameters, in: halves[0])
        canvas.draw(byNeurons, in: halves[2])
      }
    }
  }
}
