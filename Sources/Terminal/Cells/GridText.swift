// A grid as text: plain for golden pictures, screen readers and pipes, with escape sequences for colour exports.
/// Neighbouring cells of one style.
public struct StyledRun: Sendable, Equatable {
  public var text: String
  public var style: Style

  public init(text: String, style: Style) {
    self.text = text
    self.style = style
  }
}

extension Grid {
  /// The lines, without trailing blanks, joined by newlines.
  public var text: String { (0..<height).map(line).joined(separator: "\n") }

  /// One line without trailing blanks; empty outside.
  public func line(_ y: Int) -> String {
    var result = ""
    var pendingBlanks = 0
    for x in 0..<width {
      let cell = self[x, y]
      if cell.isContinuation { continue }
      let character = cell.character
      if character == " " {
        pendingBlanks += 1
      } else {
        result += String(repeating: " ", count: pendingBlanks)
        pendingBlanks = 0
        result.append(character)
      }
    }
    return result
  }

  /// Every line as runs of one style, to the full width.
  public var styledLines: [[StyledRun]] {
    (0..<height).map { y in
      var runs: [StyledRun] = []
      for x in 0..<width {
        let cell = self[x, y]
        if cell.isContinuation { continue }
        if runs.last?.style == cell.style {
          runs[runs.count - 1].text.append(cell.character)
        } else {
          runs.append(StyledRun(text: String(cell.character), style: cell.style))
        }
      }
      return runs
    }
  }

  /// With SGR sequences (256 colours; filter first for fewer), every line ending in a reset and a newline.
  public func ansi() -> String {
    styledLines.map { runs in
      runs.map { run in run.style == .plain ? run.text : "\u{1B}[\(run.style.sgr)m\(run.text)\u{1B}[0m" }.joined()
        + "\n"
    }.joined()
  }
}

extension Style {
  /// The parameters of an SGR sequence, `0;1;38;5;208`.
  var sgr: String {
    var codes = ["0"]
    for (attribute, code) in [
      (Attributes.bold, "1"), (.dim, "2"), (.italic, "3"), (.underline, "4"), (.reverse, "7"),
    ] where attributes.contains(attribute) { codes.append(code) }
    if let foreground { codes.append(Self.code(foreground, basic: 30, bright: 90, extended: 38)) }
    if let background { codes.append(Self.code(background, basic: 40, bright: 100, extended: 48)) }
    return codes.joined(separator: ";")
  }

  private static func code(_ color: Color, basic: Int, bright: Int, extended: Int) -> String {
    switch color.index {
    case 0..<8: "\(basic + Int(color.index))"
    case 8..<16: "\(bright + Int(color.index) - 8)"
    default: "\(extended);5;\(color.index)"
    }
  }
}
