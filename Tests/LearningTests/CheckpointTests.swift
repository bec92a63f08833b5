import Circuits
import Formats
import Foundation
import Learning
import Samples
import Tasks
import Testing

@Suite("Checkpoints") struct CheckpointTests {
  @Test(arguments: ["adam", "sgd", "rmsprop"]) func tenAndTenStepsAreTwenty(_ optimizer: String) throws {
    let task = Sample.task()
    let model = try Sample.model(task)
    let source = DataSource(task: "sample", seed: 1)
    var options = Sample.options(task)
    options.optimizer = optimizer
    func begun() throws -> TrainingSession {
      let session = try TrainingSession(model: model, task: task, options: options)
      _ = try session.apply(.pruneFraction(0.2))
      _ = try session.apply(.freeze("mu"))
      _ = try session.apply(.setLearningRate(0.02))
      return session
    }
    let whole = try begun()
    let losses = try whole.losses(20)

    let first = try begun()
    let firstLosses = try first.losses(10)
    let path = temporaryPath("run.checkpoint.safetensors")
    defer { unlink(path) }
    try Checkpoint(first, source: source).write(to: path)
    let checkpoint = try Checkpoint(path: path)
    #expect(checkpoint.fingerprint == task.fingerprint)
    options.threads = 2
    let second = try TrainingSession(
      model: checkpoint.file.model, task: task, options: options, resuming: checkpoint.progress)
    let secondLosses = try second.losses(10)
    #expect(firstLosses + secondLosses == losses)
    #expect(second.learner.state == whole.learner.state)
    #expect(second.curve == whole.curve && second.marks == whole.marks)
    #expect(second.best?.step == whole.best?.step && second.best?.result == whole.best?.result)
    #expect(second.recentLoss == whole.recentLoss && second.epoch == whole.epoch)
    // Files differ in the options' threads alone.
    let (one, two) = (try Checkpoint(whole, source: source).encoded(), try Checkpoint(second, source: source).encoded())
    #expect(one.tensors == two.tensors)
  }

  @Test func aCheckpointIsAModelFileToo() throws {
    let session = try Sample.session()
    _ = try session.losses(3)
    let contents = try Checkpoint(session, source: DataSource(task: "sample", seed: 1)).encoded()
    let file = try ModelFile(contents, file: "c")
    #expect(file.state.values == session.learner.state.values)
    #expect(Checkpoint.isCheckpoint(contents))
  }

  @Test func aModelIsNoCheckpoint() throws {
    let session = try Sample.session()
    let contents = try ModelFile(model: session.model, state: session.learner.state, origin: nil).encoded()
    #expect(throws: FormatError.self) { try Checkpoint(contents, file: "m.safetensors") }
  }

  @Test func otherDataHaveAnotherFingerprint() {
    var other = Sample.task()
    other.training[1].inputs[5] = other.training[1].inputs[5].nextUp
    #expect(other.fingerprint != Sample.task().fingerprint)
  }

  @Test func aLogReadsBack() throws {
    let task = Sample.task()
    let log = CommandLog(
      header: .init(
        source: DataSource(task: "sample", seed: 1), specification: try Sample.model(task).specification,
        options: Sample.options(task)),
      entries: [
        .init(step: 0, command: .freeze("mu")), .init(step: 7, command: .prune([Synapse(pre: 1, post: 0)])),
        .init(step: 9, command: .undo),
        .init(step: 9, command: .edit(parameter: ParameterName(tensor: "w", coordinates: [0, 3]), value: 0.25)),
      ])
    let again = try CommandLog.read(log.lines().joined(separator: "\n"), file: "log")
    #expect(again.count == 1 && again[0].header == log.header && again[0].entries == log.entries)
    #expect(again[0].end == nil)
  }

  /// The same numbers under another normalisation, other classes in another order.
  @Test func dataAreSeenAsTheModelKnowsThem() throws {
    let task = Sample.task()
    let origin = ModelOrigin(task, source: DataSource(task: "sample", seed: 1), sequence: 10)
    var other = task
    other.inputs[0] = Channel(name: "wave", offset: 1, scale: 2)
    for s in other.training.indices {
      for i in stride(from: 0, to: other.training[s].inputs.count, by: 2) {
        other.training[s].inputs[i] = other.inputs[0].normalise(task.training[s].inputs[i])
      }
    }
    let adapted = try origin.adapt(other)
    #expect(zip(adapted.training[0].inputs, task.training[0].inputs).allSatisfy { abs($0 - $1) < 1e-15 })
    #expect(try origin.adapt(task).fingerprint == task.fingerprint)
    let classes = Sample.task(.classes(names: ["a", "b"]), outputs: 2)
    let named = ModelOrigin(classes, source: DataSource(task: "sample", seed: 1), sequence: 10)
    var swapped = classes
    swapped.kind = .classes(names: ["b", "a"])
    #expect(try named.adapt(swapped).training[0].targets == classes.training[0].targets.map { 1 - $0 })
    #expect(throws: CircuitError.self) { try origin.adapt(classes) }
  }
}
