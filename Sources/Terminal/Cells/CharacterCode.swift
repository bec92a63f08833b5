import Synchronization

/// A character as a number: its scalar where it has one, an index into a table where it has several (combining marks).
struct CharacterCode: Sendable, Equatable {
  private let value: UInt32

  static let continuation = CharacterCode(GridCell.continuation)

  /// Beyond the last scalar; what has been met is kept, which is little: cells hold at most four marks.
  private static let firstComposed: UInt32 = 0x110000
  private static let composed = Mutex<(all: [Character], codes: [Character: UInt32])>(([], [:]))

  init(_ scalar: Unicode.Scalar) { value = scalar.value }

  init(_ character: Character) {
    let scalars = character.unicodeScalars
    let first = scalars[scalars.startIndex]
    if scalars.index(after: scalars.startIndex) == scalars.endIndex {
      value = first.value
    } else {
      value = Self.composed.withLock { table in
        if let code = table.codes[character] { return code }
        let code = Self.firstComposed + UInt32(table.all.count)
        table.all.append(character)
        table.codes[character] = code
        return code
      }
    }
  }

  var character: Character {
    if let scalar = Unicode.Scalar(value) { return Character(scalar) }
    return Self.composed.withLock { $0.all[Int(value - Self.firstComposed)] }
  }
}
