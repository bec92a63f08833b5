import Dispatch
import Formats
import Search
import Spiking
import Synchronization

/// The study of spikes under way: what drawn time constants and drawn STDP do to memory, spikes and errors.
///
/// After Chakraborty & Mukhopadhyay, Heterogeneous Neuronal and Synaptic Dynamics for Spike-Efficient Unsupervised
/// Learning, ICLR 2023 (arXiv 2302.11618).
public final class SpikeStudy: Activity {
  private struct State {
    var schedule: SpikeStudySchedule
    var status = ActivityStatus.waiting
    var begun = 0
    var version = 0
    var started: UInt64?
    /// Seconds of work before this pause.
    var worked = 0.0
    var problem: String?
    var isLeft = false

    var seconds: Double { worked + (started.map { Double(DispatchTime.now().uptimeNanoseconds - $0) / 1e9 } ?? 0) }
  }

  private typealias Log = ResultLog<SpikeStudyPlan, SpikeStudySchedule.Result>

  public let plan: SpikeStudyPlan
  public let tasks: [String: SpikingTask]
  private let threads: Int
  private let log: Log?
  private let state: Mutex<State>
  private let gate = Gate()
  /// Share of the work that was done when it began.
  private let shareBefore: Double
  private let group = DispatchGroup()

  /// - Parameter log: where every result goes.
  /// - Throws: an error that says what cannot be.
  public convenience init(_ plan: SpikeStudyPlan, threads: Int, log: String? = nil) throws {
    if let log, let contents = try? Self.contents(log), !contents.results.isEmpty {
      throw ActivityError(
        "\(log) holds \(contents.results.count) results of a study: go on with it by --resume \(log), or name another "
          + "file.")
    }
    try self.init(plan, threads: threads, finished: [], log: log.map { Log(path: $0) })
  }

  /// Goes on with a study that was interrupted.
  ///
  /// - Throws: an error that says what is wrong with the file.
  public convenience init(resuming path: String, threads: Int) throws {
    let contents = try Self.contents(path)
    try self.init(
      contents.plan, threads: threads, finished: contents.results, log: Log(contents, path: path))
  }

  private static func contents(_ path: String) throws -> Log.Contents {
    try Log.Contents(
      path: path, noPlan: { _ in ("this is no log of a study of spikes; begin one with --log FILE", nil) },
      noEntry: "this is no result; delete the line, and it is computed again")
  }

  private init(_ plan: SpikeStudyPlan, threads: Int, finished: [SpikeStudySchedule.Result], log: Log?) throws {
    (self.plan, self.threads, self.log) = (plan, max(threads, 1), log)
    tasks = try plan.load()
    let schedule = try SpikeStudySchedule(plan, finished: finished)
    shareBefore = schedule.share
    state = Mutex(State(schedule: schedule))
  }

  public var version: Int { state.withLock { $0.version } }
  public var status: ActivityStatus { state.withLock { $0.status } }
  public var problem: String? { state.withLock { $0.problem } }

  /// What came out so far.
  public func table() -> SpikeStudyTable {
    let (schedule, status, seconds) = state.withLock { ($0.schedule, $0.status, $0.seconds) }
    return SpikeStudyTable(
      schedule, tasks: tasks, isDone: status == .finished, seconds: seconds, shareBefore: shareBefore)
  }

  public func report() -> ActivityReport {
    let table = table()
    let (status, problem) = state.withLock { ($0.status, $0.problem) }
    let percent = "\(Int(table.share * 100)) %"
    let progress =
      switch status {
      case .waiting: "not begun"
      case .running: percent + (table.secondsLeft.map { ", about \(Int(($0 / 60).rounded(.up))) min left" } ?? "")
      case .paused: "paused at \(percent)"
      case .finished: table.claims.map(\.sentence).joined(separator: " ")
      case .cancelled: "ended at \(percent)"
      case .failed(let sentence): sentence
      }
    return ActivityReport(
      title: "study of spikes", status: status, share: table.share, progress: progress, problem: problem,
      picture: ActivityPicture(view: SpikeStudyTable.view, table))
  }

  public func start() {
    let isFirst = state.withLock { state -> Bool? in
      guard state.status == .waiting || state.status == .paused else { return nil }
      let isFirst = state.status == .waiting
      (state.status, state.started) = (.running, DispatchTime.now().uptimeNanoseconds)
      state.version += 1
      return isFirst
    }
    guard let isFirst else { return }
    if isFirst {
      group.enter()
      note { try log?.begin { plan } }
    }
    gate.open()
    fill()
  }

  public func pause() {
    let isPaused = state.withLock { state in
      guard state.status == .running else { return false }
      state.worked = state.seconds
      (state.status, state.started) = (.paused, nil)
      state.version += 1
      return true
    }
    if isPaused { gate.close() }
  }

  public func cancel() {
    state.withLock { Self.end(.cancelled, &$0) }
    gate.end()
    leave()
  }

  /// Waits until it is over and nothing of it runs any more.
  public func wait() { group.wait() }

  private static func end(_ status: ActivityStatus, _ state: inout State) {
    guard !state.status.isOver else { return }
    if state.status == .waiting { state.isLeft = true }
    state.worked = state.seconds
    (state.status, state.started) = (status, nil)
    state.version += 1
  }

  /// Begins as many jobs as there are threads.
  private func fill() {
    while let (job, condition) = next() {
      DispatchQueue(label: "spikes").async { [self] in
        take(
          job,
          Result {
            try SpikeStudySchedule.perform(
              job, condition: condition, plan: plan, tasks: tasks, isCancelled: { !gate.pass() })
          })
      }
    }
    leave()
  }

  private func next() -> (SpikeStudySchedule.Job, SpikeCondition)? {
    state.withLock { state in
      guard state.status == .running, state.begun < threads else { return nil }
      guard let job = state.schedule.next(), let condition = state.schedule.condition(job) else {
        if state.begun == 0 {
          Self.end(
            state.schedule.isDone ? .finished : .failed("The study has nothing left to do and is not done."), &state)
        }
        return nil
      }
      state.begun += 1
      return (job, condition)
    }
  }

  private func take(_ job: SpikeStudySchedule.Job, _ result: Result<SpikeStudySchedule.Result, any Error>) {
    var done: SpikeStudySchedule.Result?
    state.withLock { state in
      state.version += 1
      do {
        let result = try result.get()
        try state.schedule.add(result)
        done = result
      } catch is CancellationError {
        state.schedule.abandon(job)
      } catch {
        state.schedule.abandon(job)
        Self.end(.failed("\(error)"), &state)
      }
    }
    if let done { note { try log?.append(done) } }
    // Only now: who waits for the end finds every result in the log.
    state.withLock { $0.begun -= 1 }
    fill()
  }

  private func leave() {
    let isOver = state.withLock { state in
      guard !state.isLeft, state.status.isOver, state.begun == 0 else { return false }
      state.isLeft = true
      return true
    }
    if isOver { group.leave() }
  }

  private func note(_ write: () throws -> Void) {
    do { try write() } catch {
      state.withLock { state in
        state.problem = state.problem ?? "\(error)"
        state.version += 1
      }
    }
  }
}
