import Circuits
import Learning
import Synchronization
import Terminal

/// One set-up under way: what trains, what follows it, and what was done to it. Those that were left rest and can be
/// returned to. A class, for its scene is read field by field many times a frame, and copies of all of it would cost more
/// than drawing.
final class ExplorerSession {
  let setup: ExplorerSetup
  let trainer: Trainer
  let analysis: BackgroundAnalysis
  var probe: Probe
  var scene: Scene
  var owedSteps = 0.0
  /// Of the outcomes that the snapshot still has, those that were told.
  var told: Set<Int> = []
  /// The newest command's id, and the newest that was answered.
  var lastSent = 0
  var lastAnswered = 0
  var lastVersion = 0
  var lastAutosave = 0.0
  /// Whether it is to train when it is looked at, as the person said last.
  var wantsTraining = false
  /// Whether the end of a played run was told.
  var endTold = false
  /// Counts up with every set-up opened, from 1.
  var number = 1

  /// Probe steps made before the first frame, so that the first picture is full.
  static let preroll = 240

  /// Costly: draws the first parameters, makes room for training, and lets the probe run.
  ///
  /// - Throws: ``CircuitError`` where the model does not fit the task or a first command cannot be applied.
  init(_ setup: ExplorerSetup, waker: Waker) throws {
    self.setup = setup
    trainer = try Trainer(
      model: setup.model, task: setup.task, options: setup.training, start: setup.start, before: setup.before,
      script: setup.script, end: setup.end, onOutcome: { waker.wake() })
    analysis = BackgroundAnalysis(onResult: { waker.wake() })
    probe = Probe(model: setup.model, task: setup.task)
    scene = Scene(
      model: setup.model, precise: try setup.model.precise(), task: setup.task, options: setup.training,
      snapshot: trainer.latest())
    probe.jump(to: probe.mostEventful(window: Self.preroll))
    for _ in 0..<Self.preroll {
      probe.advance(values: scene.snapshot.values, connections: scene.snapshot.connections)
    }
    scene.moments = probe.past
    scene.momentTotal = probe.total
  }

  /// A run in the making, on a queue of its own; `nil` until it is there.
  final class Opening: Sendable {
    let title: String
    private let result = Mutex<Result<ExplorerSession, any Error>?>(nil)
    private let done = Atomic<Bool>(false)

    init(_ maker: SetupMaker) { title = maker.title }

    /// Holds the lock while it makes, which nobody waits for: see ``take()``.
    func make(_ maker: SetupMaker, waker: Waker) {
      result.withLock { $0 = Result { try ExplorerSession(maker.make(), waker: waker) } }
      done.store(true, ordering: .releasing)
      waker.wake()
    }

    /// What came of it, once. Never waits.
    func take() -> Result<ExplorerSession, any Error>? {
      guard done.load(ordering: .acquiring) else { return nil }
      return result.withLock { result in
        defer { result = nil }
        return result
      }
    }
  }
}

extension ExplorerSession {
  /// Whether the solver has steps that are too long for some circuits.
  var hasStepLimit: Bool {
    let solver = try? Solvers.named(setup.model.specification.solver)
    return solver?.amplification(real: -1, imaginary: 0) != nil
  }

  var record: ExplorerRecord {
    let (applied, steps) = trainer.record()
    return ExplorerRecord(setup: setup, applied: applied, steps: steps)
  }

  /// Whether the run it plays has been played to its end.
  var hasPlayedOut: Bool {
    setup.end != nil && scene.snapshot.end == nil && scene.snapshot.scripted == 0 && !scene.isTraining
  }

  /// Takes the trainer's newest snapshot; the commands that were answered since the last time.
  @discardableResult
  func takeNews() -> [CommandOutcome] {
    let latest = trainer.latest()
    // A picture that stands still shows of the newest only whether it trains.
    if scene.standsStill { scene.snapshot.status = latest.status } else { scene.snapshot = latest }
    let news = latest.outcomes.filter { !told.contains($0.id) }
    told = Set(latest.outcomes.map(\.id))
    lastAnswered = max(lastAnswered, told.max() ?? 0)
    return news
  }
}
