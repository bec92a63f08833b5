import Experiments
import Foundation
import Spiking

/// The figure of `study spikes`: C against S with lines of equal 𝓔, forgetting curves, the searches' traces, pruning.
struct SpikeStudyFigure {
  private let table: SpikeStudyTable

  init(_ table: SpikeStudyTable) { self.table = table }

  /// Colours of Okabe and Ito (2008): one per kind of network, the mark says whether it is optimised.
  private static let colors = ["#000000", "#0072B2", "#E69F00", "#D55E00"]
  private static let kinds = SpikeCondition.Kind.all.map(\.name)

  private static func look(_ name: String) -> (mark: SVG.Mark, color: String) {
    guard let kind = kinds.firstIndex(where: { name.hasSuffix($0) }) else { return (.ring, "#777777") }
    return (name.hasPrefix("optimised") ? .diamond : .disc, colors[kind])
  }

  /// A rectangle of the picture with two axes.
  private struct Panel {
    let x, y: Double
    let width = 360.0
    let height = 240.0
    let horizontal, vertical: ErrorAxis

    func point(_ a: Double, _ b: Double) -> (Double, Double) {
      (x + horizontal.position(a) * width, y + height - vertical.position(b) * height)
    }

    func draw(_ title: String, _ below: String, _ left: String, on picture: inout SVG) {
      picture.text(x, y - 10, title, size: 13, bold: true)
      for tick in horizontal.ticks {
        let (at, _) = point(tick, vertical.low)
        picture.line(at, y, at, y + height, color: "#e4e4e4")
        picture.text(at, y + height + 14, tick.brief, size: 10, anchor: .middle, color: "#555555")
      }
      for tick in vertical.ticks {
        let (_, at) = point(horizontal.low, tick)
        picture.line(x, at, x + width, at, color: "#e4e4e4")
        picture.text(x - 6, at + 4, tick.brief, size: 10, anchor: .end, color: "#555555")
      }
      picture.line(x, y + height, x + width, y + height)
      picture.line(x, y, x, y + height)
      picture.text(x + width / 2, y + height + 30, below, size: 11, anchor: .middle, color: "#555555")
      picture.text(x - 6, y + 2, left, size: 11, anchor: .end, color: "#555555")
    }

    func curve(_ points: [(Double, Double)], color: String, dashes: String? = nil, on picture: inout SVG) {
      for (a, b) in zip(points, points.dropFirst()) {
        let (from, to) = (point(a.0, a.1), point(b.0, b.1))
        picture.line(from.0, from.1, to.0, to.1, color: color, width: 1.6, dashes: dashes)
      }
    }
  }

  var svg: String {
    var picture = SVG(
      width: 960, height: 760, title: "Drawn and equal constants of spiking networks",
      description: "Memory capacity against spikes, forgetting curves, traces of the searches and pruning, over "
        + "\(table.plan.seeds.count) seeds.")
    picture.text(20, 28, "Memory and spikes with equal and drawn constants", size: 17, bold: true)
    var x = 20.0
    for (name, color) in zip(Self.kinds, Self.colors) {
      picture.mark(.disc, x + 6, 48, color: color)
      picture.text(x + 16, 52, name)
      x += 190
    }
    picture.mark(.diamond, x + 6, 48, color: "#555555")
    picture.text(x + 16, 52, "optimised")
    memory(&picture)
    forgetting(&picture)
    traces(&picture)
    pruning(&picture)
    return picture.document
  }

  private func memory(_ picture: inout SVG) {
    let points = table.rows.compactMap { row -> (String, Double, Double, Double, Double)? in
      guard let c = row.capacity.mean, let s = row.activity.mean else { return nil }
      return (row.name, s, c, row.activity.deviation ?? 0, row.capacity.deviation ?? 0)
    }
    guard !points.isEmpty else { return }
    let panel = Panel(
      x: 70, y: 100, horizontal: ErrorAxis(points.map { $0.1 + $0.3 } + points.map(\.1)),
      vertical: ErrorAxis(points.map { $0.2 + $0.4 }))
    panel.draw("Capacity against activity", "S, spikes per neuron and input", "C", on: &picture)
    let (widest, highest) = (panel.horizontal.high, panel.vertical.high)
    for efficiency in [1.0, 3, 10, 30] {
      let line = (0...60).map { panel.horizontal.low + (widest - panel.horizontal.low) * pow(Double($0) / 60, 3) }
        .map { ($0, $0 * efficiency) }.filter { $0.1 <= highest }
      panel.curve(line, color: "#bbbbbb", dashes: "3 3", on: &picture)
      if let end = line.last {
        let (a, b) = panel.point(end.0, end.1)
        picture.text(a, max(b - 3, panel.y + 9), "𝓔 \(efficiency.brief)", size: 10, anchor: .end, color: "#777777")
      }
    }
    for (name, s, c, ds, dc) in points {
      let look = Self.look(name)
      let (left, right) = (panel.point(max(s - ds, 0), c), panel.point(s + ds, c))
      let (low, high) = (panel.point(s, max(c - dc, 0)), panel.point(s, c + dc))
      picture.line(left.0, left.1, right.0, right.1, color: look.color)
      picture.line(low.0, low.1, high.0, high.1, color: look.color)
      let (a, b) = panel.point(s, c)
      picture.mark(look.mark, a, b, color: look.color, title: "\(name): C \(c.brief), S \(s.brief), 𝓔 \((c / s).brief)")
    }
  }

  private func forgetting(_ picture: inout SVG) {
    let rows = table.rows.filter { row in Self.kinds.contains { row.name.hasSuffix($0) } && !row.perDelay.isEmpty }
    guard let most = rows.flatMap(\.perDelay).max(), most > 0 else { return }
    let last = min(12, table.plan.delays)
    let panel = Panel(x: 550, y: 100, horizontal: Self.linear(Double(last)), vertical: Self.linear(max(most, 0.5)))
    panel.draw("What is left of the past", "delay d, inputs", "C(d)", on: &picture)
    for row in rows {
      let isOptimised = row.name.hasPrefix("optimised")
      panel.curve(
        row.perDelay.prefix(last).enumerated().map { (Double($0 + 1), $1) }, color: Self.look(row.name).color,
        dashes: isOptimised ? nil : "5 3", on: &picture)
    }
    picture.text(panel.x + panel.width, panel.y + 14, "broken: not optimised", size: 10, anchor: .end, color: "#555555")
  }

  private func traces(_ picture: inout SVG) {
    guard let most = table.searches.flatMap({ $0.trials.map(\.efficiency) }).max(), most > 0 else { return }
    let panel = Panel(
      x: 70, y: 450, horizontal: Self.linear(Double(table.plan.calls)), vertical: Self.linear(most))
    panel.draw("Searches: the best 𝓔 so far, and every evaluation", "evaluation", "𝓔", on: &picture)
    for (search, color) in zip(table.searches, Self.colors) {
      var best = 0.0
      var line: [(Double, Double)] = []
      for (index, trial) in search.trials.enumerated() {
        best = max(best, trial.efficiency)
        line.append((Double(index + 1), best))
        let (a, b) = panel.point(Double(index + 1), trial.efficiency)
        picture.line(a - 2, b, a + 2, b, color: color)
      }
      panel.curve(line, color: color, on: &picture)
    }
  }

  private func pruning(_ picture: inout SVG) {
    let whole = table.rows.last?.capacity.mean
    let values = table.pruned.compactMap { $0.capacity.mean.map { $0 } } + [whole ?? 0]
    guard let whole, !table.pruned.isEmpty, let most = values.max(), most > 0 else { return }
    let panel = Panel(x: 550, y: 450, horizontal: Self.linear(100), vertical: Self.linear(most * 1.1))
    panel.draw("The optimised network, pruned", "synapses taken away, %", "C", on: &picture)
    let looks: [(NetworkPruning.Criterion, String, SVG.Mark)] = [
      (.weight, "#0072B2", .square), (.sensitivity, "#D55E00", .diamond), (.random, "#777777", .ring),
    ]
    for (entry, (criterion, color, mark)) in looks.enumerated() {
      let own = table.pruned.filter { $0.criterion == criterion }.compactMap { cut in
        cut.capacity.mean.map { (cut.share * 100, $0, cut.capacity.deviation ?? 0) }
      }
      panel.curve([(0, whole)] + own.map { ($0.0, $0.1) }, color: color, on: &picture)
      for (share, mean, deviation) in own {
        let (low, high) = (panel.point(share, max(mean - deviation, 0)), panel.point(share, mean + deviation))
        picture.line(low.0, low.1, high.0, high.1, color: color)
        let (a, b) = panel.point(share, mean)
        picture.mark(mark, a, b, color: color)
      }
      picture.mark(mark, panel.x + 20 + Double(entry) * 110, panel.y + panel.height - 14, color: color)
      picture.text(
        panel.x + 30 + Double(entry) * 110, panel.y + panel.height - 10,
        criterion == .random ? "at random" : "by \(criterion.rawValue)", size: 11)
    }
  }

  /// From 0 on.
  private static func linear(_ high: Double) -> ErrorAxis { ErrorAxis([high / 1.08, high]) }
}
