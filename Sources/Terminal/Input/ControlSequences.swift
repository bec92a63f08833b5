// The CSI and SS3 sequences that mean a key or a mouse report; all others are swallowed.
extension InputDecoder {
  /// ESC [ parameters intermediates final.
  static func controlSequence(_ bytes: ArraySlice<UInt8>) -> (used: Int, event: TerminalEvent?) {
    let start = bytes.startIndex + 2
    guard start < bytes.endIndex else { return (0, nil) }
    // The Linux console's F1–F5: ESC [ [ A.
    if bytes[start] == UInt8(ascii: "[") {
      guard start + 1 < bytes.endIndex else { return (0, nil) }
      let letter = bytes[start + 1]
      return (4, (0x41...0x45).contains(letter) ? .key(.function(Int(letter) - 0x40)) : nil)
    }
    var i = start
    while i < bytes.endIndex && (0x20...0x3F).contains(bytes[i]) { i += 1 }
    guard i < bytes.endIndex else { return (0, nil) }
    let final = bytes[i]
    let used = i + 1 - bytes.startIndex
    // A control or an escape inside: the sequence was cut off.
    guard (0x40...0x7E).contains(final) else { return (i - bytes.startIndex, nil) }
    let body = bytes[start..<i]
    if body.first == UInt8(ascii: "<") { return (used, mouse(body.dropFirst(), released: final == UInt8(ascii: "m"))) }
    // The oldest mouse reports carry three more bytes.
    if final == UInt8(ascii: "M") && body.isEmpty {
      guard bytes.count >= 6 else { return (0, nil) }
      let report = bytes[(i + 1)..<(i + 4)].map { Int($0) - 32 }
      return (6, mouse(report[0], x: report[1], y: report[2], released: report[0] & 3 == 3))
    }
    if final == UInt8(ascii: "~") { return (used, tilde(numbers(body).first ?? 0)) }
    // rxvt ends shifted and controlled ones in $, ^ and @.
    if final == UInt8(ascii: "^") || final == UInt8(ascii: "@") { return (used, tilde(numbers(body).first ?? 0)) }
    // Private parameters (answers to questions) are no keys.
    if let first = body.first, first >= UInt8(ascii: "<") { return (used, nil) }
    return (used, functionKey(final))
  }

  /// The last byte of ESC O x and ESC [ … x.
  static func functionKey(_ final: UInt8) -> TerminalEvent? {
    switch Character(Unicode.Scalar(final)) {
    case "A", "a": .key(.up)
    case "B", "b": .key(.down)
    case "C", "c": .key(.right)
    case "D", "d": .key(.left)
    case "F": .key(.end)
    case "H": .key(.home)
    case "M": .key(.enter)
    case "P": .key(.function(1))
    case "Q": .key(.function(2))
    case "R": .key(.function(3))
    case "S": .key(.function(4))
    case "Z": .key(.backTab)
    default: nil
    }
  }

  /// ESC [ n ~.
  private static func tilde(_ number: Int) -> TerminalEvent? {
    switch number {
    case 1, 7: .key(.home)
    case 2: .key(.insert)
    case 3: .key(.delete)
    case 4, 8: .key(.end)
    case 5: .key(.pageUp)
    case 6: .key(.pageDown)
    case 11...15: .key(.function(number - 10))
    case 17...21: .key(.function(number - 11))
    case 23...26: .key(.function(number - 12))
    case 28, 29: .key(.function(number - 13))
    case 31...34: .key(.function(number - 14))
    default: nil
    }
  }

  private static func numbers(_ body: ArraySlice<UInt8>) -> [Int] {
    body.split(separator: UInt8(ascii: ";"), omittingEmptySubsequences: false).map { part in
      part.prefix(6).reduce(0) { sum, byte in (0x30...0x39).contains(byte) ? sum * 10 + Int(byte) - 0x30 : sum }
    }
  }

  /// SGR: button;x;y, counted from 1.
  private static func mouse(_ body: ArraySlice<UInt8>, released: Bool) -> TerminalEvent? {
    let values = numbers(body)
    guard values.count == 3 else { return nil }
    return mouse(values[0], x: values[1], y: values[2], released: released)
  }

  private static func mouse(_ code: Int, x: Int, y: Int, released: Bool) -> TerminalEvent? {
    guard x >= 1, y >= 1 else { return nil }
    let kind: MouseEvent.Kind
    switch (code & 64 != 0, code & 3) {
    case (true, 0): kind = .scrollUp
    case (true, 1): kind = .scrollDown
    case (true, _): return nil
    default:
      if released {
        kind = .release
      } else if code & 32 != 0 {
        kind = .drag
      } else {
        kind = .press(code & 3 == 0 ? .left : code & 3 == 1 ? .middle : .right)
      }
    }
    return .mouse(MouseEvent(kind: kind, x: x - 1, y: y - 1))
  }
}
