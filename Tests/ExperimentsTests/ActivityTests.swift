import Experiments
import Foundation
import Learning
import Samples
import Tasks
import Testing

@Suite("Activities") struct ActivityTests {
  @Test func aTrainerIsOne() throws {
    let task = Sample.task()
    let trainer = try Trainer(
      model: Sample.model(task), task: task, options: Sample.options(task))
    let activity: any Activity = trainer
    #expect(activity.report().status == .waiting && activity.report().picture == nil)
    let version = activity.version
    activity.start()
    #expect(eventually { activity.version > version && activity.report().status == .running })
    activity.pause()
    #expect(eventually { activity.report().status == .paused })
    let step = activity.report().progress
    #expect(step.hasPrefix("step ") && activity.report().progress == step)
    #expect(throws: ActivityError.self) { try activity.network("any") }
    _ = trainer.finish()
  }

  /// Whoever pauses it, the answer has an id, and who sends as well sees that there is one to come.
  @Test func aTrainerCountsWhatItIsTold() throws {
    let task = Sample.task()
    let trainer = try Trainer(model: Sample.model(task), task: task, options: Sample.options(task))
    #expect(trainer.lastSent == 0 && trainer.lastAnswered == 0)
    let id = trainer.send(.resume)
    (trainer as any Activity).pause()
    #expect(id == 1 && trainer.lastSent == 2)
    #expect(eventually { trainer.lastAnswered == 2 })
    #expect(trainer.latest().outcomes.map(\.command) == [.resume, .pause])
    _ = trainer.finish()
  }

  /// A played run is finished at its end until it goes on, and its share does not fall.
  @Test func aPlayedRunEnds() throws {
    let task = Sample.task()
    let trainer = try Trainer(model: Sample.model(task), task: task, options: Sample.options(task), end: 6)
    #expect(trainer.report().share == 0)
    trainer.start()
    #expect(eventually { trainer.report().status == .finished })
    #expect(trainer.stepsMade == 6 && trainer.report().share == 1 && trainer.latest().hasEnded)
    trainer.send(.step(1))
    #expect(eventually { trainer.report().status == .paused && trainer.stepsMade == 7 })
    _ = trainer.finish()
  }

  /// Whoever follows an activity asks for a report when the version is another one, and a step after a pause must be one.
  @Test func aTrainersVersionNeverFalls() throws {
    let task = Sample.task()
    let trainer = try Trainer(model: Sample.model(task), task: task, options: Sample.options(task))
    var (last, report) = (trainer.version, trainer.report().progress)
    for round in 0..<40 {
      let before = trainer.stepsMade
      switch round % 4 {
      case 0: trainer.start()
      case 2: trainer.send(.step(1))
      default: trainer.pause()
      }
      #expect(
        eventually {
          let version = trainer.version
          if version < last { Issue.record("from \(last) to \(version) in round \(round)") }
          last = max(last, version)
          return round % 2 == 0 ? trainer.stepsMade > before : trainer.status == .paused
        })
      #expect(round % 2 == 1 || trainer.report().progress != report)
      report = trainer.report().progress
      #expect(trainer.version >= last)
      last = trainer.version
    }
    _ = trainer.finish()
  }

  @Test func aStudySaysWhatFollows() throws {
    var plan = SynapseStudy.plan(tasks: [DataSource(task: "sample", seed: 1)], models: ["ltc", "gru"], neurons: 4)
    (plan.seeds, plan.rates, plan.recipe.network.unfolds, plan.budget) = ([1], [0.01], 2, .steps(2))
    plan.settle()
    let study = RunningStudy(try Comparison(plan, tasks: [Sample.task()], threads: 1))
    study.start()
    study.comparison.wait()
    let report = study.report()
    #expect(report.title == "study of synapses" && report.status == .finished && report.share == 1)
    #expect(report.progress.hasPrefix("With equal neurons the smallest error is"))
    let table = try #require(report.picture?.value as? ComparisonTable)
    #expect(report.picture?.view == ComparisonTable.view && table.rows.count >= 3)
    let network = try study.network(table.rows[0].candidate.name)
    #expect(network.model.parameterCount == table.rows[0].parameters && network.task.name == "sample")
    #expect { try study.network("nobody") } throws: { "\($0)".contains("choose a row") }
  }

  /// Whether it comes true within a time that no machine needs.
  private func eventually(_ condition: () -> Bool) -> Bool {
    let deadline = Date(timeIntervalSinceNow: 20)
    while Date() < deadline {
      if condition() { return true }
      Thread.sleep(forTimeInterval: 0.001)
    }
    return false
  }
}
