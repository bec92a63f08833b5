import Terminal

/// A widget drawn over what is there: blanks let the picture below shine through.
struct Overlay<Content: Widget>: Widget {
  var content: Content
  init(_ content: Content) { self.content = content }

  func draw(on canvas: inout Canvas) {
    var layer = Canvas(width: canvas.width, height: canvas.height, glyphs: canvas.glyphs)
    content.draw(on: &layer)
    for y in 0..<canvas.height {
      for x in 0..<canvas.width where layer[x, y].character != " " {
        canvas.put(x, y, layer[x, y].character, layer[x, y].style)
      }
    }
  }
}
