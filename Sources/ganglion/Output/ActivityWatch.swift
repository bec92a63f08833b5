import Experiments
import Foundation

/// Waits for an activity on standard error: a bar on a terminal, a line for each part that is done in a pipe. Ctrl-C ends
/// it.
struct ActivityWatch {
  let activity: any Activity
  /// How an interrupted one is gone on with, a sentence.
  let goingOn: String

  /// - Parameter news: called often; lines about what is done since it was called last.
  /// - Throws: ``Failure`` where it could not go on.
  func run(news: () -> [String]) throws {
    Interrupt.watch()
    activity.start()
    while true {
      let report = activity.report()
      let lines = news()
      if !lines.isEmpty { clearBar() }
      for line in lines { Console.note(line) }
      switch report.status {
      case .finished: return clearBar()
      case .cancelled:
        clearBar()
        return Console.note("Interrupted: \(report.progress). \(goingOn)")
      case .failed(let sentence):
        clearBar()
        throw Failure(sentence)
      case .waiting, .running, .paused: drawBar(report)
      }
      if Interrupt.happened { activity.cancel() }
      Thread.sleep(forTimeInterval: 0.1)
    }
  }

  private func drawBar(_ report: ActivityReport) {
    guard Console.errorIsTerminal else { return }
    let width = 24
    let filled = Int((min(max(report.share ?? 0, 0), 1) * Double(width)).rounded(.down))
    Console.note(
      "\r[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        + "] \(report.progress)\u{1B}[K", terminator: "")
  }

  private func clearBar() { if Console.errorIsTerminal { Console.note("\r\u{1B}[K", terminator: "") } }
}
