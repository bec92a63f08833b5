import Circuits
import Foundation
import Experiments
import Learning

/// The figure of a study: a panel per task, twice (equal neurons, equal parameters), one row per model with its mean error, the
/// standard deviation over seeds as a bar, and the baselines as broken lines.
struct StudyFigure {
  private let table: ComparisonTable
  /// Left of the panels, the panels, and between them.
  private let margin = 176.0
  private let panel = 330.0
  private let gap = 190.0
  private let rowHeight = 20.0

  init(_ table: ComparisonTable) { self.table = table }

  /// Colours of Okabe and Ito (2008), told apart by colour-blind eyes; the shapes say the same.
  private static func style(_ model: String) -> (mark: SVG.Mark, color: String) {
    let quantities = Cells.quantities(of: model)
    if Cells.isBiophysical(model) {
      return (quantities[.synapse]?.contains(.halfActivation) == true ? .disc : .ring, "#0072B2")
    }
    let solvers = (try? Cells.named(model))?.solvers
    return solvers == ["none"] ? (.diamond, "#D55E00") : (.square, "#009E73")
  }

  private static let legend: [(model: String, text: String)] = [
    ("ltc", "LTC, gate a synapse"), ("ltc-neural", "LTC, gate a neuron"), ("ctrnn", "additive or ODE"),
    ("lstm", "gated baseline"),
  ]

  private func rows(_ taskEntry: Int, equalParameters: Bool) -> [ComparisonTable.Row] {
    SynapseStudy(table).rows(taskEntry, equalParameters ? .parameters : .neurons)
  }

  private func height(_ taskEntry: Int) -> Double {
    let count = max(rows(taskEntry, equalParameters: false).count, rows(taskEntry, equalParameters: true).count)
    return Double(count) * rowHeight + 92
  }

  var svg: String {
    let width = margin + 2 * panel + gap + 24
    let total = 96 + table.taskEntries.indices.reduce(0) { $0 + height($1) }
    var picture = SVG(
      width: width, height: total, title: "Biophysical synapses against their rivals",
      description: "Mean held-out error and its standard deviation over \(table.seeds.count) seeds, for each model and "
        + "task, with equal numbers of neurons and with equal numbers of parameters.")
    picture.text(20, 30, "Held-out error with equal neurons and with equal parameters", size: 17, bold: true)
    picture.text(
      20, 48, "mean and standard deviation over \(table.seeds.count) seeds; further left is better", size: 12,
      color: "#555555")
    var x = 20.0
    for entry in Self.legend {
      let drawn = Self.style(entry.model)
      picture.mark(drawn.mark, x + 6, 66, color: drawn.color)
      picture.text(x + 18, 70, entry.text)
      x += 165
    }
    picture.line(x, 66, x + 24, 66, color: "#777777", dashes: "5 3")
    picture.text(x + 30, 70, "simple methods")
    var y = 90.0
    for taskEntry in table.taskEntries.indices {
      for (column, equalParameters) in [false, true].enumerated() {
        draw(taskEntry, equalParameters, x: margin + Double(column) * (panel + gap), y: y, on: &picture)
      }
      y += height(taskEntry)
    }
    return picture.document
  }

  private func draw(_ number: Int, _ equalParameters: Bool, x: Double, y: Double, on picture: inout SVG) {
    let taskEntry = table.taskEntries[number]
    let rows = rows(number, equalParameters: equalParameters)
    guard !rows.isEmpty else { return }
    let ends = rows.flatMap { row in
      row.mean.map {
        [$0, $0 + (row.deviation ?? 0), $0 - (row.deviation ?? 0) > 0.2 * $0 ? $0 - (row.deviation ?? 0) : $0]
      }
        ?? []
    }
    // The plainest and the best: more would not fit under the title.
    let better = taskEntry.baselines.dropFirst().min { $0.value < $1.value }
    let baselines = taskEntry.baselines.prefix(1) + (better.map { [$0] } ?? [])
    let axis = ErrorAxis(ends + baselines.map(\.value))
    func position(_ value: Double) -> Double { x + axis.position(value) * panel }
    picture.text(
      x, y + 14, "\(taskEntry.task): equal \(equalParameters ? "parameters" : "neurons")", size: 13, bold: true)
    let (top, bottom) = (y + 36, y + 36 + Double(rows.count) * rowHeight)
    for tick in axis.ticks {
      picture.line(position(tick), top, position(tick), bottom, color: "#e4e4e4")
      picture.text(position(tick), bottom + 14, tick.brief, size: 10, anchor: .middle, color: "#555555")
    }
    let scale = axis.isLogarithmic ? " (logarithmic)" : ""
    picture.text(
      x + panel / 2, bottom + 29, "held-out \(taskEntry.measure)\(scale)", size: 11, anchor: .middle, color: "#555555")
    picture.line(x, bottom, x + panel, bottom)
    for (index, baseline) in baselines.enumerated() {
      let at = position(baseline.value)
      picture.line(at, top - 2, at, bottom, color: "#777777", width: 1.2, dashes: index == 0 ? "5 3" : "2 3")
    }
    if !baselines.isEmpty {
      picture.text(
        x, y + 28,
        baselines.enumerated().map { "\($0 == 0 ? "– –" : "···") \($1.name) \($1.value.brief)" }
          .joined(separator: "   "), size: 10, color: "#555555")
    }
    for (line, row) in rows.enumerated() {
      let middle = top + (Double(line) + 0.5) * rowHeight
      let count = equalParameters ? "\(row.candidate.neurons) n" : "\(row.parameters) p"
      picture.text(x - 8, middle + 4, "\(row.title)  \(count)", size: 11, anchor: .end)
      guard let mean = row.mean else {
        picture.text(
          x + 6, middle + 4, row.failures.isEmpty ? "not run" : "not finite with any seed", size: 11, color: "#555555")
        continue
      }
      let drawn = Self.style(row.candidate.model)
      if let deviation = row.deviation {
        let (from, to) = (position(mean - deviation), position(mean + deviation))
        picture.line(from, middle, to, middle, color: drawn.color, width: 1.6)
        for end in [from, to] { picture.line(end, middle - 4, end, middle + 4, color: drawn.color, width: 1.6) }
      }
      let spread = row.deviation.map { " ± \($0.brief)" } ?? ""
      picture.mark(
        drawn.mark, position(mean), middle, color: drawn.color,
        title: "\(row.title), \(row.candidate.neurons.of("neuron")), \(row.parameters.of("parameter")): "
          + "\(mean.brief)\(spread)")
      if !row.failures.isEmpty {
        picture.text(
          x + panel, middle + 4, "\(row.failures.count) of \(row.each.count) not finite", size: 10, anchor: .end,
          color: "#555555")
      }
    }
  }
}
