import Circuits
import Learning
import Search
import Tasks

/// What is left to do and what came out so far: a value.
///
/// Runs may end in any order; everything read from it goes by the plan's order, so that results do not depend on how many
/// are made at once.
struct ComparisonSchedule: Sendable {
  typealias Job = ComparisonRun.Job

  /// A row of the table: a size and the network that has it. Two sizes may lead to the same network, trained once.
  struct Row: Sendable, Equatable {
    var size: ComparisonPlan.Size
    var sized: SizedCandidate
  }

  /// Those that share a learning rate: a model with a wiring and a readout on a task.
  struct Group: Hashable, Sendable {
    var taskEntry: Int
    var model: String
    var wiring: String
    var readout: Readout
    init(_ candidate: Candidate) {
      (taskEntry, model) = (candidate.taskEntry, candidate.model)
      (wiring, readout) = (candidate.wiring, candidate.readout)
    }
  }

  enum Assignment: Sendable, Equatable {
    case work(ExperimentJob.Work)
    /// Something has to end first.
    case wait
    case done
  }

  private(set) var plan: ComparisonPlan
  let rows: [Row]
  /// Each once, in the order of the rows.
  let candidates: [Candidate]
  private(set) var runs: [Job: ComparisonRun] = [:]
  /// Steps made of the runs under way.
  var underway: [Job: Int] = [:]
  /// Learning rates chosen.
  private(set) var rates: [Group: Double] = [:]
  /// Where learning rates are searched for: each group's own search.
  private var searches: [Group: BayesianSearch] = [:]
  private var unmeasured: [Candidate] = []
  /// Candidates whose times are known, and how many are being measured.
  private(set) var costs: [Candidate: StepCost] = [:]
  private var measuring = 0
  /// In order; those begun are not in it.
  private var pending: [Job] = []

  /// - Throws: ``CircuitError`` where a model cannot have a size on a task.
  init(_ plan: ComparisonPlan, tasks: [TaskData], finished: [ComparisonRun]) throws {
    try plan.check()
    self.plan = plan
    var rows: [Row] = []
    for (number, taskEntry) in plan.taskEntries.enumerated() {
      let ways = plan.wirings.flatMap { wiring in plan.readouts.map { (wiring, $0) } }
      for (wiring, readout) in ways {
        for size in taskEntry.sizes {
          for model in plan.models {
            let sized = try plan.candidate(number, model, wiring, readout, size, tasks[number])
            if !rows.contains(where: { $0.size == size && $0.sized == sized }) {
              rows.append(Row(size: size, sized: sized))
            }
          }
        }
      }
    }
    self.rows = rows
    var candidates: [Candidate] = []
    for row in rows where !candidates.contains(row.sized.candidate) { candidates.append(row.sized.candidate) }
    self.candidates = candidates
    if plan.isSettled { try begin() } else { unmeasured = candidates }
    // A search asks for more as it is told more: until nothing of what is there is wanted.
    while let run = finished.first(where: { runs[$0.job] == nil && pending.contains($0.job) }) { try add(run) }
    pending.removeAll { runs[$0] != nil }
  }

  /// Which candidate of a group the search is made with: that of the middle size.
  func representative(_ group: Group) -> Candidate {
    let own = candidates.filter { Group($0) == group }.sorted { $0.neurons < $1.neurons }
    return own[(own.count - 1) / 2]
  }

  /// Every job in order: for each task and model the search, then its sizes and seeds.
  private mutating func begin() throws {
    var groups: [Group] = []
    for candidate in candidates where !groups.contains(Group(candidate)) { groups.append(Group(candidate)) }
    for group in groups {
      if let search = plan.rateSearch {
        searches[group] = try search.start(seed: plan.seeds[0])
        try goOnSearching(group)
      } else if plan.rates.count > 1 {
        pending += trials(group)
      } else {
        rates[group] = plan.rates[0]
      }
      for candidate in candidates where Group(candidate) == group {
        pending += plan.seeds.map { Job(candidate: candidate, seed: $0, trialRate: nil) }
      }
    }
  }

  private func trials(_ group: Group) -> [Job] {
    let one = representative(group)
    let rates = searches[group]?.trials.map { $0.point[0] } ?? plan.rates
    return rates.map { Job(candidate: one, seed: plan.seeds[0], trialRate: $0) }
  }

  /// Tells a group's search what is known; the trials it asks for next go before everything of the group.
  private mutating func goOnSearching(_ group: Group) throws {
    let (one, seed) = (representative(group), plan.seeds[0])
    guard let plan = plan.rateSearch, var search = searches[group] else { return }
    // A rate that is asked for once more is known already: then it goes on at once.
    while try plan.advance(
      &search,
      { rate in
        let job = Job(candidate: one, seed: seed, trialRate: rate)
        return runs[job]
      })
    {}
    searches[group] = search
    let new = trials(group).filter { runs[$0] == nil && underway[$0] == nil && !pending.contains($0) }
    let entry = pending.firstIndex { Group($0.candidate) == group } ?? pending.count
    pending.insert(contentsOf: new, at: entry)
  }

  /// What is to be done next.
  mutating func next() -> Assignment {
    if let candidate = unmeasured.first {
      unmeasured.removeFirst()
      measuring += 1
      return .work(.measure(candidate))
    }
    if measuring > 0 { return .wait }
    for (index, job) in pending.enumerated() {
      guard let rate = job.trialRate ?? rates[Group(job.candidate)] else { continue }
      pending.remove(at: index)
      underway[job] = 0
      return .work(.train(job, rate: rate))
    }
    return underway.isEmpty ? .done : .wait
  }

  /// Takes a measurement in; after the last one every task gets the steps that fit.
  mutating func add(_ cost: StepCost, of candidate: Candidate, secondsLeft: Double) throws {
    costs[candidate] = cost
    measuring -= 1
    guard unmeasured.isEmpty, measuring == 0 else { return }
    for (taskEntry, steps) in StepBudget(self).steps(seconds: secondsLeft).enumerated() {
      plan.settle(taskEntry, steps: steps)
    }
    try begin()
  }

  /// Takes a result in, and chooses a learning rate where a search is complete.
  mutating func add(_ run: ComparisonRun) throws {
    underway[run.job] = nil
    runs[run.job] = run
    guard run.job.trialRate != nil else { return }
    let group = Group(run.job.candidate)
    try goOnSearching(group)
    let trials = trials(group).compactMap { runs[$0] }
    guard trials.count == plan.trialCount else { return }
    // The smallest rate of all, where every one failed or two are as good.
    let good = trials.filter { $0.failure == nil && $0.loss != nil }.sorted { $0.learningRate < $1.learningRate }
    rates[group] = good.min { $0.loss! < $1.loss! }?.learningRate ?? trials.map(\.learningRate).min()
  }

  /// Puts a run back that was not finished.
  mutating func abandon(_ job: Job) {
    underway[job] = nil
    pending.insert(job, at: 0)
  }

  /// The finished runs in the order of the plan.
  var finished: [ComparisonRun] {
    var result: [ComparisonRun] = []
    for candidate in candidates {
      if representative(Group(candidate)) == candidate { result += trials(Group(candidate)).compactMap { runs[$0] } }
      result += results(candidate).compactMap(\.self)
    }
    return result
  }

  /// A candidate's runs by seed.
  func results(_ candidate: Candidate) -> [ComparisonRun?] {
    plan.seeds.map { runs[Job(candidate: candidate, seed: $0, trialRate: nil)] }
  }

  /// Share of all steps that has been made, 0…1, weighed by their time where that is known.
  var share: Double {
    guard plan.isSettled else { return 0 }
    var (made, all) = (0.0, 0.0)
    func count(_ job: Job, steps: Int) {
      let weight = costs[job.candidate]?.step ?? 1
      all += weight * Double(steps)
      made += weight * Double(runs[job] == nil ? underway[job] ?? 0 : steps)
    }
    for candidate in candidates {
      let taskEntry = plan.taskEntries[candidate.taskEntry]
      for seed in plan.seeds { count(Job(candidate: candidate, seed: seed, trialRate: nil), steps: taskEntry.steps) }
      if plan.trialCount > 1, representative(Group(candidate)) == candidate {
        let trials = trials(Group(candidate))
        for job in trials { count(job, steps: taskEntry.searchSteps) }
        // Those that are not asked for yet.
        all += Double(plan.trialCount - trials.count) * (costs[candidate]?.step ?? 1) * Double(taskEntry.searchSteps)
      }
    }
    return all > 0 ? made / all : 1
  }
}
