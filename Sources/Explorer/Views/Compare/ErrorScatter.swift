import Experiments
import Learning
import Tasks
import Terminal

/// Error against size, both logarithmic: one letter per row, a capital where it is on the Pareto front, which a line joins;
/// baselines as broken lines.
struct ErrorScatter: Widget {
  enum Size: String { case parameters, neurons }

  private let comparison: ComparisonViewState
  private let taskEntry: ComparisonTable.TaskEntry
  private let rows: [ComparisonTable.Row]
  private let size: Size

  init(_ comparison: ComparisonViewState, _ taskEntry: ComparisonTable.TaskEntry, by size: Size) {
    self.comparison = comparison
    self.taskEntry = taskEntry
    self.size = size
    let field = comparison.row?.candidate.taskEntry
    // The selected one last, so that it lies on top.
    rows =
      comparison.rows.filter { $0.candidate.taskEntry == field && $0.mean != nil && $0 != comparison.row }
      + [comparison.row].compactMap { $0?.mean == nil ? nil : $0 }
  }

  private func x(_ row: ComparisonTable.Row) -> Double {
    Double(size == .parameters ? row.parameters : row.candidate.neurons)
  }
  private func isOnFront(_ row: ComparisonTable.Row) -> Bool {
    size == .parameters ? row.isOnParameterFront : row.isOnNeuronFront
  }

  func draw(on canvas: inout Canvas) {
    canvas.text(0, 0, "error by \(size.rawValue)", .plain.bold(), maxWidth: canvas.width)
    canvas.textRight(canvas.width, 0, "A─ front", Ink.prediction, maxWidth: max(canvas.width - 20, 0))
    let area = canvas.area.inset(top: 1)
    guard area.height > 2, area.width > 12 else { return }
    guard !rows.isEmpty else {
      canvas.draw(Paragraph("no run has ended", style: Ink.quiet), in: area)
      return
    }
    let errors = rows.compactMap(\.mean) + taskEntry.baselines.map(\.value)
    let ys = Scale.fitting(errors, errors.allSatisfy { $0 > 0 } ? .log10 : .linear, margin: 0.1)
    let xs = Scale.fitting(rows.map(x), .log10, margin: 0.1)
    let gutter = max(Scene.number(ys.high).terminalColumns, Scene.number(ys.low).terminalColumns) + 1
    let plot = area.inset(left: gutter, bottom: 1)
    canvas.textRight(gutter - 1, plot.y, Scene.number(ys.high), Ink.quiet)
    canvas.textRight(gutter - 1, plot.bottom - 1, Scene.number(ys.low), Ink.quiet)
    let left = canvas.text(plot.x, plot.bottom, Scene.number(xs.low.rounded()), Ink.quiet)
    let right = canvas.textRight(plot.right, plot.bottom, Scene.number(xs.high.rounded()), Ink.quiet)
    let unit = "\(size.rawValue) (log)"
    if plot.width - left - right > unit.count + 2 {
      canvas.text(plot.x + left + (plot.width - left - right - unit.count) / 2, plot.bottom, unit, Ink.quiet)
    }
    canvas.inside(plot) { drawPlot(xs, ys, on: &$0) }
  }

  private func drawPlot(_ xs: Scale, _ ys: Scale, on canvas: inout Canvas) {
    let height = canvas.height
    func row(_ value: Double) -> Int? {
      ys.position(value).flatMap { $0 >= 0 && $0 <= 1 ? Int(((1 - $0) * Double(height * 4 - 1)).rounded()) / 4 : nil }
    }
    for baseline in taskEntry.baselines {
      if let row = row(baseline.value) { canvas.horizontalLine(0, row, canvas.width, Ink.quiet, character: "┄") }
    }
    let front = rows.filter(isOnFront).sorted { x($0) < x($1) }
    // The staircase that no other gets below.
    var stairs: [(x: Double, y: Double)] = []
    for row in front {
      if let last = stairs.last { stairs.append((x(row), last.y)) }
      stairs.append((x(row), row.mean ?? .nan))
    }
    // In few rows they would hide the letters.
    let spreads = (height < 8 ? [] : rows).compactMap { row -> Scatter.Trail? in
      guard let mean = row.mean, let deviation = row.deviation else { return nil }
      let least = ys.kind == .log10 ? max(mean - deviation, ys.low) : mean - deviation
      return Scatter.Trail([(x(row), least), (x(row), mean + deviation)], style: Ink.quiet)
    }
    let points = rows.map { row in
      let letter = comparison.letter(row)
      let onFront = isOnFront(row)
      var style = onFront ? Ink.prediction.bold() : Ink.state
      if row == comparison.row { style = style.with([.bold, .reverse]) }
      return Scatter.Point(
        x: x(row), y: row.mean ?? .nan, character: onFront ? Character(letter.uppercased()) : letter, style: style)
    }
    canvas.draw(
      Overlay(
        Scatter(points, trails: spreads + [Scatter.Trail(stairs, style: Ink.prediction)], x: xs, y: ys, axisStyle: nil))
    )
    var taken: Set<Int> = []
    for baseline in taskEntry.baselines {
      guard let row = row(baseline.value), !taken.contains(row) else { continue }
      taken.insert(row)
      canvas.textRight(canvas.width, row, " \(baseline.name)", Ink.quiet, maxWidth: canvas.width / 2)
    }
  }
}
