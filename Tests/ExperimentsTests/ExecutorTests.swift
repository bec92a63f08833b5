import Experiments
import Foundation
import Learning
import Samples
import Synchronization
import Tasks
import Testing

/// Carries out nothing until it is told to, and then in another "process": jobs go in and results come out as JSON.
private final class PostedExecutor: Executor {
  struct Posted: Sendable {
    var job: ExperimentJob
    var onStep: @Sendable (Int) -> Void
    var onEnd: @Sendable (Result<ExperimentResult?, any Error>) -> Void
  }
  struct State {
    var posted: [Posted] = []
    var calls: [String] = []
    var most = 0
  }
  let slots: Int
  let state = Mutex(State())

  init(slots: Int) { self.slots = slots }

  func begin(
    _ job: ExperimentJob, onStep: @escaping @Sendable (Int) -> Void,
    onEnd: @escaping @Sendable (Result<ExperimentResult?, any Error>) -> Void
  ) {
    state.withLock { state in
      state.posted.append(Posted(job: job, onStep: onStep, onEnd: onEnd))
      state.most = max(state.most, state.posted.count)
    }
  }

  func pause() { state.withLock { $0.calls.append("pause") } }
  func resume() { state.withLock { $0.calls.append("resume") } }
  func cancel() { state.withLock { $0.calls.append("cancel") } }

  /// The newest job there is, taken out.
  func take() -> Posted? { state.withLock { $0.posted.popLast() } }

  /// Does the newest job as another process would.
  func deliver(_ task: TaskData) throws -> Bool {
    guard let posted = take() else { return false }
    func copy<Value: Codable>(_ value: Value) throws -> Value {
      try JSONDecoder().decode(Value.self, from: JSONEncoder().encode(value))
    }
    let job = try copy(posted.job)
    #expect(job == posted.job)
    let result = try #require(
      try job.perform(on: task) { step in
        posted.onStep(step)
        return true
      })
    posted.onEnd(.success(try copy(result)))
    // Told late, as over a slow network.
    posted.onStep(0)
    return true
  }
}

@Suite("Executors") struct ExecutorTests {
  private func plan() -> ComparisonPlan {
    var plan = ComparisonPlan(
      taskEntries: [.init(source: DataSource(task: "sample", seed: 1), sizes: [.neurons(4), .neurons(6)])],
      models: ["ltc", "gru"])
    (plan.seeds, plan.rates, plan.recipe.network.unfolds, plan.budget) = ([1, 2], [0.01, 0.03], 2, .steps(6))
    plan.recipe.training = .init(sequence: 10, batch: 4, evaluateEvery: 2, evaluation: .windowed)
    plan.settle()
    return plan
  }

  private func timeless(_ runs: [ComparisonRun]) -> [ComparisonRun] {
    runs.map { run in
      var run = run
      run.seconds = 0
      return run
    }
  }

  @Test func jobsThatTravelGiveTheSameBits() throws {
    let task = Sample.task()
    let here = try Comparison(plan(), tasks: [task], threads: 2)
    here.start()
    here.wait()
    let executor = PostedExecutor(slots: 3)
    let ends = Mutex(0)
    let there = try Comparison(plan(), tasks: [task], executor: executor, onResult: { ends.withLock { $0 += 1 } })
    #expect(there.status == .waiting && there.report().share == 0)
    there.start()
    // The last that was posted first: any order will do.
    var delivered = 0
    while try executor.deliver(task) { delivered += 1 }
    there.wait()
    #expect(there.status == .finished && delivered == 12)
    #expect(executor.state.withLock { $0.most } <= 3)
    // Each run, and the end.
    #expect(ends.withLock { $0 } == 13)
    #expect(timeless(there.runs) == timeless(here.runs))
    #expect(there.table().share == 1)
  }

  @Test func pausesStepsAndEnds() throws {
    let executor = PostedExecutor(slots: 2)
    let comparison = try Comparison(plan(), tasks: [Sample.task()], executor: executor)
    comparison.start()
    let first = try #require(executor.take())
    var version = comparison.version
    first.onStep(1)
    #expect(comparison.version > version && comparison.table().share > 0)
    comparison.pause()
    #expect(comparison.report().status == .paused && comparison.report().progress.hasPrefix("paused at"))
    // While it rests a job may end, and no other begins.
    version = comparison.version
    first.onEnd(.success(nil))
    #expect(comparison.version > version && executor.state.withLock { $0.posted.count } == 1)
    comparison.start()
    #expect(executor.state.withLock { $0.posted.count } == 2)
    #expect(executor.state.withLock { $0.posted.map(\.job) }.contains(first.job), "what was given up is made again")
    comparison.cancel()
    #expect(executor.state.withLock { $0.calls } == ["resume", "pause", "resume", "cancel"])
    // It is over when the last job is given up.
    while let posted = executor.take() { posted.onEnd(.success(nil)) }
    comparison.wait()
    comparison.start()
    #expect(comparison.status == .cancelled && executor.take() == nil)
  }

  @Test func aJobThatCannotBeEndsIt() throws {
    struct Lost: Error, CustomStringConvertible { var description: String { "The node went away: start it again." } }
    let executor = PostedExecutor(slots: 2)
    let comparison = try Comparison(plan(), tasks: [Sample.task()], executor: executor)
    comparison.start()
    try #require(executor.take()).onEnd(.failure(Lost()))
    #expect(comparison.status == .failed("The node went away: start it again."))
    #expect(executor.state.withLock { $0.calls.last } == "cancel")
    try #require(executor.take()).onEnd(.success(nil))
    comparison.wait()
    #expect(comparison.runs.isEmpty)
  }

  @Test func threadsWaitAtTheGate() throws {
    let executor = ThreadExecutor(tasks: [Sample.task()], threads: 0)
    #expect(executor.slots == 1)
    var plan = plan()
    plan.budget = .steps(1_000_000)
    plan.settle()
    let posted = PostedExecutor(slots: 1)
    try Comparison(plan, tasks: [Sample.task()], executor: posted).start()
    let job = try #require(posted.take()).job
    let steps = Mutex(-1)
    let ended = DispatchSemaphore(value: 0)
    executor.pause()
    executor.begin(job, onStep: { step in steps.withLock { $0 = step } }) { result in
      if case .success(nil) = result { ended.signal() }
    }
    // It comes to the gate before the first step, and no further.
    #expect(ended.wait(timeout: .now() + 0.2) == .timedOut && steps.withLock { $0 } <= 0)
    executor.resume()
    // Longer than any machine takes: beside other tests and a build, its thread gets a small part of a core.
    let deadline = Date(timeIntervalSinceNow: 120)
    while steps.withLock({ $0 }) < 3, Date() < deadline { Thread.sleep(forTimeInterval: 0.001) }
    #expect(steps.withLock { $0 } >= 3)
    executor.pause()
    executor.cancel()
    #expect(ended.wait(timeout: .now() + 120) == .success)
  }
}
