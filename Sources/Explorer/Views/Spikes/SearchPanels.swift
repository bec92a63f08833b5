import Experiments
import Search
import Terminal

/// How the search went: what every network tried was worth, and the best until then.
struct SearchTracePanel: Widget {
  private let search: MemorySearch.Picture?
  init(_ search: MemorySearch.Picture?) { self.search = search }

  static let invitation =
    "o looks for a network that remembers longer with fewer spikes: a Bayesian search over how time constants of neurons "
    + "and of STDP are spread, from the network that runs. a then runs the best one."

  func draw(on canvas: inout Canvas) {
    guard canvas.width > 12, canvas.height > 1 else { return }
    canvas.text(0, 0, "Search", .plain.bold())
    guard let search, let first = search.first else {
      canvas.draw(
        Paragraph(
          search == nil ? Self.invitation : "The network that it begins from is being measured …", style: Ink.quiet),
        in: canvas.area.inset(top: 1))
      return
    }
    let trials = search.trials
    let best = search.best.map { trials[$0] }
    let parts = canvas.area.rows([.cells(1), .weight(1), .cells(min(search.dimensions.count + 3, canvas.height / 2))])
    canvas.text(
      8, 0,
      oneOf: [
        "𝓔·min(1, C/C₀)⁴, to be made large; \(trials.count) of \(search.wanted)", "\(trials.count) of \(search.wanted)",
      ],
      Ink.quiet, maxWidth: canvas.width - 8)
    var least = first.score
    let running = trials.map { trial -> Double in
      least = max(least, trial.score)
      return least
    }
    let top = max(running.last ?? 0, first.score) * 1.15 + 1e-9
    let xs = Scale(0, Double(max(search.wanted, 1)))
    var points = trials.enumerated().map {
      Scatter.Point(x: Double($0.offset + 1), y: $0.element.score, character: "·", style: Ink.state)
    }
    points.append(Scatter.Point(x: 0, y: first.score, character: "○", style: Ink.bright))
    if let index = search.best {
      points.append(Scatter.Point(x: Double(index + 1), y: trials[index].score, character: "◆", style: Ink.good.bold()))
    }
    let stairs = [(x: 0.0, y: first.score)] + running.enumerated().map { (x: Double($0.offset + 1), y: $0.element) }
    canvas.draw(
      Scatter(
        points, trails: [Scatter.Trail(stairs, style: Ink.good)], x: xs, y: Scale(0, top),
        labels: PlotLabels(
          top: Scene.number(top), bottom: "0", left: "0", right: "\(search.wanted) networks"), axisStyle: nil),
      in: parts[1])
    canvas.inside(parts[2]) { table(first, best, search.dimensions, on: &$0) }
  }

  private func table(
    _ first: MemorySearch.Trial, _ best: MemorySearch.Trial?, _ dimensions: [SearchDimension],
    on canvas: inout Canvas
  ) {
    func line(_ name: String, _ trial: MemorySearch.Trial) -> Table.Row {
      Table.Row([
        name, Scene.number(trial.capacity), Scene.number(trial.activity), Scene.number(trial.efficiency),
        Scene.number(trial.score),
      ])
    }
    let columns = ["", "C", "S", "𝓔", "score"].map { Table.Column($0, $0.isEmpty ? .left : .right) }
    canvas.draw(Table(columns, rows: [line("○ start", first)] + (best.map { [line("◆ best", $0)] } ?? [])))
    guard let best else { return }
    for (row, (dimension, value)) in zip(dimensions, best.point).enumerated() {
      canvas.text(
        0, row + 3, "\(dimension.name) \(Scene.number(value))\(dimension.name == "τ mean" ? " ms" : "")", Ink.quiet)
    }
  }
}

/// What the search believes along one of its dimensions, through the best point: the mean, and two deviations around it.
struct SurrogatePanel: Widget {
  private let search: MemorySearch.Picture?
  private let dimension: Int

  init(_ search: MemorySearch.Picture?, _ dimension: Int) { (self.search, self.dimension) = (search, dimension) }

  func draw(on canvas: inout Canvas) {
    guard canvas.width > 12, canvas.height > 1 else { return }
    let used = canvas.text(0, 0, "Surrogate", .plain.bold())
    guard let search, search.slices.indices.contains(dimension) else {
      canvas.draw(
        Paragraph("nothing to be believed before two networks were tried", style: Ink.quiet),
        in: canvas.area.inset(top: 1))
      return
    }
    let (slice, axis) = (search.slices[dimension], search.dimensions[dimension])
    canvas.text(
      used + 2, 0, oneOf: ["score along \(axis.name), mean ± 2 deviations; d next", axis.name], Ink.quiet,
      maxWidth: canvas.width - used - 2)
    let scale = Scale(axis.lower, axis.upper, axis.scale == .logarithmic ? .log10 : .linear)
    func trail(_ times: Double) -> [(x: Double, y: Double)] {
      slice.values.indices.map { (slice.values[$0], slice.means[$0] + times * slice.deviations[$0]) }
    }
    let observed = search.trials.map {
      Scatter.Point(x: $0.point[dimension], y: $0.score, character: "·", style: Ink.state)
    }
    let best = search.best.map { search.trials[$0] }.map {
      [Scatter.Point(x: $0.point[dimension], y: $0.score, character: "◆", style: Ink.good.bold())]
    }
    let ys = Scale.fitting(trail(2).map(\.y) + trail(-2).map(\.y) + observed.map(\.y), margin: 0.05)
    canvas.draw(
      Scatter(
        observed + (best ?? []),
        trails: [
          Scatter.Trail(trail(-2), style: Ink.frame), Scatter.Trail(trail(2), style: Ink.frame),
          Scatter.Trail(trail(0), style: Ink.prediction),
        ], x: scale, y: ys,
        labels: PlotLabels(
          top: Scene.number(ys.high), bottom: Scene.number(ys.low), left: Scene.number(axis.lower),
          right: "\(axis.name) \(Scene.number(axis.upper))"), axisStyle: nil),
      in: canvas.area.inset(top: 1))
  }
}
