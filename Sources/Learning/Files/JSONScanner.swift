/// Finds the offset at which a text stops being JSON (RFC 8259); values are not kept.
///
/// Foundation cannot name it: on Linux `JSONDecoder` says only that "the given data was not valid JSON", and
/// `JSONSerialization` gives an offset in prose alone ("around character 9"), in bytes, and none where the text ends early or
/// a word such as `tru` is broken off.
struct JSONScanner {
  private let characters: [Character]
  private var offset = 0

  init(_ text: String) { characters = Array(text) }

  /// Characters before the first that cannot stand where it does; their number where the text ends too early.
  var firstProblem: Int {
    mutating get {
      offset = 0
      if value() {
        blanks()
      }
      return offset
    }
  }

  private var next: Character? { offset < characters.count ? characters[offset] : nil }

  private mutating func take(_ wanted: Character) -> Bool {
    guard next == wanted else { return false }
    offset += 1
    return true
  }

  private mutating func blanks() {
    while let character = next, " \t\r\n".contains(character) { offset += 1 }
  }

  private mutating func value() -> Bool {
    blanks()
    switch next {
    case "{": return members(closing: "}") { $0.string() && $0.colon() && $0.value() }
    case "[": return members(closing: "]") { $0.value() }
    case "\"": return string()
    case "t": return word("true")
    case "f": return word("false")
    case "n": return word("null")
    default: return number()
    }
  }

  private mutating func members(closing: Character, _ member: (inout Self) -> Bool) -> Bool {
    offset += 1
    blanks()
    if take(closing) { return true }
    repeat {
      blanks()
      guard member(&self) else { return false }
      blanks()
    } while take(",")
    return take(closing)
  }

  private mutating func colon() -> Bool {
    blanks()
    return take(":")
  }

  private mutating func string() -> Bool {
    guard take("\"") else { return false }
    while let character = next {
      offset += 1
      if character == "\"" { return true }
      if character == "\\" { offset += next == nil ? 0 : 1 }
    }
    return false
  }

  private mutating func word(_ word: String) -> Bool { word.allSatisfy { take($0) } }

  private mutating func number() -> Bool {
    _ = take("-")
    guard digits() else { return false }
    if take("."), !digits() { return false }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      return digits()
    }
    return true
  }

  private mutating func digits() -> Bool {
    let start = offset
    while let character = next, character.isASCII, character.isNumber { offset += 1 }
    return offset > start
  }
}
