import Circuits
import DequeModule
import Dispatch
import Synchronization
import Tasks

/// Trains on a serial queue of its own while someone looks and intervenes.
///
/// Commands go into a mailbox and are applied between two steps, each answered by a ``CommandOutcome`` with the step's
/// number. Snapshots come out of a box that holds one: made only after someone asked with ``latest()``, so that nobody
/// waits and nothing is copied in vain. No lock is held while anybody's code is called.
public final class Trainer: Sendable {
  private struct Mailbox {
    var commands: Deque<(id: Int, command: Command)> = []
    var lastID = 0
    /// Whether a time slice is queued or running.
    var busy = false
    var closed = false
  }

  /// What belongs to the queue.
  final class Work {
    let session: TrainingSession
    var running = false
    var remaining = 0
    var outcomes: Deque<CommandOutcome> = []
    var version = 0
    var rate = StepRate()
    /// Where it pauses by itself, once.
    var end: Int?
    /// Whether it has paused there, until it goes on.
    var hasEnded = false

    init(_ session: TrainingSession, end: Int?) { (self.session, self.end) = (session, end) }
  }

  let queue = DispatchQueue(label: "training")
  /// Confined to `queue`, so that it needs no lock. Proof that it is safe to share: it is made before the trainer is known
  /// to anybody; from then on it is reached in `onQueue` and `later` alone, whose bodies run in blocks of `queue`, and in
  /// what these call; a serial queue runs one block after the other, and a block sees what those before it wrote.
  private nonisolated(unsafe) let confined: Work
  private let mailbox = Mutex(Mailbox())
  private let published: Mutex<Snapshot>
  private let wanted = Atomic<Bool>(true)
  private let made: Atomic<Int>
  private let news = Atomic<Int>(0)
  private let onOutcome: @Sendable () -> Void
  /// The queue is given back after about this long, ns, for those who wait between two steps.
  private static let timeSlice: UInt64 = 20_000_000
  /// Where answers to ``capture(then:)`` and ``finish(then:)`` are given, one after the other: files are encoded and
  /// written here, so that neither training nor a caller waits for a disk.
  private static let files = DispatchQueue(label: "training files", qos: .utility)

  /// Tells on which trainer's queue the caller is.
  private static let current = DispatchSpecificKey<ObjectIdentifier>()

  /// What is trained: "LTC learns sine".
  public let title: String
  /// Where the weights are recorded; may be read from any queue.
  public let history: WeightHistory?

  /// Makes a paused trainer; ``start()`` to begin.
  ///
  /// - Parameters:
  ///   - script: commands that are applied when their steps come, and `end` the step at which training pauses by itself:
  ///     a run that is played again.
  ///   - progress: where training goes on, instead of `stored` and `start`.
  ///   - history: where the weights are recorded, for who does not go on with such a history.
  ///   - observers: told of every step from the first one on; called on the training queue.
  ///   - onOutcome: called on the training queue after commands were applied or training stopped by itself. It may call
  ///     anything of the trainer.
  public init(
    model: Model<Float>, task: TaskData, options: TrainingOptions, stored: [Float]? = nil,
    start: ParameterState<Float>? = nil, resuming progress: TrainingProgress? = nil, before: [Command] = [],
    script: [CommandLog.Entry] = [], end: Int? = nil, history: WeightHistory? = nil,
    observers: [any TrainingObserver & Sendable] = [], onOutcome: @escaping @Sendable () -> Void = {}
  ) throws {
    let session =
      try progress.map { try TrainingSession(model: model, task: task, options: options, resuming: $0) }
      ?? TrainingSession(model: model, task: task, options: options, stored: stored, start: start)
    if let history, session.history == nil { session.record(in: history) }
    self.history = session.history
    for observer in observers { session.add(observer) }
    for command in before { _ = try session.apply(command) }
    session.follow(script)
    self.onOutcome = onOutcome
    title = "\(model.kind.title) learns \(task.name)"
    let work = Work(session, end: end)
    published = Mutex(work.snapshot(status: .paused))
    made = Atomic(session.step)
    confined = work
    queue.setSpecific(key: Self.current, value: ObjectIdentifier(queue))
  }

  /// Runs `body` with what belongs to the queue and waits for it; at once where the caller is there already, as callbacks
  /// and observers are.
  private func onQueue<Result>(_ body: (Work) -> Result) -> Result {
    if DispatchQueue.getSpecific(key: Self.current) == ObjectIdentifier(queue) { return body(confined) }
    return queue.sync { body(confined) }
  }

  /// Runs `body` with what belongs to the queue, between two steps; does not wait.
  func later(_ body: @escaping @Sendable (Work) -> Void) { queue.async { body(self.confined) } }

  // MARK: From outside

  /// Puts a command into the mailbox; never waits.
  ///
  /// - Returns: the id its ``CommandOutcome`` will have.
  @discardableResult
  public func send(_ command: Command) -> Int {
    let (id, mustStart) = mailbox.withLock { box in
      box.lastID += 1
      box.commands.append((box.lastID, command))
      defer { box.busy = true }
      return (box.lastID, !box.busy && !box.closed)
    }
    if mustStart { later { self.runTimeSlice($0) } }
    return id
  }

  /// The newest snapshot; asks for a newer one to be made after the next step. Never waits for a step.
  public func latest() -> Snapshot {
    wanted.store(true, ordering: .relaxed)
    return published.withLock { $0 }
  }

  /// The id of the newest command, whoever sent it: what runs beside the one who asks may pause it, too.
  public var lastSent: Int { mailbox.withLock { $0.lastID } }

  /// The newest id among the commands whose outcomes the newest snapshot has; asks for none.
  public var lastAnswered: Int { published.withLock { $0.outcomes.map(\.id).max() ?? 0 } }

  /// Whether a played run has come to its end and rests there, as the newest snapshot says; asks for none.
  public var hasEnded: Bool { published.withLock { $0.hasEnded } }

  /// Whether it trains, as the newest snapshot says; asks for none. Never waits for a step.
  public var status: Snapshot.Status { published.withLock { $0.status } }

  /// The part of its steps that is done, 0…1; `nil` where no end is set. Never waits for a step.
  public var share: Double? {
    let (last, hasEnded) = published.withLock { ($0.end, $0.hasEnded) }
    if hasEnded { return 1 }
    guard let end = last, end > 0 else { return nil }
    return min(Double(stepsMade) / Double(end), 1)
  }

  public func start() { send(.resume) }
  public func pause() { send(.pause) }

  /// Ends training after the step that is being made; does not wait for it.
  public func cancel() { finish { _ in } }

  /// Updates made so far, exactly; asks for nothing and never waits.
  public var stepsMade: Int { made.load(ordering: .relaxed) }

  /// Counts up with every step and every change of ``status``, and never down; asks for nothing and never waits.
  public var changes: Int { news.load(ordering: .acquiring) }

  /// Adds an observer between two steps; it is called on the training queue.
  public func add(_ observer: any TrainingObserver & Sendable) { later { $0.session.add(observer) } }

  /// Everything worth keeping as it is between two steps; does not wait for that.
  ///
  /// - Parameter then: called on a queue for files, where it may take its time.
  public func capture(then: @escaping @Sendable (TrainingCapture) -> Void) {
    later { work in
      let capture = work.session.capture
      Self.files.async { then(capture) }
    }
  }

  /// Ends training after the step that is being made; does not wait for it.
  ///
  /// - Parameter then: called with the session's end state on a queue for files.
  public func finish(then: @escaping @Sendable (TrainingCapture) -> Void) {
    mailbox.withLock { $0.closed = true }
    later { work in
      work.session.end()
      let capture = work.session.capture
      Self.files.async { then(capture) }
    }
  }

  /// Ends training after the step that is being made, waits for it, and hands the session's end state over.
  ///
  /// - Returns: the last state, and the best one with its step and held-out result.
  public func finish() -> (last: ParameterState<Float>, best: TrainingSession.Best?) {
    mailbox.withLock { $0.closed = true }
    return onQueue { work in
      work.session.end()
      return (work.session.learner.state, work.session.best)
    }
  }

  /// The state and step as they are between two steps: for saving. Waits for the step that is being made;
  /// ``capture(then:)`` does not.
  public func checkpoint() -> (state: ParameterState<Float>, best: TrainingSession.Best?, step: Int) {
    onQueue { ($0.session.learner.state, $0.session.best, $0.session.step) }
  }

  /// Everything that another session needs to go on from here. Waits for the step that is being made.
  public func progress() -> TrainingProgress { onQueue { $0.session.progress } }

  /// Every command that changed the network, and the steps made. Waits for the step that is being made.
  public func record() -> (applied: [CommandLog.Entry], steps: Int) {
    onQueue { ($0.session.applied, $0.session.step) }
  }

  // MARK: On the queue

  private var isClosed: Bool { mailbox.withLock { $0.closed } }

  /// Answers commands and makes steps until the time slice is over, and has the next one queued where there is more to do.
  private func runTimeSlice(_ work: Work) {
    let start = DispatchTime.now().uptimeNanoseconds
    repeat {
      drain(work)
      if isClosed { return }
      guard work.running || work.remaining > 0 else { break }
      if followScript(work) { break }
      if isClosed { return }
      advance(work)
    } while DispatchTime.now().uptimeNanoseconds - start < Self.timeSlice
    if !work.running { publish(work) }
    let goesOn = work.running || work.remaining > 0
    let again = mailbox.withLock { box in
      box.busy = !box.closed && (!box.commands.isEmpty || goesOn)
      return box.busy
    }
    if again { later { self.runTimeSlice($0) } }
  }

  /// Applies what the script has for this step; true where the played run ends here.
  private func followScript(_ work: Work) -> Bool {
    let before = work.session.script.count
    work.session.applyDue { command, result in
      let id = mailbox.withLock { box in
        box.lastID += 1
        return box.lastID
      }
      var outcome = CommandOutcome(id: id, step: work.session.step, command: command, succeeded: true, sentence: "")
      switch result {
      case .success(let sentence): outcome.sentence = "Replayed: \(sentence)"
      case .failure(let error):
        outcome.succeeded = false
        outcome.sentence = "The replay differs from what was recorded: \(error)"
      }
      work.answer(outcome)
    }
    let isEnd = work.end.map { work.session.step >= $0 } ?? false
    if isEnd { (work.running, work.remaining, work.end, work.hasEnded) = (false, 0, nil, true) }
    if isEnd || before != work.session.script.count { tell(work) }
    return isEnd
  }

  private func advance(_ work: Work) {
    if work.remaining > 0 { work.remaining -= 1 }
    do {
      try work.session.advance()
      work.hasEnded = false
      work.rate.stepped()
      made.add(1, ordering: .relaxed)
      news.add(1, ordering: .releasing)
    } catch {
      (work.running, work.remaining) = (false, 0)
      tell(work)
      return
    }
    if wanted.exchange(false, ordering: .relaxed) { publish(work) }
  }

  private func drain(_ work: Work) {
    var any = false
    while let (id, command) = mailbox.withLock({ $0.commands.popFirst() }) {
      any = true
      var outcome = CommandOutcome(id: id, step: work.session.step, command: command, succeeded: true, sentence: "")
      switch command {
      case .pause: (work.running, work.remaining, outcome.sentence) = (false, 0, "Training is paused.")
      case .resume:
        work.running = work.session.failure == nil
        outcome.succeeded = work.running
        outcome.sentence = work.session.failure?.description ?? "Training goes on."
        work.rate.restart()
      case .step(let count):
        // Saturating: whoever asks for the largest number of steps twice gets it once.
        work.remaining += min(max(count, 0), Int.max - work.remaining)
        outcome.sentence = count == 1 ? "One step." : "\(count) steps."
        work.rate.restart()
      default:
        do {
          outcome.sentence = try work.session.apply(command)
        } catch {
          outcome.succeeded = false
          outcome.sentence = "\(error)"
        }
      }
      work.answer(outcome)
    }
    if any { tell(work) }
  }

  /// Publishes and calls back.
  private func tell(_ work: Work) {
    publish(work)
    onOutcome()
  }

  private func publish(_ work: Work) {
    let status: Snapshot.Status =
      work.session.failure.map { .stopped($0.description) } ?? (work.running ? .training : .paused)
    let snapshot = work.snapshot(status: status)
    let isNew = published.withLock { published in
      defer { published = snapshot }
      return published.status != status
    }
    // After the status it tells of, so that who looks on seeing it sees that.
    if isNew { news.add(1, ordering: .releasing) }
  }
}

extension Trainer.Work {
  func answer(_ outcome: CommandOutcome) {
    outcomes.append(outcome)
    if outcomes.count > 32 { outcomes.removeFirst() }
  }

  func snapshot(status: Snapshot.Status) -> Snapshot {
    version += 1
    var snapshot = session.snapshot(
      version: version, status: status, stepsPerSecond: rate.perSecond, outcomes: Array(outcomes))
    snapshot.end = end
    snapshot.hasEnded = hasEnded
    return snapshot
  }
}
