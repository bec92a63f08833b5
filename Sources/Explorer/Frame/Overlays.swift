import Terminal

/// What lies on top of a frame: help, the command line, questions.
enum Overlays {
  static func draw(_ scene: Scene, on canvas: inout Canvas) {
    switch scene.mode {
    case .normal: break
    case .help(let filter, let selected): drawHelp(filter, selected, on: &canvas)
    case .palette(let text): drawPalette(text, on: &canvas)
    case .find(let text): drawLine("find neuron or PRE>POST: \(text)", on: &canvas)
    case .edit(let parameter, let text):
      let layout = scene.model.layout
      let now = Scene.number(scene.snapshot.values[parameter])
      let bounds = layout.locate(parameter)?.tensor.declaration.bounds
      let least = bounds.map { $0.lowerBound.isFinite ? ", at least \(Scene.number($0.lowerBound))" : "" } ?? ""
      drawLine("\(layout.describe(parameter)) is \(now)\(least); new value: \(text)", on: &canvas)
    case .confirm(let question, _): drawQuestion(question, on: &canvas)
    case .preview(let preview): drawQuestion(preview.sentence, on: &canvas)
    }
    if let stats = scene.stats, canvas.width > 50 {
      let text =
        " \(stats.bytes) B  \(Int(stats.microseconds)) µs shown  \(Int(stats.composeMicroseconds)) µs drawn  "
        + "frame \(stats.frames) "
      canvas.textRight(canvas.width, 1, text, Style(.gray).reverse())
    }
  }

  /// Actions whose name, sentence or key contain the filter, in the order of the help's chapters.
  static func helpEntries(_ filter: String) -> [Action] {
    let wanted = filter.lowercased()
    return Action.Group.allCases.flatMap { group in
      Actions.all.filter { action in
        action.group == group
          && (wanted.isEmpty || action.name.contains(wanted) || action.sentence.lowercased().contains(wanted)
            || action.keys.contains { $0.description == wanted })
      }
    }
  }

  private static func drawHelp(_ filter: String, _ selected: Int, on canvas: inout Canvas) {
    let box = canvas.area.inset(left: 2, top: 1, right: 2, bottom: 1)
    canvas.fill(box)
    let inner = canvas.frame(
      box, title: "Keys and commands — type to search, enter runs, esc closes\(filter.isEmpty ? "" : ": \(filter)")",
      style: Ink.focus, focused: true)
    let entries = helpEntries(filter)
    let rows = entries.map { action in
      Table.Row([
        action.keys.map(\.label).joined(separator: " "), action.name + (action.argument.map { " \($0)" } ?? ""),
        action.sentence,
      ])
    }
    let table = Table(
      [Table.Column("key", width: 12), Table.Column("command", width: 26), Table.Column("what it does")], rows: rows,
      selected: selected)
    // The chosen one's sentence in full below the list: columns are narrow on small screens.
    let parts = inner.rows([.weight(1), .cells(2)])
    canvas.draw(table, in: parts[0])
    if entries.indices.contains(selected) {
      canvas.draw(Paragraph(entries[selected].sentence, style: Ink.focus), in: parts[1])
    } else {
      canvas.text(parts[0].x, parts[0].y + 1, "Nothing is called that.", Ink.quiet)
    }
  }

  private static func drawPalette(_ text: String, on canvas: inout Canvas) {
    let candidates = Actions.candidates(for: text)
    let height = min(candidates.count, max(canvas.height / 2 - 2, 0))
    let box = Rect(x: 0, y: canvas.height - 2 - height - 1, width: canvas.width, height: height + 1)
    canvas.fill(box)
    canvas.horizontalLine(0, box.y, canvas.width, Ink.focus)
    for (place, action) in candidates.prefix(height).enumerated() {
      let y = box.y + 1 + place
      let style = place == 0 ? Style().bold() : Ink.quiet
      canvas.text(1, y, action.name + (action.argument.map { " \($0)" } ?? ""), style, maxWidth: 28)
      canvas.text(30, y, action.sentence, Ink.quiet, maxWidth: max(canvas.width - 31, 0))
    }
    drawLine(":" + text, on: &canvas)
  }

  /// A question of several lines above the bottom.
  private static func drawQuestion(_ text: String, on canvas: inout Canvas) {
    let lines = Paragraph.wrap(text, columns: max(canvas.width - 2, 1)).count
    let box = Rect(x: 0, y: canvas.height - lines - 1, width: canvas.width, height: lines + 1)
    canvas.fill(box)
    canvas.horizontalLine(0, box.y, canvas.width, Ink.warning)
    canvas.draw(
      Paragraph(text, style: Ink.warning.bold()), in: Rect(x: 1, y: box.y + 1, width: canvas.width - 2, height: lines))
  }

  private static func drawLine(_ text: String, on canvas: inout Canvas, cursor: Bool = true) {
    let y = canvas.height - 1
    canvas.fill(Rect(x: 0, y: y, width: canvas.width, height: 1))
    canvas.text(1, y, text + (cursor ? "▏" : ""), Ink.warning.bold(), maxWidth: canvas.width - 1)
  }
}
