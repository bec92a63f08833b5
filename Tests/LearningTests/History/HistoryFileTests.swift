import Circuits
import Formats
import Foundation
import Learning
import Samples
import Testing

/// A history in a checkpoint, and another future from one of its moments.
@Suite("Weight history in checkpoints and forks") struct HistoryFileTests {
  private func recorded(_ options: TrainingOptions? = nil) throws -> TrainingSession {
    let task = Sample.task()
    let session = try TrainingSession(
      model: try Sample.model(task), task: task, options: options ?? Sample.options(task))
    session.record(in: WeightHistory(session.model))
    return session
  }

  private func again(_ session: TrainingSession) throws -> Checkpoint {
    try Checkpoint(
      Safetensors(bytes: Checkpoint(session, recipe: .sample(session)).encoded().encoded(), file: "c"), file: "c")
  }

  /// Ten steps, a file, ten steps: the moments of twenty steps, to the bit, with masks and rates.
  @Test func aCheckpointKeepsItAndResumingGoesOnWithIt() throws {
    let (whole, first) = (try recorded(), try recorded())
    for session in [whole, first] {
      _ = try session.losses(4)
      _ = try session.apply(.freeze("mu"))
      _ = try session.apply(.pruneFraction(0.2))
      _ = try session.losses(3)
      _ = try session.apply(.setLearningRate(0.003))
      _ = try session.losses(3)
    }
    let checkpoint = try again(first)
    let kept = try #require(checkpoint.progress.history)
    #expect(kept.moments == first.history?.moments && kept.moments.map(\.step) == Array(0...10))
    for step in 0...10 { #expect(kept.state(at: step) == first.history?.state(at: step), "step \(step)") }
    #expect(kept.state(at: 3)?.frozen.contains(true) == false && kept.state(at: 4)?.frozen.contains(true) == true)
    #expect(kept.moments.first { $0.step == 9 }?.learningRate == 0.003)
    let second = try TrainingSession(
      model: checkpoint.file.model, task: whole.task, options: whole.options, resuming: checkpoint.progress)
    for session in [whole, second] { _ = try session.losses(10) }
    #expect(second.history?.moments == whole.history?.moments)
    for step in 0...20 { #expect(second.history?.state(at: step) == whole.history?.state(at: step), "step \(step)") }
    // What the checkpoint has is not changed by who goes on from it.
    #expect(kept.moments.last?.step == 10)
  }

  /// A file is of the moment it was taken at, however far training has gone on when it is written.
  @Test func laterMomentsAreNotInTheFile() throws {
    let session = try recorded()
    _ = try session.losses(5)
    let checkpoint = Checkpoint(session, recipe: .sample(session))
    _ = try session.losses(5)
    let read = try Checkpoint(checkpoint.encoded(), file: "c")
    #expect(read.progress.history?.moments.map(\.step) == Array(0...5))
  }

  @Test func withoutOneACheckpointIsAsItWas() throws {
    let session = try Sample.session()
    _ = try session.losses(3)
    let contents = try Checkpoint(session, recipe: .sample(session)).encoded()
    #expect(!contents.tensors.contains { $0.name.contains("history") })
    #expect(try Checkpoint(contents, file: "c").progress.history == nil)
  }

  @Test func damagedHistoriesAreRefusedInSentences() throws {
    let session = try recorded()
    _ = try session.losses(3)
    let contents = try Checkpoint(session, recipe: .sample(session)).encoded()
    func refused(_ change: (inout Safetensors) -> Void) -> Bool {
      var damaged = contents
      change(&damaged)
      do {
        _ = try Checkpoint(damaged, file: "c")
        return false
      } catch { return error is FormatError }
    }
    func tensor(_ contents: inout Safetensors, _ change: (inout NamedTensor) -> Void) {
      let index = contents.tensors.firstIndex { $0.name.hasSuffix("history") }!
      change(&contents.tensors[index])
    }
    func header(_ contents: inout Safetensors, _ old: String, _ new: String) {
      contents.metadata["training"] = contents.metadata["training"]!.replacingOccurrences(of: old, with: new)
    }
    #expect(!refused { _ in })
    #expect(refused { contents in tensor(&contents) { $0.values[3] = .nan } })
    #expect(refused { contents in contents.tensors.removeAll { $0.name.hasSuffix("history") } })
    #expect(refused { contents in header(&contents, #"\"step\":2"#, #"\"step\":1"#) })
    #expect(refused { contents in header(&contents, #"\"step\":3"#, #"\"step\":4"#) })
    #expect(refused { contents in header(&contents, #"\"maskOfMoment\":[0"#, #"\"maskOfMoment\":[7"#) })
    #expect(refused { contents in header(&contents, #"\"interval\":1"#, #"\"interval\":0"#) })
  }

  /// Where the optimiser remembers nothing, as after a rewind, an untouched fork walks its trunk's way, bit for bit; what
  /// was done to the trunk before the fork is in it.
  @Test func anUntouchedForkIsItsTrunk() throws {
    let options = Sample.options(Sample.task())
    let trunk = try recorded(options)
    _ = try trunk.losses(4)
    _ = try trunk.apply(.pruneFraction(0.3))
    _ = try trunk.apply(.freeze("mu"))
    _ = try trunk.losses(2)
    _ = try trunk.apply(.rewind)
    _ = try trunk.losses(2)
    let state = try #require(trunk.history?.state(at: 6))
    let whole = trunk.history!
    let fork = try TrainingSession(
      model: trunk.model, task: trunk.task, options: options,
      resuming: trunk.progress.fork(at: state, batch: options.batch))
    #expect(fork.step == 6 && fork.learner.state.values == state.values)
    #expect(fork.learner.state.connections == state.connections && fork.learner.state.frozen == state.frozen)
    #expect(fork.marks == trunk.marks && fork.curve.training == Array(trunk.curve.training.prefix(6)))
    #expect(fork.history?.moments.map(\.step) == Array(0...6))
    for step in 7...8 {
      _ = try fork.losses(1)
      #expect(fork.learner.state.values == whole.state(at: step)?.values, "step \(step)")
    }
    #expect(fork.curve == trunk.curve)
  }

  /// Masks of then hold in the fork, and only after the moment of the fork the two differ.
  @Test func aForkKeepsItsMasksAndGoesItsOwnWay() throws {
    let trunk = try recorded()
    _ = try trunk.apply(.pruneFraction(0.3))
    _ = try trunk.losses(5)
    _ = try trunk.apply(.restore(trunk.model.wiring.synapses))
    _ = try trunk.losses(5)
    let state = try #require(trunk.history?.state(at: 4))
    let fork = try TrainingSession(
      model: trunk.model, task: trunk.task, options: trunk.options,
      resuming: trunk.progress.fork(at: state, batch: trunk.options.batch))
    let pruned = state.connections.count { $0 == 0 }
    #expect(pruned > trunk.learner.state.connections.count { $0 == 0 })
    _ = try fork.apply(.freeze("w"))
    let weights = fork.model.layout["w"]!.range
    let frozen = Array(fork.learner.state.values[weights])
    _ = try fork.losses(4)
    #expect(Array(fork.learner.state.values[weights]) == frozen)
    #expect(fork.learner.state.connections == state.connections)
    for step in 0...4 { #expect(fork.history?.state(at: step)?.values == trunk.history?.state(at: step)?.values) }
    #expect(fork.history?.state(at: 8)?.values != trunk.history?.state(at: 8)?.values)
    #expect(trunk.history?.moments.last?.step == 10 && trunk.step == 10)
    // It can be put aside like any other.
    #expect(try again(fork).progress.history?.moments == fork.history?.moments)
  }
}
