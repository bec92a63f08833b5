/// Bytes of a terminal to keys and mouse events: ANSI, xterm, rxvt, Linux console and SGR mouse sequences, UTF-8.
///
/// A value without clock or terminal. Sequences that are not known are swallowed whole, so that no answer of a terminal
/// and no mouse report is ever taken for keys. Where it is not known yet whether an escape begins a sequence,
/// ``isUndecided`` holds; after 25 ms or so without more bytes call ``settle()``.
///
/// Ctrl-C comes out as ``TerminalEvent/interrupt``. Modifiers of arrows and function keys are dropped.
public struct InputDecoder: Sendable {
  private var pending: [UInt8] = []

  public init() {}

  public var isUndecided: Bool { !pending.isEmpty }

  public mutating func decode(_ bytes: some Sequence<UInt8>) -> [TerminalEvent] {
    pending += bytes
    var events: [TerminalEvent] = []
    var at = 0
    while at < pending.count {
      let (used, event) = Self.next(pending[at...])
      if used == 0 { break }
      at += used
      if let event { events.append(event) }
    }
    pending.removeFirst(at)
    // An endless sequence (a paste of garbage) must not be kept for ever.
    if pending.count > 4096 { pending = [] }
    return events
  }

  /// No more bytes came: a lone escape is the key, an escape and one character is Alt; the rest is dropped.
  public mutating func settle() -> [TerminalEvent] {
    defer { pending = [] }
    guard pending.first == 0x1B else { return [] }
    if pending.count == 1 { return [.key(.escape)] }
    let second = pending[1]
    if pending.count == 2 && second == 0x1B { return [.key(.escape), .key(.escape)] }
    if pending.count == 2 && second >= 0x20 && second < 0x7F {
      return [.key(.alt(Character(Unicode.Scalar(second))))]
    }
    return []
  }

  /// The first event and the bytes it takes; 0 when more are needed, nil when they mean nothing here.
  private static func next(_ bytes: ArraySlice<UInt8>) -> (used: Int, event: TerminalEvent?) {
    let first = bytes[bytes.startIndex]
    if first == 0x1B { return escape(bytes) }
    if first < 0x20 || first == 0x7F { return (1, control(first)) }
    if first < 0x80 { return (1, .key(.character(Character(Unicode.Scalar(first))))) }
    return utf8(bytes)
  }

  private static func control(_ byte: UInt8) -> TerminalEvent? {
    switch byte {
    case 0: .key(.control(" "))
    case 3: .interrupt
    case 8, 0x7F: .key(.backspace)
    case 9: .key(.tab)
    case 10, 13: .key(.enter)
    case 1...26: .key(.control(Character(Unicode.Scalar(byte + 0x60))))
    case 28...31: .key(.control(Character(Unicode.Scalar(byte + 0x40))))
    default: nil
    }
  }

  private static func utf8(_ bytes: ArraySlice<UInt8>) -> (used: Int, event: TerminalEvent?) {
    let first = bytes[bytes.startIndex]
    let length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 1
    if length == 1 || first > 0xF4 { return (1, nil) }
    let sequence = bytes.prefix(length)
    let continued = sequence.dropFirst().prefix { $0 & 0xC0 == 0x80 }.count
    if continued < sequence.count - 1 { return (1 + continued, nil) }
    if sequence.count < length { return (0, nil) }
    guard let text = String(validating: sequence, as: UTF8.self), let character = text.first else {
      return (length, nil)
    }
    return (length, .key(.character(character)))
  }

  private static func escape(_ bytes: ArraySlice<UInt8>) -> (used: Int, event: TerminalEvent?) {
    guard bytes.count > 1 else { return (0, nil) }
    let second = bytes[bytes.startIndex + 1]
    switch second {
    case 0x1B: return bytes.count > 2 ? (1, .key(.escape)) : (0, nil)
    case UInt8(ascii: "["): return controlSequence(bytes)
    case UInt8(ascii: "O"): return bytes.count > 2 ? (3, functionKey(bytes[bytes.startIndex + 2])) : (0, nil)
    case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"): return string(bytes)
    case 0x20..<0x7F: return (2, .key(.alt(Character(Unicode.Scalar(second)))))
    default:
      // Escape and then a control or a letter beyond ASCII: two keys.
      return (1, .key(.escape))
    }
  }

  /// Operating-system and device control strings: up to BEL or ESC \.
  private static func string(_ bytes: ArraySlice<UInt8>) -> (used: Int, event: TerminalEvent?) {
    var i = bytes.startIndex + 2
    while i < bytes.endIndex {
      if bytes[i] == 0x07 { return (i + 1 - bytes.startIndex, nil) }
      if bytes[i] == 0x1B {
        if i + 1 == bytes.endIndex { return (0, nil) }
        return (i + (bytes[i + 1] == UInt8(ascii: "\\") ? 2 : 0) - bytes.startIndex, nil)
      }
      i += 1
    }
    return (0, nil)
  }
}
