import Circuits
import Foundation
import Learning
import Samples
import Tasks
import Testing

@Suite("Schedules of the learning rate") struct ScheduleTests {
  func session(_ schedule: Schedule, threads: Int = 1, rate: Double = 0.02) throws -> TrainingSession {
    let task = Sample.task()
    var options = Sample.options(task, threads: threads)
    (options.schedule, options.learningRate) = (schedule, rate)
    return try TrainingSession(model: Sample.model(task), task: task, options: options)
  }

  @Test func namesAndNumbers() throws {
    #expect(try Schedule("constant") == .constant)
    #expect(try Schedule("cosine:250") == .cosine(steps: 250))
    #expect(try Schedule("cosine", steps: 70) == .cosine(steps: 70))
    #expect(try Schedule("plateau:3").description == "plateau:3")
    #expect(
      throws: CircuitError("There is no schedule 'cosin'. Did you mean 'cosine'? There are: constant, cosine, plateau.")
    ) { try Schedule("cosin") }
    for text in ["cosine:0", "plateau:x", "constant:3", "cosine:"] {
      #expect(throws: CircuitError.self) { try Schedule(text) }
    }
  }

  /// rate·½(1 + cos(π·k/K)) after k steps, and a hundredth from then on.
  @Test func cosine() throws {
    let session = try session(.cosine(steps: 8))
    for k in 1...10 {
      _ = try session.losses(1)
      let part = max((1 + cos(.pi * min(Double(k) / 8, 1))) / 2, 0.01)
      #expect(abs(session.learner.learningRate - 0.02 * part) <= 1e-15, "\(k)")
    }
    // A rate set by hand is the rate.
    _ = try session.apply(.setLearningRate(0.5))
    _ = try session.losses(2)
    #expect(session.learner.learningRate == 0.5)
  }

  /// A rate of 0 changes nothing, so no measurement after the first is better; with one at a hundredth it ends.
  @Test func plateau() throws {
    let session = try session(.plateau(patience: 2), rate: 1e-12)
    // Measured after step 1 and every four steps.
    _ = try session.losses(4)
    #expect(session.learner.learningRate == 1e-12)
    _ = try session.losses(4)
    #expect(session.learner.learningRate == 5e-13)
    _ = try session.losses(100)
    #expect(session.learner.learningRate == 1e-12 / 64)
  }

  @Test(arguments: [Schedule.cosine(steps: 30), .plateau(patience: 1)])
  func goesOnToTheBitFromACheckpoint(_ schedule: Schedule) throws {
    let whole = try session(schedule, rate: 0.3)
    let losses = try whole.losses(24)
    let first = try session(schedule, rate: 0.3)
    let firstLosses = try first.losses(10)
    let contents = try Checkpoint(first, recipe: .sample(first)).encoded()
    let checkpoint = try Checkpoint(contents, file: "c")
    let options = try checkpoint.options(for: first.task, threads: 2)
    #expect(options.schedule == schedule)
    let second = try TrainingSession(
      model: checkpoint.file.model, task: first.task, options: options, resuming: checkpoint.progress)
    #expect(try firstLosses + second.losses(14) == losses)
    #expect(second.learner.learningRate == whole.learner.learningRate && second.learner.learningRate < 0.3)
  }

  /// Noise on the inputs changes what is learned, but not with the threads, nor with an interruption.
  @Test func noiseIsTheSameToTheBit() throws {
    let task = Sample.task()
    func session(_ noise: Double?, threads: Int = 1) throws -> TrainingSession {
      var options = Sample.options(task, threads: threads)
      options.noise = noise
      return try TrainingSession(model: Sample.model(task), task: task, options: options)
    }
    let whole = try session(0.3)
    let losses = try whole.losses(6)
    #expect(try session(nil).losses(6) != losses)
    #expect(try session(0.3, threads: 2).losses(6) == losses)
    let first = try session(0.3)
    let firstLosses = try first.losses(2)
    let checkpoint = try Checkpoint(Checkpoint(first, recipe: .sample(first)).encoded(), file: "c")
    let second = try TrainingSession(
      model: checkpoint.file.model, task: task, options: checkpoint.options(for: task), resuming: checkpoint.progress)
    #expect(try firstLosses + second.losses(4) == losses)
    #expect(throws: CircuitError("Noise of -1.0 cannot be added: use a number of 0 or more.")) { try session(-1) }
  }
}
