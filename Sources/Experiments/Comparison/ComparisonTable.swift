import Circuits
import Learning
import Tasks

/// What came out of a comparison so far: a value.
public struct ComparisonTable: Sendable, Equatable {
  /// One model of one size on one task.
  public struct Row: Sendable, Equatable {
    public var task: String
    public var size: ComparisonPlan.Size
    public var candidate: Candidate
    public var title: String
    public var synapses: Int
    public var parameters: Int
    /// The held-out error (``ErrorMeasure``) by seed; `nil` where a run is not done or met a value that is not finite.
    public var each: [Double?]
    /// The same, measured the other way (``EvaluationProtocol``).
    public var eachOther: [Double?] = []
    /// Root mean squared errors in the targets' own units, the mean over seeds; empty where answers are no values.
    public var ownErrors: [Metrics.OwnError] = []
    /// Runs that are done, however they ended.
    public var done: Int
    /// Why runs ended early, a sentence each.
    public var failures: [String]
    /// The rate that the search chose.
    public var learningRate: Double?
    /// Processor time of a run, the mean over seeds.
    public var seconds: Double?
    public var isRunning: Bool
    /// Whether no other row of the task and kind of size is both as small and better.
    public var isOnParameterFront = false
    public var isOnNeuronFront = false

    /// Over the runs that gave a number; see ``failures``.
    public var mean: Double? { Statistics.mean(each.compactMap(\.self)) }
    public var meanOther: Double? { Statistics.mean(eachOther.compactMap(\.self)) }

    /// The sample standard deviation, √(Σ(x − x̄)²/(n − 1)); `nil` below two runs.
    public var deviation: Double? {
      Statistics.deviation(each.compactMap(\.self))
    }
  }

  /// One task of it.
  public struct TaskEntry: Sendable, Equatable {
    public var task: String
    /// "squared error ÷ variance", as people read it, and as reports call it.
    public var measure: String
    public var key: String
    /// In that measure.
    public var baselines: [Baseline]
    /// The equal treatment in a sentence; empty until the steps are known.
    public var treatment: String
    /// How the error is measured.
    public var evaluation: EvaluationProtocol
    public var steps: Int
  }

  public var rows: [Row]
  public var taskEntries: [TaskEntry]
  public var seeds: [UInt64]
  public var status: ActivityStatus
  /// Share of all steps made, 0…1.
  public var share: Double
  /// Since the start, without pauses.
  public var seconds: Double

  /// Whether every run knows its number of steps; until then the time of a step is being measured.
  public var isSettled: Bool { taskEntries.allSatisfy { $0.steps > 0 } }

  /// How long it will take, from how long it took; `nil` before there is something to go by.
  public var secondsLeft: Double? {
    share > 0.005 && share < 1 && seconds > 1 ? seconds * (1 - share) / share : nil
  }

  init(_ schedule: ComparisonSchedule, tasks: [TaskData], status: ActivityStatus, seconds: Double) {
    let plan = schedule.plan
    taskEntries = zip(plan.taskEntries, tasks).map { taskEntry, task in
      let measure = ErrorMeasure(task.kind)
      return TaskEntry(
        task: task.name, measure: measure.name, key: measure.key, baselines: measure.baselines(task),
        treatment: taskEntry.steps > 0 ? plan.treatment(task, taskEntry: taskEntry) : "",
        evaluation: plan.evaluation, steps: taskEntry.steps)
    }
    seeds = plan.seeds
    self.status = status
    self.seconds = seconds
    share = schedule.share
    let busy = Set(schedule.underway.keys.filter { $0.trialRate == nil }.map(\.candidate))
    rows = schedule.rows.map { row in
      let candidate = row.sized.candidate
      let runs = schedule.results(candidate)
      let done = runs.compactMap(\.self)
      let task = tasks[candidate.taskEntry]
      let measure = ErrorMeasure(task.kind)
      return Row(
        task: task.name, size: row.size, candidate: candidate,
        title: (try? Cells.named(candidate.model).title) ?? candidate.model, synapses: row.sized.synapses,
        parameters: row.sized.parameters, each: runs.map { $0?.failure == nil ? $0?.error : nil },
        eachOther: runs.map { run in run?.failure == nil ? run.flatMap { measure.error($0.otherMetrics) } : nil },
        ownErrors: Self.ownErrors(done.filter { $0.failure == nil }, task), done: done.count,
        failures: done.compactMap(\.failure), learningRate: schedule.rates[.init(candidate)],
        seconds: Statistics.mean(done.map(\.seconds)),
        isRunning: busy.contains(candidate))
    }
    markFronts()
  }

  /// The mean over runs, target by target.
  private static func ownErrors(_ runs: [ComparisonRun], _ task: TaskData) -> [Metrics.OwnError] {
    guard case .regression = task.kind, !runs.isEmpty else { return [] }
    let each = runs.map { Metrics.ownErrors($0.metrics, targets: task.targets) }
    return task.targets.compactMap { target in
      let own = each.compactMap { $0.first { $0.target == target.name } }
      guard var mean = own.first else { return nil }
      mean.value = Statistics.mean(own.map(\.value)) ?? .nan
      return mean
    }
  }

  /// Marks the Pareto fronts, by task and by what is equal.
  private mutating func markFronts() {
    struct Field: Hashable {
      var taskEntry: Int
      var equalParameters: Bool
    }
    let fields = Dictionary(grouping: rows.indices) {
      Field(taskEntry: rows[$0].candidate.taskEntry, equalParameters: rows[$0].size.equalisesParameters)
    }
    for own in fields.values {
      func front(_ cost: (Row) -> Int) -> [Bool] {
        Pareto.front(
          own.map { (Double(cost(rows[$0])), rows[$0].failures.isEmpty ? rows[$0].mean ?? .nan : .nan) })
      }
      for (row, isOn) in zip(own, front(\.parameters)) { rows[row].isOnParameterFront = isOn }
      for (row, isOn) in zip(own, front(\.candidate.neurons)) { rows[row].isOnNeuronFront = isOn }
    }
  }
}

/// The points that no other beats.
public enum Pareto {
  /// Whether each point is on the front: no other has both coordinates as small and one smaller. Equal points are both on
  /// it; one that is not a number never is. O(n²).
  public static func front(_ points: [(x: Double, y: Double)]) -> [Bool] {
    points.map { point in
      guard !point.x.isNaN, !point.y.isNaN else { return false }
      return !points.contains { other in
        other.x <= point.x && other.y <= point.y && (other.x < point.x || other.y < point.y)
      }
    }
  }
}
