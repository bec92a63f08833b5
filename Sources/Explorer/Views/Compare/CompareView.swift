import Experiments
import Learning
import Tasks
import Terminal

/// Models side by side: a table of sizes and errors, and the error against parameters and against neurons.
struct CompareView: View {
  static let name = "compare"
  var name: String { Self.name }
  typealias State = ComparisonViewState.Choices
  let summary = "models trained alike: sizes, error with its spread over seeds, time; error against size"
  let actions = ["compare-pause", "compare-sort", "compare-filter", "compare-open", "activity-end", "show"]
  var showsNetwork: Bool { false }

  static let invitation =
    "Nothing is compared yet. For example :compare --models ltc,gru,lstm --neurons 8,16 --minutes 2 trains these models "
    + "on the present task, all alike."

  func title(_ scene: Scene) -> String {
    guard let comparison = scene.comparison, let taskEntry = taskEntry(comparison) else { return "Compare" }
    return "Compare  \(taskEntry.task): held-out \(taskEntry.measure)"
  }

  func pictures(_ scene: Scene) -> [String] { ["overview", "table", "parameters", "neurons"] }

  /// The task of the selected row.
  private func taskEntry(_ comparison: ComparisonViewState) -> ComparisonTable.TaskEntry? {
    comparison.table.taskEntries.indices.contains(comparison.row?.candidate.taskEntry ?? 0)
      ? comparison.table.taskEntries[comparison.row?.candidate.taskEntry ?? 0] : nil
  }

  func inspector(_ scene: Scene) -> [String]? {
    guard let comparison = scene.comparison, let row = comparison.row else { return ["no comparison"] }
    var parts = ["\(row.title), \(row.candidate.neurons) neurons, \(row.parameters) parameters"]
    if let mean = row.mean {
      parts.append("error \(Scene.number(mean))" + (row.deviation.map { " ± \(Scene.number($0))" } ?? ""))
    }
    parts.append("\(row.done) of \(row.each.count) runs done")
    if !row.failures.isEmpty { parts.append("! \(row.failures.count) not finite: \(row.failures[0])") }
    let values = zip(comparison.table.seeds, row.each).compactMap { seed, value in
      value.map { "seed \(seed) \(Scene.number($0))" }
    }
    if !values.isEmpty { parts.append(values.joined(separator: ", ")) }
    return parts
  }

  func draw(_ scene: Scene, on canvas: inout Canvas) {
    guard let comparison = scene.comparison, let taskEntry = taskEntry(comparison) else {
      canvas.draw(Paragraph(Self.invitation, style: Ink.quiet), in: canvas.area.inset(left: 1, right: 1))
      return
    }
    let table = CompareTable(comparison)
    let areas = areas(scene, table, taskEntry, width: canvas.width, height: canvas.height)
    drawStatus(comparison, in: Rect(x: 0, y: 0, width: canvas.width, height: 1), on: &canvas)
    canvas.draw(Paragraph(treatment(taskEntry), style: Ink.quiet), in: areas.treatment)
    if let area = areas.table { canvas.draw(table, in: area) }
    if let area = areas.parameters { canvas.draw(ErrorScatter(comparison, taskEntry, by: .parameters), in: area) }
    if let area = areas.neurons { canvas.draw(ErrorScatter(comparison, taskEntry, by: .neurons), in: area) }
  }

  private func treatment(_ taskEntry: ComparisonTable.TaskEntry) -> String {
    taskEntry.treatment.isEmpty ? "The steps that fit into the time are being found." : taskEntry.treatment
  }

  /// A click on a row of the table selects it.
  func click(_ scene: inout Scene, atX x: Int, y: Int, width: Int, height: Int) {
    guard let comparison = scene.comparison, let taskEntry = taskEntry(comparison) else { return }
    let table = CompareTable(comparison)
    guard let area = areas(scene, table, taskEntry, width: width, height: height).table, area.contains(x: x, y: y),
      let row = table.row(atY: y - area.y, height: area.height), row < comparison.rows.count
    else { return }
    scene.comparison?.select(row)
  }

  private struct Areas {
    var table, parameters, neurons: Rect?
    var treatment: Rect
  }

  /// The line of the state, then what the picture shows, then the equal treatment.
  private func areas(
    _ scene: Scene, _ table: CompareTable, _ taskEntry: ComparisonTable.TaskEntry, width: Int, height: Int
  ) -> Areas {
    let lines = height < 12 ? 0 : min(Paragraph.wrap(treatment(taskEntry), columns: max(width, 1)).count, 3)
    let parts = Rect(x: 0, y: 0, width: width, height: height).rows([.cells(1), .weight(1), .cells(lines)])
    let (body, treatment) = (parts[1], parts[2])
    switch picture(scene) {
    case "table": return Areas(table: body, treatment: treatment)
    case "parameters": return Areas(parameters: body, treatment: treatment)
    case "neurons": return Areas(neurons: body, treatment: treatment)
    default:
      if body.height < 9 || body.width < 50 { return Areas(table: body, treatment: treatment) }
      if body.width >= 130 {
        let columns = body.columns([.cells(table.width), .cells(2), .weight(1)])
        let rows = columns[2].rows([.weight(1), .weight(1)])
        return Areas(table: columns[0], parameters: rows[0], neurons: rows[1], treatment: treatment)
      }
      let rows = body.rows([.cells(max(min(table.height, body.height / 2), 4)), .weight(1)])
      let halves = rows[1].columns([.weight(1), .cells(2), .weight(1)])
      return Areas(table: rows[0], parameters: halves[0], neurons: halves[2], treatment: treatment)
    }
  }

  private func drawStatus(_ comparison: ComparisonViewState, in rect: Rect, on canvas: inout Canvas) {
    let style =
      switch comparison.table.status {
      case .running, .finished: Ink.good
      case .waiting, .paused, .cancelled: Ink.warning
      case .failed: Ink.error
      }
    let filter = comparison.filter.isEmpty ? "" : "   only '\(comparison.filter)'"
    let order = comparison.order == .plan ? "" : "   by \(comparison.order.rawValue)"
    let ended = comparison.table.rows.count { $0.done == $0.each.count }
    canvas.inside(rect) { canvas in
      let used = canvas.text(0, 0, comparison.progress, style.bold())
      canvas.text(used + 3, 0, "\(ended) of \(comparison.table.rows.count) rows complete\(order)\(filter)", Ink.quiet)
    }
  }
}
