import ArgumentParser
import Circuits
import Explorer
import Foundation
import Experiments
import Learning
import Tasks
import Terminal

/// Several models and sizes on one task.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare", abstract: "Compare models of several sizes on one task, all treated alike.",
    discussion: """
      Every model makes the same number of steps with the same windows, batch, optimiser and clipping; its learning rate \
      is the one of --learning-rates with the smallest held-out loss after a third of the steps (at most 300) of its \
      middle size with the first seed (with search:… a Bayesian search of each model chooses what is tried). Of every run the state with the smallest held-out loss counts. The error is the \
      squared error divided by the variance of the targets, or the share of wrong answers. Without --steps as many steps \
      are made as fit into --minutes, by the time a step of each network is measured to take.

      Each run has one thread, and as many run at once as --threads says. On a terminal the comparison is shown in the \
      explorer while it runs; with --plain or --json, or in a pipe, a table is printed at the end. Ctrl-C ends it with \
      what there is; --log FILE keeps every run that is done, and --resume FILE goes on from there.

      With --json one object per line: for every model and size task, model, wiring, readout, neurons, synapses, \
      parameters, evaluation (which way the error is measured), other (the other way, mean), errors (root mean squared, \
      in the targets' own units: target, error, unit), heldOut (mean, deviation, each: one entry per seed, null where a \
      number stopped being finite), measure, learningRate, seconds (processor time of a run, the mean over seeds), steps, \
      notFinite, frontByParameters, frontByNeurons; then for every baseline task, baseline, measure, value; at the end one \
      with "done".
      """)

  @OptionGroup(title: "Task") var task: TaskOptions
  @Option(help: ArgumentHelp("The models ('ganglion models' lists them).", valueName: "name,…"))
  var models: String?
  @Option(help: ArgumentHelp("How many neurons each (what the task suggests unless told).", valueName: "N,…"))
  var neurons: String?
  @Option(help: ArgumentHelp("Instead: as many neurons as come nearest to so many parameters.", valueName: "P,…"))
  var parameters: String?
  @Option(help: ArgumentHelp("The wirings ('ganglion wirings' lists them; all unless told).", valueName: "name,…"))
  var wiring: String?
  @Option(
    help: ArgumentHelp("How outputs are read: dense (all neurons; unless told), motor, or both.", valueName: "name,…"))
  var readout: String?
  @Option(
    help: ArgumentHelp("How the differential equations are solved (each model's own unless told).", valueName: "name"))
  var solver: String?
  @Option(help: "Solver sub-steps a time step (6 unless told).") var unfolds: Int?
  @OptionGroup(title: "Learning") var fit: FitOptions
  @Option(help: "How long all of it may take (10 unless --steps is given).") var minutes: Double?
  @OptionGroup(title: "Comparing") var comparing: ComparingOptions
  @OptionGroup(title: "Machine") var machine: MachineOptions
  @Flag(help: "A table at the end instead of the explorer.") var plain = false

  func validate() throws {
    if neurons != nil, parameters != nil {
      throw ValidationError("--neurons and --parameters exclude each other: give one.")
    }
    if minutes != nil, comparing.steps != nil {
      throw ValidationError("--steps and --minutes exclude each other: give one.")
    }
    if fit.learningRate != nil, comparing.learningRates != nil {
      throw ValidationError("--learning-rate and --learning-rates exclude each other: give one.")
    }
    guard comparing.resume != nil else { return }
    let given: [(String, Bool)] = [
      ("--task or --data", task.isGiven), ("--models", models != nil), ("--neurons", neurons != nil),
      ("--parameters", parameters != nil), ("--wiring", wiring != nil),
      ("--readout", readout != nil), ("--solver", solver != nil),
      ("--unfolds", unfolds != nil), ("--minutes", minutes != nil), ("--seed", machine.seed != nil),
      ("--learning-rate", fit.learningRate != nil), ("--learn", fit.learn != nil), ("--freeze", !fit.freeze.isEmpty),
      ("--prune", fit.prune != nil),
    ]
    if let stray = given.first(where: \.1)?.0 ?? fit.stray {
      throw ValidationError("\(stray) and --resume exclude each other: the file says what is compared.")
    }
  }

  /// What is compared where nobody says: the four kinds of synapse and two gated baselines.
  static let usual = ["ltc", "ltc-neural", "ctrnn", "node", "lstm", "gru"]

  /// The comparison that the options ask for, not yet begun; `source` where they name no task.
  func comparison(
    on source: DataSource? = nil, onResult: @escaping @Sendable () -> Void = {}
  ) throws -> Comparison {
    try ComparisonSource.make({ try plan(on: source) }, comparing, threads: machine.threads, onResult: onResult)
  }

  private func plan(on source: DataSource?) throws -> ComparisonPlan {
    let seed = machine.seed ?? 1
    var source = task.isGiven ? task.source(seed: seed) : source ?? task.source(seed: seed)
    source.seed = seed
    let sizes: [ComparisonPlan.Size]
    if let parameters {
      sizes = try ComparingOptions.list(parameters, "--parameters") { Int($0) }.map { .parameters($0) }
    } else if let neurons {
      sizes = try ComparingOptions.list(neurons, "--neurons") { Int($0) }.map { .neurons($0) }
    } else {
      sizes = [.neurons(try source.load().suggestion.neurons)]
    }
    var plan = ComparisonPlan(
      taskEntries: [.init(source: source, sizes: sizes)], models: models.map(ComparingOptions.names) ?? Self.usual)
    plan.wirings = wiring.map(ComparingOptions.names) ?? plan.wirings
    plan.readouts = try readout.map { try ComparingOptions.list($0, "--readout", Readout.init) } ?? plan.readouts
    let (every, evaluation) = (plan.recipe.training.evaluateEvery, plan.recipe.training.evaluation)
    plan.recipe = Recipe(
      network: .init(solver: solver, unfolds: unfolds), training: fit.training, commands: fit.commands)
    (plan.recipe.training.evaluateEvery, plan.recipe.training.evaluation) = (every, evaluation)
    if let rate = fit.learningRate { plan.rates = [rate] }
    if let minutes { plan.budget = .minutes(minutes) }
    return plan
  }

  func run() throws {
    let comparison = try comparison()
    let log = comparing.log ?? comparing.resume
    if comparing.json || plain || !Console.isInteractive {
      try ComparisonWatch(comparison, log: log, quiet: comparing.json).run()
    } else {
      try explore(comparison)
      if comparison.table().status != .finished { Console.note(ComparisonWatch.goingOn(log)) }
    }
    let report = ComparisonReport(comparison.table())
    if comparing.json { report.printLines() } else { report.print() }
    if let problem = comparison.problem { Console.error(problem) }
  }

  /// Shows it in the explorer, beside the first row's model, which does not train meanwhile.
  private func explore(_ comparison: Comparison) throws {
    guard let row = comparison.table().rows.first else { return }
    let plan = comparison.plan
    let task = comparison.tasks[row.candidate.taskEntry]
    let recipe = plan.recipe(row.candidate, seed: plan.seeds[0])
    let setup = Setup(
      recipe: recipe, source: plan.taskEntries[row.candidate.taskEntry].source, task: task,
      model: try Model(recipe.specification(for: task)),
      options: try recipe.options(for: task, threads: comparison.threads))
    var options = ExplorerOptions(commandLine: setup)
    options.activities = [comparison]
    options.paused = true
    let backend = try CursesBackend()
    if !backend.supportsUnicode { options.glyphs = .ascii }
    let program = try ExplorerProgram(options, backend: backend)
    let end = program.run()
    for path in program.keptIn {
      Console.note("Training that was not saved is kept in \(path): ganglion --load \(path) goes on from there.")
    }
    if end != .quit, end.status != 0 { throw ExitCode(end.status) }
  }
}
