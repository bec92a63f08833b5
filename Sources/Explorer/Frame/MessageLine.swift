import Terminal

/// A sentence on the lower border of the panes for some seconds: it hides neither the selection nor the keys.
enum MessageLine {
  static func draw(_ scene: Scene, on canvas: inout Canvas) {
    guard let message = scene.message, message.until > scene.time, canvas.width > 12 else { return }
    let style = (message.isError ? Ink.error : Ink.good).bold()
    let lines = Paragraph.wrap((message.isError ? "! " : "") + message.text, columns: canvas.width - 6)
      .prefix(max(canvas.height - 8, 1))
    let top = canvas.height - 2 - lines.count
    let width = lines.count == 1 ? lines[0].terminalColumns : canvas.width - 6
    for (row, line) in lines.enumerated() {
      canvas.text(1, top + row, "┤ \(line.padded(to: width)) ├", style)
    }
  }
}
