import ArgumentParser
import Circuits
import Experiments
import Formats
import Foundation

extension RankPlan.Budget: ExpressibleByArgument {}

/// Is what learning does to weights of low tensor rank?
struct StudyRankCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rank",
    abstract: "Is what learning does to weights of low tensor rank, and are biophysical synapses alike?",
    discussion: """
      Pellegrino, Cayco-Gajic & Chadwick, Low Tensor Rank Learning of Neural Dynamics (NeurIPS 2023), claims that the \
      weights through learning, stacked into a tensor, have low rank. Here a tanh network learns to reach into a force \
      field, linear networks are held to the theorem behind the claim, and networks with biophysical synapses learn \
      other tasks. Since a path of many small steps looks low-dimensional by itself, every path is compared with two \
      controls: every step replaced by a random matrix of the same norm, and by one with the same singular values in \
      random directions. The claim is the distance to the nearer.

      With --json one object per tensor and rank: "task", "model", "tensor" (Δ: what changed), "rank", "seeds", \
      "explained", "similarity" (between fits from other starts), "sameNorm", "sameSingularValues", "distance", each \
      with "mean" and "deviation" over seeds, and "expected" where an independent run is known; one per tensor with its \
      matrix ranks; one per linear network; one with "sentence" for each finding; at the end one with "done".
      """)

  @Option(help: "How many seeds, from --seed on (5, with --budget small 2).") var seeds: Int?
  @Option(help: "small: about a minute, one task, two models; full: three tasks, four models.")
  var budget = RankPlan.Budget.full
  @Option(help: ArgumentHelp("Where the figure goes.", valueName: "file")) var svg: String?
  @Option(help: ArgumentHelp("Where plan and runs go, as JSON lines; --resume reads it.", valueName: "file"))
  var log: String?
  @Option(
    help: ArgumentHelp("Go on with an interrupted study: its --log FILE, which also keeps it.", valueName: "file"))
  var resume: String?
  @Option(
    help: ArgumentHelp(
      "Only record the reach network of --seed while it adapts: activity.npy (trials × neurons × time), trials.csv and "
        + "weights.npy, for 'ganglion ltrrnn'.", valueName: "folder"))
  var recording: String?
  @Flag(help: "Results as JSON, one object per line.") var json = false
  @OptionGroup(title: "Machine") var machine: MachineOptions

  func validate() throws {
    if let seeds, !(1...1000).contains(seeds) {
      throw ValidationError("--seeds \(seeds) cannot be: use a number from 1 to 1000.")
    }
    if resume != nil, log != nil || seeds != nil {
      throw ValidationError("--resume excludes --log and --seeds: the file says what is studied.")
    }
  }

  /// Not yet begun.
  func study() throws -> RankStudy {
    let threads = machine.threads ?? ProcessInfo.processInfo.activeProcessorCount
    if let resume {
      let (log, plan, runs) = try RankLog.resume(resume)
      return RankStudy(plan, finished: runs, log: log, threads: threads)
    }
    let seed = machine.seed ?? 1
    let plan = RankPlan(budget, seeds: (0..<UInt64(seeds ?? (budget == .full ? 5 : 2))).map { seed &+ $0 })
    if let log { try Failure.unless { try TrainCommand.checkWritable(log) } }
    return RankStudy(plan, log: try log.map { try RankLog(plan, path: $0) }, threads: threads)
  }

  func run() throws {
    if let recording {
      let made = try ReachRecording(seed: machine.seed ?? 1)
      return try Failure.unless { try made.write(to: recording) }
    }
    if let svg { try Failure.unless { try TrainCommand.checkWritable(svg) } }
    let study = try study()
    var told = Set(study.table.runs.map(\.job))
    if !told.isEmpty { Console.note("\(told.count.of("network")) of \(resume ?? "the log") are not made again.") }
    let file = log ?? resume
    let watch = ActivityWatch(
      activity: study,
      goingOn: file.map { "--resume \($0) goes on from here." } ?? "With --log FILE it could be gone on with.")
    try watch.run {
      let new = study.table.runs.filter { !told.contains($0.job) }
      told.formUnion(new.map(\.job))
      return json ? [] : new.map(Self.line)
    }
    study.wait()
    if let problem = study.report().problem { Console.note(problem) }
    let table = study.table
    let report = RankReport(table)
    if json { report.printLines() } else { report.print() }
    if let svg { try Failure.unless { try FileBytes.write(Array(RankFigure(table).svg.utf8), to: svg) } }
  }

  private static func line(_ run: RankRun) -> String {
    let what = "\(run.job.task), \(run.job.model), seed \(run.job.seed)"
    return "\(what): \(run.failure ?? "\(run.paths.count.of("tensor"))") (\(run.seconds.brief) s)"
  }
}
