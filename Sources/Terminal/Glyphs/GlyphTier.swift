/// Which characters the user's font and locale can show, richest first.
public enum GlyphTier: String, Sendable, CaseIterable, Codable {
  /// Everything, curves as braille dots (2×4 a cell).
  case braille
  /// Curves as quarter blocks (2×2 a cell), for fonts without braille.
  case blocks
  /// Nothing but printable ASCII.
  case ascii

  /// The character that stands for `character` in this tier; always as wide as the original, except that a wide one
  /// becomes one column in ASCII.
  public func twin(of character: Character) -> Character {
    if self == .braille || character.isASCII { return character }
    if self == .ascii { return AsciiTwins.twin(of: character) }
    let value = character.unicodeScalars.first!.value
    return (0x2800...0x28FF).contains(value) ? Character(DotCell(bits: UInt8(value - 0x2800)).quarterBlock) : character
  }
}

/// The dots of one cell, in the order of bits of Unicode's braille patterns: left column 0, 1, 2, 6 from the top, right
/// column 3, 4, 5, 7.
struct DotCell: Equatable {
  var bits: UInt8

  static func bit(column: Int, row: Int) -> UInt8 {
    row == 3 ? (column == 0 ? 0x40 : 0x80) : UInt8(1) << UInt8(column * 3 + row)
  }

  func scalar(_ tier: GlyphTier) -> Unicode.Scalar {
    switch tier {
    case .braille: Unicode.Scalar(0x2800 + UInt32(bits))!
    case .blocks: quarterBlock
    case .ascii: ascii
    }
  }

  var quarterBlock: Unicode.Scalar {
    let quarters =
      (bits & 0x03 != 0 ? 1 : 0) | (bits & 0x18 != 0 ? 2 : 0) | (bits & 0x44 != 0 ? 4 : 0) | (bits & 0xA0 != 0 ? 8 : 0)
    return Self.quarterBlocks[quarters]
  }

  /// Where in the cell the ink is: `'` top, `-` middle, `.` bottom, `|` steep, `*` much of it.
  var ascii: Unicode.Scalar {
    if bits == 0 { return " " }
    let top = bits & 0x09 != 0
    let middle = bits & 0x36 != 0
    let bottom = bits & 0xC0 != 0
    switch (top, middle, bottom) {
    case (true, false, false): return "'"
    case (false, true, false): return "-"
    case (false, false, true): return "."
    case (true, true, true): return bits & 0x47 == 0 || bits & 0xB8 == 0 ? "|" : "*"
    default: return "*"
    }
  }

  private static let quarterBlocks: [Unicode.Scalar] = [
    " ", "▘", "▝", "▀", "▖", "▌", "▞", "▛", "▗", "▚", "▐", "▜", "▄", "▙", "▟", "█",
  ]
}
