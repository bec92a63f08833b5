import ArgumentParser
import Formats
import Foundation
import Experiments
import Learning
import Tasks

/// Questions of the papers, answered by training.
struct StudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study", abstract: "Questions of the papers, each answered with figures.",
    subcommands: [StudySynapsesCommand.self, StudyRankCommand.self, StudySpikesCommand.self])

  /// The study that the words behind "study" ask for, not yet begun.
  static func activity(_ words: [String]) throws -> any Activity {
    switch try parseAsRoot(words) {
    case let command as StudySynapsesCommand: return RunningStudy(try command.comparison())
    case let command as StudyRankCommand: return try command.study()
    case let command as StudySpikesCommand: return try command.study()
    default: throw ValidationError("Which study? For example study synapses --budget 10, study rank, or study spikes.")
    }
  }
}

/// Do biophysical synapses let a smaller network do the same?
struct StudySynapsesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synapses",
    abstract: "Do biophysical synapses do more with as many neurons, and with as many parameters?",
    discussion: """
      Lemmel & Grosu, On the Benefits of Biophysical Synapses (AAAI 2023), asks what conductances with reversal potentials \
      are good for. Here LTC networks, with a gate for every synapse (ltc) or every neuron (ltc-neural), learn the same \
      tasks as CT-RNN, neural ODE, LSTM and GRU: once with --neurons neurons each, and once with the number of neurons \
      that comes nearest to the parameters of the LTC of that size. All are treated alike, as 'ganglion compare --help' \
      says; within --budget each task gets the same time, and what it does not need goes to the others.

      With --json one object per line: for every task, model and equality what 'compare --json' gives, with "equal" (neurons \
      or parameters); the baselines; for every task and equality "best" (biophysical, rival, undecided where the best of \
      both differ by less than their spread over seeds, open where runs are missing); at the end one with "done".
      """)

  @Option(help: ArgumentHelp("The tasks ('ganglion tasks' lists them).", valueName: "name,…"))
  var tasks = "sinusoid,spiral,power,traffic,household,vowels"
  @Option(help: ArgumentHelp("The models ('ganglion models' lists them).", valueName: "name,…"))
  var models = "ltc,ltc-neural,ctrnn,node,lstm,gru"
  @Option(help: "How many neurons where neurons are equal.") var neurons = 16
  @Option(help: ArgumentHelp("How long all of it may take (60 unless --steps is given).", valueName: "minutes"))
  var budget: Double?
  @Option(help: ArgumentHelp("Where the figure goes.", valueName: "file")) var svg: String?
  @OptionGroup(title: "Comparing") var comparing: ComparingOptions
  @OptionGroup(title: "Machine") var machine: MachineOptions

  func validate() throws {
    if budget != nil, comparing.steps != nil {
      throw ValidationError("--steps and --budget exclude each other: give one.")
    }
    if let budget, !(budget > 0 && budget.isFinite) {
      throw ValidationError("--budget \(budget) cannot be: use a number of minutes above 0.")
    }
  }

  private func plan() throws -> ComparisonPlan {
    let seed = machine.seed ?? 1
    var plan = SynapseStudy.plan(
      tasks: ComparingOptions.names(tasks).map { DataSource(task: $0, seed: seed) },
      models: ComparingOptions.names(models), neurons: neurons)
    plan.budget = .minutes(budget ?? 60)
    return plan
  }

  func comparison() throws -> Comparison {
    try ComparisonSource.make(plan, comparing, threads: machine.threads)
  }

  func run() throws {
    if let svg { try Failure.unless { try TrainCommand.checkWritable(svg) } }
    let comparison = try comparison()
    try ComparisonWatch(comparison, log: comparing.log ?? comparing.resume, quiet: comparing.json).run()
    let table = comparison.table()
    let report = StudyReport(SynapseStudy(table))
    if comparing.json { report.printLines() } else { report.print() }
    if let svg { try Failure.unless { try FileBytes.write(Array(StudyFigure(table).svg.utf8), to: svg) } }
  }
}
