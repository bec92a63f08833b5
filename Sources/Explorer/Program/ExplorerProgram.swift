import Circuits
import Dispatch
import Learning
import Tasks
import Terminal

/// What the explorer is started with.
public struct ExplorerOptions {
  public var model: Model<Float>
  public var task: TaskData
  public var training: TrainingOptions
  /// Values and masks of a saved model to begin from; drawn from the model's seed where `nil`.
  public var start: ParameterState<Float>?
  /// Applied before the first step: `--freeze`, `--prune`.
  public var before: [Command] = []
  public var readOnly = false
  /// Begins paused.
  public var paused = false
  /// Leaves after that many frames.
  public var frames: Int?
  public var glyphs: GlyphTier = .braille
  public var stats = false
  /// The most frames a second.
  public var frameRate = ExplorerProgram.frameRate
  /// Where training that was not saved goes when the program has to end; `nil` for nowhere.
  public var autosave: String?
  /// Called after every frame, on the drawing thread: for tests and for text output.
  public var onFrame: ((ExplorerProgram) -> Void)?
  /// Writes a model's state to a file.
  public var write: @Sendable (ExplorerSave, String) throws -> Void

  public init(
    model: Model<Float>, task: TaskData, training: TrainingOptions,
    write: @escaping @Sendable (ExplorerSave, String) throws -> Void
  ) {
    self.model = model
    self.task = task
    self.training = training
    self.write = write
  }
}

/// What there is to be saved.
public struct ExplorerSave: Sendable {
  public var model: Model<Float>
  public var task: TaskData
  public var state: ParameterState<Float>
  public var best: TrainingSession.Best?
  public var step: Int
}

/// Why the explorer ended.
public enum ExplorerEnd: Sendable, Equatable {
  case quit
  /// Ctrl-C or SIGINT.
  case interrupted
  /// SIGTERM and the like.
  case terminated(signal: Int32)
  /// The terminal is gone.
  case hangup
}

/// The explorer's loop: events in, effects out, frames to the screen. Owns nothing that trains: it sends commands and
/// takes snapshots.
public final class ExplorerProgram {
  public private(set) var scene: Scene
  private let options: ExplorerOptions
  private let backend: any ScreenBackend
  private let trainer: Trainer
  private let analyst: Analyst
  private var probe: Probe
  private let start = DispatchTime.now().uptimeNanoseconds
  private var lastTick = 0.0
  private var lastFrame = -1.0
  private var lastRequest = -1.0
  private var lastAutosave = 0.0
  private var owedSteps = 0.0
  private var lastOutcome = 0
  private var needsFrame = true
  private var framesShown = 0
  private var lastVersion = 0
  /// Every command that changed the network, in order: what `--record` writes.
  public private(set) var applied: [CommandOutcome] = []

  /// Keys taken since the start.
  public private(set) var keysTaken = 0
  private var lastSent = 0
  /// Whether every key has had its effect: all commands are answered, and what came of them is on the screen.
  public var isSettled: Bool { lastOutcome >= lastSent && !needsFrame }

  /// Frames a second while something moves.
  public static let frameRate = 20.0
  /// Probe steps made before the first frame, so that the first picture is full.
  static let preroll = 240

  /// - Throws: ``CircuitError`` where the model does not fit the task or a first command cannot be applied.
  public init(_ options: ExplorerOptions, backend: any ScreenBackend) throws {
    self.options = options
    self.backend = backend
    let waker = backend.waker
    trainer = try Trainer(
      model: options.model, task: options.task, options: options.training, start: options.start,
      before: options.before, onOutcome: { waker.wake() })
    analyst = Analyst(onResult: { waker.wake() })
    probe = Probe(model: options.model, task: options.task)
    scene = Scene(
      model: options.model, precise: try options.model.precise(), task: options.task, options: options.training,
      snapshot: trainer.latest())
    scene.readOnly = options.readOnly
    scene.richestGlyphs = backend.richestGlyphs
    scene.glyphs = options.glyphs
    if options.stats { scene.stats = Scene.Stats() }
  }

  /// Runs until the person leaves; the screen is given back in any case.
  public func run() -> ExplorerEnd {
    defer { backend.close() }
    if !options.paused && !options.readOnly { trainer.send(.resume) }
    probe.jump(to: probe.mostEventful(window: Self.preroll))
    advanceProbe(Self.preroll)
    tick()
    if let strongest = scene.strongest { scene.selection = strongest }
    while true {
      if needsFrame && dueIn() <= 0 {
        show()
        if let limit = options.frames, framesShown >= limit { return finish(.quit) }
      }
      for event in backend.waitForEvents(timeoutMilliseconds: timeout()) {
        switch event {
        case .key(let key):
          keysTaken += 1
          if key == .control("c") { return finish(.interrupted) }
          if carryOut(Keyboard.press(key, on: &scene)) { return finish(.quit) }
        case .mouse(let mouse): click(mouse)
        case .resize, .wake: break
        case .interrupt: return finish(.interrupted)
        case .terminate(let signal): return finish(.terminated(signal: signal))
        case .hangup: return finish(.hangup)
        }
        if event != .wake { needsFrame = true }
      }
      tick()
    }
  }

  // MARK: Time

  private func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9 }

  private var probeRuns: Bool { !scene.probePaused }
  private var isLive: Bool { scene.isTraining || probeRuns }

  private func dueIn() -> Double { lastFrame + 1 / options.frameRate - now() }

  /// How long to sleep: until the next frame where something moves, until a message goes, or for as long as it takes.
  private func timeout() -> Int? {
    if isLive || needsFrame { return max(Int((dueIn() * 1000).rounded(.up)), 0) }
    if let message = scene.message, message.until > scene.time {
      return max(Int(((message.until - now()) * 1000).rounded(.up)), 1)
    }
    return nil
  }

  /// Brings the scene up to the present.
  private func tick() {
    let time = now()
    let elapsed = time - lastTick
    lastTick = time
    let hadMessage = scene.message.map { $0.until > scene.time } ?? false
    scene.time = time
    if hadMessage, let message = scene.message, message.until <= time { needsFrame = true }
    if scene.isTraining { scene.trainedSeconds += elapsed }
    if dueIn() <= 0 || !isLive {
      refresh(elapsed: elapsed, time: time)
    } else {
      owedSteps += elapsed * scene.probeSpeed
    }
    if let path = options.autosave, scene.unsavedSeconds > 30, time - lastAutosave > 60 {
      lastAutosave = time
      let (trainer, model, task, write) = (trainer, options.model, options.task, options.write)
      DispatchQueue.global().async { try? Self.save(trainer, model, task, write, to: path) }
    }
  }

  private func refresh(elapsed: Double, time: Double) {
    scene.snapshot = trainer.latest()
    if scene.snapshot.version != lastVersion {
      lastVersion = scene.snapshot.version
      needsFrame = true
    }
    for outcome in scene.snapshot.outcomes where outcome.id > lastOutcome {
      lastOutcome = outcome.id
      if outcome.succeeded && outcome.command.changesNetwork { applied.append(outcome) }
      if outcome.succeeded {
        scene.expectMeasurement(after: outcome.command, step: outcome.step, sentence: outcome.sentence)
      }
      if !outcome.sentence.isEmpty && (outcome.command.changesNetwork || !outcome.succeeded) {
        scene.say(outcome.sentence, isError: !outcome.succeeded)
      }
      needsFrame = true
    }
    scene.noticeMeasurement()
    if probeRuns {
      owedSteps += elapsed * scene.probeSpeed
      let steps = min(Int(owedSteps), 64)
      owedSteps = min(owedSteps - Double(steps), 1)
      if steps > 0 { advanceProbe(steps) }
    }
    updateReading(time: time)
  }

  private func advanceProbe(_ steps: Int) {
    for _ in 0..<steps { probe.advance(values: scene.snapshot.values, connections: scene.snapshot.connections) }
    scene.moments = probe.past
    scene.momentTotal = probe.total
    needsFrame = true
  }

  private func updateReading(time: Double) {
    guard let moment = scene.moments.last else {
      scene.reading = nil
      return
    }
    let first = scene.reading == nil
    scene.scales.expandStates(to: moment.state.prefix(scene.neurons))
    scene.reading = Reading(model: scene.precise, snapshot: scene.snapshot, moment: moment, form: scene.form)
    let spectrum = analyst.spectrum
    let firstSpectrum = scene.spectrum == nil && spectrum != nil
    if let spectrum, spectrum != scene.spectrum {
      scene.note(spectrum)
      scene.scales.expandPlane(to: spectrum)
      needsFrame = true
    }
    if first || firstSpectrum {
      var scales = scene.scales
      scales.fit(to: scene)
      scene.scales = scales
    }
    let size = backend.size
    let visible = Frame.panes(scene, width: size.width, height: size.height).contains { $0.view.name == "coefficients" }
    if visible && time - lastRequest > 0.1 && scene.reading?.coefficients != nil && (isLive || needsFrame) {
      lastRequest = time
      analyst.ask(model: scene.precise, snapshot: scene.snapshot, moment: moment, form: scene.form)
    }
  }

  private func show() {
    let before = DispatchTime.now().uptimeNanoseconds
    let size = backend.size
    scene.settle()
    let grid = Frame.draw(scene, width: size.width, height: size.height)
    let drawn = DispatchTime.now().uptimeNanoseconds
    let cost = backend.present(grid)
    framesShown += 1
    lastFrame = now()
    needsFrame = false
    options.onFrame?(self)
    if scene.stats != nil {
      scene.stats?.bytes = cost.bytes
      scene.stats?.microseconds = cost.microseconds
      scene.stats?.composeMicroseconds = Double(drawn - before) / 1000
      scene.stats?.frames = framesShown
    }
  }

  // MARK: What people do

  /// Carries effects out; true where the program is to end.
  private func carryOut(_ effects: [Effect]) -> Bool {
    for effect in effects {
      switch effect {
      case .send(let command): lastSent = trainer.send(command)
      case .probeStep:
        advanceProbe(1)
        updateReading(time: now())
      case .probeJump(let step, let series):
        probe.jump(to: step, series: series)
        scene.spectra = []
        advanceProbe(1)
      case .save(let path):
        do {
          try save(to: path)
          scene.savedSeconds = scene.trainedSeconds
          scene.say("The best model so far is in \(path).")
        } catch {
          scene.say("\(error)", isError: true)
        }
      case .redraw: backend.redraw()
      case .quit: return true
      }
    }
    needsFrame = true
    return false
  }

  private func click(_ mouse: MouseEvent) {
    guard scene.mode == .normal else { return }
    let size = backend.size
    let panes = Frame.panes(scene, width: size.width, height: size.height)
    guard let pane = panes.first(where: { $0.rect.contains(x: mouse.x, y: mouse.y) }) else { return }
    switch mouse.kind {
    case .press(.left), .doubleClick:
      scene.focus = pane.view.name
      let inner = pane.rect.inset(by: 1)
      if let selection = pane.view.selection(
        scene, atX: mouse.x - inner.x, y: mouse.y - inner.y, width: inner.width, height: inner.height)
      {
        scene.selection = selection
      }
      if mouse.kind == .doubleClick { scene.zoomed.toggle() }
    case .scrollUp: _ = Keyboard.press(.up, on: &scene)
    case .scrollDown: _ = Keyboard.press(.down, on: &scene)
    default: break
    }
  }

  // MARK: The end

  private static func save(
    _ trainer: Trainer, _ model: Model<Float>, _ task: TaskData,
    _ write: @Sendable (ExplorerSave, String) throws -> Void, to path: String
  ) throws {
    let (state, best, step) = trainer.checkpoint()
    try write(ExplorerSave(model: model, task: task, state: state, best: best, step: step), path)
  }

  private func save(to path: String) throws {
    try Self.save(trainer, options.model, options.task, options.write, to: path)
  }

  /// Where unsaved training was kept, set when the program had to end without being asked to.
  public private(set) var keptIn: String?

  private func finish(_ end: ExplorerEnd) -> ExplorerEnd {
    if end != .quit, let path = options.autosave, scene.unsavedSeconds > 0.5 {
      if (try? save(to: path)) != nil { keptIn = path }
    }
    _ = trainer.finish()
    // What was sent in the last moment has been answered by now.
    scene.snapshot = trainer.latest()
    for outcome in scene.snapshot.outcomes where outcome.id > lastOutcome {
      if outcome.succeeded && outcome.command.changesNetwork { applied.append(outcome) }
    }
    return end
  }
}
