import Terminal
import Testing

// Fewer characters and fewer colours.
@Suite("Glyph and colour tiers")
struct ScreenTierTests {
  @Test("every character of the basic plane has an ASCII twin one column wide")
  func asciiIsTotal() {
    for value in UInt32(0x20)...0xFFFD {
      guard let scalar = Unicode.Scalar(value) else { continue }
      let twin = GlyphTier.ascii.twin(of: Character(scalar))
      if !(twin.isASCII && twin.asciiValue! >= 0x20) || (value != 0x7F && twin == "\u{7F}") {
        Issue.record("U+\(String(value, radix: 16)) becomes \(twin)")
        return
      }
    }
    #expect(GlyphTier.ascii.twin(of: "👩‍🔬") == "?")
  }

  @Test(
    "twins are telling",
    arguments: zip(
      "─━│┃┌┏╱░▒▓█▲▼←→↑↓❄×▶·…ẋτμσλ‖−é²①⣀⠉⠤⡇⣿⠀√∞▏━α", "-=||+#/.:+#^v<>^v*x>.~xtmsl|-e21.'-|* V*|=a"))
  func twins(_ original: Character, _ twin: Character) {
    #expect(GlyphTier.ascii.twin(of: original) == twin)
  }

  @Test("braille becomes quarter blocks with ink in the same corners")
  func quarterBlocks() {
    #expect(GlyphTier.blocks.twin(of: "⠀") == " ")
    #expect(GlyphTier.blocks.twin(of: "⠁") == "▘")
    #expect(GlyphTier.blocks.twin(of: "⢀") == "▗")
    #expect(GlyphTier.blocks.twin(of: "⣿") == "█")
    #expect(GlyphTier.blocks.twin(of: "→") == "→")
    for value in UInt32(0x2801)...0x28FF {
      let block = GlyphTier.blocks.twin(of: Character(Unicode.Scalar(value)!))
      #expect(block != " " && !(0x2800...0x28FF).contains(block.unicodeScalars.first!.value))
    }
  }

  @Test("without colours swatches show their characters and highlights are reversed")
  func colors() {
    var canvas = Canvas(width: 3, height: 1)
    canvas.put(0, 0, "▓", .swatch(Color(208)))
    canvas.put(1, 0, "a", Style(foreground: .white, background: .red))
    canvas.put(2, 0, "b", Style(.red).bold())
    let none = canvas.grid.filtered(colors: .none, glyphs: .ascii)
    #expect(none.text == "+ab")
    #expect((0..<3).map { none[$0, 0].style } == [.plain, Style().reverse(), Style().bold()])
    let sixteen = canvas.grid.filtered(colors: .sixteen, glyphs: .braille)
    #expect(sixteen[0, 0].style.background == nil)
    for x in 0..<3 { #expect((sixteen[x, 0].style.foreground?.index ?? 0) < 16) }
    #expect(canvas.grid.filtered(colors: .xterm256, glyphs: .braille) == canvas.grid)
    // Nothing is ever hidden: text and ground stay apart.
    for foreground in 0...255 {
      for background in stride(from: 0, through: 255, by: 5) where foreground != background {
        let style = Style(foreground: Color(UInt8(foreground)), background: Color(UInt8(background))).filtered(.sixteen)
        #expect(style.foreground != style.background)
      }
    }
  }

  @Test("the nearest of sixteen colours keeps the hue")
  func nearest() {
    for i in 0..<16 { #expect(Color(UInt8(i)).nearest16 == UInt8(i)) }
    #expect([1, 9].contains(Color.red.nearest16))
    #expect([2, 10].contains(Color.green.nearest16))
    #expect([4, 12].contains(Color.blue.nearest16))
    #expect(Color(232).nearest16 == 0)
    #expect(Color(255).nearest16 == 7 || Color(255).nearest16 == 15)
  }

  @Test("palettes", arguments: Palette.all)
  func palettes(_ palette: Palette) {
    #expect(palette.colors.count == 15)
    #expect(Set(palette.colors).count == 15)
    for levels in 1...15 {
      let count = palette.usableLevels(levels)
      let low = palette.kind == .diverging ? -1.0 : 0
      #expect(palette.level(of: low, levels: levels) == 0)
      #expect(palette.level(of: -.infinity, levels: levels) == 0)
      #expect(palette.level(of: .infinity, levels: levels) == count - 1)
      #expect(palette.level(of: .nan, levels: levels) == nil)
      if palette.kind == .diverging { #expect(palette.level(of: 0, levels: levels) == count / 2) }
      let colors = (0..<count).map { palette.color(level: $0, of: levels) }
      #expect(Set(colors).count == count)
      // Magnitude and sign can be told without colour: density rises, and the characters of both signs differ.
      for tier in GlyphTier.allCases where palette.kind == .diverging {
        let glyphs = (0..<count).map { palette.glyph(level: $0, of: levels, tier: tier) }
        #expect(glyphs[count / 2] == " ")
        #expect(Set(glyphs[..<(count / 2)]).isDisjoint(with: glyphs[(count / 2)...]))
      }
    }
    // Brightness rises along a sequential ramp, and away from (or towards) zero in a diverging one: what carries the
    // number for eyes that see no hue. Between neighbours rounding to the 256 entries may cost up to 0.06 (dark blue beside dark grey).
    let luminances = palette.colors.map(\.luminance)
    func rises(_ part: some Collection<Double>) -> Bool {
      zip(part, part.dropFirst()).allSatisfy { $1 > $0 - 0.06 } && Array(part).last! > Array(part).first! + 0.4
    }
    switch palette.kind {
    case .sequential: #expect(rises(luminances))
    case .diverging where luminances[7] < 0.5:
      #expect(rises(luminances[...7].reversed()))
      #expect(rises(luminances[7...]))
    case .diverging:
      #expect(rises(luminances[...7]))
      #expect(rises(luminances[7...].reversed()))
    }
  }
}
