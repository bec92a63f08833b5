import Foundation
import Experiments
import Learning

/// Waits for a comparison on standard error: a bar on a terminal, one line per run in a pipe. Ctrl-C ends it.
struct ComparisonWatch {
  private let comparison: Comparison
  private let log: String?
  private let quiet: Bool

  /// `quiet` leaves out what a reader of JSON does not need: the notes on the data.
  init(_ comparison: Comparison, log: String?, quiet: Bool) {
    self.comparison = comparison
    self.log = log
    self.quiet = quiet
  }

  /// - Throws: ``Failure`` where the comparison could not go on.
  func run() throws {
    Interrupt.watch()
    if !quiet { for note in comparison.tasks.flatMap(\.notes) { Console.note(note) } }
    comparison.start()
    var told = Set(comparison.runs.map(\.job))
    if !told.isEmpty { Console.note("\(told.count.of("run")) of \(log ?? "the log") are not made again.") }
    var settled = false
    while true {
      let table = comparison.table()
      if !settled, table.isSettled {
        settled = true
        clearBar()
        for taskEntry in table.taskEntries { Console.note("\(taskEntry.task). \(taskEntry.treatment)") }
      }
      for run in comparison.runs where !told.contains(run.job) {
        told.insert(run.job)
        clearBar()
        Console.note(line(run))
      }
      drawBar(table)
      switch table.status {
      case .finished: return end()
      case .cancelled:
        end()
        Console.note(
          "Interrupted: \(Int(table.share * 100)) % of the steps were made. \(Self.goingOn(log))")
        return
      case .failed(let sentence):
        clearBar()
        throw Failure(sentence)
      case .waiting, .running, .paused: break
      }
      if Interrupt.happened { comparison.cancel() }
      Thread.sleep(forTimeInterval: 0.1)
    }
  }

  /// How an interrupted comparison is gone on with.
  static func goingOn(_ log: String?) -> String {
    log.map { "--resume \($0) goes on from here." } ?? "With --log FILE it could be gone on with."
  }

  private func end() {
    comparison.wait()
    clearBar()
  }

  private func line(_ run: ComparisonRun) -> String {
    let job = run.job
    let what =
      "\(comparison.tasks[job.candidate.taskEntry].name), \(job.candidate.model) \(job.candidate.neurons), seed \(job.seed)"
    let kind = job.trialRate == nil ? "" : "trying "
    let result = run.failure.map { "not finite after \(run.steps.of("step")): \($0)" } ?? (run.error ?? .nan).brief
    return "\(what), \(kind)learning rate \(run.learningRate): \(result) (\(run.seconds.brief) s)"
  }

  private func drawBar(_ table: ComparisonTable) {
    guard Console.errorIsTerminal else { return }
    let width = 24
    let filled = Int(table.share * Double(width))
    let left = table.secondsLeft.map { ", about \(Int($0.rounded())) s left" } ?? ""
    let what =
      table.status == .running && !table.isSettled
      ? "measuring the time of a step" : "\(Int(table.share * 100)) %\(left)"
    Console.note(
      "\r[" + String(repeating: "#", count: filled) + String(repeating: ".", count: width - filled)
        + "] \(what)\u{1B}[K",
      terminator: "")
  }

  private func clearBar() { if Console.errorIsTerminal { Console.note("\r\u{1B}[K", terminator: "") } }
}
