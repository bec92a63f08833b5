import Search
import Spiking

/// What a study of spikes found, at one moment: a value.
public struct SpikeStudyTable: Sendable {
  /// The view that draws it.
  public static let view = "spikes"

  /// Some numbers, one per seed, of which a few may not be there yet.
  public struct Cell: Sendable, Equatable {
    public var each: [Double?]

    public var mean: Double? { Statistics.mean(each.compactMap(\.self)) }
    public var deviation: Double? { Statistics.deviation(each.compactMap(\.self)) }
    public var isComplete: Bool { !each.isEmpty && each.allSatisfy { $0 != nil } }
  }

  public struct Row: Sendable, Equatable {
    public var name: String
    public var condition: SpikeCondition
    public var capacity, activity, efficiency, silent: Cell
    /// Error and S by task.
    public var errors, taskActivity: [String: Cell]
    /// Mean C(1), C(2), … over the seeds that are there.
    public var perDelay: [Double]
  }

  public struct Pruned: Sendable, Equatable {
    public var criterion: NetworkPruning.Criterion
    public var share: Double
    public var capacity, activity, efficiency: Cell
  }

  public struct SearchTrace: Sendable, Equatable {
    public var name: String
    public var dimensions: [String]
    /// C, S and 𝓔 of every finished trial, in order; the best point where the search is done.
    public var trials: [(capacity: Double, activity: Double, efficiency: Double)]
    public var best: [Double]?

    public static func == (a: SearchTrace, b: SearchTrace) -> Bool {
      a.name == b.name && a.best == b.best && a.trials.map(\.efficiency) == b.trials.map(\.efficiency)
    }
  }

  public let plan: SpikeStudyPlan
  public let rows: [Row]
  public let pruned: [Pruned]
  public let searches: [SearchTrace]
  /// Errors of simple methods, by task.
  public let baselines: [String: [(name: String, error: Double)]]
  public let measures: [String: String]
  public let share, seconds: Double
  public let isDone: Bool
  /// nil while too little is done to tell.
  public let secondsLeft: Double?

  init(
    _ schedule: SpikeStudySchedule, tasks: [String: SpikingTask], isDone: Bool, seconds: Double,
    shareBefore: Double
  ) {
    plan = schedule.plan
    (share, self.seconds, self.isDone) = (isDone ? 1 : schedule.share, seconds, isDone)
    let made = share - shareBefore
    secondsLeft = made > 0.02 ? seconds / made * (1 - share) : nil
    baselines = tasks.mapValues(\.baselines)
    measures = tasks.mapValues(\.measure)
    func cell(
      _ jobs: [SpikeStudySchedule.Job], _ value: (SpikeStudySchedule.Result) -> Double?
    ) -> Cell {
      Cell(each: jobs.map { schedule.results[$0].flatMap(value) })
    }
    rows = schedule.conditions.map { name, condition in
      let jobs = schedule.memoryJobs(name)
      let delays = jobs.compactMap { schedule.results[$0]?.perDelay }
      var (errors, activity): ([String: Cell], [String: Cell]) = ([:], [:])
      for task in schedule.tasks(of: name) {
        let own = schedule.taskJobs(name, task)
        (errors[task], activity[task]) = (cell(own, \.error), cell(own, \.activity))
      }
      return Row(
        name: name, condition: condition, capacity: cell(jobs, \.capacity), activity: cell(jobs, \.activity),
        efficiency: cell(jobs, \.efficiency), silent: cell(jobs, \.silent), errors: errors, taskActivity: activity,
        perDelay: (delays.first ?? []).indices.map { d in
          delays.reduce(0) { $0 + $1[d] } / Double(delays.count)
        })
    }
    var pruned: [Pruned] = []
    if schedule.best(SpikeCondition.Kind.all[3]) != nil {
      for criterion in NetworkPruning.Criterion.allCases {
        for share in schedule.plan.pruned {
          let jobs = schedule.pruningJobs(criterion, share)
          pruned.append(
            Pruned(
              criterion: criterion, share: share, capacity: cell(jobs, \.capacity), activity: cell(jobs, \.activity),
              efficiency: cell(jobs, \.efficiency)))
        }
      }
    }
    self.pruned = pruned
    searches = SpikeCondition.Kind.all.map { kind in
      let found = schedule.results.values.filter { $0.job.condition == kind.name && $0.job.trial != nil }
        .sorted { ($0.job.trial ?? 0) < ($1.job.trial ?? 0) }
      return SearchTrace(
        name: kind.name, dimensions: kind.dimensions.map(\.name),
        trials: found.map { ($0.capacity ?? 0, $0.activity, $0.efficiency ?? 0) }, best: schedule.best(kind))
    }
  }

  public func row(_ name: String) -> Row? { rows.first { $0.name == name } }
}
