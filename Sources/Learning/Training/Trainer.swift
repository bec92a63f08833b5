import Circuits
import DequeModule
import Dispatch
import Synchronization
import Tasks

/// Trains on a serial queue of its own while someone looks and intervenes.
///
/// Commands go into a mailbox and are applied between two steps, each answered by a ``CommandOutcome`` with the step's
/// number. Snapshots come out of a one-place box: made only after someone asked with ``latest()``, so that nobody waits
/// and nothing is copied in vain.
public final class Trainer: Sendable {
  private struct Mailbox {
    var commands: Deque<(id: Int, command: Command)> = []
    var lastID = 0
    /// Whether a turn is queued or running.
    var busy = false
    var closed = false
  }

  /// What belongs to the queue: held for a turn, so nobody but the queue ever waits for it.
  struct Work {
    var session: TrainingSession
    var running = false
    var remaining = 0
    var outcomes: Deque<CommandOutcome> = []
    var version = 0
    var rate = StepRate()
    /// Where it pauses by itself, once.
    var end: Int?
  }

  let queue = DispatchQueue(label: "training")
  let work: Mutex<Work>
  private let mailbox = Mutex(Mailbox())
  private let published: Mutex<Snapshot>
  private let wanted = Atomic<Bool>(true)
  private let made = Atomic<Int>(0)
  private let onOutcome: @Sendable () -> Void
  /// A turn gives the queue back after about this long, ns.
  private static let turn: UInt64 = 20_000_000

  /// Makes a paused trainer; ``send(_:)`` `.resume` to begin.
  ///
  /// - Parameters:
  ///   - script: commands that are applied when their steps come, and `end` the step at which training pauses by itself:
  ///     a run that is played again.
  ///   - onOutcome: called on the training queue after commands were applied or training stopped by itself.
  public init(
    model: Model<Float>, task: TaskData, options: TrainingOptions, stored: [Float]? = nil,
    start: ParameterState<Float>? = nil, before: [Command] = [], script: [CommandLog.Entry] = [], end: Int? = nil,
    onOutcome: @escaping @Sendable () -> Void = {}
  ) throws {
    let session = try TrainingSession(model: model, task: task, options: options, stored: stored, start: start)
    for command in before { _ = try session.apply(command) }
    session.follow(script)
    self.onOutcome = onOutcome
    var work = Work(session: session)
    work.end = end
    published = Mutex(work.snapshot(status: .paused))
    self.work = Mutex(work)
  }

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
    if mustStart { queue.async { self.takeTurn() } }
    return id
  }

  /// The newest snapshot; asks for a newer one to be made after the next step. Never waits for a step.
  public func latest() -> Snapshot {
    wanted.store(true, ordering: .relaxed)
    return published.withLock { $0 }
  }

  /// Ends training after the step that is being made, waits for it, and hands the session's end state over.
  ///
  /// - Returns: the last state, and the best one with its step and held-out result.
  public func finish() -> (last: ParameterState<Float>, best: TrainingSession.Best?) {
    mailbox.withLock { $0.closed = true }
    return queue.sync { work.withLock { ($0.session.learner.state, $0.session.best) } }
  }

  /// The model, state and step as they are between two steps: for saving. Waits for the step that is being made.
  public func checkpoint() -> (state: ParameterState<Float>, best: TrainingSession.Best?, step: Int) {
    queue.sync { work.withLock { ($0.session.learner.state, $0.session.best, $0.session.step) } }
  }

  /// Updates made so far, exactly; asks for nothing and never waits.
  public var stepsMade: Int { made.load(ordering: .relaxed) }

  /// Every command that changed the network, and the steps made. Waits for the step that is being made.
  public func record() -> (applied: [CommandLog.Entry], steps: Int) {
    queue.sync { work.withLock { ($0.session.applied, $0.session.step) } }
  }

  private func takeTurn() {
    work.withLock { work in
      let start = DispatchTime.now().uptimeNanoseconds
      repeat {
        drain(&work)
        if mailbox.withLock({ $0.closed }) { return }
        guard work.running || work.remaining > 0 else { break }
        if followScript(&work) { break }
        advance(&work)
      } while DispatchTime.now().uptimeNanoseconds - start < Self.turn
      if !work.running { publish(&work) }
    }
    let again = mailbox.withLock { box in
      box.busy = !box.closed && (!box.commands.isEmpty || work.withLock { $0.running || $0.remaining > 0 })
      return box.busy
    }
    if again { queue.async { self.takeTurn() } }
  }

  /// Applies what the script has for this step; true where the played run ends here.
  private func followScript(_ work: inout Work) -> Bool {
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
    if isEnd { (work.running, work.remaining, work.end) = (false, 0, nil) }
    if isEnd || before != work.session.script.count {
      publish(&work)
      onOutcome()
    }
    return isEnd
  }

  private func advance(_ work: inout Work) {
    if work.remaining > 0 { work.remaining -= 1 }
    do {
      try work.session.advance()
      work.rate.stepped()
      made.add(1, ordering: .relaxed)
    } catch {
      (work.running, work.remaining) = (false, 0)
      publish(&work)
      onOutcome()
      return
    }
    if wanted.exchange(false, ordering: .relaxed) { publish(&work) }
  }

  private func drain(_ work: inout Work) {
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
    if any {
      publish(&work)
      onOutcome()
    }
  }

  private func publish(_ work: inout Work) {
    let status: Snapshot.Status =
      work.session.failure.map { .stopped($0.description) } ?? (work.running ? .training : .paused)
    let snapshot = work.snapshot(status: status)
    published.withLock { $0 = snapshot }
  }
}

extension Trainer.Work {
  mutating func answer(_ outcome: CommandOutcome) {
    outcomes.append(outcome)
    if outcomes.count > 32 { outcomes.removeFirst() }
  }

  mutating func snapshot(status: Snapshot.Status) -> Snapshot {
    version += 1
    var snapshot = session.snapshot(
      version: version, status: status, stepsPerSecond: rate.perSecond, outcomes: Array(outcomes))
    snapshot.end = end
    return snapshot
  }
}

/// Steps a second, over windows of half a second.
struct StepRate {
  private var since = DispatchTime.now().uptimeNanoseconds
  private var steps = 0
  private(set) var perSecond = 0.0

  mutating func restart() { (since, steps) = (DispatchTime.now().uptimeNanoseconds, 0) }

  mutating func stepped() {
    steps += 1
    let elapsed = DispatchTime.now().uptimeNanoseconds - since
    guard elapsed > 500_000_000 || (perSecond == 0 && elapsed > 50_000_000) else { return }
    perSecond = Double(steps) * 1e9 / Double(elapsed)
    restart()
  }
}
