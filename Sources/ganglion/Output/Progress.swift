import Foundation
import Learning

/// How far training has come, on standard error: a bar on a terminal, one line per measurement in a pipe.
struct Progress {
  /// Share of the work done, 0…1.
  typealias Share = (TrainingSession) -> Double

  private let share: Share
  private let bar: Bool
  private let lines: Bool
  private let start = Date()
  private let firstStep: Int
  private var lastDrawn = Date.distantPast
  private var drawn = false

  /// `quiet` leaves the lines of a pipe out, where standard output says the same.
  init(firstStep: Int, quiet: Bool, share: @escaping Share) {
    self.share = share
    self.firstStep = firstStep
    bar = Console.errorIsTerminal
    lines = !bar && !quiet
  }

  func rate(_ session: TrainingSession) -> Double {
    Double(session.step - firstStep) / max(Date().timeIntervalSince(start), 1e-9)
  }

  /// After every step; draws at most ten times a second.
  mutating func stepped(_ session: TrainingSession) {
    guard bar, Date().timeIntervalSince(lastDrawn) > 0.1 else { return }
    lastDrawn = Date()
    drawn = true
    let width = 24
    let filled = Int((min(max(share(session), 0), 1) * Double(width)).rounded(.down))
    let text =
      "\r[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled) + "] "
      + summary(session)
    Console.note(text + "\u{1B}[K", terminator: "")
  }

  func measured(_ session: TrainingSession) {
    if lines { Console.note(summary(session)) }
  }

  /// Takes the bar away.
  mutating func finish() {
    if drawn { Console.note("\r\u{1B}[K", terminator: "") }
    drawn = false
  }

  private func summary(_ session: TrainingSession) -> String {
    let loss = (session.recentLoss ?? session.report?.loss ?? .nan).brief
    return "step \(session.step), epoch \(session.epoch), loss \(loss), held out "
      + "\((session.heldOut?.loss ?? .nan).brief), \(rate(session).brief) steps/s"
  }
}
