import Terminal
import Testing

@Suite("Widgets at every size")
struct EverySizeTests {
  /// All sizes up to 12×7, and a coarse net up to 220×70; every size of it in a release build.
  static var sizes: [(Int, Int)] {
    var sizes: [(Int, Int)] = []
    for width in 0...12 { for height in 0...7 { sizes.append((width, height)) } }
    #if DEBUG
      sizes += [(13, 70), (20, 3), (33, 11), (80, 24), (81, 1), (160, 48), (220, 70), (220, 1), (1, 70)]
    #else
      for width in stride(from: 1, through: 220, by: 13) {
        for height in stride(from: 1, through: 70, by: 7) { sizes.append((width, height)) }
      }
    #endif
    return sizes
  }

  @Test("nothing traps, nothing is drawn outside, and ASCII is ASCII", arguments: specimens.indices)
  func stayInside(_ index: Int) {
    let specimen = specimens[index]
    for glyphs in GlyphTier.allCases {
      for (width, height) in Self.sizes {
        let outer = Grid(width: width + 2, height: height + 2, filledWith: GridCell("x"))
        var canvas = Canvas(outer, glyphs: glyphs)
        canvas.inside(Rect(x: 1, y: 1, width: width, height: height)) { specimen.widget.draw(on: &$0) }
        let picture = canvas.grid
        guard isFramedByX(picture) else {
          Issue.record("\(specimen.name) leaves its rectangle at \(width)×\(height)\n\(picture.text)")
          return
        }
        if glyphs == .ascii, !picture.text.utf8.allSatisfy({ $0 < 0x80 }) {
          // Wide characters' second cells are NUL, which text leaves out.
          Issue.record("\(specimen.name) is not ASCII at \(width)×\(height)\n\(picture.text)")
          return
        }
        if (glyphs == .braille && width < 6) || width == 80 {
          for colors in ColorTier.allCases {
            let plain = picture.filtered(colors: colors, glyphs: .ascii)
            #expect(plain.text.utf8.allSatisfy { $0 == 0x0A || (0x20..<0x7F).contains($0) }, "\(specimen.name)")
          }
        }
      }
    }
  }
}
