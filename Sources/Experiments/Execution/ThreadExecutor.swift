import Dispatch
import Synchronization
import Tasks

/// Carries out every job on a thread of its own in this process.
public final class ThreadExecutor: Executor {
  public let slots: Int
  private let tasks: [TaskData]
  private let gate = Gate()

  /// - Parameters:
  ///   - tasks: the data of the plan's task entries, one each.
  ///   - threads: 1 where less.
  public init(tasks: [TaskData], threads: Int) {
    self.tasks = tasks
    slots = max(threads, 1)
  }

  public func begin(
    _ job: ExperimentJob, onStep: @escaping @Sendable (Int) -> Void,
    onEnd: @escaping @Sendable (Result<ExperimentResult?, any Error>) -> Void
  ) {
    // A serial queue each gets a thread of its own, however many cores there are.
    DispatchQueue(label: "experiment").async { [tasks, gate] in
      onEnd(
        Result {
          try job.perform(on: tasks[job.taskEntry]) { step in
            onStep(step)
            return gate.pass()
          }
        })
    }
  }

  public func pause() { gate.close() }
  public func resume() { gate.open() }
  public func cancel() { gate.end() }
}

extension ExperimentJob {
  /// Does the work on the calling thread.
  ///
  /// - Parameter goesOn: asked before every step with the number of steps made; false gives the job up.
  /// - Returns: `nil` where it was given up.
  /// - Throws: ``CircuitError`` for a network that cannot be made.
  package func perform(on task: TaskData, goesOn: (Int) -> Bool) throws -> ExperimentResult? {
    switch work {
    case .measure(let candidate): try .cost(StepCost.measure(candidate, plan: plan, task: task))
    case .train(let job, let rate):
      try ComparisonRun.perform(job, rate: rate, plan: plan, task: task, goesOn: goesOn).map { .run($0) }
    }
  }
}

/// Where threads wait while something is paused.
private final class Gate: Sendable {
  private struct State {
    var isClosed = false
    var hasEnded = false
    /// One for each thread that waits, so that none takes the signal that is meant for another.
    var waiting: [DispatchSemaphore] = []
  }
  private let state = Mutex(State())

  /// Waits while the gate is closed; whether to go on after that.
  func pass() -> Bool {
    while true {
      let (goesOn, semaphore) = state.withLock { state -> (Bool, DispatchSemaphore?) in
        guard state.isClosed, !state.hasEnded else { return (!state.hasEnded, nil) }
        let semaphore = DispatchSemaphore(value: 0)
        state.waiting.append(semaphore)
        return (true, semaphore)
      }
      guard let semaphore else { return goesOn }
      semaphore.wait()
    }
  }

  func close() { state.withLock { $0.isClosed = true } }
  func open() { change { $0.isClosed = false } }
  func end() { change { $0.hasEnded = true } }

  private func change(_ change: (inout State) -> Void) {
    let semaphores = state.withLock { state in
      change(&state)
      defer { state.waiting = [] }
      return state.waiting
    }
    for semaphore in semaphores { semaphore.signal() }
  }
}
