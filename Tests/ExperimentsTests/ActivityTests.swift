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
