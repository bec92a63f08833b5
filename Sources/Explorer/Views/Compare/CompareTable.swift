import Experiments
import Learning
import Terminal

/// One row per model and size, the baselines below them.
struct CompareTable: Widget {
  private let table: Table

  init(_ comparison: ComparisonViewState) {
    let rows = comparison.rows
    let tasks = comparison.table.taskEntries.count > 1
    let wirings = Set(comparison.table.rows.map(\.candidate.wiring)).count > 1
    let columns =
      [Table.Column(""), Table.Column("model")] + (tasks ? [Table.Column("task")] : [])
      + (wirings ? [Table.Column("wiring")] : [])
      + [
        Table.Column("neurons", .right), Table.Column("syn.", .right), Table.Column("param.", .right),
        Table.Column("error", .right), Table.Column("±", .right), Table.Column("seeds", .right),
        Table.Column("lr", .right), Table.Column("s/run", .right), Table.Column("front"),
      ]
    func number(_ value: Double?) -> String { value.map { Scene.number($0) } ?? "" }
    var lines = rows.map { row in
      // Left and right are read together: the letter as in the pictures, and whether there is something to wait for.
      let state = row.isRunning ? "▶" : row.done == row.each.count ? " " : "·"
      let front = [row.isOnParameterFront ? "par" : "", row.isOnNeuronFront ? "neu" : ""]
        .filter { !$0.isEmpty }.joined(separator: " ")
      let broken = row.failures.isEmpty ? "" : "! \(row.failures.count) of \(row.each.count) not finite"
      return Table.Row(
        ["\(comparison.letter(row))\(state)", row.candidate.model] + (tasks ? [row.task] : [])
          + (wirings ? [row.candidate.wiring] : [])
          + [
            "\(row.candidate.neurons)", "\(row.synapses)", "\(row.parameters)", number(row.mean), number(row.deviation),
            "\(row.done)/\(row.each.count)", number(row.learningRate), number(row.seconds),
            broken.isEmpty ? front : broken,
          ],
        style: row.failures.isEmpty ? .plain : Ink.error)
    }
    let taskEntries = comparison.table.taskEntries
    for (number, taskEntry) in taskEntries.enumerated() where rows.contains(where: { $0.candidate.taskEntry == number })
    {
      for baseline in taskEntry.baselines {
        lines.append(
          Table.Row(
            ["─", baseline.name] + (tasks ? [taskEntry.task] : []) + (wirings ? [""] : [])
              + ["", "", "", Scene.number(baseline.value), "", "", "", "", "baseline"],
            style: Ink.quiet))
      }
    }
    let selectedLine = comparison.row.flatMap { row in rows.firstIndex { $0 == row } }
    table = Table(columns, rows: lines, selected: selectedLine, gap: 1)
  }

  /// What it takes to show everything.
  var height: Int { table.rows.count + 1 }

  var width: Int {
    table.columns.indices.reduce(table.columns.count - 1) { sum, column in
      sum + ([table.columns[column].title] + table.rows.map { $0.cells[column] }).map(\.terminalColumns).max()!
    }
  }

  /// The row at line `y` of a canvas of that height, baselines included.
  func row(atY y: Int, height: Int) -> Int? { table.row(atY: y, height: height) }

  func draw(on canvas: inout Canvas) { canvas.draw(table) }
}
