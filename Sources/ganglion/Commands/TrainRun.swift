import Formats
import Circuits
import Foundation
import Learning
import Tasks

/// One training run from its first step to its last line.
final class TrainRun {
  enum Goal {
    case steps(from: Int, to: Int)
    case epochs(Int)
    case minutes(Double)
  }

  private let session: TrainingSession
  /// With nothing left to suggest: what files keep.
  private let recipe: Recipe
  private let goal: Goal
  private let out: String?
  private let json: Bool
  private let start = Date()
  private let firstStep: Int
  /// A long run is saved about this often, s.
  private static let interval = 60.0

  init(_ session: TrainingSession, recipe: Recipe, goal: Goal, out: String?, json: Bool) {
    self.session = session
    self.recipe = recipe
    self.goal = goal
    self.out = out
    self.json = json
    firstStep = session.step
  }

  func run() throws {
    var progress = Progress(firstStep: firstStep, quiet: json, share: share)
    var problem: NotFinite?
    let autosave = Autosave(every: Self.interval, clock: { [start] in Date().timeIntervalSince(start) }) {
      [out, recipe] session in
      try Self.save(Checkpoint(session, recipe: recipe), of: session, recipe, to: out)
    }
    session.add(autosave)
    while share(session) < 1, !Interrupt.happened {
      let measurements = session.curve.heldOut.last
      do {
        try follow()
        try session.advance()
        if let problem = autosave.problem { throw problem }
      } catch let error as NotFinite {
        problem = error
        break
      }
      progress.stepped(session)
      guard session.curve.heldOut.last != measurements else { continue }
      progress.measured(session)
      if json { Console.print(measurement.line) }
    }
    try follow()
    let seconds = Date().timeIntervalSince(start)
    // Before the last measurement, which an uninterrupted run would not have made here.
    session.remove(autosave)
    let checkpoint = Checkpoint(session, recipe: recipe)
    if problem == nil, session.curve.heldOut.last?.step != session.step {
      session.measure()
      if json { Console.print(measurement.line) }
    }
    session.end()
    progress.finish()
    try Self.save(checkpoint, of: ObservedSession(session), recipe, to: out)
    if let problem { throw problem }
    if json { Console.print(result(seconds).line) } else { describe(seconds) }
  }

  /// Applies what a recorded run has for this step.
  private func follow() throws {
    var refused: Failure?
    session.applyDue { _, result in
      switch result {
      case .success(let sentence): if !json { Console.note("step \(session.step): \(sentence)") }
      case .failure(let error):
        refused = refused ?? Failure("At step \(session.step) the replay differs from what was recorded: \(error)")
      }
    }
    if let refused { throw refused }
  }

  /// 1 where the goal is reached.
  private func share(_ session: TrainingSession) -> Double {
    switch goal {
    case .steps(let from, let to): to <= from ? 1 : Double(session.step - from) / Double(to - from)
    case .epochs(let count): Double(session.completedEpochs) / Double(count)
    case .minutes(let minutes): Date().timeIntervalSince(start) / (60 * minutes)
    }
  }

  /// The best state, and beside it what is needed to go on.
  private static func save(
    _ checkpoint: Checkpoint, of session: ObservedSession, _ recipe: Recipe, to out: String?
  ) throws {
    guard let out else { return }
    let best = session.best
    let file = ModelFile(
      model: session.model, state: best?.state ?? session.state,
      origin: ModelOrigin(session.task, recipe: recipe, heldOut: best.map { .init($0) }))
    try Failure.unless {
      try file.write(to: out)
      try checkpoint.write(to: ModelPaths.checkpoint(of: out))
    }
  }

  private var measurement: JSON {
    .object([
      ("step", .integer(session.step)), ("epoch", .integer(session.epoch)), ("train", .number(session.recentLoss)),
      ("heldOut", .number(session.heldOut?.loss)), ("learningRate", .number(session.learner.learningRate)),
      ("gradientNorm", .number(session.report?.gradientNorm)),
    ])
  }

  private func rate(_ seconds: Double) -> Double { Double(session.step - firstStep) / max(seconds, 1e-9) }

  private func result(_ seconds: Double) -> JSON {
    let counts = session.model.counts(connections: session.learner.state.connections)
    return .object([
      ("done", true), ("steps", .integer(session.step)), ("seconds", .number(seconds)),
      ("stepsPerSecond", .number(rate(seconds))), ("train", .number(session.recentLoss)),
      ("heldOut", .number(session.heldOut?.loss)), ("bestHeldOut", .number(session.best?.result.loss)),
      ("bestStep", session.best.map { .integer($0.step) } ?? .null),
      ("metrics", .numbers(session.best?.result.metrics ?? [:])),
      ("errors", MetricReport.errors(session.best?.result.metrics ?? [:], session.task)),
      ("warning", session.best.flatMap { session.task.warning(about: $0.result.metrics) }.map(JSON.text) ?? .null),
      (
        "model",
        .object([
          ("name", .text(session.model.kind.name)), ("neurons", .integer(session.model.neurons)),
          ("synapses", .integer(counts.synapses)), ("parameters", .integer(counts.parameters)),
        ])
      ),
      ("seed", .integer(Int(clamping: session.options.seed))), ("threads", .integer(session.options.threads)),
    ])
  }

  private func describe(_ seconds: Double) {
    let model = session.model
    let counts = model.counts(connections: session.learner.state.connections)
    Console.print(
      "\(session.task.name): \(model.kind.title), \(model.neurons.of("neuron")), \(counts.synapses.of("synapse")), "
        + "\(counts.parameters.of("parameter")); seed \(session.options.seed)")
    Console.print(
      "\(session.step.of("step")), \(rate(seconds).brief) a second with \(session.options.threads.of("thread")); "
        + "training loss \((session.recentLoss ?? .nan).brief), held out \((session.heldOut?.loss ?? .nan).brief)")
    guard let best = session.best else { return }
    Console.print("best held-out loss \(best.result.loss.brief) at step \(best.step)")
    MetricReport.print(best.result.metrics, session.task)
    if let out { Console.print("saved in \(out)") }
  }
}
