/// Carries out the jobs of a comparison: on threads of this process (``ThreadExecutor``); in other processes or on a
/// cluster by a type that sends an ``ExperimentJob`` there, reads the ``ExperimentResult`` that comes back, and reports
/// steps in between. Both are values that encode and decode, and a job says everything that is needed for it.
///
/// A job gives the same bits wherever and in whatever order it is carried out.
public protocol Executor: AnyObject, Sendable {
  /// Jobs that are carried out at once, at most; no more than that are begun before one has ended.
  var slots: Int { get }

  /// Begins a job; never waits.
  ///
  /// - Parameters:
  ///   - onStep: told now and then how many steps are made, at the latest once a second or so.
  ///   - onEnd: called once, on a queue of the executor's: the result, `nil` where the job was given up after
  ///     ``cancel()``, or why it cannot be carried out at all.
  func begin(
    _ job: ExperimentJob, onStep: @escaping @Sendable (Int) -> Void,
    onEnd: @escaping @Sendable (Result<ExperimentResult?, any Error>) -> Void)

  /// Jobs rest after the step that is being made, also those begun from now on, until ``resume()``.
  func pause()
  func resume()

  /// Jobs are given up, for good.
  func cancel()
}

/// Something to be computed, with everything that it depends on but the data themselves, which its plan names.
public struct ExperimentJob: Sendable, Equatable, Codable {
  public enum Work: Sendable, Equatable, Codable {
    /// How long a step of the candidate takes.
    case measure(Candidate)
    /// Train one network.
    case train(ComparisonRun.Job, rate: Double)
  }

  public var plan: ComparisonPlan
  public var work: Work

  public init(plan: ComparisonPlan, work: Work) { (self.plan, self.work) = (plan, work) }

  /// Of ``ComparisonPlan/taskEntries``: which data it needs.
  public var taskEntry: Int {
    switch work {
    case .measure(let candidate): candidate.taskEntry
    case .train(let job, _): job.candidate.taskEntry
    }
  }
}

/// What came of an ``ExperimentJob``.
public enum ExperimentResult: Sendable, Equatable, Codable {
  case cost(StepCost)
  case run(ComparisonRun)
}
