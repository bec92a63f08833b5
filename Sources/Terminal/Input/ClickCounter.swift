/// Turns the second of two quick presses at one point into a double click.
struct ClickCounter {
  static let interval = Duration.milliseconds(400)
  private var last: (event: MouseEvent, time: ContinuousClock.Instant)?

  mutating func count(_ event: TerminalEvent, at now: ContinuousClock.Instant = .now) -> TerminalEvent {
    guard case .mouse(let mouse) = event, case .press(.left) = mouse.kind else { return event }
    if let last, last.event == mouse, now - last.time <= Self.interval {
      self.last = nil
      return .mouse(MouseEvent(kind: .doubleClick, x: mouse.x, y: mouse.y))
    }
    last = (mouse, now)
    return event
  }
}
