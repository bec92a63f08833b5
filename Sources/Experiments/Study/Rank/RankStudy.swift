import Dispatch
import Synchronization

/// Is what learning does to weights of low tensor rank? A study beside the screen or without one.
public final class RankStudy: Activity {
  private struct State {
    var status = ActivityStatus.waiting
    var waiting: [RankPlan.Job]
    var runs: [RankRun]
    var workers = 0
    var version = 0
    var problem: String?
  }

  public let plan: RankPlan
  private let state: Mutex<State>
  private let gate = Gate()
  private let log: RankLog?
  private let threads: Int
  private let group = DispatchGroup()

  /// - Parameters:
  ///   - finished: runs of an interrupted study of the same plan, which are not made again.
  ///   - log: where every run goes when it is done.
  public init(_ plan: RankPlan, finished: [RankRun] = [], log: RankLog? = nil, threads: Int = 1) {
    self.plan = plan
    self.log = log
    self.threads = max(threads, 1)
    let jobs = Set(plan.jobs)
    let runs = finished.filter { jobs.contains($0.job) }
    let done = Set(runs.map(\.job))
    state = Mutex(State(waiting: plan.jobs.filter { !done.contains($0) }, runs: runs))
  }

  public var version: Int { state.withLock { $0.version } }
  public var status: ActivityStatus { state.withLock { $0.status } }
  /// What is done, in the order of the plan.
  public var table: RankTable {
    let (runs, status) = state.withLock { ($0.runs, $0.status) }
    return RankTable(plan, runs: runs, isDone: status == .finished)
  }

  public func report() -> ActivityReport {
    let (runs, status, problem) = state.withLock { ($0.runs, $0.status, $0.problem) }
    let all = plan.jobs.count
    let progress =
      status == .finished
      ? RankTable(plan, runs: runs, isDone: true).sentences.joined(separator: " ")
      : "\(runs.count) of \(all) networks"
    return ActivityReport(
      title: "study of tensor rank", status: status, share: Double(runs.count) / Double(max(all, 1)),
      progress: progress, problem: problem)
  }

  public func start() {
    let begins = state.withLock { state -> Int in
      guard state.status == .waiting || state.status == .paused else { return 0 }
      let isFirst = state.status == .waiting
      state.status = .running
      state.version += 1
      if isFirst { state.workers = threads }
      return isFirst ? threads : 0
    }
    gate.open()
    for _ in 0..<begins {
      group.enter()
      DispatchQueue(label: "rank study").async { self.work() }
    }
  }

  public func pause() {
    state.withLock { state in
      guard state.status == .running else { return }
      state.status = .paused
      state.version += 1
    }
    if status == .paused { gate.close() }
  }

  public func cancel() {
    state.withLock { state in
      guard !state.status.isOver else { return }
      state.status = .cancelled
      state.version += 1
    }
    gate.end()
  }

  /// Waits until it is over and nothing of it runs any more.
  public func wait() { group.wait() }

  private func work() {
    while gate.pass(), let job = nextJob() {
      do {
        guard let run = try RankRun.perform(job, plan: plan, goesOn: { self.gate.pass() }) else { break }
        var problem: String?
        do { try log?.append(run) } catch { problem = "\(error)" }
        state.withLock { state in
          state.runs.append(run)
          state.problem = state.problem ?? problem
          state.version += 1
        }
      } catch {
        state.withLock { state in
          if !state.status.isOver { state.status = .failed("\(error)") }
          state.version += 1
        }
        gate.end()
      }
    }
    state.withLock { state in
      state.workers -= 1
      if state.workers == 0, !state.status.isOver {
        state.status = .finished
        state.version += 1
      }
    }
    group.leave()
  }

  private func nextJob() -> RankPlan.Job? {
    state.withLock { $0.waiting.isEmpty ? nil : $0.waiting.removeFirst() }
  }
}
