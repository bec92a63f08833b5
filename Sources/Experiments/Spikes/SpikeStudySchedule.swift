import RealModule
import Search
import Spiking

/// What is left to do of a study and what came out so far: a value. What is asked for next depends on results only, never
/// on the order in which they came or on how many are made at once.
public struct SpikeStudySchedule: Sendable {
  /// One thing to be computed.
  public struct Job: Sendable, Hashable, Codable {
    /// Name of the condition (``SpikeStudySchedule/conditions``), or of the kind that is searched.
    public var condition: String
    public var seed: UInt64
    /// A task's name where its error is asked for and not capacity.
    public var task: String?
    public var criterion: NetworkPruning.Criterion?
    public var share: Double?
    /// A trial of a search: its number, and where.
    public var trial: Int?
    public var point: [Double]?

    public init(condition: String, seed: UInt64) { (self.condition, self.seed) = (condition, seed) }
  }

  public struct Result: Sendable, Equatable, Codable {
    public var job: Job
    /// C and C(1), C(2), …; nil for tasks.
    public var capacity: Double?
    public var perDelay: [Double]?
    /// S, spikes per neuron and frame.
    public var activity: Double
    /// Share of neurons that never fired; nil for tasks.
    public var silent: Double?
    /// Of a task.
    public var error: Double?

    /// 𝓔 = C/S.
    public var efficiency: Double? { capacity.map { activity > 0 ? $0 / activity : 0 } }
  }

  public let plan: SpikeStudyPlan
  public private(set) var results: [Job: Result] = [:]
  public private(set) var searches: [String: BayesianSearch] = [:]
  /// Given out and not yet back.
  private var underway: Set<Job> = []

  public init(_ plan: SpikeStudyPlan, finished: [Result] = []) throws {
    try plan.check()
    self.plan = plan
    for kind in SpikeCondition.Kind.all {
      searches[kind.name] = try BayesianSearch(dimensions: kind.dimensions, seed: plan.seeds[0])
    }
    for result in finished { results[result.job] = result }
    try advance()
  }

  /// The name of an optimised kind.
  public static func optimised(_ kind: SpikeCondition.Kind) -> String { "optimised: \(kind.name)" }

  /// Every condition by name, in the order of the table; optimised ones once their search is done.
  public var conditions: [(name: String, condition: SpikeCondition)] {
    var result = SpikeCondition.still
    result += SpikeCondition.Kind.all.map { ($0.name, $0.condition(maximum: plan.maximum)) }
    for kind in SpikeCondition.Kind.all {
      guard let point = best(kind) else { continue }
      result.append((Self.optimised(kind), kind.condition(point, maximum: plan.maximum)))
    }
    return result
  }

  /// Where the finished search of a kind found the best.
  public func best(_ kind: SpikeCondition.Kind) -> [Double]? {
    guard let search = searches[kind.name], search.trials.count == plan.calls, search.open.isEmpty else { return nil }
    return search.best?.point
  }

  func memoryJobs(_ name: String) -> [Job] { plan.seeds.map { Job(condition: name, seed: $0) } }

  func taskJobs(_ name: String, _ task: String) -> [Job] {
    memoryJobs(name).map { job in
      var job = job
      job.task = task
      return job
    }
  }

  func pruningJobs(_ criterion: NetworkPruning.Criterion, _ share: Double) -> [Job] {
    memoryJobs(Self.optimised(SpikeCondition.Kind.all[3])).map { job in
      var job = job
      (job.criterion, job.share) = (criterion, share)
      return job
    }
  }

  private func searchJobs(_ kind: SpikeCondition.Kind) -> [Job] {
    (searches[kind.name]?.open ?? []).map { trial in
      var job = Job(condition: kind.name, seed: plan.searchSeeds[0])
      (job.trial, job.point) = (trial.id, trial.point)
      return job
    }
  }

  /// The tasks of a condition.
  func tasks(of name: String) -> [String] {
    let kinds = SpikeCondition.Kind.all
    if SpikeCondition.still.contains(where: { $0.name == name }) { return [] }
    let more = [kinds[0].name, Self.optimised(kinds[0]), Self.optimised(kinds[3])].contains(name)
    return plan.tasks + (more ? plan.moreTasks : [])
  }

  /// Everything that can be done now, in order.
  private var jobs: [Job] {
    var result: [Job] = []
    for (name, _) in conditions { result += memoryJobs(name) }
    for kind in SpikeCondition.Kind.all { result += searchJobs(kind) }
    for (name, _) in conditions { for task in tasks(of: name) { result += taskJobs(name, task) } }
    if best(SpikeCondition.Kind.all[3]) != nil {
      for share in plan.pruned {
        for criterion in NetworkPruning.Criterion.allCases { result += pruningJobs(criterion, share) }
      }
    }
    return result
  }

  /// What is to be done next; nil where something has to come back first, or all is done.
  mutating func next() -> Job? {
    guard let job = jobs.first(where: { results[$0] == nil && !underway.contains($0) }) else { return nil }
    underway.insert(job)
    return job
  }

  public var isDone: Bool {
    underway.isEmpty && SpikeCondition.Kind.all.allSatisfy { searches[$0.name]?.trials.count == plan.calls }
      && jobs.allSatisfy { results[$0] != nil }
  }

  mutating func abandon(_ job: Job) { underway.remove(job) }

  mutating func add(_ result: Result) throws {
    underway.remove(result.job)
    results[result.job] = result
    try advance()
  }

  /// C of the network that nothing has optimised, below which an optimised one may not fall unpunished; nil until known.
  var reference: Double? {
    let known = memoryJobs(SpikeCondition.Kind.all[0].name).compactMap { results[$0]?.capacity }
    return known.count == plan.seeds.count ? known.reduce(0, +) / Double(known.count) : nil
  }

  /// What a search makes small: −ln 𝓔, and 3·ln(C₀/C) more where C is below the reference C₀; nil for a network that is
  /// silent or remembers nothing.
  func cost(_ result: Result) -> Double? {
    guard let reference, let capacity = result.capacity, let efficiency = result.efficiency, efficiency > 0 else {
      return nil
    }
    return -Double.log(efficiency) + 3 * max(Double.log(reference / capacity), 0)
  }

  /// Tells searches what is known, batch by batch, and asks for the next.
  private mutating func advance() throws {
    guard reference != nil else { return }
    for kind in SpikeCondition.Kind.all {
      while var search = searches[kind.name] {
        let open = searchJobs(kind).compactMap { results[$0] }
        guard open.count == search.open.count else { break }
        for result in open { try search.tell(result.job.trial ?? 0, value: cost(result)) }
        let left = plan.calls - search.trials.count
        if left > 0 { _ = try search.ask(min(plan.batch, left)) }
        searches[kind.name] = search
        if left <= 0 { break }
      }
    }
  }

  /// Share of all jobs that is done, 0…1, weighed by what they cost about.
  public var share: Double {
    let kinds = SpikeCondition.Kind.all
    let memory = (SpikeCondition.still.count + 2 * kinds.count) * plan.seeds.count
    let pruning = plan.pruned.count * NetworkPruning.Criterion.allCases.count * plan.seeds.count
    let search = kinds.count * plan.calls * plan.searchSeeds.count
    let tasks = (2 * kinds.count * plan.tasks.count + 3 * plan.moreTasks.count) * plan.seeds.count
    let done = results.keys.reduce(0.0) {
      $0 + ($1.task != nil ? 2 : $1.trial != nil ? Double(plan.searchSeeds.count) : 1)
    }
    return min(done / Double(memory + pruning + search + 2 * tasks), 1)
  }
}

extension SpikeStudySchedule {
  /// Computes a job on the calling thread.
  ///
  /// - Parameter isCancelled: asked often; true gives the job up with a `CancellationError`.
  static func perform(
    _ job: Job, condition: SpikeCondition, plan: SpikeStudyPlan, tasks: [String: SpikingTask],
    isCancelled: () -> Bool
  ) throws -> Result {
    if let name = job.task {
      guard let task = tasks[name] else { throw SpikingError("The study has no data of the task '\(name)'.") }
      let outcome = try task.run(plan.experiment(condition, on: task), seed: job.seed, isCancelled: isCancelled)
      return Result(job: job, activity: outcome.activity, error: outcome.error)
    }
    let pruning = job.criterion.map { NetworkPruning($0, share: job.share ?? 0) }
    let experiment = plan.memory(condition, pruning: pruning)
    let outcomes = try (job.trial == nil ? [job.seed] : plan.searchSeeds).map {
      try experiment.run(seed: $0, isCancelled: isCancelled)
    }
    func mean(_ value: (MemoryExperiment.Outcome) -> Double) -> Double {
      outcomes.reduce(0) { $0 + value($1) } / Double(outcomes.count)
    }
    return Result(
      job: job, capacity: mean(\.memory.total), perDelay: job.trial == nil ? outcomes[0].memory.perDelay : nil,
      activity: mean(\.activity), silent: mean(\.silentShare))
  }

  /// The condition of a job: a point of its search, or one by name.
  func condition(_ job: Job) -> SpikeCondition? {
    if job.trial != nil {
      return SpikeCondition.Kind.all.first { $0.name == job.condition }?.condition(job.point, maximum: plan.maximum)
    }
    return conditions.first { $0.name == job.condition }?.condition
  }
}
