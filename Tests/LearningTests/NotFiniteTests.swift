import Circuits
import Learning
import Samples
import Tasks
import Testing

@Suite("Values that are not finite") struct NotFiniteTests {
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

  /// Entries of about 1e30 are numbers, though the sum of their squares is none in single precision: a limit on the norm
  /// keeps their direction.
  @Test func aLongGradientIsClippedAndAnEndlessOneRefused() throws {
    let task = Sample.task()
    let model = try Sample.model(task)
    func learner(clip: Double) -> Learner<Float> {
      var values = model.firstStoredParameters()
      for tensor in model.layout.tensors where tensor.name == "output_w" {
        for index in tensor.range { values[index] = 1e11 }
      }
      return Learner(
        model: model, kind: .regression, optimizer: StochasticGradientDescent(), learningRate: 1, clip: clip,
        threads: 1, values: values)
    }
    var batch = Batch<Float>(rows: 4, steps: 5, inputCount: 2, targetCount: 1)
    for i in batch.inputs.indices { batch.inputs[i] = Float.sin(Float(i)) }
    for i in batch.targets.indices { batch.targets[i] = 1e19 }

    let limited = learner(clip: 1)
    let before = limited.state.values
    let report = try limited.step(batch)
    let exact = limited.gradient.reduce(0) { $0 + Double($1) * Double($1) }.squareRoot()
    #expect(exact > 1.9e19 && report.gradientNorm.isFinite, "\(exact)")
    #expect(abs(report.gradientNorm / exact - 1) < 1e-5, "\(report.gradientNorm) for \(exact)")
    // Where neither a bound nor rounding of a large value hides it, a value has gone by its part of a norm of 1.
    for index in before.indices where abs(before[index]) < 10 {
      let moved = Double(before[index]) - Double(limited.state.values[index])
      let part = Double(limited.gradient[index]) / exact
      if let tensor = model.layout.locate(index)?.tensor, tensor.declaration.bounds == -.infinity ... .infinity {
        #expect(abs(moved - part) < 1e-5, "\(model.layout.describe(index))")
      }
    }
    #expect(limited.state.values != before)

    let unlimited = learner(clip: 0)
    let kept = unlimited.state
    let problem = #expect(throws: NotFinite.self) { try unlimited.step(batch) }
    #expect(problem?.quantity == "gradient" && unlimited.state == kept)
  }
}
