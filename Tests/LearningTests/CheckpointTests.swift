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
    try Checkpoint(first, recipe: .sample(first)).write(to: path)
    let checkpoint = try Checkpoint(path: path)
    #expect(checkpoint.file.origin?.data == task.fingerprint)
    var resumed = try checkpoint.options(for: task, threads: options.threads)
    // That the state is carried is said in a file, where options leave it open.
    resumed.evaluation = options.evaluation
    #expect(resumed == options)
    options.threads = 2
    let second = try TrainingSession(
      model: checkpoint.file.model, task: task, options: options, resuming: checkpoint.progress)
    let secondLosses = try second.losses(10)
    #expect(firstLosses + secondLosses == losses)
    #expect(second.learner.state == whole.learner.state)
    #expect(second.curve == whole.curve && second.marks == whole.marks)
    #expect(second.best?.step == whole.best?.step && second.best?.result == whole.best?.result)
    #expect(second.recentLoss == whole.recentLoss && second.epoch == whole.epoch)
    // The number of threads is in no file.
    let files = try [whole, second].map { try Checkpoint($0, recipe: .sample($0)).encoded().encoded() }
    #expect(files[0] == files[1])
  }

  @Test func aCheckpointIsAModelFileToo() throws {
    let session = try Sample.session()
    _ = try session.losses(3)
    let contents = try Checkpoint(session, recipe: .sample(session)).encoded()
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
    #expect(
      Sample.task().fingerprint.difference(from: other.fingerprint) == "their training part has other numbers")
  }

  @Test func aLogReadsBack() throws {
    let task = Sample.task()
    let log = CommandLog(
      header: .init(recipe: .sample(try Sample.session(task)), task: task, layout: try Sample.model(task).layout),
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
    let origin = ModelOrigin(task, recipe: Recipe(training: .init(sequence: 10)))
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
    let named = ModelOrigin(classes, recipe: Recipe(training: .init(sequence: 10)))
    var swapped = classes
    swapped.kind = .classes(names: ["b", "a"])
    #expect(try named.adapt(swapped).training[0].targets == classes.training[0].targets.map { 1 - $0 })
    #expect(throws: CircuitError.self) { try origin.adapt(classes) }
  }
}
