import Circuits
import Dispatch
import Learning
import Synchronization
import Tasks

/// Trains all runs of a plan by an ``Executor``, as many at once as that has room for.
///
/// ``table()`` is what came out so far, at any moment. Wherever the runs are made, whatever the order of finishing or how
/// often it was interrupted: with a budget of steps the same plan gives the same numbers, bit for bit.
public final class Comparison: Sendable {
  public typealias Status = ActivityStatus

  struct State {
    var schedule: ComparisonSchedule
    var status = Status.waiting
    /// Jobs that the executor has, or whose result is being kept.
    var begun = 0
    var hasStarted = false
    /// Whether ``Comparison/wait()`` may return.
    var isLeft = false
    var version = 0
    var started: UInt64?
    /// Seconds of work before this pause.
    var worked = 0.0
    /// What could not be written.
    var problem: String?
    /// What was done when it was over: runs that are lost then count as far as they had come.
    var shareAtEnd = 0.0

    var seconds: Double { worked + (started.map { Double(DispatchTime.now().uptimeNanoseconds - $0) / 1e9 } ?? 0) }
  }

  public let tasks: [TaskData]
  let executor: any Executor
  let state: Mutex<State>
  private let log: ComparisonLog?
  private let group = DispatchGroup()
  /// Held while the executor is told what the status asks for, so that the newest status has the last word.
  private let steering = Mutex(())
  private let onResult: @Sendable () -> Void

  /// - Parameters:
  ///   - tasks: the data of `plan.taskEntries`, one each.
  ///   - executor: makes the runs; nobody else may use it.
  ///   - finished: runs of an interrupted comparison of the same plan, which are not made again.
  ///   - log: where every run goes when it is done.
  ///   - onResult: called, on any thread, when a run is done and when the comparison is over.
  /// - Throws: ``CircuitError`` for a plan that cannot be.
  public init(
    _ plan: ComparisonPlan, tasks: [TaskData], executor: any Executor, finished: [ComparisonRun] = [],
    log: ComparisonLog? = nil, onResult: @escaping @Sendable () -> Void = {}
  ) throws {
    guard tasks.count == plan.taskEntries.count else {
      throw CircuitError("The plan has \(plan.taskEntries.count) tasks, but the data of \(tasks.count) are given.")
    }
    self.tasks = tasks
    self.executor = executor
    self.log = log
    self.onResult = onResult
    state = Mutex(State(schedule: try ComparisonSchedule(plan, tasks: tasks, finished: finished)))
  }

  /// On threads of this process.
  public convenience init(
    _ plan: ComparisonPlan, tasks: [TaskData], threads: Int, finished: [ComparisonRun] = [], log: ComparisonLog? = nil,
    onResult: @escaping @Sendable () -> Void = {}
  ) throws {
    try self.init(
      plan, tasks: tasks, executor: ThreadExecutor(tasks: tasks, threads: threads), finished: finished, log: log,
      onResult: onResult)
  }

  /// Runs that are made at once.
  public var threads: Int { executor.slots }
  /// The plan, with its steps once they are settled.
  public var plan: ComparisonPlan { state.withLock { $0.schedule.plan } }
  public var status: Status { state.withLock { $0.status } }
  /// What could not be written to the log, the first time.
  public var problem: String? { state.withLock { $0.problem } }
  /// The finished runs in the order of the plan.
  public var runs: [ComparisonRun] { state.withLock { $0.schedule.finished } }

  /// Begins, or goes on after ``pause()``.
  public func start() {
    let isFirst = state.withLock { state -> Bool? in
      guard state.status == .waiting || state.status == .paused else { return nil }
      (state.status, state.started) = (.running, DispatchTime.now().uptimeNanoseconds)
      state.version += 1
      defer { state.hasStarted = true }
      return !state.hasStarted
    }
    guard let isFirst else { return }
    if isFirst {
      group.enter()
      writeHeader()
    }
    steer()
    fill()
  }

  /// Every run stops after the step that is being made, and waits.
  public func pause() {
    state.withLock { state in
      guard state.status == .running else { return }
      state.worked = state.seconds
      (state.status, state.started) = (.paused, nil)
      state.version += 1
    }
    steer()
  }

  /// Ends it; runs that are not done are lost, those that are stay in the table and in the log.
  public func cancel() {
    state.withLock { Self.end(.cancelled, &$0) }
    steer()
    leave()
  }

  /// Waits until it is over and nothing of it runs any more.
  public func wait() { group.wait() }

  /// What came out so far. Never waits for a step.
  public func table() -> ComparisonTable {
    let (schedule, status, seconds, least) = state.withLock { ($0.schedule, $0.status, $0.seconds, $0.shareAtEnd) }
    var table = ComparisonTable(schedule, tasks: tasks, status: status, seconds: seconds)
    table.share = max(table.share, least)
    return table
  }

  /// The model of a row with the best state of its best seed.
  ///
  /// - Throws: ``CircuitError`` where no seed has finished.
  public func trained(_ candidate: Candidate) throws -> Setup {
    let (plan, runs) = state.withLock { ($0.schedule.plan, $0.schedule.results(candidate).compactMap(\.self)) }
    let task = tasks[candidate.taskEntry]
    guard let best = runs.filter({ $0.loss != nil }).min(by: { $0.loss! < $1.loss! }) else {
      throw CircuitError("No run of \(candidate.model) with \(candidate.neurons) neurons has ended yet: wait for one.")
    }
    let model = try Model<Float>(plan.specification(candidate, task, seed: best.job.seed))
    guard let state = best.state(model) else {
      throw CircuitError("The log does not hold the values of \(candidate.model): compare again to get them.")
    }
    var recipe = plan.recipe(candidate, seed: best.job.seed, rate: best.learningRate)
    recipe.start = .comparison(best.words(task))
    return Setup(
      recipe: recipe, source: plan.taskEntries[candidate.taskEntry].source, task: task, model: model,
      options: try recipe.options(for: task, steps: plan.taskEntries[candidate.taskEntry].steps), start: state)
  }

  private func steer() {
    steering.withLock { _ in
      switch status {
      case .running: executor.resume()
      case .paused: executor.pause()
      case .cancelled, .failed: executor.cancel()
      case .waiting, .finished: break
      }
    }
  }

  // MARK: Jobs

  /// Gives the executor as much as it has room for.
  private func fill() {
    while let job = nextJob() {
      executor.begin(
        job,
        onStep: { step in
          guard case .train(let run, _) = job.work else { return }
          self.state.withLock { state in
            // A step may be told late, after the end.
            guard state.schedule.underway[run] != nil else { return }
            state.schedule.underway[run] = step
            state.version += 1
          }
        },
        onEnd: { result in self.take(result, of: job) })
    }
    leave()
  }

  private func nextJob() -> ExperimentJob? {
    state.withLock { state in
      guard state.status == .running, state.begun < executor.slots else { return nil }
      switch state.schedule.next() {
      case .wait: return nil
      case .done:
        Self.end(.finished, &state)
        return nil
      case .work(let work):
        state.begun += 1
        return ExperimentJob(plan: state.schedule.plan, work: work)
      }
    }
  }

  /// Takes in what came of a job, and goes on with the next.
  private func take(_ result: Result<ExperimentResult?, any Error>, of job: ExperimentJob) {
    var (run, settled, hasFailed) = (ComparisonRun?.none, false, false)
    state.withLock { state in
      state.version += 1
      do {
        switch (job.work, result) {
        case (.measure(let candidate), .success(.cost(let cost)?)): settled = try measured(candidate, cost, &state)
        case (.train, .success(.run(let done)?)):
          run = done
          try state.schedule.add(done)
        case (.train(let job, _), .success): state.schedule.abandon(job)
        case (.measure, .success): break
        case (_, .failure(let error)): throw error
        }
      } catch {
        Self.end(.failed("\(error)"), &state)
        hasFailed = true
      }
    }
    if hasFailed { steer() }
    if settled { writeHeader() }
    if let run { note { try log?.append(run) } }
    // Only now: who waits for the end finds every run in the log.
    state.withLock { $0.begun -= 1 }
    fill()
    if run != nil || settled { onResult() }
  }

  /// Whether the steps are settled by this.
  private func measured(_ candidate: Candidate, _ cost: StepCost, _ state: inout State) throws -> Bool {
    // Of the whole time a tenth is kept, since the last runs of all do not end together.
    let minutes = if case .minutes(let minutes) = state.schedule.plan.budget { minutes } else { 1.0 }
    let left = max(minutes * 60 * 0.9 - state.seconds, 0) * Double(executor.slots)
    try state.schedule.add(cost, of: candidate, secondsLeft: left)
    return state.schedule.plan.isSettled
  }

  private static func end(_ status: Status, _ state: inout State) {
    guard !state.status.isOver else { return }
    state.worked = state.seconds
    (state.status, state.started) = (status, nil)
    state.shareAtEnd = state.schedule.share
    state.version += 1
  }

  /// Lets those go on who wait for the end, once.
  private func leave() {
    let isOver = state.withLock { state -> Bool in
      guard state.hasStarted, !state.isLeft, state.status.isOver, state.begun == 0 else { return false }
      state.isLeft = true
      return true
    }
    guard isOver else { return }
    group.leave()
    onResult()
  }

  private func writeHeader() {
    let (plan, candidates) = state.withLock { ($0.schedule.plan, $0.schedule.candidates) }
    if plan.isSettled { note { try log?.begin(plan, candidates: candidates, tasks: tasks) } }
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
