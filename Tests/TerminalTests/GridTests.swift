import Terminal
import Testing

@Suite("Grids and canvases")
struct GridTests {
  @Test("frames, focused by heavy lines, titles and texts cut off")
  func frames() {
    func draw(_ canvas: inout Canvas) {
      let inner = canvas.frame(title: "τ a long title", focused: true)
      canvas.inside(inner) {
        $0.frame(title: "b")
        $0.text(1, 1, "too long here")
      }
    }
    #expect(
      picture(12, 5, draw)
        == """
        xxxxxxxxxxxxxx
        x┏ τ a lon… ┓x
        x┃┌ b ─────┐┃x
        x┃│too long…┃x
        x┃└────────┘┃x
        x┗━━━━━━━━━━┛x
        xxxxxxxxxxxxxx
        """)
    #expect(
      picture(12, 5, glyphs: .ascii, draw)
        == """
        xxxxxxxxxxxxxx
        x# t a lon~ #x
        x|+ b -----+|x
        x||too long~|x
        x|+--------+|x
        x#==========#x
        xxxxxxxxxxxxxx
        """)
  }

  @Test("reading outside is blank, writing outside does nothing")
  func outside() {
    var grid = Grid(width: 3, height: 2, filledWith: GridCell("x"))
    for (x, y) in [(-1, 0), (0, -1), (3, 0), (0, 2), (Int.max, Int.min)] {
      #expect(grid[x, y] == .blank)
      grid[x, y] = GridCell("o")
    }
    #expect(grid.text == "xxx\nxxx")
    #expect(Grid(width: -1, height: -5).text == "")
  }

  @Test("wide characters never leave halves behind")
  func wide() {
    var canvas = Canvas(width: 5, height: 1)
    #expect(canvas.text(0, 0, "漢字") == 4)
    #expect(canvas.grid[1, 0].character == GridCell.continuation)
    canvas.put(1, 0, "a")
    #expect(canvas.grid.text == " a字")
    canvas.put(2, 0, "b")
    #expect(canvas.grid.text == " ab")
    #expect(canvas.put(4, 0, "漢") == 0)
    canvas.text(0, 0, "漢字")
    canvas.put(1, 0, "漢")
    #expect(canvas.grid.text == " 漢")
    // Every place of two wide ones over two others.
    for first in 0...3 {
      for second in 0...3 {
        var canvas = Canvas(width: 5, height: 1)
        canvas.put(first, 0, "漢")
        canvas.put(second, 0, "字")
        let cells = (0..<5).map { canvas.grid[$0, 0].character }
        #expect(cells[second] == "字" && cells[second + 1] == GridCell.continuation)
        for x in 0..<5 where cells[x] == GridCell.continuation { #expect(cells[x - 1].terminalColumns == 2) }
        for x in 0..<5 where cells[x].terminalColumns == 2 { #expect(cells[x + 1] == GridCell.continuation) }
      }
    }
  }

  @Test("in ASCII a wide character is a twin and a blank")
  func wideInAscii() {
    #expect(picture(6, 1, glyphs: .ascii, clears: false) { $0.text(0, 0, "漢a字") } == "xxxxxxxx\nx? a? xx\nxxxxxxxx")
  }

  @Test("what cannot be drawn is a blank of one column or nothing")
  func undrawable() {
    var canvas = Canvas(width: 12, height: 1)
    canvas.text(0, 0, "a\u{7}b\u{1B}[1mc\u{301}\u{200B}❄\u{FE0F}d\n")
    #expect(!canvas.grid.text.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0xFE0F })
    canvas.clear()
    for character in ["\u{7}", "\u{301}", "\u{200B}", "\u{0}"] as [Character] { canvas.put(3, 0, character) }
    #expect(canvas.grid.text == "")
  }

  @Test("texts to the right, in the middle, fitted and padded")
  func alignment() {
    var canvas = Canvas(width: 9, height: 3)
    canvas.textRight(9, 0, "right")
    canvas.textCentered(1, "mid")
    canvas.aligned(.right, "a long one", in: Rect(x: 2, y: 2, width: 5, height: 1))
    #expect(canvas.grid.text == "    right\n   mid\n  a lo…")
    #expect("漢字漢".fitted(to: 5) == "漢字…")
    #expect("漢字漢".fitted(to: 4) == "漢…")
    #expect("abc".fitted(to: 3) == "abc")
    #expect("abc".fitted(to: 0) == "")
    #expect("漢".padded(to: 5, .center) == " 漢  ")
    #expect("abcdef".padded(to: 3) == "ab…")
    canvas.clear()
    #expect(canvas.text(-2, 0, "abcd") == 4)
    #expect(canvas.grid.line(0) == "cd")
  }

  @Test("text with escape sequences")
  func ansi() {
    var canvas = Canvas(width: 4, height: 2)
    canvas.text(0, 0, "ab", Style(foreground: Color(208), background: Color(1), attributes: [.bold, .reverse]))
    canvas.text(2, 0, "c", Style(Color(9)))
    #expect(canvas.grid.ansi() == "\u{1B}[0;1;7;38;5;208;41mab\u{1B}[0m\u{1B}[0;91mc\u{1B}[0m \n    \n")
    #expect(canvas.grid.styledLines[0].map(\.text) == ["ab", "c", " "])
  }

  @Test("rectangles divide without overlap and without remainder")
  func rects() {
    for width in 0...40 {
      let whole = Rect(x: 3, y: 2, width: width, height: 5)
      for parts in [whole.columns(3), whole.columns(0.2, 0.5, 0.3), whole.columns([.cells(7), .weight(1), .cells(2)])] {
        var x = whole.x
        for part in parts {
          #expect(part.x == x && part.height == 5)
          x = part.right
        }
        #expect(x <= whole.right)
        if width >= 9 { #expect(x == whole.right) }
      }
    }
    #expect(Rect(x: 0, y: 0, width: 3, height: 1).inset(by: 2) == Rect(x: 2, y: 2, width: 0, height: 0))
    #expect(Rect(x: 0, y: 0, width: 4, height: 4).intersection(Rect(x: 9, y: 9, width: 1, height: 1)).isEmpty)
  }
}
