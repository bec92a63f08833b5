import Dispatch
import Experiments
import Learning
import Terminal

/// The explorer's loop: events in, effects out, frames to the screen. Owns nothing that trains: it sends commands and
/// takes snapshots. What it does in between is done by parts with one job each.
public final class ExplorerProgram {
  /// What is looked at.
  public internal(set) var scene: Scene {
    _read { yield sessions.current.scene }
    _modify { yield &sessions.current.scene }
  }
  let options: ExplorerOptions
  let backend: any ScreenBackend
  /// For what has to wait for trainers and files.
  let queue = DispatchQueue(label: "saving")
  let sessions: SessionList
  let activities = ActivityList()
  let saver: Saver
  var autosaver: Autosaver?
  var pacer: FramePacer
  var reading = ReadingFollower()
  var pruneTest = PruneTest()
  var drawingCost: DrawingCost?
  /// When what is compared with was last brought up to date.
  var lastReference = -Double.infinity
  /// The fork that is being made: of which set-up, at which step, and what is to be done there.
  var forking: (trunk: Int, step: Int, commands: [Command])?
  /// The border that the mouse holds.
  var dragged: Border?
  /// The snapshot's version in the last frame.
  var drawnVersion = 0
  let time: TimeSource
  private var lastTick = 0.0

  /// Keys taken since the start.
  public private(set) var keysTaken = 0
  /// Whether every key has had its effect: all commands are answered, nothing is being made or written, and what came of
  /// it is on the screen.
  public var isSettled: Bool {
    sessions.current.isAnswered && sessions.openingTitle == nil && !saver.isAsked && !pacer.needsFrame
  }
  /// Where unsaved training was kept, set when the program had to end without being asked to.
  public internal(set) var keptIn: [String] = []
  /// Everything that was done, one record per set-up.
  public var records: [ExplorerRecord] { sessions.records }

  /// Frames a second while something moves, at most: the probe's own pace, for little but numbers changes between two
  /// of its steps.
  public static let frameRate = 20.0

  /// - Throws: ``CircuitError`` where the model does not fit the task or a first command cannot be applied.
  public init(_ options: ExplorerOptions, backend: any ScreenBackend) throws {
    self.options = options
    self.backend = backend
    time = options.time
    sessions = SessionList(try ExplorerSession(options.setup, waker: backend.waker), queue: queue)
    saver = Saver(queue: queue, waker: backend.waker, write: options.write)
    autosaver = options.autosave.map { Autosaver(path: $0) }
    pacer = FramePacer(rate: options.frameRate)
    scene.session.readOnly = options.readOnly
    scene.look.richestGlyphs = backend.richestGlyphs
    scene.look.glyphs = options.glyphs
    if options.stats { scene.stats = Scene.Stats() }
    keep(sessions.current)
    for activity in options.activities { begin(activity) }
  }

  /// Runs until the person leaves; the screen is given back in any case.
  public func run() -> ExplorerEnd {
    defer { backend.close() }
    if !options.paused && !options.readOnly { train() }
    tick()
    if let strongest = scene.strongest { scene.selection = strongest }
    while true {
      if pacer.needsFrame && pacer.dueIn(now()) <= 0 && !rests {
        show()
        if let limit = options.frames, pacer.framesShown >= limit { return leave(.quit) }
      }
      for event in backend.waitForEvents(timeoutMilliseconds: timeout()) {
        if let end = take(event) { return leave(end) }
      }
      tick()
    }
  }

  /// Why the program is to end, where it is.
  private func take(_ event: TerminalEvent) -> ExplorerEnd? {
    switch event {
    case .key(let key):
      keysTaken += 1
      if key == .control("c") { return .interrupted }
      if carryOut(Keyboard.press(key, on: &scene)) { return .quit }
    case .mouse(let event): mouse(event)
    case .resize, .wake: break
    case .interrupt: return .interrupted
    case .terminate(let signal): return .terminated(signal: signal)
    case .hangup: return .hangup
    }
    if event != .wake { pacer.needsFrame = true }
    if event != .wake || !sessions.current.isAnswered { pacer.owesAnswer = true }
    return nil
  }

  // MARK: Time

  func now() -> Double { time.now() }

  /// Not where nothing of it is on the screen.
  var probeRuns: Bool {
    !scene.look.probePaused && !(scene.look.zoomed && Views.named(scene.look.focus)?.showsNetwork == false)
  }
  var rests: Bool { drawingCost?.rests ?? false }
  var isLive: Bool {
    !scene.look.standsStill && !rests && (scene.isTraining || probeRuns || scene.past.playback.isRunning)
  }

  /// How long to sleep, ms: until the next frame where something moves, until a message goes, or for as long as it takes.
  private func timeout() -> Int? {
    func until(_ moment: Double, atLeast: Int = 0) -> Int { max(Int(((moment - now()) * 1000).rounded(.up)), atLeast) }
    if let drawingCost, drawingCost.rests { return until(drawingCost.end) }
    if isLive || pacer.needsFrame { return max(Int((pacer.dueIn(now()) * 1000).rounded(.up)), 0) }
    if activities.isMoving { return Int(1000 * activities.interval(shownViews)) }
    if let message = scene.message, message.until > scene.time, message.until.isFinite {
      return until(message.until, atLeast: 1)
    }
    // Behind a picture that stands still training has to be put aside now and then.
    return scene.isTraining ? 10_000 : nil
  }

  /// Brings everything up to the present.
  private func tick() {
    let time = now()
    let elapsed = time - lastTick
    lastTick = time
    let hadMessage = scene.message.map { $0.until > scene.time } ?? false
    scene.time = time
    if let opened = sessions.takeOpened() { install(opened.result, title: opened.title) }
    followActivities(time)
    if pruneTest.follow(sessions.current, waker: backend.waker) { pacer.needsFrame = true }
    if hadMessage, let message = scene.message, message.until <= time { pacer.needsFrame = true }
    if scene.isTraining { scene.session.trainedSeconds += elapsed }
    followSaves()
    advanceDrawingCost(time: time)
    if rests { return }
    if pacer.dueIn(now()) <= 0 || !isLive {
      let before = ThreadTime.microseconds
      refresh(elapsed: elapsed, time: time)
      pacer.refreshCost = (ThreadTime.microseconds - before) / 1e6
    } else {
      sessions.current.player.pass(elapsed, scene)
    }
  }
}
