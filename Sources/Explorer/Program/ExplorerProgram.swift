import Circuits
import Dispatch
import Foundation
import Experiments
import Learning
import Tasks
import Terminal

/// The explorer's loop: events in, effects out, frames to the screen. Owns nothing that trains: it sends commands and
/// takes snapshots.
public final class ExplorerProgram {
  /// What is looked at.
  public internal(set) var scene: Scene {
    _read { yield current.scene }
    _modify { yield &current.scene }
  }
  let options: ExplorerOptions
  let backend: any ScreenBackend
  /// Set-ups in the order in which they were opened.
  var sessions: [ExplorerSession]
  /// Which of them is looked at.
  var place = 0
  var current: ExplorerSession { sessions[place] }
  /// Records of set-ups that are kept no more.
  var forgotten: [ExplorerRecord] = []
  /// The border that the mouse holds.
  var dragged: Border?
  var drawingCost: DrawingCost?
  /// The snapshot's version in the last frame.
  var drawnVersion = 0
  var lastStiffness = -Double.infinity
  private var lastUnstable = -Double.infinity
  /// What was tried for the preview that is open.
  let trials = Trials()
  /// What is to take the present one's place.
  var opening: ExplorerSession.Opening?
  /// What is compared, and what is going to be.
  var comparison: Comparison?
  var comparisonOpening: ComparisonOpening?
  var lastComparison = 0.0
  private let start = DispatchTime.now().uptimeNanoseconds
  private var lastTick = 0.0
  /// When the next frame is due, as things move.
  private var nextFrame = 0.0
  /// Seconds of processor time that a frame takes with what is computed for it, as lately measured.
  private var frameCost = 0.0
  private var refreshCost = 0.0
  /// Something was pressed, or what was pressed has been carried out, and the screen does not show it yet.
  private var owesAnswer = false
  private var lastAnswer = -1.0
  private var lastRequest = -1.0
  var needsFrame = true
  private var framesShown = 0

  /// Keys taken since the start.
  public private(set) var keysTaken = 0
  /// Whether every key has had its effect: all commands are answered, no set-up is being made, and what came of it is on
  /// the screen.
  public var isSettled: Bool { current.lastAnswered >= current.lastSent && opening == nil && !needsFrame }

  /// Frames a second while something moves, at most: the probe's own pace, for little but numbers changes between two
  /// of its steps.
  public static let frameRate = 20.0
  /// The share of a core that moving frames may take while training wants all of them; large screens and networks then
  /// have fewer frames, down to a fifth.
  static let drawingShare = 0.02
  /// Seconds between two requests for eigenvalues, at least.
  static let spectrumInterval = 0.19
  /// Frames a second that answer keys, at most: they do not wait for the next moving one.
  static let answerRate = 30.0

  /// - Throws: ``CircuitError`` where the model does not fit the task or a first command cannot be applied.
  public init(_ options: ExplorerOptions, backend: any ScreenBackend) throws {
    self.options = options
    self.backend = backend
    sessions = [try ExplorerSession(options.setup, waker: backend.waker)]
    scene.readOnly = options.readOnly
    scene.richestGlyphs = backend.richestGlyphs
    scene.glyphs = options.glyphs
    if options.stats { scene.stats = Scene.Stats() }
    if let comparison = options.comparison { begin(comparison) }
  }

  /// Runs until the person leaves; the screen is given back in any case.
  public func run() -> ExplorerEnd {
    defer { backend.close() }
    if !options.paused && !options.readOnly { send(.resume) }
    tick()
    if let strongest = scene.strongest { scene.selection = strongest }
    while true {
      if needsFrame && dueIn() <= 0 && !rests {
        show()
        if let limit = options.frames, framesShown >= limit { return finish(.quit) }
      }
      for event in backend.waitForEvents(timeoutMilliseconds: timeout()) {
        switch event {
        case .key(let key):
          keysTaken += 1
          if key == .control("c") { return finish(.interrupted) }
          if carryOut(Keyboard.press(key, on: &scene)) { return finish(.quit) }
        case .mouse(let event): mouse(event)
        case .resize, .wake: break
        case .interrupt: return finish(.interrupted)
        case .terminate(let signal): return finish(.terminated(signal: signal))
        case .hangup: return finish(.hangup)
        }
        if event != .wake { needsFrame = true }
        if event != .wake || current.lastAnswered < current.lastSent { owesAnswer = true }
      }
      tick()
    }
  }

  // MARK: Time

  func now() -> Double { Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9 }

  /// Not where nothing of it is on the screen.
  private var probeRuns: Bool {
    !scene.probePaused && !(scene.zoomed && Views.named(scene.focus)?.showsNetwork == false)
  }
  private var rests: Bool { drawingCost?.rests ?? false }
  private var isLive: Bool { !scene.standsStill && !rests && (scene.isTraining || probeRuns) }

  private var framePeriod: Double {
    // At least half as often as can be, for what training changes.
    let wanted = 1 / min(max(probeRuns ? scene.probeSpeed : 0, options.frameRate / 2), options.frameRate)
    guard scene.isTraining else { return wanted }
    let affordable = frameCost / (Self.drawingShare * options.frameRate / Self.frameRate)
    return max(wanted, min(affordable, 5 / options.frameRate))
  }

  private func dueIn() -> Double {
    (owesAnswer ? min(nextFrame, lastAnswer + 1 / Self.answerRate) : nextFrame) - now()
  }

  /// How long to sleep: until the next frame where something moves, until a message goes, or for as long as it takes.
  private func timeout() -> Int? {
    if let drawingCost, drawingCost.rests { return max(Int(((drawingCost.end - now()) * 1000).rounded(.up)), 0) }
    if isLive || needsFrame { return max(Int((dueIn() * 1000).rounded(.up)), 0) }
    if scene.comparison?.isUnderWay == true { return Int(1000 * Self.comparisonInterval) }
    if let message = scene.message, message.until > scene.time, message.until.isFinite {
      return max(Int(((message.until - now()) * 1000).rounded(.up)), 1)
    }
    // Behind a picture that stands still training has to be put aside now and then.
    return scene.isTraining ? 10_000 : nil
  }

  /// Brings the scene up to the present.
  private func tick() {
    let time = now()
    let elapsed = time - lastTick
    lastTick = time
    let hadMessage = scene.message.map { $0.until > scene.time } ?? false
    scene.time = time
    if let result = opening?.take() { install(result) }
    followComparison(time)
    tryPreview()
    if hadMessage, let message = scene.message, message.until <= time { needsFrame = true }
    if scene.isTraining { scene.trainedSeconds += elapsed }
    advanceDrawingCost(time: time)
    if rests { return }
    if dueIn() <= 0 || !isLive {
      let before = ThreadTime.microseconds
      refresh(elapsed: elapsed, time: time)
      refreshCost = ThreadTime.microseconds - before
    } else {
      current.owedSteps += elapsed * scene.probeSpeed
    }
    if let path = options.autosave, scene.unsavedSeconds > 30, time - current.lastAutosave > 60 {
      current.lastAutosave = time
      let (trainer, setup, write) = (current.trainer, current.setup, options.write)
      let path = path.numbered(current.number)
      DispatchQueue.global().async { try? Self.save(trainer, setup, write, to: path) }
    }
  }

  private func refresh(elapsed: Double, time: Double) {
    let news = current.takeNews()
    if current.lastAnswered >= current.lastSent { scene.askedToTrain = nil }
    for outcome in news {
      if outcome.succeeded {
        scene.expectMeasurement(after: outcome.command, step: outcome.step, sentence: outcome.sentence)
      }
      if !outcome.sentence.isEmpty && (outcome.command.changesNetwork || !outcome.succeeded) {
        scene.say(outcome.sentence, isError: !outcome.succeeded)
      }
      needsFrame = true
    }
    if scene.snapshot.version != current.lastVersion {
      current.lastVersion = scene.snapshot.version
      needsFrame = true
    }
    if scene.standsStill { return }
    scene.noticeMeasurement()
    if current.hasPlayedOut { playNext() }
    if probeRuns {
      current.owedSteps += elapsed * scene.probeSpeed
      let steps = min(Int(current.owedSteps), 64)
      current.owedSteps = min(current.owedSteps - Double(steps), 1)
      if steps > 0 { advanceProbe(steps) }
    }
    updateReading(time: time)
  }

  func advanceProbe(_ steps: Int) {
    // Let go of first, so that the past is added to where it stands.
    scene.moments = []
    for _ in 0..<steps { current.probe.advance(values: scene.snapshot.values, connections: scene.snapshot.connections) }
    scene.moments = current.probe.past
    scene.momentTotal = current.probe.total
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
    let spectrum = current.analysis.spectrum
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
    watchStiffness(time: time, moment: moment)
    let size = backend.size
    let visible = Frame.panes(scene, width: size.width, height: size.height).contains { $0.view.name == "coefficients" }
    if visible && time - lastRequest > Self.spectrumInterval && scene.reading?.coefficients != nil
      && (isLive || needsFrame)
    {
      lastRequest = time
      current.analysis.ask(model: scene.precise, snapshot: scene.snapshot, moment: moment, form: scene.form)
    }
  }

  /// Now and then, away from the drawing thread: whether the sub-steps are short enough for the fastest time constant.
  private func watchStiffness(time: Double, moment: Probe.Moment) {
    if let found = current.analysis.stiffness, scene.stiffness != found.stiffness {
      // The probe passes calm stretches too: what was too fast once is told until some time has passed without it.
      let isWorse = found.stiffness.isWorse(than: scene.stiffness)
      if isWorse || time - lastUnstable > 10 { scene.notice(found.stiffness) }
      if !found.stiffness.isStable, isWorse { lastUnstable = time }
      needsFrame = true
    }
    guard time - lastStiffness > max(2, 20 * (current.analysis.stiffness?.seconds ?? 0)) else { return }
    guard current.hasStepLimit, scene.reading != nil, isLive || scene.stiffness == nil else { return }
    lastStiffness = time
    current.analysis.askStiffness(model: scene.precise, snapshot: scene.snapshot, moment: moment)
  }

  private func show() {
    let before = ThreadTime.microseconds
    let size = backend.size
    scene.settle()
    let grid = Frame.draw(scene, width: size.width, height: size.height)
    let drawn = ThreadTime.microseconds
    let cost = backend.present(grid)
    framesShown += 1
    frameCost += ((ThreadTime.microseconds - before + refreshCost) / 1e6 - frameCost) / 8
    let time = now()
    if owesAnswer { (owesAnswer, lastAnswer) = (false, time) }
    // On the beat, that is not put off by frames which are late, nor by answers in between.
    if time >= nextFrame { nextFrame = max(nextFrame + framePeriod, time + framePeriod / 2) }
    needsFrame = false
    options.onFrame?(self)
    let versions = scene.snapshot.version - drawnVersion
    drawnVersion = scene.snapshot.version
    if scene.stats != nil, framesShown > 1, !scene.standsStill {
      scene.stats?.dropped += max(versions - 1, 0)
      if scene.isTraining && versions == 0 { scene.stats?.late += 1 }
    }
    if scene.stats != nil {
      scene.stats?.bytes = cost.bytes
      scene.stats?.microseconds = cost.microseconds
      scene.stats?.composeMicroseconds = drawn - before
      scene.stats?.frames = framesShown
    }
  }

  // MARK: What people do

  func send(_ command: Command) {
    if command == .resume { current.wantsTraining = true }
    if command == .pause { current.wantsTraining = false }
    if command == .resume || command == .pause { scene.askedToTrain = command == .resume }
    current.lastSent = current.trainer.send(command)
  }

  /// Carries effects out; true where the program is to end.
  private func carryOut(_ effects: [Effect]) -> Bool {
    for effect in effects {
      switch effect {
      case .send(let command): send(command)
      case .probeStep:
        advanceProbe(1)
        updateReading(time: now())
      case .probeJump(let step, let series):
        current.probe.jump(to: step, series: series)
        scene.spectra = []
        advanceProbe(1)
      case .save(let path): write(path, newest: false, overwriting: false)
      case .export(let path): write(path, newest: true, overwriting: false)
      case .overwrite(let path, let newest): write(path, newest: newest, overwriting: true)
      case .change(let request): begin(request)
      case .open(let maker): begin(maker.described)
      case .restart: begin(restart: current.setup)
      case .turn(let offset): turn(by: offset)
      case .compare(let line): compare(line)
      case .pauseComparison: pauseComparison()
      case .openCandidate(let candidate): open(candidate)
      case .measureDrawingCost(let seconds): measureDrawingCost(seconds)
      case .layout(let column, let row):
        scene.splits[backend.size.width, backend.size.height] = Splits.Split(column: column, row: row)
      case .redraw: backend.redraw()
      case .quit: return true
      }
    }
    needsFrame = true
    return false
  }

  // MARK: The end

  static func save(
    _ trainer: Trainer, _ setup: ExplorerSetup, _ write: @Sendable (ExplorerSave, String) throws -> Void,
    to path: String
  ) throws {
    let (state, best, step) = trainer.checkpoint()
    try write(ExplorerSave(setup: setup, state: state, best: best, step: step), path)
  }

  /// Writes the best or the newest state; a file that is there already only after a question, for that cannot be undone.
  private func write(_ path: String, newest: Bool, overwriting: Bool) {
    if !overwriting, FileManager.default.fileExists(atPath: path) {
      scene.mode = .confirm(
        question: "\(path) is there already. enter writes over it, which cannot be undone; esc keeps it.",
        then: [.overwrite(path, newest: newest)])
      return
    }
    do {
      var (state, best, step) = current.trainer.checkpoint()
      if newest { best = nil }
      try options.write(ExplorerSave(setup: current.setup, state: state, best: best, step: step), path)
      if path.hasSuffix(".safetensors") || !newest { scene.savedSeconds = scene.trainedSeconds }
      scene.say("\(newest ? "The newest state" : "The best model so far") is in \(path).")
    } catch {
      scene.say("\(error)", isError: true)
    }
  }

  /// Where unsaved training was kept, set when the program had to end without being asked to.
  public private(set) var keptIn: [String] = []

  /// Everything that was done, a record a set-up.
  public var records: [ExplorerRecord] {
    forgotten + sessions.map(\.record)
  }

  private func finish(_ end: ExplorerEnd) -> ExplorerEnd {
    if end != .quit, let path = options.autosave { keep(in: path) }
    comparison?.cancel()
    for place in sessions.indices {
      _ = sessions[place].trainer.finish()
      // What was sent in the last moment has been answered by now.
      sessions[place].takeNews()
    }
    return end
  }

  /// A file for every set-up that was trained and not saved.
  private func keep(in path: String) {
    for run in sessions where run.scene.unsavedSeconds > 0.5 {
      let name = path.numbered(run.number)
      if (try? Self.save(run.trainer, run.setup, options.write, to: name)) != nil { keptIn.append(name) }
    }
  }
}

extension String {
  /// "autosave.safetensors", then "autosave-2.safetensors".
  fileprivate func numbered(_ number: Int) -> String {
    if number == 1 { return self }
    guard let dot = lastIndex(of: "."), !self[dot...].contains("/") else { return "\(self)-\(number)" }
    return self[..<dot] + "-\(number)" + self[dot...]
  }
}
