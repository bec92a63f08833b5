import Experiments
import Foundation
import Spiking
import Tasks
import Testing

@Suite struct SpikeStudyTests {
  /// Small enough for seconds.
  static var plan: SpikeStudyPlan {
    var plan = SpikeStudyPlan(.small, seeds: [1, 2])
    (plan.neurons, plan.learning, plan.measured, plan.delays, plan.calls) = (40, 20, 150, 8, 4)
    (plan.tasks, plan.moreTasks, plan.sequences, plan.pruned) = (["spiral"], [], 2, [0.5, 0.9])
    return plan
  }

  static func finished(_ study: SpikeStudy) -> SpikeStudyTable {
    study.start()
    study.wait()
    return study.table()
  }

  static func numbers(_ table: SpikeStudyTable) -> [[Double?]] {
    table.rows.map { $0.capacity.each + $0.activity.each + ($0.errors["spiral"]?.each ?? []) }
      + table.pruned.map(\.capacity.each) + table.searches.map { $0.trials.map(\.efficiency) }
  }

  /// Everything is computed, the same on one thread as on two; and a log that is cut off goes on to the same end.
  @Test func endsAndGoesOn() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).jsonl").path
    defer { try? FileManager.default.removeItem(atPath: path) }
    let study = try SpikeStudy(Self.plan, threads: 2, log: path)
    #expect(study.report().status == .waiting && study.report().progress == "not begun")
    let table = Self.finished(study)
    #expect(study.status == .finished, "\(study.status)")
    #expect(table.isDone && table.share == 1 && table.rows.count == 13)
    #expect(table.rows.allSatisfy { $0.capacity.isComplete && $0.activity.isComplete })
    #expect(table.rows.filter { $0.errors["spiral"]?.isComplete == true }.count == 8)
    #expect(table.searches.allSatisfy { $0.trials.count == 4 && $0.best != nil })
    #expect(table.pruned.count == 6 && table.pruned.allSatisfy(\.capacity.isComplete))
    #expect(table.claims.count == 4 + 2 + 1 + 3 && table.claims.allSatisfy { $0.verdict != .open })
    #expect(study.report().progress.contains("Drawn time constants raise the memory capacity: "))

    #expect(throws: ActivityError.self) { try SpikeStudy(Self.plan, threads: 1, log: path) }
    let whole = try String(contentsOfFile: path, encoding: .utf8)
    let lines = whole.split(separator: "\n")
    try (lines.prefix(30).joined(separator: "\n") + "\n{\"acti").write(toFile: path, atomically: true, encoding: .utf8)
    let resumed = try SpikeStudy(resuming: path, threads: 1)
    #expect(resumed.plan == Self.plan && resumed.table().share > 0)
    #expect(Self.numbers(Self.finished(resumed)) == Self.numbers(table))
    let again = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
    #expect(Set(again) == Set(lines))
    try (lines[0] + "\nx\n").write(toFile: path, atomically: true, encoding: .utf8)
    #expect(throws: (any Error).self) { try SpikeStudy(resuming: path, threads: 1) }
  }

  @Test func cancelling() throws {
    let study = try SpikeStudy(Self.plan, threads: 2)
    study.start()
    study.pause()
    #expect(study.status == .paused)
    study.start()
    study.cancel()
    study.wait()
    #expect(study.status == .cancelled && !study.table().isDone)
    #expect(study.table().claims.allSatisfy { $0.verdict == .open })
  }

  /// What no study can be says so.
  @Test func refusals() {
    var plan = Self.plan
    plan.seeds = []
    #expect(throws: SpikingError("A study needs seeds, each once: use 1 or more.")) { try plan.check() }
    plan = Self.plan
    plan.seeds = plan.searchSeeds
    #expect(throws: SpikingError.self) { try plan.check() }
    plan = Self.plan
    plan.measured = 10
    #expect(throws: SpikingError("10 inputs are too few for delays up to 8.")) { try plan.check() }
    plan = Self.plan
    plan.tasks = ["household"]
    #expect(throws: TaskError.self) { try SpikeStudy(plan, threads: 1) }
  }

  /// A point of a search is the network that it names.
  @Test func pointsAreConditions() {
    for kind in SpikeCondition.Kind.all {
      let point = kind.dimensions.map { ($0.lower * $0.upper).squareRoot() }
      let condition = kind.condition(point, maximum: 0.3)
      #expect(condition.timeConstant.isEqual == !kind.drawnNeurons && condition.timeConstant.mean == point[0])
      #expect(condition.plasticity!.isEqual == !kind.drawnPlasticity)
      #expect(condition.plasticity!.depression.mean == point[1] * point[2])
      if kind.drawnNeurons {
        #expect(condition.timeConstant == .gamma(shape: point[5], mean: point[0]))
      }
      if kind.drawnPlasticity {
        #expect(condition.plasticity!.potentiationTime == .gamma(shape: point.last!, mean: point[3]))
      }
    }
    let gamma = SpikeCondition.still.first { $0.name.hasPrefix("gamma 4") }!.condition.timeConstant
    for name in ["normal 4", "uniform 4"] {
      let other = SpikeCondition.still.first { $0.name.hasPrefix(name) }!.condition.timeConstant
      #expect(other.mean == gamma.mean && other.variance == gamma.variance)
    }
  }

  /// The baselines are what they say, on a task where they are known.
  @Test func tasksForSpikes() throws {
    let recall = try SpikingTask(DataSource(task: "recall", seed: 1).load())
    // Four of the five values stand in five frames, of the fifth nothing does.
    #expect(recall.measure == "nrmse" && recall.baselines.map(\.name) == ["linear on 5 frames"])
    #expect(abs(recall.baselines[0].error - 0.2) < 0.01, "\(recall.baselines[0].error)")
    let digits = try SpikingTask(DataSource(task: "digits", seed: 1).load(), most: 200)
    #expect(digits.measure == "errorRate" && digits.frames.count == 1_600)
    #expect(digits.baselines.map(\.name) == ["most frequent class", "linear on mean and last frame"])
    #expect(digits.baselines[0].error > 0.8 && digits.baselines[1].error < digits.baselines[0].error)
    let far = try SpikingTask(DataSource(task: "rossler", seed: 1).load(), horizon: 3)
    let near = try SpikingTask(DataSource(task: "rossler", seed: 1).load())
    #expect(far.baselines[0].name == "persistence" && far.baselines[0].error > 2 * near.baselines[0].error)
    #expect(throws: TaskError.self) { try SpikingTask(DataSource(task: "lorenz", seed: 1).load(), horizon: 0) }
  }
}
