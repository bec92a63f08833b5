import Experiments
import Spiking
import Terminal

/// The forgetting curve C(d): how much of the input d steps ago a linear readout can tell.
struct ForgettingPanel: Widget {
  private let outcome: MemoryExperiment.Outcome?
  private let previous: MemoryExperiment.Outcome?
  private let note: String

  init(_ scene: Scene, _ picture: SpikesPicture) {
    let capacity = scene.spikeCapacity
    let isUnderWay = capacity.map { $0.measured < $0.wanted } ?? false
    outcome = capacity?.outcome ?? picture.measured.last?.outcome
    // What is compared with: the measurement before this one.
    previous = isUnderWay ? picture.measured.last?.outcome : picture.measured.dropLast().last?.outcome
    note = capacity.map { "after \($0.measured) inputs, \($0.readers) neurons read" } ?? ""
  }

  func draw(on canvas: inout Canvas) {
    guard canvas.width > 12, canvas.height > 1 else { return }
    let used = canvas.text(0, 0, "Forgetting C(d)", .plain.bold())
    guard let outcome else {
      canvas.draw(
        Paragraph(
          "c measures how much of past inputs the network still tells: C, S and 𝓔 = C/S.", style: Ink.quiet),
        in: canvas.area.inset(top: 1))
      return
    }
    canvas.text(used + 2, 0, oneOf: [note, ""], Ink.quiet, maxWidth: canvas.width - used - 2)
    let delays = Double(max(outcome.memory.perDelay.count, 2))
    func points(_ values: [Double]) -> [(Double, Double)] {
      values.enumerated().map { (Double($0.offset + 1), $0.element) }
    }
    var series = [
      LineGraph.Series(
        [(1, 2 * outcome.memory.largestControl), (delays, 2 * outcome.memory.largestControl)], style: Ink.quiet,
        name: "chance")
    ]
    if let previous {
      series.append(LineGraph.Series(points(previous.memory.perDelay), style: Ink.frame, name: "before"))
    }
    series.append(LineGraph.Series(points(outcome.memory.perDelay), style: Ink.state, name: "now", mark: "●"))
    canvas.draw(
      LineGraph(
        series, x: Scale(1, delays), y: Scale(0, 1),
        labels: PlotLabels(top: "1", bottom: "0", left: "d 1", right: "\(Int(delays)) inputs ago"), showsNames: true),
      in: canvas.area.inset(top: 1))
  }
}

/// C against S: what was measured of the running network (numbers, in their order) and what the search tried, between
/// lines on which 𝓔 = C/S is the same. Up and to the left is better.
struct EfficiencyPanel: Widget {
  private let measured: [SpikesPicture.Measured]
  private let search: MemorySearch.Picture?

  init(_ scene: Scene, _ picture: SpikesPicture) {
    (measured, search) = (picture.measured, scene.spikeSearch)
  }

  func draw(on canvas: inout Canvas) {
    guard canvas.width > 12, canvas.height > 1 else { return }
    let used = canvas.text(0, 0, "C against S", .plain.bold())
    let tried = (search?.trials ?? []) + [search?.first].compactMap { $0 }
    let all = measured.map { ($0.outcome.activity, $0.outcome.memory.total) } + tried.map { ($0.activity, $0.capacity) }
    guard !all.isEmpty else {
      canvas.draw(
        Paragraph("nothing measured yet: c measures this network, o searches for a better one", style: Ink.quiet),
        in: canvas.area.inset(top: 1))
      return
    }
    canvas.text(
      used + 2, 0, oneOf: ["lines of equal 𝓔 = C/S; ○ start · tried ◆ best 1 measured", "lines: equal 𝓔", ""],
      Ink.quiet,
      maxWidth: canvas.width - used - 2)
    let xs = Scale(0, (all.map(\.0).filter(\.isFinite).max() ?? 1) * 1.15 + 1e-9)
    let ys = Scale(0, (all.map(\.1).filter(\.isFinite).max() ?? 1) * 1.2 + 1e-3)
    let lines = Self.efficiencies(xs.high, ys.high)
    var points = tried.map {
      Scatter.Point(x: $0.activity, y: $0.capacity, character: "·", style: Ink.state)
    }
    if let first = search?.first {
      points.append(Scatter.Point(x: first.activity, y: first.capacity, character: "○", style: Ink.bright))
    }
    if let search, let best = search.best {
      let trial = search.trials[best]
      points.append(Scatter.Point(x: trial.activity, y: trial.capacity, character: "◆", style: Ink.good.bold()))
    }
    for (number, one) in measured.enumerated() {
      let digit = Character("\((number + 1) % 10)")
      let isLast = number == measured.count - 1
      points.append(
        Scatter.Point(
          x: one.outcome.activity, y: one.outcome.memory.total, character: digit,
          style: isLast ? Ink.prediction.with([.bold, .reverse]) : Ink.prediction))
    }
    let area = canvas.area.inset(top: 1)
    canvas.draw(
      Scatter(
        points, trails: lines.map { Scatter.Trail([(0, 0), (xs.high, xs.high * $0)], style: Ink.frame) }, x: xs, y: ys,
        labels: PlotLabels(
          top: "C \(Scene.number(ys.high, digits: 2))", bottom: "0", left: "0",
          right: "S \(Scene.number(xs.high, digits: 2))"),
        axisStyle: nil),
      in: area)
    drawNames(
      lines, xs, ys, Rect(x: area.x, y: area.y, width: area.width, height: max(area.height - 1, 0)), on: &canvas)
  }

  /// Three or so round numbers whose lines cross the picture.
  private static func efficiencies(_ activity: Double, _ capacity: Double) -> [Double] {
    let diagonal = capacity / activity
    guard diagonal.isFinite, diagonal > 0 else { return [] }
    return [0.25, 0.5, 1, 2, 4].map { round($0 * diagonal) }.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
  }

  /// To 1, 2 or 5 times a power of ten.
  private static func round(_ value: Double) -> Double {
    var power = 1.0
    while power * 10 <= value { power *= 10 }
    while power > value { power /= 10 }
    let first = value / power
    return (first < 1.5 ? 1 : first < 3.5 ? 2 : first < 7.5 ? 5 : 10) * power
  }

  /// Each line's 𝓔 where it leaves the picture.
  private func drawNames(_ lines: [Double], _ xs: Scale, _ ys: Scale, _ rect: Rect, on canvas: inout Canvas) {
    let gutter = "C \(Scene.number(ys.high, digits: 2))".terminalColumns + 1
    let width = rect.width - gutter
    guard width > 8, rect.height > 2 else { return }
    var taken: Set<Int> = []
    for efficiency in lines {
      let text = "𝓔 \(Scene.number(efficiency))"
      let atRight = efficiency * xs.high
      if atRight <= ys.high {
        let row = rect.y + Int(((1 - atRight / ys.high) * Double(rect.height - 1)).rounded())
        if taken.insert(row).inserted { canvas.textRight(rect.right, row, text, Ink.quiet) }
      } else if rect.y >= 0 {
        let column = gutter + Int((ys.high / efficiency / xs.high * Double(width)).rounded())
        if column + text.terminalColumns + 6 < rect.right, taken.insert(rect.y * 1_000 + column / 8).inserted {
          canvas.text(rect.x + column, rect.y, text, Ink.quiet)
        }
      }
    }
  }
}
