import Experiments

/// The figure of `study rank`: the reach network's shares by rank with its loss by trial beside them, and below one row per
/// tensor of the other networks, a column a task.
struct RankFigure {
  private let table: RankTable
  private static let colors = (path: "#0072B2", norm: "#D55E00", singular: "#009E73", raw: "#777777")

  init(_ table: RankTable) { self.table = table }

  private let left = 190.0
  private let rowHeight = 18.0
  private let panel = 250.0
  private let gap = 40.0

  var svg: String {
    let names = synapseRows
    let top = 300.0
    let width = max(left + Double(max(table.plan.tasks.count, 1)) * (panel + gap), 860)
    let height = top + 90 + Double(names.count) * rowHeight + 60
    var picture = SVG(
      width: width, height: height, title: "Tensor rank of what learning changes",
      description: "Share of the variance explained by sums of R outer products, for weights through learning and for "
        + "random paths with the same steps; mean and standard deviation over \(table.plan.seeds.count) seeds.")
    picture.text(20, 28, "What learning changes, explained by R components", size: 17, bold: true)
    var x = 20.0
    for (mark, color, words) in [
      (SVG.Mark.disc, Self.colors.path, "learning"), (.ring, Self.colors.norm, "random steps, same norm"),
      (.diamond, Self.colors.singular, "same singular values, random directions"),
      (.square, Self.colors.raw, "W itself"),
    ] {
      picture.mark(mark, x + 6, 46, color: color)
      picture.text(x + 18, 50, words)
      x += 40 + 6.6 * Double(words.count)
    }
    picture.text(x, 50, "× expected", color: "#555555")
    shares(x: 60, y: 80, width: 340, height: 170, on: &picture)
    losses(x: 480, y: 80, width: 340, height: 170, on: &picture)
    synapses(names, y: top, on: &picture)
    return picture.document
  }

  private func shares(x: Double, y: Double, width: Double, height: Double, on picture: inout SVG) {
    picture.text(x, y - 8, "reach: variance explained in adaptation", size: 13, bold: true)
    for tick in [0.0, 0.25, 0.5, 0.75, 1] {
      let at = y + height * (1 - tick)
      picture.line(x, at, x + width, at, color: "#e4e4e4")
      picture.text(x - 6, at + 4, "\(tick)", size: 10, anchor: .end, color: "#555555")
    }
    let ranks = table.plan.ranks
    func abscissa(_ rank: Int) -> Double { x + width * (Double(rank) - 0.5) / Double(ranks) }
    for rank in 1...ranks {
      picture.text(abscissa(rank), y + height + 15, "\(rank)", size: 10, anchor: .middle, color: "#555555")
    }
    picture.text(x + width / 2, y + height + 30, "R", size: 11, anchor: .middle, color: "#555555")
    let change = table.reach.first { $0.tensor == "ΔW" }
    let raw = table.reach.first { $0.tensor == "W" }
    let curves: [(SVG.Mark, String, (Int) -> RankTable.Value?)] = [
      (.square, Self.colors.raw, { raw?.explained($0) }), (.ring, Self.colors.norm, { change?.sameNorm($0) }),
      (.diamond, Self.colors.singular, { change?.sameSingularValues($0) }),
      (.disc, Self.colors.path, { change?.explained($0) }),
    ]
    for (mark, color, share) in curves {
      var last: (Double, Double)?
      for rank in 1...ranks {
        guard let value = share(rank) else { continue }
        let (px, py) = (abscissa(rank), y + height * (1 - value.mean))
        if let last { picture.line(last.0, last.1, px, py, color: color) }
        last = (px, py)
        if let deviation = value.deviation {
          let reach = height * deviation
          picture.line(px, py - reach, px, py + reach, color: color, width: 1.6)
        }
        picture.mark(mark, px, py, color: color, title: "R = \(rank): \(value.text)")
      }
    }
    for expected in RankTable.expected.values {
      for (number, share) in expected.enumerated() where number < ranks {
        picture.text(
          abscissa(number + 1) + 12, y + height * (1 - share) + 4, "×", size: 12, anchor: .middle, color: "#555555")
      }
    }
  }

  private func losses(x: Double, y: Double, width: Double, height: Double, on picture: inout SVG) {
    let losses = table.trialLosses
    picture.text(x, y - 8, "reach: mean training loss by trial", size: 13, bold: true)
    guard losses.count > 1, let most = losses.max(), most > 0 else { return }
    let axis = ErrorAxis(losses)
    for tick in axis.ticks {
      let at = y + height * (1 - axis.position(tick))
      picture.line(x, at, x + width, at, color: "#e4e4e4")
      picture.text(x - 6, at + 4, tick.brief, size: 10, anchor: .end, color: "#555555")
    }
    func abscissa(_ trial: Int) -> Double { x + width * Double(trial) / Double(losses.count - 1) }
    for (trial, words) in [(50, "field on"), (150, "field off")] where trial < losses.count {
      picture.line(abscissa(trial), y, abscissa(trial), y + height, color: Self.colors.norm, dashes: "4 3")
      picture.text(abscissa(trial) + 4, y + 10, words, size: 10, color: "#555555")
    }
    for trial in 1..<losses.count {
      picture.line(
        abscissa(trial - 1), y + height * (1 - axis.position(losses[trial - 1])), abscissa(trial),
        y + height * (1 - axis.position(losses[trial])), color: Self.colors.path)
    }
    picture.text(x + width / 2, y + height + 30, "trial", size: 11, anchor: .middle, color: "#555555")
  }

  /// "ltc Δw", in the order of the plan.
  private var synapseRows: [(model: String, tensor: String)] {
    var rows: [(model: String, tensor: String)] = []
    for row in table.synapses where !rows.contains(where: { $0 == (row.model, row.tensor) }) {
      rows.append((row.model, row.tensor))
    }
    return rows
  }

  private func synapses(_ names: [(model: String, tensor: String)], y: Double, on picture: inout SVG) {
    guard !names.isEmpty else { return }
    let rank = min(RankTable.compared, table.plan.ranks)
    picture.text(
      20, y, "Synaptic parameters of \(table.plan.neurons) neurons: share of their change that R = \(rank) explains",
      size: 13, bold: true)
    let bottom = y + 44 + Double(names.count) * rowHeight
    for (column, task) in table.plan.tasks.enumerated() {
      let x = left + Double(column) * (panel + gap)
      picture.text(x + panel / 2, y + 28, task, size: 12, anchor: .middle, bold: true)
      for tick in [0.0, 0.25, 0.5, 0.75, 1] {
        picture.line(x + panel * tick, y + 36, x + panel * tick, bottom, color: "#e4e4e4")
        picture.text(x + panel * tick, bottom + 14, "\(tick)", size: 10, anchor: .middle, color: "#555555")
      }
      for (line, name) in names.enumerated() {
        let middle = y + 44 + (Double(line) + 0.5) * rowHeight
        if column == 0 { picture.text(left - 10, middle + 4, "\(name.model)  \(name.tensor)", size: 11, anchor: .end) }
        guard
          let row = table.synapses.first(where: {
            $0.task == task && $0.model == name.model && $0.tensor == name.tensor
          })
        else { continue }
        for (mark, color, value) in [
          (SVG.Mark.ring, Self.colors.norm, row.sameNorm(rank)),
          (.diamond, Self.colors.singular, row.sameSingularValues(rank)),
          (.disc, Self.colors.path, row.explained(rank)),
        ] {
          guard let value else { continue }
          if let deviation = value.deviation {
            picture.line(
              x + panel * max(value.mean - deviation, 0), middle, x + panel * min(value.mean + deviation, 1), middle,
              color: color, width: 1.6)
          }
          picture.mark(mark, x + panel * value.mean, middle, color: color, title: value.text)
        }
      }
    }
  }
}
