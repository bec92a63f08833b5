import Terminal
import Testing

// What can be told without colour, and what is cut off and says so.

@Suite("Telling apart")
struct TellingApartTests {
  @Test("marks on a curve keep their distance and stand on the curve")
  func seriesMarks() {
    let flat = LineGraph.Series((0..<40).map { (Double($0), 1) }, mark: "∘")
    let other = LineGraph.Series((0..<40).map { (Double($0), 0) })
    let drawn = picture(20, 2, LineGraph([flat, other], x: Scale(0, 39), y: Scale(0, 1))).split(separator: "\n")
    #expect(drawn[1].filter { $0 == "∘" }.count == 5)
    #expect(!drawn[2].contains("∘"))
  }

  @Test("heads of markers at one place stand beside each other, at the right border to the left of it")
  func heads() {
    let markers = [3.0, 3, 3, 9, 9].map { Marker(x: $0, character: "▲") }
    let graph = LineGraph([LineGraph.Series([(0, 0), (9, 0)])], x: Scale(0, 9), y: Scale(0, 1), markers: markers)
    #expect(picture(10, 3, graph).split(separator: "\n")[1] == "x   ▲▲▲  ▲▲x")
    let crowd = LineGraph(
      [], x: Scale(0, 9), y: Scale(0, 1), markers: (0..<30).map { _ in Marker(x: 5, character: "▲") })
    #expect(picture(10, 3, crowd).split(separator: "\n")[1] == "x▲▲▲▲▲▲▲▲▲▲x")
  }

  @Test("marks of a running signal move with it and never change place on it")
  func traceMarks() {
    let values = (0..<200).map { Optional(Double($0 % 7)) }
    func columns(_ total: Int) -> [Int] {
      let trace = Trace(Array(values.prefix(total)), total: total, y: Scale(0, 7), mark: "∘")
      let line = picture(24, 1, trace).split(separator: "\n")[1]
      return line.enumerated().filter { $0.element == "∘" }.map(\.offset)
    }
    // Two samples a cell: a cell to the left with every second one.
    #expect(columns(100).count == 4)
    let moved = columns(100).map { $0 - 1 }.filter { $0 > 0 }
    #expect(moved.allSatisfy(columns(102).contains))
  }

  @Test("a matrix tells how much of it lies beyond its borders, and marks what is next to nothing")
  func beyond() {
    var map = HeatMap(
      rows: 9, columns: 9, values: (0..<81).map { $0 == 0 ? 0 : Double($0) }, palette: .viridis,
      selection: .init(row: 4, column: 4), rowLabels: (0..<9).map { "neuron number \($0)" },
      columnLabels: (0..<9).map { "\($0)" }, cellWidth: 1)
    #expect(picture(22, 4, map).split(separator: "\n")[1].hasPrefix("x↑3 ↓3"))
    map = HeatMap(
      rows: 1, columns: 3, values: [0, 0.001, 1], scale: Scale(-1, 1), overrides: [1: .absent], cellWidth: 1,
      zeroMark: "∙")
    #expect(picture(3, 1, map).split(separator: "\n")[1] == "x∙ █x")
    #expect(picture(3, 1, glyphs: .ascii, map).split(separator: "\n")[1] == "x. #x")
  }

  @Test("what is small is told from what is next to nothing where that has a measure of its own")
  func zeros() {
    var map = HeatMap(
      rows: 1, columns: 5, values: [0, 0.001, -0.001, 0.02, 1], scale: Scale(-1, 1), cellWidth: 1, zeroMark: "∙")
    #expect(picture(5, 1, map).split(separator: "\n")[1] == "x∙∙∙∙█x")
    map.zeros = [true, false, false, true, false]
    #expect(picture(5, 1, map).split(separator: "\n")[1] == "x∙░╌∙█x")
    #expect(picture(5, 1, glyphs: .ascii, map).split(separator: "\n")[1] == "x.:,.#x")
    // Also in levels that a quantiser remembers, and in a palette that begins at zero.
    map.quantised = [5, 5, 5, 5, 10]
    #expect(picture(5, 1, map).split(separator: "\n")[1] == "x∙░╌∙█x")
    map = HeatMap(
      rows: 1, columns: 3, values: [0.001, 0.02, 1], scale: Scale(0, 1), palette: .viridis, cellWidth: 1, zeroMark: "∙",
      zeros: [true, false, false])
    #expect(picture(3, 1, map).split(separator: "\n")[1].hasPrefix("x∙"))
    #expect(!picture(3, 1, map).split(separator: "\n")[1].dropFirst(2).contains("∙"))
  }

  @Test("the fullest wording that fits is taken")
  func wordings() {
    for (width, wanted) in [(30, "all of the words"), (12, "all words"), (8, "words"), (3, "wo…")] {
      var canvas = Canvas(width: width, height: 1)
      _ = canvas.text(0, 0, oneOf: ["all of the words", "all words", "words"])
      #expect(canvas.grid.text == wanted)
    }
  }
}
