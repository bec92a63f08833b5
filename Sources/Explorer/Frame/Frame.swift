import Terminal

/// A whole frame: header, panes or the zoomed view, inspector and footer, and whatever lies on top.
public enum Frame {
  public static let minimum = (width: 60, height: 16)

  /// Draws the scene on a screen of that size; total for every size from 0×0.
  public static func draw(_ scene: Scene, width: Int, height: Int, glyphs: GlyphTier? = nil) -> Grid {
    var canvas = Canvas(width: width, height: height, glyphs: glyphs ?? scene.look.glyphs)
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
      let focused = pane.view.name == scene.look.focus
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
    if scene.look.zoomed, let focused = scene.focusedView { return [Pane(view: focused, rect: body)] }
    let split = scene.look.splits[width, height]
    let corners: [[DashboardSlot.Corner]]
    let rects: [Rect]
    if width >= 110 && height >= 34 {
      corners = DashboardSlot.Corner.allCases.map { [$0] }
      rects = scene.look.splits.rows(body, split, weight: 1).flatMap { scene.look.splits.columns($0, split) }
    } else {
      // Two panes above one; the two at the middle share one.
      corners = [[.upperLeft], [.upperRight, .lowerLeft], [.lowerRight]]
      let rows = scene.look.splits.rows(body, split, weight: 1.35)
      rects = scene.look.splits.columns(rows[0], split) + [rows[1]]
    }
    return zip(corners, rects).compactMap { corners, rect in
      view(in: corners, scene.focusedView).map { Pane(view: $0, rect: rect) }
    }
  }

  /// The view of a pane: the focused one where it belongs there, otherwise the most important. A focused view that has no
  /// pane of its own stands in the first.
  private static func view(in corners: [DashboardSlot.Corner], _ focused: (any View)?) -> (any View)? {
    if let focused, corners.contains(focused.slot?.corner ?? .upperLeft) { return focused }
    return Views.dashboard.filter { $0.slot.map { corners.contains($0.corner) } ?? false }
      .max { ($0.slot?.importance ?? 0) < ($1.slot?.importance ?? 0) }
  }

  /// What has to be computed for a frame of that size: by the panes, and by the line about the selection.
  public static func needs(_ scene: Scene, width: Int, height: Int) -> ViewNeeds {
    guard width >= minimum.width, height >= minimum.height else { return [] }
    return panes(scene, width: width, height: height).reduce(Footer.needs(scene)) { $0.union($1.view.needs(scene)) }
  }
}
