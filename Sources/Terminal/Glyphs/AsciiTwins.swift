import Foundation

// An ASCII character for every other one, so that a screen can be shown in a locale without UTF-8. Total: what is not
// in the tables is reduced to its base letter, and failing that to a question mark.
enum AsciiTwins {
  static func twin(of character: Character) -> Character {
    if character.isASCII { return character }
    if let known = table[character] { return known }
    let scalar = character.unicodeScalars.first!
    switch scalar.value {
    case 0x2800...0x28FF: return Character(DotCell(bits: UInt8(scalar.value - 0x2800)).ascii)
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

  /// Everything on the right stands for what is on the left of it.
  private static let groups: [(Character, String)] = [
    // Shades, blocks and bars: density, or where the ink is.
    (".", "░▖▗▂"), (":", "▒"), ("+", "▓◈⊕"), ("#", "█▙▛▜▟▉▊▋■◼▇"), ("\"", "▀″"), ("_", "▄▁␣"), ("|", "▌▐▏▎▍‖∥∣¦⏸"),
    ("'", "▘▝′‘’‵"), ("%", "▚▞"), ("-", "▃−–—‐‑‒―⊖"), ("=", "▅⊜⟹⇔⇒⇐⟺≡≅"), ("*", "▆∞❄●•★☆✦∗⋆✱⁎⚛⊛"),
    // Signs and marks.
    ("x", "×✕✖✗✘❌⊗"), ("v", "✓✔▼▽▾▿↓⇓⇣⌄∨"), ("^", "▲△▴▵↑⇑⇡⌃∧"), (">", "▶▷▸▹►→⟶⇢›⟩≫⏵⏭»"), ("<", "◀◁◂◃◄←⟵⇠‹⟨≪«↩⏎↵"),
    ("o", "○◯◌◦□▫◻°∘"), ("@", "◉◎◍↻↺⊙"), (".", "·∙⋅‧▪⁃․"), ("0", "∅⁰₀"), ("!", "⚠⚡≠¡"), ("?", "¿"),
    ("~", "…≈≃∼∝↔⇆⇄∿〜"), ("/", "÷↗↙⁄∕"), ("\\", "↘↖∖"), ("[", "⟦⌈⌊"), ("]", "⟧⌉⌋"), ("8", "⁸₈"), (",", "‚¸"),
    ("+", "±⁺₊◇◆∓†"), ("-", "⁻₋¬"), ("1", "¹₁"), ("2", "²₂"), ("3", "³₃"), ("4", "⁴₄"), ("5", "⁵₅"), ("6", "⁶₆"),
    ("7", "⁷₇"), ("9", "⁹₉"), ("<", "≤"), (">", "≥"), ("(", "⁽₍"), (")", "⁾₎"), ("\"", "“”„"),
    // Letters: Greek by sound or by custom, the rest by likeness.
    ("a", "αæ"), ("b", "β"), ("g", "γ"), ("d", "δ∂"), ("e", "εϵ∈€"), ("z", "ζ"), ("h", "η"), ("q", "θϑ"), ("i", "ιıᵢ"),
    ("k", "κ"), ("l", "λℓł"), ("m", "μµ"), ("n", "νⁿ"), ("j", "ⱼ"), ("t", "τ"), ("r", "ρ"), ("s", "σςßſ§"), ("u", "υ↶"),
    ("f", "φϕ"), ("c", "χ©¢"), ("y", "ψ"), ("w", "ω"), ("p", "π"), ("o", "οøœ"), ("A", "ΑÆ"), ("B", "Β"), ("G", "Γ"),
    ("D", "Δ∆"), ("E", "ΕΣ∑"), ("Z", "Ζ"), ("H", "Η"), ("Q", "Θ"), ("I", "Ι∫"), ("K", "Κ"), ("L", "ΛŁ£"), ("M", "Μ"),
    ("N", "Ν"), ("X", "ΞΧ"), ("O", "ΟØŒ"), ("P", "ΠΡ∏¶"), ("T", "Τᵀ"), ("Y", "ΥΨ"), ("F", "Φ"), ("W", "Ω"), ("V", "∇√"),
    ("R", "®"),
  ]

  private static let table: [Character: Character] = {
    var table: [Character: Character] = [:]
    for (twin, originals) in groups {
      for original in originals { table[original] = twin }
    }
    return table
  }()
}
