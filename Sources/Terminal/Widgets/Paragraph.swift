/// Text wrapped at words. Newlines are kept; a word longer than the line is broken.
public struct Paragraph: Widget {
  public var text: String
  public var style: Style
  public var alignment: Alignment
  /// Lines to skip.
  public var offset: Int

  public init(_ text: String, style: Style = .plain, alignment: Alignment = .left, offset: Int = 0) {
    self.text = text
    self.style = style
    self.alignment = alignment
    self.offset = max(0, offset)
  }

  public func draw(on canvas: inout Canvas) {
    guard canvas.width > 0, canvas.height > 0 else { return }
    for (y, line) in Self.wrap(text, columns: canvas.width).dropFirst(offset).prefix(canvas.height).enumerated() {
      canvas.aligned(alignment, line, in: Rect(x: 0, y: y, width: canvas.width, height: 1), style)
    }
  }

  /// The lines of a text in so many columns; none for none. Leading blanks of a line are kept and repeated where it
  /// goes on.
  public static func wrap(_ text: String, columns: Int) -> [String] {
    guard columns > 0 else { return [] }
    return text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { wrapLine($0, columns) }
  }

  private static func wrapLine(_ line: Substring, _ columns: Int) -> [String] {
    let margin = String(line.prefix { $0 == " " })
    let indent = margin.count < columns / 2 ? margin : ""
    var lines: [String] = []
    var current = indent
    var used = indent.count
    var isEmpty = true
    func finish() {
      lines.append(current)
      current = indent
      used = indent.count
      isEmpty = true
    }
    for word in line.split(separator: " ") {
      let width = String(word).terminalColumns
      if !isEmpty && used + 1 + width > columns { finish() }
      if !isEmpty {
        current += " "
        used += 1
      }
      if used + width <= columns {
        current += word
        used += width
        isEmpty = false
        continue
      }
      for character in word {
        let one = character.terminalColumns
        if used + one > columns && !isEmpty { finish() }
        current.append(character)
        used += one
        isEmpty = false
      }
    }
    lines.append(current)
    return lines
  }
}
