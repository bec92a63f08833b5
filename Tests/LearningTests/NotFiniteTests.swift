import Circuits
import Learning
import Samples
import Tasks
import Testing

@Suite("Numbers that are none") struct NotFiniteTests {
  @Test func anInfiniteInputStopsTraining() throws {
    var task = Sample.task()
    for s in task.training.indices { task.training[s].inputs[0] = .infinity }
    let session = try TrainingSession(model: Sample.model(task), task: task, options: Sample.options(task))
    let before = session.learner.state
    var problem: NotFinite?
    do { _ = try session.losses(20) } catch { problem = error as? NotFinite }
    let found = try #require(problem)
    #expect(session.learner.state.values.allSatisfy { $0.isFinite })
    #expect(found.step == session.step + 1)
    #expect(
      found.description
        == "Training stopped: the input 'wave' at step 1 of series \(found.location!.suffix(1)) is inf, met in step "
        + "\(session.step + 1). The last good parameters are kept. Correct the data, or leave that series out."
    )
    // NaN is not equal to itself; the sentences are.
    #expect(session.failure?.description == found.description)
    #expect(!found.description.contains("-nan"))
    if session.step == 0 { #expect(session.learner.state == before) }
    // It stays stopped until something changes.
    #expect(throws: NotFinite.self) { try session.advance() }
  }

  @Test func aHugeLearningRateNamesTheParameter() throws {
    let task = Sample.task()
    var options = Sample.options(task)
    options.learningRate = 1e38
    options.optimizer = "sgd"
    options.clip = 0
    let session = try TrainingSession(model: Sample.model(task), task: task, options: options)
    var last = session.learner.state.values
    var problem: NotFinite?
    do {
      for _ in 0..<10 {
        last = session.learner.state.values
        try session.advance()
      }
    } catch { problem = error as? NotFinite }
    let found = try #require(problem)
    #expect(session.learner.state.values == last)
    #expect(session.learner.state.values.allSatisfy { $0.isFinite })
    let location = try #require(found.location)
    #expect(location.contains("[") && location.hasSuffix("]"), "\(found)")
    #expect(found.description.contains("at \(location)") && found.description.contains("in step \(session.step + 1)"))
  }

  /// A broken step leaves nothing behind: values, moments and the count of updates.
  @Test func aBrokenUpdateLeavesTheMomentsAlone() throws {
    let task = Sample.task()
    let options = Sample.options(task)
    let session = try TrainingSession(model: Sample.model(task), task: task, options: options)
    _ = try session.losses(2)
    // Beyond the largest Float: the very next update overflows.
    _ = try session.apply(.setLearningRate(1e300))
    let before = session.learner.state
    #expect(throws: NotFinite.self) { try session.advance() }
    #expect(session.failure?.quantity == "parameter")
    #expect(session.learner.state == before)
    _ = try session.apply(.setLearningRate(0.01))
    _ = try session.losses(2)
  }
}
