import Terminal
import Testing

@Suite("Pictures of widgets")
struct WidgetPictureTests {
  @Test("a line graph in every tier")
  func lineGraph() {
    let hill: [Double?] = [0, 1, 2, 4, 8, 9, 9.5, 9, 8, 4, 2, 1, 0, 0, 0, 0]
    let graph = LineGraph([.init(hill)], y: Scale(0, 10))
    #expect(
      picture(8, 3, glyphs: .braille, graph)
        == """
        xxxxxxxxxx
        x  ⡴⠒⡄   x
        x ⢰⠁ ⢱   x
        x⡠⠃   ⠳⣄⣀x
        xxxxxxxxxx
        """)
    #expect(
      picture(8, 3, glyphs: .blocks, graph)
        == """
        xxxxxxxxxx
        x  ▟▀▖   x
        x ▐▘ ▜   x
        x▄▘   ▜▄▄x
        xxxxxxxxxx
        """)
    #expect(
      picture(8, 3, glyphs: .ascii, graph)
        == """
        xxxxxxxxxx
        x  *-*   x
        x *' *   x
        x**   **.x
        xxxxxxxxxx
        """)
  }

  @Test("labels, markers, names and a logarithmic scale")
  func labels() {
    let graph = LineGraph(
      [.init([(0, 1), (5, 0.1), (10, 0.001)], name: "loss")], y: Scale(0.001, 1, .log10),
      markers: [Marker(x: 5, character: "▲")], labels: PlotLabels(x: Scale(0, 10), y: Scale(0.001, 1), xUnit: "s"),
      showsNames: true)
    #expect(
      picture(20, 5, graph)
        == """
        xxxxxxxxxxxxxxxxxxxxxx
        x    1 ⠉⠒⠢⢄⣀  ▲      x
        x           ⠉⠑⠦─ lossx
        x             ┊⠈⠒⢄⡀  x
        x0.001        ┊   ⠈⠢⢄x
        x      0 s       10 sx
        xxxxxxxxxxxxxxxxxxxxxx
        """)
  }

  @Test("gaps, NaN and infinities in a curve")
  func brokenLine() {
    let graph = LineGraph([.init([1, .nan, 2, nil, .infinity, 1, 1.5, 2, -.infinity, 1])], y: Scale(0, 2))
    #expect(
      picture(10, 2, graph)
        == """
        xxxxxxxxxxxx
        x  ⠁ !⢀⠴⠊  x
        x⠁!   ⠈  !⠈x
        xxxxxxxxxxxx
        """)
  }

  @Test("a trace runs in from the right by whole cells")
  func trace() {
    let saw: [Double?] = (0..<30).map { Double($0 % 8) }
    #expect(
      picture(6, 2, Trace(Array(saw.prefix(20)), y: Scale(0, 7)))
        == """
        xxxxxxxx
        x⡆ ⡠⠊⡆ x
        x⡧⠊  ⡧⠊x
        xxxxxxxx
        """)
    #expect(
      picture(6, 2, Trace(Array(saw.prefix(21)), y: Scale(0, 7)))
        == """
        xxxxxxxx
        x ⡠⠊⡆ ⡀x
        x⠊  ⡧⠊ x
        xxxxxxxx
        """)
    #expect(
      picture(6, 2, Trace(Array(saw.prefix(22)), y: Scale(0, 7)))
        == """
        xxxxxxxx
        x ⡠⠊⡆ ⡠x
        x⠊  ⡧⠊ x
        xxxxxxxx
        """)
    #expect(
      picture(6, 2, Trace([0, 7], y: Scale(0, 7), markers: [Marker(x: 1, character: "▲")]))
        == """
        xxxxxxxx
        x     ▲x
        x     ⡸x
        xxxxxxxx
        """)
  }

  @Test("a heat map without colour: magnitude, sign, marks and the selection can be told")
  func heatMap() {
    let values: [Double] = [-1, -0.6, -0.3, 0, 0.3, 0.6, 1, .nan, 0.1, 0.2, -0.1, 0.9]
    var map = HeatMap(
      rows: 3, columns: 4, values: values, scale: Scale(-1, 1), levels: 9,
      overrides: [5: .pruned, 9: .frozen, 10: .absent], selection: .init(row: 2, column: 3),
      rowLabels: ["n0", "n1", "n2"], columnLabels: ["0", "1", "2", "3"], legend: "w")
    #expect(
      picture(16, 5, map)
        == """
        xxxxxxxxxxxxxxxxxx
        x    0 1 2 3     x
        xn0 ≡≡──╌╌       x
        xn1 ░░× ██!      x
        xn2   ❄   []     x
        xw  −1 ≡═─╌ ░▒▓█…x
        xxxxxxxxxxxxxxxxxx
        """)
    #expect(
      picture(16, 5, glyphs: .ascii, map)
        == """
        xxxxxxxxxxxxxxxxxx
        x    0 1 2 3     x
        xn0 %%--,,       x
        xn1 ::x ##!      x
        xn2   *   []     x
        xw  -1 %=-, :+&#~x
        xxxxxxxxxxxxxxxxxx
        """)
    map = HeatMap(
      rows: 3, columns: 4, values: values, scale: Scale(-1, 1), levels: 9, selection: .init(row: 0, column: 1),
      cellWidth: 1)
    #expect(
      picture(4, 3, map)
        == """
        xxxxxx
        x≡◆╌ x
        x░▒█!x
        x ░ █x
        xxxxxx
        """)
  }

  @Test("a heat map scrolls to its selection, and the mouse finds cells")
  func heatMapScrolling() throws {
    let map = HeatMap(
      rows: 9, columns: 9, values: (0..<81).map { Double($0) }, palette: .viridis,
      selection: .init(row: 8, column: 7), rowLabels: (0..<9).map { "\($0)" }, cellWidth: 3)
    #expect(
      picture(7, 2, map)
        == """
        xxxxxxxxx
        x7 ███  x
        x8 [█]  x
        xxxxxxxxx
        """)
    let entry = try #require(map.entry(atX: 3, y: 1, width: 7, height: 2))
    #expect(entry == (8, 7))
    #expect(map.entry(atX: 0, y: 0, width: 7, height: 2) == nil)
    #expect(map.entry(atX: 5, y: 0, width: 7, height: 2) == nil)
  }

  @Test("points, axes and a trail")
  func scatter() {
    let plane = Scatter(
      [.init(x: -1, y: 1), .init(x: -1, y: -1, character: "○"), .init(x: .nan, y: 0)],
      trails: [.init([(-1, 1), (1, 0)])], x: Scale(-1, 1), y: Scale(-1, 1))
    #expect(
      picture(13, 5, plane)
        == """
        xxxxxxxxxxxxxxx
        x●⠒⠤⢄⣀ │    !1x
        x     ⠉⠒⠢⠤⣀   x
        x──────┼───⠉⠑⠢x
        x      │      x
        x○     │      x
        xxxxxxxxxxxxxxx
        """)
  }

  @Test("a gauge")
  func gauge() {
    #expect(
      picture(14, 1, Gauge(0.55, text: "55 %"))
        == """
        xxxxxxxxxxxxxxxx
        x█████···· 55 %x
        xxxxxxxxxxxxxxxx
        """)
    #expect(
      picture(14, 1, glyphs: .ascii, Gauge(0.55, text: "55 %"))
        == """
        xxxxxxxxxxxxxxxx
        x#####.... 55 %x
        xxxxxxxxxxxxxxxx
        """)
  }

  @Test("bars tell the magnitude, numbers the sign")
  func bars() {
    #expect(
      picture(20, 3, BarChart([.init("Alpha", 4), .init("b", -2), .init("c", .nan)], unit: "nS"))
        == """
        xxxxxxxxxxxxxxxxxxxxxx
        xAlpha ███████   4 nSx
        xb     ███▌···  -2 nSx
        xc     !       nan nSx
        xxxxxxxxxxxxxxxxxxxxxx
        """)
  }

  @Test("a histogram of binned samples")
  func histogram() {
    #expect(
      picture(9, 3, Histogram(binning: [0, 1, 1, 2, 2, 2, 2, 3, 3, 9], bins: 3, scale: Scale(0, 3)))
        == """
        xxxxxxxxxxx
        x      ███x
        x▃▃▃▅▅▅███x
        x0       3x
        xxxxxxxxxxx
        """)
  }

  @Test("a sparkline keeps the newest")
  func sparkline() {
    #expect(
      picture(10, 1, Sparkline([9, 9, 0, 1, 2, nil, 4, 5, 6, .nan, 8, 8]))
        == """
        xxxxxxxxxxxx
        x▁▂▃ ▅▅▆!██x
        xxxxxxxxxxxx
        """)
    #expect(
      picture(10, 1, glyphs: .ascii, Sparkline([0, 1, 2, nil, 4, 5, 6, .nan, 8, 8]))
        == """
        xxxxxxxxxxxx
        x_.- ==*!##x
        xxxxxxxxxxxx
        """)
  }

  @Test("a table aligns, truncates and scrolls")
  func table() {
    let table = Table(
      [.init("n", .right), .init("name"), .init("nS", .right)],
      rows: [
        .init(["1", "inter", "0.25"]), .init(["12", "漢字", "10"]), .init(["13", "a very long name indeed", "-1"]),
        .init(["14", "x", "1"]),
      ], selected: 3)
    #expect(table.row(atY: 1, height: 4) == 1)
    #expect(table.row(atY: 0, height: 4) == nil)
    #expect(
      picture(22, 4, table)
        == """
        xxxxxxxxxxxxxxxxxxxxxxxx
        x n  name            nSx
        x12  漢字            10x
        x13  a very long n…  -1x
        x14  x                1x
        xxxxxxxxxxxxxxxxxxxxxxxx
        """)
  }

  @Test("a paragraph wraps at words and breaks long ones")
  func paragraph() {
    #expect(
      picture(12, 6, Paragraph("  Press p to prune the 漢字漢字 synapse.\n\nIncomprehensibilities"))
        == """
        xxxxxxxxxxxxxx
        x  Press p tox
        x  prune the x
        x  漢字漢字  x
        x  synapse.  x
        x            x
        xIncomprehensx
        xxxxxxxxxxxxxx
        """)
  }
}
