import Terminal

/// A whole frame: header, panes or the zoomed view, inspector and footer, and whatever lies on top.
public enum Frame {
  public static let minimum = (width: 60, height: 16)

  /// Draws the scene on a screen of that size; total for every size from 0×0.
  public static func draw(_ scene: Scene, width: Int, height: Int, glyphs: GlyphTier? = nil) -> Grid {
    var canvas = Canvas(width: width, height: height, glyphs: glyphs ?? scene.glyphs)
    guard width >= minimum.width, height >= minimum.height else {
      let text =
        "ganglion needs \(minimum.width)×\(minimum.height), this is \(width)×\(height): enlarge the window, or q to leave. "
        + (scene.isTraining ? "Training goes on." : "Training is paused.")
      canvas.draw(Paragraph(text))
      return canvas.grid
    }
    let header = Header.height(scene, width: width)
    Header.draw(scene, in: Rect(x: 0, y: 0, width: width, height: header), on: &canvas)
    for pane in panes(scene, width: width, height: height) {
      let focused = pane.view.name == scene.focus
      let title = "\(pane.view.key) \(pane.view.title(scene))".shortened(to: pane.rect.width - 4)
      let inner = canvas.frame(
        pane.rect, title: title, style: focused ? Ink.focus : Ink.frame, focused: focused)
      canvas.inside(inner) { pane.view.draw(scene, on: &$0) }
    }
    Footer.draw(scene, in: Rect(x: 0, y: height - 2, width: width, height: 2), on: &canvas)
    MessageLine.draw(scene, on: &canvas)
    Overlays.draw(scene, on: &canvas)
    return canvas.grid
  }

  public struct Pane: Sendable {
    public var view: any View
    public var rect: Rect
  }

  /// Which views are where. Large screens show four; smaller ones leave out the least important, but never the focused.
  public static func panes(_ scene: Scene, width: Int, height: Int) -> [Pane] {
    let body = body(scene, width: width, height: height)
    let split = scene.splits[width, height]
    let focused = Views.named(scene.focus)
    if scene.zoomed, let focused { return [Pane(view: focused, rect: body)] }
    var shown = Views.dashboard
    // A view that has no pane of its own takes the first one's place.
    if let focused, !shown.contains(where: { $0.name == focused.name }) { shown[0] = focused }
    if width >= 110 && height >= 34 {
      let places = scene.splits.rows(body, split, weight: 1).flatMap { scene.splits.columns($0, split) }
      return zip(shown, places).map { Pane(view: $0, rect: $1) }
    }
    // Two panes above learning; the third takes the second one's place where it is the focused.
    if scene.focus == shown[2].name { shown[1] = shown[2] }
    let rows = scene.splits.rows(body, split, weight: 1.35)
    let halves = scene.splits.columns(rows[0], split)
    return zip([shown[0], shown[1], shown[3]], [halves[0], halves[1], rows[1]]).map { Pane(view: $0, rect: $1) }
  }
}
