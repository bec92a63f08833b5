import Foundation
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
    // Not one of the dispatch pool's: those are few, and a job that is paused would keep one from everybody else.
    Thread.detachNewThread { [tasks, gate] in
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
