import Circuits
import Learning
import Dispatch
import Synchronization
import Tasks

/// Trains all runs of a plan on queues of its own, each run on one thread, as many at once as there are threads.
///
/// ``table()`` is what came out so far, at any moment. Whatever the number of threads, the order of finishing or how often
/// it was interrupted: with a budget of steps the same plan gives the same numbers, bit for bit.
public final class Comparison: Sendable {
  public enum Status: Sendable, Equatable {
    /// How long a step takes is being measured.
    case measuring
    case running, paused, finished
    /// Ended before all runs were made.
    case cancelled
    case failed(String)
  }

  private struct State {
    var schedule: ComparisonSchedule
    var status: Status
    /// The workers that sleep: a semaphore each, so that none takes the ring that is another's.
    var asleep: [DispatchSemaphore] = []
    var workers = 0
    var version = 0
    var started: UInt64?
    /// Seconds of work before this pause.
    var worked = 0.0
    /// What could not be written.
    var problem: String?

    var seconds: Double { worked + (started.map { Double(DispatchTime.now().uptimeNanoseconds - $0) / 1e9 } ?? 0) }
    var isOver: Bool {
      switch status {
      case .finished, .cancelled, .failed: true
      case .measuring, .running, .paused: false
      }
    }
  }

  public let tasks: [TaskData]
  public let threads: Int
  private let state: Mutex<State>
  private let log: ComparisonLog?
  private let group = DispatchGroup()
  private let onResult: @Sendable () -> Void

  /// - Parameters:
  ///   - tasks: the data of `plan.taskEntries`, one each.
  ///   - finished: runs of an interrupted comparison of the same plan, which are not made again.
  ///   - log: where every run goes when it is done.
  ///   - onResult: called on a worker's queue when a run is done or the comparison over.
  /// - Throws: ``CircuitError`` for a plan that cannot be.
  public init(
    _ plan: ComparisonPlan, tasks: [TaskData], threads: Int, finished: [ComparisonRun] = [], log: ComparisonLog? = nil,
    onResult: @escaping @Sendable () -> Void = {}
  ) throws {
    guard tasks.count == plan.taskEntries.count else {
      throw CircuitError("The plan has \(plan.taskEntries.count) tasks, but the data of \(tasks.count) are given.")
    }
    self.tasks = tasks
    self.threads = max(threads, 1)
    self.log = log
    self.onResult = onResult
    let schedule = try ComparisonSchedule(plan, tasks: tasks, finished: finished)
    state = Mutex(State(schedule: schedule, status: .paused))
  }

  /// The plan, with its steps once they are settled.
  public var plan: ComparisonPlan { state.withLock { $0.schedule.plan } }
  public var status: Status { state.withLock { $0.status } }
  /// What could not be written to the log, the first time.
  public var problem: String? { state.withLock { $0.problem } }

  /// Begins, or goes on after ``pause()``.
  public func start() {
    let toMake = state.withLock { state -> Int in
      guard state.status == .paused else { return 0 }
      state.status = state.schedule.plan.isSettled ? .running : .measuring
      state.started = DispatchTime.now().uptimeNanoseconds
      defer { state.workers = threads }
      return threads - state.workers
    }
    if toMake > 0 { writeHeader() }
    wake()
    // A serial queue each: they get a thread of their own, however many cores there are.
    for number in 0..<toMake {
      DispatchQueue(label: "comparison \(number)").async(group: group) { self.work() }
    }
  }

  /// Every run stops after the step that is being made, and waits.
  public func pause() {
    state.withLock { state in
      guard state.status == .running || state.status == .measuring else { return }
      state.worked = state.seconds
      (state.status, state.started) = (.paused, nil)
    }
  }

  /// Ends it; runs that are not done are lost, those that are stay in the table and in the log.
  public func cancel() {
    end(.cancelled)
    wake()
  }

  /// Waits until it is over.
  public func wait() { group.wait() }

  /// What came out so far. Never waits for a step.
  public func table() -> ComparisonTable {
    let (schedule, status, seconds) = state.withLock { ($0.schedule, $0.status, $0.seconds) }
    return ComparisonTable(schedule, tasks: tasks, status: status, seconds: seconds)
  }

  /// The finished runs in the order of the plan.
  public var runs: [ComparisonRun] { state.withLock { $0.schedule.finished } }

  /// The model of a row with the best state of its best seed.
  ///
  /// - Throws: ``CircuitError`` where no seed has finished.
  public func trained(_ candidate: Candidate) throws -> TrainedCandidate {
    let (plan, runs) = state.withLock { ($0.schedule.plan, $0.schedule.results(candidate).compactMap(\.self)) }
    let task = tasks[candidate.taskEntry]
    guard let best = runs.filter({ $0.loss != nil }).min(by: { $0.loss! < $1.loss! }) else {
      throw CircuitError("No run of \(candidate.model) with \(candidate.neurons) neurons has ended yet: wait for one.")
    }
    let model = try Model<Float>(plan.specification(candidate, task, seed: best.job.seed))
    guard let state = best.state(model) else {
      throw CircuitError("The log does not hold the values of \(candidate.model): compare again to get them.")
    }
    return TrainedCandidate(
      model: model, state: state, task: task, source: plan.taskEntries[candidate.taskEntry].source,
      options: plan.options(task, seed: best.job.seed, rate: best.learningRate))
  }

  // MARK: Workers

  private func work() {
    while let assignment = nextAssignment() {
      do {
        switch assignment {
        case .measure(let candidate): try measure(candidate)
        case .run(let job, let rate): try run(job, rate)
        case .wait: break
        case .done: end(.finished)
        }
      } catch {
        end(.failed("\(error)"))
      }
    }
    wake()
    onResult()
  }

  /// `nil` where it is over.
  private func nextAssignment() -> ComparisonSchedule.Assignment? {
    while true {
      let semaphore = DispatchSemaphore(value: 0)
      let (over, assignment) = state.withLock { state -> (Bool, ComparisonSchedule.Assignment?) in
        if state.isOver { return (true, nil) }
        let assignment = state.status == .paused ? .wait : state.schedule.next()
        if assignment == .wait { state.asleep.append(semaphore) }
        return (false, assignment)
      }
      if over { return nil }
      if assignment != .wait { return assignment }
      semaphore.wait()
    }
  }

  /// Wakes every worker that sleeps; each looks for itself whether there is something to do.
  private func wake() {
    let semaphores = state.withLock { state in
      defer { state.asleep = [] }
      return state.asleep
    }
    for semaphore in semaphores { semaphore.signal() }
  }

  private func end(_ status: Status) {
    state.withLock { state in
      guard !state.isOver else { return }
      state.worked = state.seconds
      (state.status, state.started) = (status, nil)
    }
  }

  private func measure(_ candidate: Candidate) throws {
    let plan = state.withLock { $0.schedule.plan }
    let cost = try StepCost.measure(candidate, plan: plan, task: tasks[candidate.taskEntry])
    let settled = state.withLock { state -> Bool in
      // Of the whole time a tenth is kept, since the last runs of all do not end together.
      let minutes = if case .minutes(let minutes) = plan.budget { minutes } else { 1.0 }
      let left = max(minutes * 60 * 0.9 - state.seconds, 0) * Double(threads)
      state.schedule.add(cost, of: candidate, secondsLeft: left)
      guard state.schedule.plan.isSettled else { return false }
      if state.status == .measuring { state.status = .running }
      return true
    }
    if settled {
      writeHeader()
      onResult()
    }
    wake()
  }

  private func run(_ job: ComparisonRun.Job, _ rate: Double) throws {
    let plan = state.withLock { $0.schedule.plan }
    let result = try ComparisonRun.perform(job, rate: rate, plan: plan, task: tasks[job.candidate.taskEntry]) { step in
      while true {
        let (goesOn, semaphore) = state.withLock { state -> (Bool, DispatchSemaphore?) in
          state.schedule.underway[job] = step
          guard state.status == .paused else { return (!state.isOver, nil) }
          let semaphore = DispatchSemaphore(value: 0)
          state.asleep.append(semaphore)
          return (true, semaphore)
        }
        guard let semaphore else { return goesOn }
        semaphore.wait()
      }
    }
    guard let result else {
      state.withLock { $0.schedule.abandon(job) }
      return
    }
    state.withLock { $0.schedule.add(result) }
    note { try log?.append(result) }
    wake()
    onResult()
  }

  private func writeHeader() {
    let plan = state.withLock { $0.schedule.plan }
    if plan.isSettled { note { try log?.begin(plan, tasks: tasks) } }
  }

  private func note(_ write: () throws -> Void) {
    do { try write() } catch { state.withLock { $0.problem = $0.problem ?? "\(error)" } }
  }
}

/// A network that a comparison has trained, with what it was trained for.
public struct TrainedCandidate: Sendable {
  public var model: Model<Float>
  public var state: ParameterState<Float>
  public var task: TaskData
  public var source: DataSource
  public var options: TrainingOptions
}
