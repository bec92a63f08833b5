import Terminal

/// A whole frame: header, panes or the zoomed view, inspector and footer, and whatever lies on top.
public enum Frame {
  public static let minimum = (width: 60, height: 16)

  /// Draws the scene on a screen of that size; total for every size from 0×0.
  public static func draw(_ scene: Scene, width: Int, height: Int, glyphs: GlyphTier = .braille) -> Grid {
    var canvas = Canvas(width: width, height: height, glyphs: glyphs)
    guard width >= minimum.width, height >= minimum.height else {
      let text =
        "ganglion needs \(minimum.width)×\(minimum.height), this is \(width)×\(height): enlarge the window, or q to leave. "
        + (scene.isTraining ? "Training goes on." : "Training is paused.")
      canvas.draw(Paragraph(text))
      return canvas.grid
    }
    Header.draw(scene, in: Rect(x: 0, y: 0, width: width, height: 2), on: &canvas)
    for pane in panes(scene, width: width, height: height) {
      let focused = pane.view.name == scene.focus
      let inner = canvas.frame(
        pane.rect, title: pane.view.title(scene), style: focused ? Ink.focus : Ink.frame, focused: focused)
      canvas.inside(inner) { pane.view.draw(scene, on: &$0) }
    }
    Footer.draw(scene, in: Rect(x: 0, y: height - 2, width: width, height: 2), on: &canvas)
    Overlays.draw(scene, on: &canvas)
    return canvas.grid
  }

  public struct Pane: Sendable {
    public var view: any View
    public var rect: Rect
  }

  /// Which views are where. Large screens show four; smaller ones leave out the least important, but never the focused.
  public static func panes(_ scene: Scene, width: Int, height: Int) -> [Pane] {
    let body = Rect(x: 0, y: 2, width: width, height: height - 4)
    if scene.zoomed, let view = Views.named(scene.focus) { return [Pane(view: view, rect: body)] }
    let all = Views.all
    if width >= 110 && height >= 34 {
      let rows = body.rows(2).map { $0.columns(2) }
      return zip(all, [rows[0][0], rows[0][1], rows[1][0], rows[1][1]]).map { Pane(view: $0, rect: $1) }
    }
    // Two panes above learning; the focused one takes the second place if it is not there by itself.
    var upper = [all[0], all[1]]
    if scene.focus == all[2].name { upper[1] = all[2] }
    let rows = body.rows([.weight(1.35), .weight(1)])
    let halves = rows[0].columns([.weight(1), .weight(1)])
    return [
      Pane(view: upper[0], rect: halves[0]), Pane(view: upper[1], rect: halves[1]), Pane(view: all[3], rect: rows[1]),
    ]
  }
}
