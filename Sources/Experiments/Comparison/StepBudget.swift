import Circuits
import Learning
import Dispatch
import Tasks

/// What one step and one measurement of the held-out error take, s.
public struct StepCost: Sendable, Equatable, Codable {
  public var step: Double
  public var evaluation: Double

  /// Measures with the clock on the wall, on the calling thread: some steps, a tenth of a second's worth.
  static func measure(_ candidate: Candidate, plan: ComparisonPlan, task: TaskData) throws -> StepCost {
    let session = try TrainingSession(
      model: Model(plan.specification(candidate, task, seed: plan.seeds[0])), task: task,
      options: plan.options(task, seed: plan.seeds[0], rate: plan.rates[0]))
    func seconds(_ work: () -> Void) -> Double {
      let start = DispatchTime.now().uptimeNanoseconds
      work()
      return Double(DispatchTime.now().uptimeNanoseconds - start) / 1e9
    }
    // The first step makes storage and measures.
    try? session.advance()
    let evaluation = seconds { session.measure() }
    var (steps, spent) = (0, 0.0)
    while steps < 8, spent < 0.1 {
      spent += seconds { try? session.advance() }
      steps += 1
    }
    return StepCost(step: spent / Double(steps), evaluation: evaluation)
  }
}

/// How many steps fit into a time.
struct StepBudget {
  /// More would be for nothing: by then these tasks are learned.
  static let most = 2000
  static let least = 10
  private let schedule: ComparisonSchedule

  init(_ schedule: ComparisonSchedule) { self.schedule = schedule }

  /// What `steps` a run take on a task, in seconds of one thread, the search for learning rates included.
  func seconds(_ taskEntry: Int, steps: Int) -> Double {
    let plan = schedule.plan
    func run(_ candidate: Candidate, _ steps: Int) -> Double {
      guard let cost = schedule.costs[candidate] else { return 0 }
      return Double(steps) * cost.step + Double(steps / plan.evaluateEvery + 2) * cost.evaluation
    }
    return schedule.candidates.filter { $0.taskEntry == taskEntry }.reduce(0) { sum, candidate in
      let group = ComparisonSchedule.Group(candidate)
      let search =
        plan.trialCount > 1 && schedule.representative(group) == candidate
        ? Double(plan.trialCount) * run(candidate, plan.searchSteps(of: steps)) : 0
      return sum + Double(plan.seeds.count) * run(candidate, steps) + search
    }
  }

  /// The steps for each task when `seconds` of one thread are shared alike; what a cheap task does not need goes to the
  /// others. Tens of steps, between ``least`` and ``most``.
  func steps(seconds: Double) -> [Int] {
    let count = schedule.plan.taskEntries.count
    var result = [Int](repeating: Self.least, count: count)
    var left = seconds
    let cheapFirst = (0..<count).map { ($0, self.seconds($0, steps: Self.most)) }.sorted { $0.1 < $1.1 }.map(\.0)
    for (index, taskEntry) in cheapFirst.enumerated() {
      let share = left / Double(count - index)
      var (low, high) = (Self.least / 10, Self.most / 10)
      while low < high {
        let middle = (low + high + 1) / 2
        if self.seconds(taskEntry, steps: 10 * middle) <= share { low = middle } else { high = middle - 1 }
      }
      result[taskEntry] = 10 * low
      left -= self.seconds(taskEntry, steps: result[taskEntry])
    }
    return result
  }
}
