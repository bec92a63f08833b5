import ArgumentParser
import Experiments
import Formats
import Foundation

extension SpikeStudyPlan.Budget: ExpressibleByArgument {}

/// Does heterogeneity make a spiking network remember more, with fewer spikes?
struct StudySpikesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "spikes",
    abstract: "Do drawn time constants and drawn STDP make spiking networks remember more, with fewer spikes?",
    discussion: """
      Chakraborty & Mukhopadhyay, Heterogeneous Neuronal and Synaptic Dynamics for Spike-Efficient Unsupervised Learning \
      (ICLR 2023), claims that it does. Here networks whose neurons' time constants are equal or drawn (gamma), and whose \
      STDP constants are equal or drawn, are measured over --seeds: capacity C, spikes per neuron and input S, 𝓔 = C/S, \
      and errors on tasks. Each of the four kinds is then optimised by the same number of evaluations of a Bayesian search \
      for 𝓔, with other seeds, and measured again; networks with fixed weights compare a skewed spread with symmetric \
      ones; the optimised network with both drawn is pruned. Every claim is judged by paired differences over the seeds.

      --budget small takes about two minutes on one core, full a quarter of an hour. --log FILE keeps every result, and \
      --resume FILE goes on from there.

      With --json one object per line: for every condition "condition", "tau", "capacity", "activity", "efficiency", \
      "silent" (each with mean, deviation, each) and "errors" by task; for every pruning "criterion", "share" and the \
      same; for every search "search", "best" by dimension and "trace" (𝓔 of every evaluation); for every simple method \
      "task", "baseline", "error"; for every claim "claim", "verdict" (held, did not hold, undecided, open), "evidence"; \
      at the end one with "done".
      """)

  @Option(help: "How large: small or full.") var budget = SpikeStudyPlan.Budget.small
  @Option(help: "How many seeds, from --seed on (10 unless told).") var seeds: Int?
  @Option(help: "The first seed (1 unless told).") var seed: UInt64?
  @Option(help: "How many cores to use (all unless told).") var threads: Int?
  @Option(help: ArgumentHelp("Where the figure goes.", valueName: "file")) var svg: String?
  @Option(help: ArgumentHelp("Where plan and results go, as JSON lines; --resume reads it.", valueName: "file"))
  var log: String?
  @Option(
    help: ArgumentHelp("Go on with an interrupted study: its --log FILE, which also keeps it.", valueName: "file"))
  var resume: String?
  @Flag(help: "Results as JSON, one object per line.") var json = false

  func validate() throws {
    if let seeds, !(1...1_000).contains(seeds) {
      throw ValidationError("--seeds \(seeds) cannot be: use a number from 1 to 1000.")
    }
    if let threads, !(1...1_024).contains(threads) {
      throw ValidationError("--threads \(threads) cannot be: use a number from 1 to 1024.")
    }
    guard resume != nil else { return }
    let given = [
      ("--log", log != nil), ("--seeds", seeds != nil), ("--seed", seed != nil), ("--budget", budget != .small),
    ]
    if let stray = given.first(where: \.1)?.0 {
      throw ValidationError("\(stray) and --resume exclude each other: the file says what is computed.")
    }
  }

  func study() throws -> SpikeStudy {
    let threads = threads ?? ProcessInfo.processInfo.activeProcessorCount
    if let resume { return try SpikeStudy(resuming: resume, threads: threads) }
    if let log { try Failure.unless { try TrainCommand.checkWritable(log) } }
    let first = seed ?? 1
    return try SpikeStudy(
      SpikeStudyPlan(budget, seeds: (0..<UInt64(seeds ?? 10)).map { first &+ $0 }), threads: threads, log: log)
  }

  func run() throws {
    if let svg { try Failure.unless { try TrainCommand.checkWritable(svg) } }
    let study = try study()
    try watch(study)
    let table = study.table()
    let report = SpikeStudyReport(table)
    if json { report.printLines() } else { report.print() }
    if let problem = study.problem { Console.error(problem) }
    if let svg { try Failure.unless { try FileBytes.write(Array(SpikeStudyFigure(table).svg.utf8), to: svg) } }
  }

  /// Waits for its end; Ctrl-C ends it.
  private func watch(_ study: SpikeStudy) throws {
    Interrupt.watch()
    study.start()
    var told = -1
    while !study.status.isOver {
      if Interrupt.happened { study.cancel() }
      let table = study.table()
      let percent = Int(table.share * 100)
      let left = table.secondsLeft.map { ", about \(Int($0.rounded())) s left" } ?? ""
      if Console.errorIsTerminal {
        Console.note("\r\(percent) %\(left)\u{1B}[K", terminator: "")
      } else if percent / 5 > told {
        told = percent / 5
        Console.note("\(percent) %\(left)")
      }
      Thread.sleep(forTimeInterval: 0.1)
    }
    study.wait()
    if Console.errorIsTerminal { Console.note("\r\u{1B}[K", terminator: "") }
    switch study.status {
    case .failed(let sentence): throw Failure(sentence)
    case .cancelled:
      let goingOn = (log ?? resume).map { "--resume \($0) goes on from here." }
      Console.note("Interrupted. \(goingOn ?? "With --log FILE it could be gone on with.")")
    default: break
    }
  }
}
