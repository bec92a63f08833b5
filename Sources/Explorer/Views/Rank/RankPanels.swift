import Analysis
import Circuits
import Learning
import LinearAlgebra
import Terminal

/// Variance explained against the number of components, with what it has to be compared with.
struct RankCurve: Widget {
  private let picture: RankPicture
  private let chosen: Int?

  init(_ picture: RankPicture, chosen: Int?) { (self.picture, self.chosen) = (picture, chosen) }

  func draw(on canvas: inout Canvas) {
    guard !picture.fits.isEmpty else {
      canvas.draw(Paragraph("the first fits are on their way", style: Ink.quiet))
      return
    }
    let rows = picture.fits.map { fit in
      func cell(_ value: Double?) -> String {
        value.map { "\(Int(($0 * 1000).rounded()))" }.map(Self.thousandths) ?? "–"
      }
      let matrix = fit.rank <= picture.matrix.count ? picture.matrix[fit.rank - 1] : nil
      return Table.Row(
        [
          "\(fit.rank)", cell(fit.explained), cell(fit.similarity), cell(matrix), cell(picture.raw[fit.rank]),
          cell(picture.control[fit.rank]),
        ], style: fit.rank == chosen ? Ink.selected.reverse() : .plain)
    }
    let names = ["R", "CP", "alike", "matrix", "raw", "walk"]
    let table = Table(names.map { Table.Column($0, .right, width: $0.count < 5 ? 5 : 6) }, rows: rows, gap: 1)
    let isWide = canvas.width >= 66
    let parts =
      isWide
      ? canvas.area.columns([.weight(1), .cells(2), .cells(38)])
      : canvas.area.rows([.weight(1), .cells(0), .cells(min(rows.count + 1, canvas.height / 2))])
    canvas.inside(parts[0]) { drawCurves(on: &$0) }
    canvas.draw(table, in: parts[2])
  }

  private static func thousandths(_ text: String) -> String {
    let value = Int(text) ?? 0
    return "\(value < 0 ? "−" : "")\(abs(value) / 1000).\(String(abs(value) % 1000 + 1000).dropFirst())"
  }

  private func drawCurves(on canvas: inout Canvas) {
    let ranks = picture.fits.map(\.rank)
    func curve(_ values: (RankFit) -> Double?) -> [(Double, Double)] {
      picture.fits.compactMap { fit in values(fit).map { (Double(fit.rank), $0) } }
    }
    let series = [
      LineGraph.Series(curve { picture.control[$0.rank] }, style: Ink.quiet, name: "walk", mark: "~"),
      LineGraph.Series(curve { picture.raw[$0.rank] }, style: Ink.target, name: "raw", mark: "+"),
      LineGraph.Series(
        curve { $0.rank <= picture.matrix.count ? picture.matrix[$0.rank - 1] : nil }, style: Ink.state, name: "matrix",
        mark: "×"),
      LineGraph.Series(curve(\.similarity), style: Ink.good, name: "alike", mark: "="),
      LineGraph.Series(curve(\.explained), style: Ink.heldOut, name: "CP", mark: "●"),
    ]
    canvas.text(
      0, 0,
      oneOf: [
        "variance explained  ● CP of the change  × best matrix  + raw weights  ~ random walk   = alike from other starts",
        "● CP  × matrix  + raw  ~ random walk  = alike", "● CP × mat + raw ~ walk = alike",
      ], .plain.bold())
    let x = Scale(Double(ranks.first ?? 1) - 0.2, Double(max(ranks.last ?? 1, (ranks.first ?? 1) + 1)) + 0.2)
    canvas.draw(
      LineGraph(
        series, x: x, y: Scale(0, 1.02),
        labels: PlotLabels(top: "1", bottom: "0", left: "R = \(ranks.first ?? 1)", right: "\(ranks.last ?? 1)")),
      in: canvas.area.inset(top: 1))
  }
}

/// The chosen component over post and pre: which neurons' synapses learning moves together.
struct ComponentBars: Widget {
  private let fit: RankFit?
  private let component: Int
  private let tensor: String
  private let names: [[String]]

  init(_ picture: RankPicture, _ scene: Scene) {
    fit = scene.rankFit
    component = scene.rankComponent
    tensor = picture.tensor
    let wiring = scene.model.wiring
    names = [wiring.neuronNames, picture.declaration.owner == .sensorySynapse ? wiring.inputNames : wiring.neuronNames]
  }

  func draw(on canvas: inout Canvas) {
    guard let fit, component < fit.rank else {
      canvas.draw(Paragraph("no component yet", style: Ink.quiet))
      return
    }
    let model = fit.best.model
    canvas.text(
      0, 0,
      oneOf: [
        "component \(component + 1) of \(fit.rank), weight \(Scene.number(model.weights[component])): moves post × pre together",
        "component \(component + 1) of \(fit.rank)",
      ], .plain.bold())
    let halves = canvas.area.inset(top: 1).columns([.weight(1), .cells(2), .weight(1)])
    for (axis, half) in [halves[0], halves[2]].enumerated() {
      let factor = model.factors[axis]
      canvas.text(half.x, half.y, axis == 0 ? "post a" : "pre b", Ink.quiet, maxWidth: half.width)
      let bars = (0..<factor.rows).map { row in
        BarChart.Bar(
          row < names[axis].count ? names[axis][row] : "\(row)", factor[row, component],
          style: factor[row, component] < 0 ? Ink.inhibitory : Ink.excitatory)
      }.sorted { abs($0.value) > abs($1.value) }
      canvas.draw(SignedBars(Array(bars.prefix(max(half.height - 1, 0))), limit: 1), in: half.inset(top: 1))
    }
  }
}

/// How much of every component there was at every moment; interventions are marked, what lies between two of them is
/// shaded in turns, and epochs where they can be told apart.
struct TrainingFactors: Widget {
  private let picture: RankPicture
  private let fit: RankFit?
  private let component: Int
  /// The step that is shown of the past.
  private let shown: Int?

  init(_ picture: RankPicture, _ scene: Scene) {
    self.picture = picture
    fit = scene.rankFit
    component = scene.rankComponent
    shown = scene.isLookingBack ? scene.snapshot.step : nil
  }

  private static let styles = [Ink.heldOut, Ink.training, Ink.state, Ink.good, Ink.warning, Ink.target]

  func draw(on canvas: inout Canvas) {
    guard let fit, let first = picture.steps.first, let last = picture.steps.last, last > first else {
      canvas.draw(Paragraph("no component yet", style: Ink.quiet))
      return
    }
    var x = canvas.text(0, 0, "through training  ", .plain.bold(), maxWidth: canvas.width)
    for r in 0..<fit.rank where x + 4 < canvas.width {
      let style = Self.styles[r % Self.styles.count]
      x += canvas.text(x, 0, "\(r + 1)", r == component ? style.bold().reverse() : style) + 1
    }
    canvas.text(x + 1, 0, "(sized by weight)", Ink.quiet, maxWidth: max(canvas.width - x - 1, 0))
    let model = fit.best.model
    let series = (0..<fit.rank).sorted { $0 != component && $1 == component }.map { r in
      LineGraph.Series(
        picture.steps.enumerated().map { (Double($1), model.factors[2][$0, r] * model.weights[r]) },
        style: r == component ? Self.styles[r % Self.styles.count].bold() : Self.styles[r % Self.styles.count],
        name: "\(r + 1)", mark: Character("\((r + 1) % 10)"))
    }
    let scale = Scale(Double(first), Double(last))
    let y = Scale.fitting(series.flatMap { $0.points.compactMap(\.y) }, margin: 0.05)
    var markers = picture.marks.filter { (first...last).contains($0.step) }.map {
      Marker(x: Double($0.step), character: $0.kind.sign, style: Ink.warning)
    }
    if let shown { markers.append(Marker(x: Double(shown), character: "▼", style: Ink.bright)) }
    let labels = PlotLabels(
      top: Scene.number(y.high), bottom: Scene.number(y.low), left: NumberText.grouped(first),
      right: "\(NumberText.grouped(last)) steps")
    let box = canvas.area.inset(top: 1)
    canvas.draw(LineGraph(series, x: scale, y: y, markers: markers, labels: labels), in: box)
    shade(scale, labels.plot(width: box.width, height: box.height), below: 1, on: &canvas)
  }

  private func shade(_ scale: Scale, _ plot: Rect, below top: Int, on canvas: inout Canvas) {
    var bounds = Set(picture.marks.map { Double($0.step) })
    let epoch = picture.stepsPerEpoch
    // More than a dozen bands could not be told apart.
    if epoch > 0, (scale.high - scale.low) / epoch <= 12 {
      for number in 1...12 where Double(number) * epoch < scale.high {
        bounds.insert((Double(number) * epoch).rounded())
      }
    }
    let inside = bounds.filter { $0 > scale.low && $0 < scale.high }.sorted()
    guard !inside.isEmpty, inside.count <= 24, plot.width > 2 else { return }
    let ends = (inside + [scale.high]).map { scale.position($0).map { Int($0 * Double(plot.width)) } ?? plot.width }
    var start = 0
    for (number, end) in ends.enumerated() {
      if number % 2 == 1 {
        canvas.restyle(Rect(x: plot.x + start, y: plot.y + top, width: max(end - start, 1), height: plot.height)) {
          $0.on(Color(236))
        }
      }
      start = end
    }
  }
}

/// The way of the weights in the plane of two components.
struct WeightPath: Widget {
  private let picture: RankPicture
  private let rank: Int?
  private let component: Int
  private let shown: Int?

  init(_ picture: RankPicture, _ scene: Scene) {
    self.picture = picture
    rank = scene.rankFit?.rank
    component = scene.rankComponent
    shown = scene.isLookingBack ? scene.snapshot.step : nil
  }

  func draw(on canvas: inout Canvas) {
    guard let rank, let all = picture.projections[rank], all.rows > 0 else {
      canvas.draw(Paragraph("no component yet", style: Ink.quiet))
      return
    }
    guard rank > 1 else {
      canvas.draw(
        Paragraph(
          "One component is one direction; → looks at the fit with two, whose plane the path is drawn in.",
          style: Ink.quiet))
      return
    }
    let across = component
    let up = component + 1 < rank ? component + 1 : 0
    let points = (0..<all.rows).map { (x: all[$0, across], y: all[$0, up]) }
    canvas.text(
      0, 0,
      oneOf: [
        "path of Δ\(picture.tensor): → component \(across + 1), ↑ component \(up + 1)  ○ start ● end",
        "path → \(across + 1) ↑ \(up + 1)  ○ start ● end", "path",
      ], .plain.bold())
    var ends = [Scatter.Point(x: points[0].x, y: points[0].y, character: "○", style: Ink.target)]
    if let last = points.last { ends.append(.init(x: last.x, y: last.y, character: "●", style: Ink.prediction)) }
    for mark in picture.marks {
      if let index = picture.steps.firstIndex(where: { $0 >= mark.step }), index < points.count {
        ends.append(.init(x: points[index].x, y: points[index].y, character: mark.kind.sign, style: Ink.warning))
      }
    }
    if let shown, let index = picture.steps.lastIndex(where: { $0 <= shown }), index < points.count {
      ends.append(.init(x: points[index].x, y: points[index].y, character: "◆", style: Ink.bright))
    }
    let (x, y) = (
      Scale.fitting(points.map(\.x) + [0], margin: 0.08), Scale.fitting(points.map(\.y) + [0], margin: 0.08)
    )
    canvas.draw(
      Scatter(
        ends, trails: [Scatter.Trail(points, style: Ink.state)], x: x, y: y,
        labels: PlotLabels(
          top: Scene.number(y.high, digits: 2), bottom: Scene.number(y.low, digits: 2),
          left: Scene.number(x.low, digits: 2), right: Scene.number(x.high, digits: 2)), axisStyle: Ink.frame),
      in: canvas.area.inset(top: 1))
  }
}

/// Eigenvalues of the matrix of weights itself, from its first moment to its last.
struct WeightEigenvalues: Widget {
  private let picture: RankPicture
  init(_ picture: RankPicture) { self.picture = picture }

  func draw(on canvas: inout Canvas) {
    guard let first = picture.eigenvalues.first, let last = picture.eigenvalues.last else {
      canvas.draw(
        Paragraph(
          "\(picture.tensor) goes from inputs to neurons: it is not square and has no eigenvalues.", style: Ink.quiet))
      return
    }
    canvas.text(
      0, 0,
      oneOf: [
        "eigenvalues of \(picture.tensor)  ○ step \(NumberText.grouped(first.step))  · between  ● step \(NumberText.grouped(last.step))",
        "λ of \(picture.tensor)  ○ first · between ● last", "λ ○ first ● last",
      ], .plain.bold())
    func points(_ values: [Eigenvalue<Double>], _ character: Character, _ style: Style) -> [Scatter.Point] {
      values.map { .init(x: $0.real, y: $0.imaginary, character: character, style: style) }
    }
    // Dots that are not connected: eigenvalues have no names.
    let between = picture.eigenvalues.dropFirst().dropLast().flatMap { moment in
      moment.values.flatMap { [(x: $0.real, y: $0.imaginary), (x: Double.nan, y: Double.nan)] }
    }
    let all = picture.eigenvalues.flatMap(\.values)
    let height = max(all.map { abs($0.imaginary) }.filter(\.isFinite).max() ?? 0, 0.1) * 1.1
    let x = Scale.fitting(all.map(\.real) + [0], margin: 0.08)
    canvas.draw(
      Scatter(
        points(first.values, "○", Ink.target) + points(last.values, "●", Ink.prediction),
        trails: [Scatter.Trail(between, style: Ink.state.dim())], x: x, y: Scale(-height, height),
        labels: PlotLabels(
          top: "+\(Scene.number(height, digits: 2))i", bottom: "−\(Scene.number(height, digits: 2))i",
          left: Scene.number(x.low, digits: 2), right: Scene.number(x.high, digits: 2)), axisStyle: Ink.frame),
      in: canvas.area.inset(top: 1))
  }
}
