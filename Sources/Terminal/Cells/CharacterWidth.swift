// How many columns a character takes, independent of the process's locale. Not a full UAX #11: what a terminal with
// glibc's tables does, for everything that is drawn here and what users type.
extension Character {
  /// 2 for East Asian wide characters and emoji, 1 for everything else that can be drawn, 0 for controls and lone
  /// combining marks.
  public var terminalColumns: Int {
    if isNarrowPicture { return 1 }
    let first = unicodeScalars.first!
    let value = first.value
    // Arrows, lines, blocks, shapes and braille, of which pictures are made: narrow, and asked for thousands of times.
    if (0x2460...0x25FC).contains(value) || (0x2800...0x28FF).contains(value) { return 1 }
    if value < 0x300 { return (value >= 0x20 && value < 0x7F) || value >= 0xA0 ? 1 : 0 }
    if value < 0x1100 {
      if value < 0x370 || (value >= 0x483 && value <= 0x489) { return 0 }
      return first.properties.generalCategory == .nonspacingMark ? 0 : 1
    }
    switch first.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .format, .control, .surrogate, .lineSeparator, .paragraphSeparator: return 0
    default: break
    }
    for range in Self.wideRanges where value <= range.upperBound { return value >= range.lowerBound ? 2 : 1 }
    return 1
  }

  /// Whether it is a single arrow, line, block, shape or braille pattern (U+2480…25BF, U+2800…28FF, which all take one
  /// column), told from its bytes: pictures are made of thousands of them.
  var isNarrowPicture: Bool {
    let bytes = utf8
    guard bytes.count == 3, bytes.first == 0xE2 else { return false }
    let second = bytes[bytes.index(after: bytes.startIndex)]
    return (0x92...0x96).contains(second) || (0xA0...0xA3).contains(second)
  }

  /// The character as a cell holds it: without variation selectors and joined emoji, at most four combining marks, and
  /// a space in place of what cannot be drawn.
  var drawable: Character {
    let scalars = unicodeScalars
    let first = scalars.first!
    if utf8.count == UTF8.width(first) { return terminalColumns > 0 ? self : " " }
    if terminalColumns == 0 { return " " }
    var kept = String.UnicodeScalarView([first])
    for scalar in scalars.dropFirst() {
      if scalar.value == 0x200D || kept.count == 5 { break }
      if scalar.properties.generalCategory == .nonspacingMark && scalar.value != 0xFE0F { kept.append(scalar) }
    }
    return Character(String(kept))
  }

  private static let wideRanges: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x231A...0x231B, 0x2329...0x232A, 0x23E9...0x23EC, 0x23F0...0x23F0, 0x23F3...0x23F3,
    0x25FD...0x25FE, 0x2614...0x2615, 0x2648...0x2653, 0x267F...0x267F, 0x2693...0x2693, 0x26A1...0x26A1,
    0x26AA...0x26AB, 0x26BD...0x26BE, 0x26C4...0x26C5, 0x26CE...0x26CE, 0x26D4...0x26D4, 0x26EA...0x26EA,
    0x26F2...0x26F3, 0x26F5...0x26F5, 0x26FA...0x26FA, 0x26FD...0x26FD, 0x2705...0x2705, 0x270A...0x270B,
    0x2728...0x2728, 0x274C...0x274C, 0x274E...0x274E, 0x2753...0x2755, 0x2757...0x2757, 0x2795...0x2797,
    0x27B0...0x27B0, 0x27BF...0x27BF, 0x2B1B...0x2B1C, 0x2B50...0x2B50, 0x2B55...0x2B55, 0x2E80...0x303E,
    0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19,
    0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18AFF, 0x1B000...0x1B2FB, 0x1F004...0x1F004,
    0x1F0CF...0x1F0CF, 0x1F18E...0x1F18E, 0x1F191...0x1F19A, 0x1F200...0x1F265, 0x1F300...0x1F320,
    0x1F32D...0x1F335, 0x1F337...0x1F37C, 0x1F37E...0x1F393, 0x1F3A0...0x1F3CA, 0x1F3CF...0x1F3D3,
    0x1F3E0...0x1F3F0, 0x1F3F4...0x1F3F4, 0x1F3F8...0x1F43E, 0x1F440...0x1F440, 0x1F442...0x1F4FC,
    0x1F4FF...0x1F53D, 0x1F54B...0x1F54E, 0x1F550...0x1F567, 0x1F57A...0x1F57A, 0x1F595...0x1F596,
    0x1F5A4...0x1F5A4, 0x1F5FB...0x1F64F, 0x1F680...0x1F6C5, 0x1F6CC...0x1F6CC, 0x1F6D0...0x1F6D2,
    0x1F6D5...0x1F6D7, 0x1F6DC...0x1F6DF, 0x1F6EB...0x1F6EC, 0x1F6F4...0x1F6FC, 0x1F7E0...0x1F7EB,
    0x1F7F0...0x1F7F0, 0x1F90C...0x1F93A, 0x1F93C...0x1F945, 0x1F947...0x1F9FF, 0x1FA70...0x1FAFF,
    0x20000...0x2FFFD, 0x30000...0x3FFFD,
  ]
}

extension Unicode.Scalar {
  /// Whether it takes one column and is a character by itself whatever stands beside it: nearly everything that is drawn
  /// here. Texts of nothing else need not be cut into characters.
  var isPlain: Bool {
    switch value {
    case 0x20..<0x7F, 0xA1..<0xAD, 0xAE..<0x300, 0x391..<0x3CA, 0x2010..<0x2028, 0x2070..<0x20A0, 0x2190..<0x231A,
      0x2460..<0x25FD, 0x2744, 0x2800..<0x2900:
      true
    default: false
    }
  }
}

extension String {
  /// Columns that the whole string takes on a screen.
  public var terminalColumns: Int { plainColumns ?? reduce(0) { $0 + $1.terminalColumns } }

  /// The same where every scalar is plain, else nil.
  var plainColumns: Int? {
    var count = 0
    for scalar in unicodeScalars {
      guard scalar.isPlain else { return nil }
      count += 1
    }
    return count
  }
}
