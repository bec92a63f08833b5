import Foundation

// An ASCII character for every other one, so that a screen can be shown in a locale without UTF-8. Total: what is not
// in the tables is reduced to its base letter, and failing that to a question mark.
enum AsciiTwins {
  static func twin(of character: Character) -> Character {
    if character.isASCII { return character }
    if let known = table[character] { return known }
    let scalar = character.unicodeScalars.first!
    switch scalar.value {
    case 0x2800...0x28FF: return DotCell(bits: UInt8(scalar.value - 0x2800)).ascii
    case 0x2500...0x257F: return boxDrawing(character)
    case 0x00A0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: return " "
    default: break
    }
    // ẋ is x, é is e; for a Greek letter with a dot the table is asked about the bare one.
    guard let base = String(character).decomposedStringWithCompatibilityMapping.first?.unicodeScalars.first else {
      return "?"
    }
    let letter = Character(base)
    if letter.isASCII { return base.value >= 0x20 && base.value < 0x7F ? letter : "?" }
    return table[letter] ?? "?"
  }

  private static func boxDrawing(_ character: Character) -> Character {
    switch character {
    case "─", "╌", "┄", "┈", "╴", "╶": "-"
    case "━", "═", "╍", "┅", "┉", "╸", "╺", "╼", "╾": "="
    case "│", "┃", "║", "╎", "╏", "┆", "┇", "┊", "┋", "╵", "╷", "╹", "╻", "╽", "╿": "|"
    case "╱": "/"
    case "╲": "\\"
    case "╳": "x"
    case "┏", "┓", "┗", "┛", "╔", "╗", "╚", "╝": "#"
    default: "+"
    }
  }

  private static let table: [Character: Character] = {
    var table: [Character: Character] = [:]
    func add(_ from: String, _ to: String) {
      for (a, b) in zip(from, to) { table[a] = b }
    }
    add("░▒▓█▀▄▌▐▖▗▘▙▚▛▜▝▞▟", ".:+#\"_|].,'#%##`%#")
    add("▁▂▃▄▅▆▇", "__.-=+*")
    add("▏▎▍▌▋▊▉", "||||###")
    add("■□▪▫▬▮▯◼◻", "#o.o=|||#o")
    add("▲△▴▵▶▷▸▹►▼▽▾▿◀◁◂◃◄", "^^^^>>>>>vvvv<<<<<")
    add("◆◇◈○◎●◉◌◦•∙·⋅‧", "@oo0@@@oo*....")
    add("←↑→↓↔↕↖↗↘↙⇐⇑⇒⇓⇔↵⏎↩↪⟵⟶↻↺↷↶⇧⇥⇤", "<^>v-|\\/\\/<^>v=<<<><>@@)(^><")
    add("×✕✖✗✘❌❄✓✔★☆✦⚡⚠⏸⏵⏹⏺⏭⏮⌁∎", "xxxxxx*vv****!!|>#o><~#")
    add("−–—‐‑‒―±÷≈≃≅≠≡≤≥≪≫∝∞√∫∂∇∆∑∏∈∅", "-------+/~~~!=<><>~8VSdVDSPe0")
    add("‖∥∣⊕⊖⊗⊙∗⋆∘′″‵⟨⟩⟦⟧⌈⌉⌊⌋", "||||-x.**o'\"`<>[][][]")
    add("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻₀₁₂₃₄₅₆₇₈₉₊₋ⁿᵀᵢⱼₙₜ", "0123456789+-0123456789+-nTijnt")
    add("αβγδεζηθικλμνξοπρςστυφχψω", "abgdezhqiklmnxoprsstufcyw")
    add("ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩ", "ABGDEZHQIKLMNXOPRSTUFCYW")
    add("ϵϕϑµℓℝℂ∗Åßøæœ£€§¶©®°…‘’“”‚„«»‹›¡¿", "efqulRC*Asoaolessc@co~''\"\",\"<><>!?")
    add("⇡⇣⇠⇢⤒⤓⌃⌥⌘⎋⌫␣⌨", "^v<>^v^aces_k")
    return table
  }()
}
