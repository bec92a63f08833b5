import Terminal

// The mouse: it selects, scrolls, zooms, and moves the borders between panes. Never needed.

extension ExplorerProgram {
  func mouse(_ event: MouseEvent) {
    switch event.kind {
    case .release: dragged = nil
    case .drag: drag(event)
    // The wheel is the arrow keys, in every list.
    case .scrollUp, .scrollDown: scroll(event)
    case .press(.left), .doubleClick: if scene.mode == .normal { click(event) }
    case .press: break
    }
  }

  private func scroll(_ event: MouseEvent) {
    switch scene.mode {
    case .normal, .help: break
    default: return
    }
    if scene.mode == .normal, let pane = pane(at: event) { scene.look.focus = pane.view.name }
    _ = Keyboard.press(event.kind == .scrollUp ? .up : .down, on: &scene)
  }

  private func pane(at event: MouseEvent) -> Frame.Pane? {
    let size = backend.size
    return Frame.panes(scene, width: size.width, height: size.height)
      .first { $0.rect.contains(x: event.x, y: event.y) }
  }

  private func click(_ event: MouseEvent) {
    guard let pane = pane(at: event) else { return }
    let size = backend.size
    scene.look.focus = pane.view.name
    if event.kind == .doubleClick {
      scene.look.zoomed.toggle()
      return
    }
    let inner = pane.rect.inset(by: 1)
    guard inner.contains(x: event.x, y: event.y) else {
      // A frame belongs to its pane; where two meet they can be moved.
      dragged = Frame.border(scene, x: event.x, y: event.y, width: size.width, height: size.height)
      return
    }
    pane.view.click(
      &scene, atX: event.x - inner.x, y: event.y - inner.y, width: inner.width, height: inner.height)
  }

  private func drag(_ event: MouseEvent) {
    let size = backend.size
    if dragged == nil, let pane = pane(at: event), pane.view.followsDrag {
      let inner = pane.rect.inset(by: 1)
      pane.view.click(
        &scene, atX: event.x - inner.x, y: event.y - inner.y, width: inner.width, height: inner.height)
      return
    }
    guard let dragged, !scene.look.zoomed else { return }
    scene.look.splits.move(
      dragged, x: event.x, y: event.y, body: Frame.body(scene, width: size.width, height: size.height),
      width: size.width, height: size.height)
  }
}
