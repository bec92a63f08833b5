import Terminal

// Helpers for tests that compare pictures.

/// Draws in a rectangle of a grid pre-filled with x, so that anything drawn outside would be seen.
func picture(
  _ width: Int, _ height: Int, margin: Int = 1, glyphs: GlyphTier = .braille, clears: Bool = true,
  _ draw: (inout Canvas) -> Void
) -> String {
  let outer = Grid(width: width + 2 * margin, height: height + 2 * margin, filledWith: GridCell("x"))
  var canvas = Canvas(outer, glyphs: glyphs)
  canvas.inside(Rect(x: margin, y: margin, width: width, height: height)) {
    if clears { $0.clear() }
    draw(&$0)
  }
  return canvas.grid.text
}

func picture(_ width: Int, _ height: Int, glyphs: GlyphTier = .braille, _ widget: some Widget) -> String {
  picture(width, height, glyphs: glyphs) { widget.draw(on: &$0) }
}

/// Whether the border of width one around a picture is untouched.
func isFramedByX(_ grid: Grid) -> Bool {
  let inner = grid.area.inset(by: 1)
  for y in 0..<grid.height {
    for x in 0..<grid.width where !inner.contains(x: x, y: y) && grid[x, y] != GridCell("x") { return false }
  }
  return true
}

/// One of every widget, with ordinary, empty and broken data.
let specimens: [(name: String, widget: any Widget)] = {
  let wave: [Double?] = (0..<90).map { i in
    let t = Double(i) / 9
    return i % 17 == 3 ? nil : (1 - t * t / 2 + t * t * t * t / 24) * 0.001
  }
  let broken: [Double?] = [1, .nan, nil, .infinity, -.infinity, 1e308, -1e308, 0, -0.0, .leastNonzeroMagnitude]
  let values = broken.map { $0 ?? .nan }
  let y = Scale(-1, 1)
  let labels = PlotLabels(x: Scale(0, 90), y: y, xUnit: "s", yUnit: "mV")
  let marks = [Marker(x: 4, character: "▲"), Marker(x: .nan, character: "x"), Marker(x: 1e300, character: "❄")]
  func name(_ name: String, _ widget: some Widget) -> (name: String, widget: any Widget) { (name, widget) }
  var all: [(name: String, widget: any Widget)] = []
  for (kind, data) in [("empty", []), ("wave", wave), ("broken", broken)] as [(String, [Double?])] {
    let series = LineGraph.Series(data, name: "名 a")
    all.append(name("graph \(kind)", LineGraph([series, series], markers: marks, labels: labels, showsNames: true)))
    all.append(name("graph log \(kind)", LineGraph([series], y: .fitting(data.compactMap { $0 }, .log10))))
    all.append(name("graph fixed \(kind)", LineGraph([series], x: Scale(3, 3), y: Scale(.nan, .infinity))))
    all.append(name("trace \(kind)", Trace(data, total: 1234, y: y, markers: marks, zeroStyle: .plain)))
    all.append(name("trace coarse \(kind)", Trace(data, y: y, samplesPerDot: 3)))
    all.append(name("sparkline \(kind)", Sparkline(data)))
    all.append(name("histogram \(kind)", Histogram(data.map { $0 ?? .nan }, labels: labels)))
    all.append(
      name(
        "bars \(kind)", BarChart(data.enumerated().map { .init("bär \($0.offset)", $0.element ?? .nan) }, unit: "nS")))
    let points = data.map { Scatter.Point(x: $0 ?? .nan, y: -($0 ?? 1), character: "漢") }
    all.append(
      name("scatter \(kind)", Scatter(points, trails: [.init(points.map { ($0.x, $0.y) })], labels: labels)))
  }
  for palette in Palette.all {
    for width in 1...3 {
      all.append(
        name(
          "map \(palette.name) \(width)",
          HeatMap(
            rows: 4, columns: 3, values: values, scale: Scale(-2, 3), palette: palette,
            overrides: [0: .pruned, 4: .frozen, 5: .absent, 7: .mark("漢", .plain)],
            selection: .init(row: 2, column: 1), rowLabels: ["a", "long name", "漢字"], columnLabels: ["0", "10", "x"],
            cellWidth: width, legend: "g nS")))
    }
  }
  all.append(name("map without data", HeatMap(rows: 0, columns: 0, values: [])))
  all.append(name("map of too little data", HeatMap(rows: 300, columns: 300, values: [1])))
  for value in [0, 0.37, 1, 2, -1, .nan, .infinity] as [Double] {
    all.append(name("gauge \(value)", Gauge(value, text: "漢 42 %")))
  }
  let rows = (0..<30).map { Table.Row(["\($0)", "名前 of a row", "1e-3", "too many"]) }
  for selected in [nil, 0, 29, 99, -4] {
    all.append(
      name(
        "table \(selected ?? -1)",
        Table([.init("n", .right), .init("name"), .init("x", width: 5)], rows: rows, selected: selected)))
  }
  all.append(name("no table", Table([], rows: [])))
  all.append(
    name("paragraph", Paragraph("  A few words, 漢字漢字漢字 and averyveryverylongword.\n\nEnd", alignment: .center)))
  all.append(name("empty paragraph", Paragraph("")))
  all.append(name("frame", Framed()))
  return all
}()

private struct Framed: Widget {
  func draw(on canvas: inout Canvas) { canvas.frame(title: "title 漢字", focused: true) }
}
