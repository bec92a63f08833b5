// Text, lines and frames on a canvas.
public enum Alignment: Sendable, Equatable { case left, right, center }

extension Canvas {
  /// Draws text from (x, y) to the right, in at most `maxWidth` columns or up to the border; what does not fit ends in
  /// "…". Returns the columns used. Text may start left of the border and then shows its later part.
  @discardableResult
  public mutating func text(
    _ x: Int, _ y: Int, _ string: String, _ style: Style = .plain, maxWidth: Int? = nil
  ) -> Int {
    let room = min(maxWidth ?? Int.max, width - x)
    guard room > 0, y >= 0, y < height else { return 0 }
    var column = 0
    if glyphs == .braille, let columns = string.plainColumns {
      for scalar in string.unicodeScalars {
        column += 1
        let isCut = column == room && columns > room
        put(x + column - 1, y, GridCell(isCut ? "…" : scalar, style))
        if column == room { break }
      }
      return column
    }
    for character in string.fitted(to: room) {
      put(x + column, y, character, style)
      column += character.terminalColumns
    }
    return column
  }

  /// Draws the first of some wordings, the fullest first, that fits; the last one is cut where none does.
  @discardableResult
  public mutating func text(
    _ x: Int, _ y: Int, oneOf wordings: [String], _ style: Style = .plain, maxWidth: Int? = nil
  ) -> Int {
    let room = min(maxWidth ?? Int.max, width - x)
    return text(x, y, wordings.first { $0.terminalColumns <= room } ?? wordings.last ?? "", style, maxWidth: room)
  }

  /// Draws text so that it ends just before column `end`.
  @discardableResult
  public mutating func textRight(
    _ end: Int, _ y: Int, _ string: String, _ style: Style = .plain, maxWidth: Int? = nil
  ) -> Int {
    let fitted = string.fitted(to: min(maxWidth ?? Int.max, max(0, end)))
    return text(end - fitted.terminalColumns, y, fitted, style)
  }

  /// Draws text in the middle of a row.
  @discardableResult
  public mutating func textCentered(_ y: Int, _ string: String, _ style: Style = .plain) -> Int {
    aligned(.center, string, in: Rect(x: 0, y: y, width: width, height: 1), style)
  }

  /// Draws one line of text in the first row of `rect`.
  @discardableResult
  public mutating func aligned(
    _ alignment: Alignment, _ string: String, in rect: Rect, _ style: Style = .plain
  ) -> Int {
    let fitted = string.fitted(to: rect.width)
    let spare = rect.width - fitted.terminalColumns
    let offset =
      switch alignment {
      case .left: 0
      case .right: spare
      case .center: spare / 2
      }
    return text(rect.x + offset, rect.y, fitted, style)
  }

  /// Draws runs of different styles one after the other. Returns the columns used.
  @discardableResult
  public mutating func runs(_ x: Int, _ y: Int, _ runs: [StyledRun], maxWidth: Int? = nil) -> Int {
    let room = maxWidth ?? Int.max
    var used = 0
    for run in runs where used < room { used += text(x + used, y, run.text, run.style, maxWidth: room - used) }
    return used
  }

  public mutating func horizontalLine(
    _ x: Int, _ y: Int, _ length: Int, _ style: Style = .plain, character: Character = "─"
  ) {
    fill(Rect(x: x, y: y, width: length, height: 1), character, style)
  }

  public mutating func verticalLine(
    _ x: Int, _ y: Int, _ length: Int, _ style: Style = .plain, character: Character = "│"
  ) {
    fill(Rect(x: x, y: y, width: 1, height: length), character, style)
  }

  /// A box around `rect` (or everything) with a title in its upper border; returns what is inside it. The focused one
  /// has heavy lines, so that it is told apart without colour.
  @discardableResult
  public mutating func frame(
    _ rect: Rect? = nil, title: String = "", style: Style = .plain, focused: Bool = false
  ) -> Rect {
    let box = rect ?? area
    let inner = box.inset(by: 1)
    guard box.width >= 2, box.height >= 2 else { return Rect(x: box.x, y: box.y, width: 0, height: 0) }
    let line = focused ? style.bold() : style
    let glyph: [Character] = focused ? ["━", "┃", "┏", "┓", "┗", "┛"] : ["─", "│", "┌", "┐", "└", "┘"]
    for y in [box.y, box.bottom - 1] { horizontalLine(box.x + 1, y, box.width - 2, line, character: glyph[0]) }
    for x in [box.x, box.right - 1] { verticalLine(x, box.y + 1, box.height - 2, line, character: glyph[1]) }
    put(box.x, box.y, glyph[2], line)
    put(box.right - 1, box.y, glyph[3], line)
    put(box.x, box.bottom - 1, glyph[4], line)
    put(box.right - 1, box.bottom - 1, glyph[5], line)
    if !title.isEmpty && box.width >= 6 {
      text(box.x + 1, box.y, " \(title.fitted(to: box.width - 4)) ", line.bold(), maxWidth: box.width - 2)
    }
    return inner
  }
}

extension String {
  /// As much as fits in so many columns; where something is cut off, the last column is "…".
  public func fitted(to columns: Int) -> String {
    if columns <= 0 { return "" }
    // No character takes more columns than bytes.
    if utf8.count <= columns { return self }
    var used = 0
    var withEllipsis = startIndex
    for index in indices {
      let next = used + self[index].terminalColumns
      if next > columns { return String(self[..<withEllipsis]) + "…" }
      if next <= columns - 1 { withEllipsis = self.index(after: index) }
      used = next
    }
    return self
  }

  /// Filled up with blanks, or cut, to exactly so many columns.
  public func padded(to columns: Int, _ alignment: Alignment = .left) -> String {
    let fitted = fitted(to: columns)
    let spare = max(0, columns - fitted.terminalColumns)
    let before =
      switch alignment {
      case .left: 0
      case .right: spare
      case .center: spare / 2
      }
    return String(repeating: " ", count: before) + fitted + String(repeating: " ", count: spare - before)
  }
}
