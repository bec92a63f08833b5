import Terminal

/// What lies on top of a frame: help, the command line, questions.
enum Overlays {
  static func draw(_ scene: Scene, on canvas: inout Canvas) {
    switch scene.mode {
    case .normal: break
    case .help(let filter, let selected): drawHelp(scene, filter, selected, on: &canvas)
    case .palette(let text): drawPalette(text, scene, on: &canvas)
    case .find(let text): drawFind(text, scene, on: &canvas)
    case .edit(let parameter, let text):
      let layout = scene.model.layout
      let now = Scene.number(scene.snapshot.values[parameter])
      let bounds = layout.locate(parameter)?.tensor.declaration.bounds
      let least = bounds.map { $0.lowerBound.isFinite ? ", at least \(Scene.number($0.lowerBound))" : "" } ?? ""
      drawLine(
        "\(layout.describe(parameter)) is \(now)\(least); new value: \(text)", on: &canvas,
        help: "enter sets  esc leaves")
    case .confirm(let question, _): drawQuestion(question, on: &canvas)
    case .preview(let preview): drawQuestion(preview.sentence, on: &canvas)
    }
    let end = drawStats(scene, on: &canvas)
    Announcements.draw(scene, endingAt: end, on: &canvas)
  }

  /// On the panes' upper border, so that they hide neither numbers nor the sentence of a failure; where they begin.
  private static func drawStats(_ scene: Scene, on canvas: inout Canvas) -> Int {
    guard let stats = scene.stats, canvas.width >= Frame.minimum.width, canvas.height >= Frame.minimum.height else {
      return canvas.width
    }
    var text =
      " frame \(stats.frames)  \(stats.bytes) B  \(Int(stats.composeMicroseconds)) µs drawn  "
      + "\(Int(stats.microseconds)) µs shown  \(stats.dropped) dropped  \(stats.late) late "
    if let rates = stats.rates {
      text += " \(Scene.number(rates.drawing)) of \(Scene.number(rates.resting)) steps/s "
    }
    canvas.textRight(canvas.width, Header.height(scene, width: canvas.width), text, Style(.gray).reverse())
    return canvas.width - text.terminalColumns - 1
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

  private static func drawHelp(_ scene: Scene, _ filter: String, _ selected: Int, on canvas: inout Canvas) {
    let box = canvas.area.inset(left: 2, top: 1, right: 2, bottom: 1)
    canvas.fill(box)
    let inner = canvas.frame(
      box, title: "Keys and commands: type to search, enter runs, esc closes\(filter.isEmpty ? "" : ": \(filter)")",
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
    // The view one is in above the list; below it the chosen one's sentence in full: columns are narrow on small screens.
    let own = filter.isEmpty ? focusedHelp(scene, width: inner.width) : []
    let parts = inner.rows([.cells(own.count), .weight(1), .cells(2)])
    for (y, line) in own.enumerated() { canvas.runs(inner.x, parts[0].y + y, line, maxWidth: inner.width) }
    canvas.draw(table, in: parts[1])
    if entries.indices.contains(selected) {
      canvas.draw(Paragraph(entries[selected].sentence, style: Ink.focus), in: parts[2])
    } else {
      canvas.text(parts[1].x, parts[1].y + 1, "Nothing is called that.", Ink.quiet)
    }
  }

  /// The focused view in a sentence, its keys, and those that lead out of it.
  private static func focusedHelp(_ scene: Scene, width: Int) -> [[StyledRun]] {
    guard let view = Views.named(scene.look.focus) else { return [] }
    let name = "\(view.key) \(view.name)"
    var lines = Paragraph.wrap("\(name): \(view.summary).", columns: width)
      .map { [StyledRun(text: $0, style: .plain.bold())] }
    let own = view.actions.compactMap(Actions.named).filter { $0.isAvailable(scene) && !$0.keys.isEmpty }
    var line: [StyledRun] = []
    var used = 0
    let leading = ["next-pane", "zoom", "palette"].compactMap(Actions.named)
    let words = (own + leading).map { ($0.keys[0].label, $0.name) } + [("esc", "back")]
    for (key, word) in words {
      let length = "\(key) \(word)  ".terminalColumns
      if used + length > width {
        lines.append(line)
        (line, used) = ([], 0)
      }
      line += [StyledRun(text: key, style: Ink.focus.bold()), StyledRun(text: " \(word)  ", style: Ink.quiet)]
      used += length
    }
    return lines + [line, []]
  }

  private static func drawPalette(_ text: String, _ scene: Scene, on canvas: inout Canvas) {
    let found = Actions.completions(of: text, scene)
    let named = text.split(separator: " ").first.flatMap { Actions.resolve(String($0)) }
    var rows = found.map { completion in
      let action = Actions.named(completion.line.trimmed)
      return (completion.line + (action?.argument ?? ""), completion.sentence)
    }
    if rows.isEmpty, let named { rows = [("\(named.name) \(named.argument ?? "")", named.sentence)] }
    drawList(rows, on: &canvas)
    drawLine(":" + text, on: &canvas, help: "tab completes  ↑ earlier  enter runs  esc leaves")
  }

  private static func drawFind(_ text: String, _ scene: Scene, on canvas: inout Canvas) {
    let found = SearchHit.matches(text, in: scene).prefix(max(canvas.height, 1))
    drawList(found.map { ($0.name, $0.kind.rawValue) }, on: &canvas)
    drawLine("find neuron, tensor or PRE>POST: \(text)", on: &canvas, help: "enter selects  esc leaves")
  }

  /// What can be chosen, best first, above the line that is typed.
  private static func drawList(_ rows: [(String, String)], on canvas: inout Canvas) {
    let height = min(rows.count, max(canvas.height / 2 - 2, 0))
    let box = Rect(x: 0, y: canvas.height - 2 - height - 1, width: canvas.width, height: height + 1)
    canvas.fill(box)
    canvas.horizontalLine(0, box.y, canvas.width, Ink.focus)
    for (index, row) in rows.prefix(height).enumerated() {
      let y = box.y + 1 + index
      canvas.text(1, y, row.0, index == 0 ? Style().bold() : Ink.quiet, maxWidth: 28)
      canvas.text(30, y, row.1, Ink.quiet, maxWidth: max(canvas.width - 31, 0))
    }
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

  private static func drawLine(_ text: String, on canvas: inout Canvas, cursor: Bool = true, help: String = "") {
    let y = canvas.height - 1
    canvas.fill(Rect(x: 0, y: y, width: canvas.width, height: 1))
    let used = canvas.text(1, y, text + (cursor ? "▏" : ""), Ink.warning.bold(), maxWidth: canvas.width - 1)
    if used + help.terminalColumns + 4 < canvas.width { canvas.textRight(canvas.width - 1, y, help, Ink.quiet) }
  }
}

/// States of the program that a person may have forgotten, each with the key that ends it.
enum Announcements {
  static func texts(_ scene: Scene) -> [String] {
    var texts: [String] = []
    if let limit = scene.network.stiffness, !limit.isStable, scene.stopSentence == nil {
      texts.append("step \(Scene.number(limit.step)) too long, stable to \(Scene.number(limit.largestStableStep ?? 0))")
    }
    if scene.look.standsStill { texts.append("picture held: s moves it") }
    if scene.look.probePaused { texts.append("probe held: , runs it") }
    if scene.look.showsDifference { texts.append("difference: d ends it") }
    if let end = scene.snapshot.end, !scene.session.readOnly {
      texts.append("replay to step \(NumberText.grouped(end))")
    }
    return texts
  }

  static func draw(_ scene: Scene, endingAt end: Int, on canvas: inout Canvas) {
    let text = texts(scene).joined(separator: "   ")
    guard !text.isEmpty, canvas.width >= Frame.minimum.width, canvas.height >= Frame.minimum.height else { return }
    // The second line is the failure's sentence where there is one.
    let isStopped = scene.stopSentence != nil
    canvas.textRight(
      isStopped ? end : canvas.width, isStopped ? Header.height(scene, width: canvas.width) : 1, " \(text) ",
      Ink.warning.reverse(), maxWidth: canvas.width / 2)
  }
}
