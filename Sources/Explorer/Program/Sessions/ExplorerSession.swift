import Circuits
import Experiments
import Learning
import Terminal

/// One set-up under way: what trains, what follows it, and what was done to it. Those that were left rest and can be
/// returned to. A class, for its scene is read field by field many times a frame, and copies of all of it would cost more
/// than drawing.
final class ExplorerSession {
  let setup: Setup
  let trainer: Trainer
  let analysis: BackgroundAnalysis
  /// Of what is compared with.
  let referenceAnalysis: BackgroundAnalysis
  var player: ProbePlayer
  var scene: Scene
  /// Of the outcomes that the snapshot still has, those that were told.
  private var told: Set<Int> = []
  /// The id of the newest command that was answered.
  private(set) var lastAnswered = 0
  /// The snapshot's version in the last refresh.
  var lastVersion = 0
  /// Whether it is to train when it is looked at, as the person said last.
  var wantsTraining = false
  /// Whether the end of a played run was told.
  var endTold = false
  /// The set-up that it was forked from, by its number, and the step at which the two part.
  var trunk: (number: Int, step: Int)?
  /// Saves it in case of need.
  var autosave: Autosave?
  /// Counts up with every set-up opened, from 1.
  var number = 1

  /// Costly: draws the first parameters, makes room for training, and lets the probe run.
  ///
  /// - Throws: ``CircuitError`` where the model does not fit the task or a first command cannot be applied.
  init(_ setup: Setup, waker: Waker) throws {
    self.setup = setup
    trainer = try Trainer(
      model: setup.model, task: setup.task, options: setup.options, start: setup.start, resuming: setup.progress,
      before: setup.firstCommands, script: setup.script, end: setup.end, history: WeightHistory(setup.model),
      onOutcome: { waker.wake() })
    analysis = BackgroundAnalysis(onResult: { waker.wake() })
    referenceAnalysis = BackgroundAnalysis(onResult: { waker.wake() })
    scene = Scene(
      model: setup.model, precise: try setup.model.precise(), task: setup.task, options: setup.options,
      snapshot: trainer.latest())
    scene.past.history = trainer.history
    if case .comparison(let words) = setup.recipe.start { scene.session.trainedBefore = words }
    player = ProbePlayer(setup, scene.snapshot)
    player.show(on: &scene)
  }

  /// Whether every command has been answered, whoever sent it, and the scene has the answers.
  var isAnswered: Bool { lastAnswered >= trainer.lastSent }

  /// Whether the solver has steps that are too long for some circuits.
  var hasStepLimit: Bool {
    let solver = try? Solvers.named(setup.model.specification.solver)
    return solver?.amplification(real: -1, imaginary: 0) != nil
  }

  /// Waits for the step that is being made.
  var record: ExplorerRecord { Self.record(setup, trainer) }

  static func record(_ setup: Setup, _ trainer: Trainer) -> ExplorerRecord {
    let (applied, steps) = trainer.record()
    return ExplorerRecord(setup: setup, applied: applied, steps: steps)
  }

  /// Whether the run it plays has been played to its end.
  var hasPlayedOut: Bool {
    setup.end != nil && scene.snapshot.end == nil && scene.snapshot.scripted == 0 && !scene.isTraining
  }

  func send(_ command: Command) {
    if command == .resume { wantsTraining = true }
    if command == .pause { wantsTraining = false }
    if command == .resume || command == .pause { scene.session.askedToTrain = command == .resume }
    trainer.send(command)
  }

  /// Nobody looks at it for a while, and so it does not train.
  func rest() {
    takeNews()
    trainer.pause()
  }

  /// Takes the trainer's newest snapshot; the commands that were answered since the last time.
  @discardableResult
  func takeNews() -> [CommandOutcome] {
    let latest = trainer.latest()
    // A picture that stands still shows of the newest only whether it trains.
    if scene.look.standsStill { scene.snapshot.status = latest.status } else { scene.take(latest) }
    let news = latest.outcomes.filter { !told.contains($0.id) }
    told = Set(latest.outcomes.map(\.id))
    lastAnswered = max(lastAnswered, told.max() ?? 0)
    return news
  }
}
