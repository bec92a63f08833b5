import Circuits
import Learning
import Samples
import Testing

@Suite("The same seed") struct DeterminismTests {
  @Test func givesTheSameBitsOnAnyNumberOfThreads() throws {
    let runs = try [1, 2, 3].map { threads in
      let session = try Sample.session(threads: threads)
      return (losses: try session.losses(6), state: session.learner.state, heldOut: session.heldOut)
    }
    for run in runs.dropFirst() {
      #expect(run.losses == runs[0].losses)
      #expect(run.state == runs[0].state)
      #expect(run.heldOut == runs[0].heldOut)
    }
  }

  @Test func anotherSeedGivesOthers() throws {
    let task = Sample.task()
    var options = Sample.options(task)
    options.seed = 6
    let other = try TrainingSession(model: Sample.model(task), task: task, options: options)
    let (one, two) = (try Sample.session().losses(2), try other.losses(2))
    #expect(one != two)
  }
}
