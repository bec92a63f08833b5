import Terminal
import Testing

@Suite("Keys")
struct KeyTests {
  @Test("a description is read back")
  func roundTrip() {
    var keys: [Key] = [
      .up, .down, .left, .right, .pageUp, .pageDown, .home, .end, .tab, .backTab, .enter, .escape, .backspace, .delete,
      .insert, .character("漢"), .control(" "), .alt(" "),
    ]
    for code in UInt8(0x20)..<0x7F {
      let character = Character(Unicode.Scalar(code))
      keys += [.character(character), .alt(character)]
      if character.isLowercase { keys.append(.control(character)) }
    }
    keys += (1...24).map { .function($0) }
    for key in keys { #expect(Key(key.description) == key, "\(key)") }
  }

  @Test("other spellings and nonsense")
  func spellings() {
    #expect(Key("Ctrl-R") == .control("r"))
    #expect(Key("C-r") == .control("r"))
    #expect(Key("PgUp") == .pageUp)
    #expect(Key("F12") == .function(12))
    #expect(Key("f") == .character("f"))
    #expect(Key("-") == .character("-"))
    for nonsense in ["", "ctrl-", "ctrl-ab", "f0", "f99", "fx", "hyper-x"] { #expect(Key(nonsense) == nil) }
  }

  @Test("sequences of common terminals")
  func sequences() {
    let table: [(String, [TerminalEvent])] = [
      ("a", [.key(.character("a"))]), ("é漢", [.key(.character("é")), .key(.character("漢"))]),
      ("\u{12}", [.key(.control("r"))]), ("\u{3}", [.interrupt]),
      ("\t\r\u{7F}", [.key(.tab), .key(.enter), .key(.backspace)]),
      ("\u{1B}[A\u{1B}OB", [.key(.up), .key(.down)]), ("\u{1B}[1;5C", [.key(.right)]), ("\u{1B}[Z", [.key(.backTab)]),
      ("\u{1B}[5~\u{1B}[6~", [.key(.pageUp), .key(.pageDown)]), ("\u{1B}[H\u{1B}[4~", [.key(.home), .key(.end)]),
      (
        "\u{1B}OP\u{1B}[15~\u{1B}[24~\u{1B}[[C",
        [.key(.function(1)), .key(.function(5)), .key(.function(12)), .key(.function(3))]
      ),
      ("\u{1B}x", [.key(.alt("x"))]), ("\u{1B}\u{1B}[A", [.key(.escape), .key(.up)]),
      // Answers of the terminal and unknown sequences are no keys.
      ("\u{1B}[?1;2c\u{1B}[>0;95;0cq", [.key(.character("q"))]),
      ("\u{1B}]11;rgb:0/0/0\u{7}\u{1B}P1$r0m\u{1B}\\q", [.key(.character("q"))]),
      ("\u{1B}[200~q", [.key(.character("q"))]),
      ("\u{1B}[<0;3;4M", [.mouse(.init(kind: .press(.left), x: 2, y: 3))]),
      ("\u{1B}[<0;3;4m", [.mouse(.init(kind: .release, x: 2, y: 3))]),
      ("\u{1B}[<32;9;9M", [.mouse(.init(kind: .drag, x: 8, y: 8))]),
      (
        "\u{1B}[<64;1;1M\u{1B}[<65;1;1M",
        [.mouse(.init(kind: .scrollUp, x: 0, y: 0)), .mouse(.init(kind: .scrollDown, x: 0, y: 0))]
      ),
      ("\u{1B}[M !!", [.mouse(.init(kind: .press(.left), x: 0, y: 0))]),
    ]
    for (input, expected) in table {
      var whole = InputDecoder()
      #expect(whole.decode(input.utf8) == expected, "\(input.debugDescription)")
      #expect(!whole.isUndecided)
      // The same, byte by byte: a sequence may be cut anywhere.
      var slowly = InputDecoder()
      #expect(input.utf8.flatMap { slowly.decode([$0]) } == expected, "\(input.debugDescription)")
    }
  }

  @Test("a lone escape is a key after a while")
  func escape() {
    var decoder = InputDecoder()
    #expect(decoder.decode([0x1B]).isEmpty)
    #expect(decoder.isUndecided)
    #expect(decoder.settle() == [.key(.escape)])
    #expect(decoder.decode([0x1B, 0x5B]).isEmpty)
    #expect(decoder.settle() == [.key(.alt("["))])
    #expect(decoder.decode([0x1B, 0x1B]).isEmpty)
    #expect(decoder.settle() == [.key(.escape), .key(.escape)])
    #expect(decoder.settle().isEmpty)
  }

  @Test("any bytes are taken without a trap")
  func garbage() {
    var state: UInt64 = 1
    var decoder = InputDecoder()
    for _ in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let byte = UInt8(truncatingIfNeeded: state >> 40)
      _ = decoder.decode([state >> 60 < 4 ? 0x1B : state >> 60 < 7 ? 0x5B : byte])
    }
    _ = decoder.settle()
    #expect(!decoder.isUndecided)
  }
}
