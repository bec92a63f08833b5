import Circuits
import Formats
import Foundation
import Learning
import Samples
import Tasks
import Testing

/// The one mechanism of parameters, masks and files, over every cell there is.
@Suite("Every cell learns") struct EveryCellTests {
  static let names = Cells.all.map(\.name)

  func session(_ cell: String, wiring: String = "ncp", threads: Int = 1) throws -> TrainingSession {
    let task = Sample.task()
    return try TrainingSession(
      model: Sample.model(task, wiring: wiring, cell: cell), task: task, options: Sample.options(task, threads: threads)
    )
  }

  @Test(arguments: names) func everyTensorMovesAndFreezes(_ cell: String) throws {
    // All-to-all: where nothing recurs on a neuron, the reset gate of a GRU has nothing to reset.
    let session = try session(cell, wiring: "all")
    let model = session.model
    let first = session.learner.state.values
    #expect(try session.losses(3).allSatisfy { $0.isFinite })
    for tensor in model.layout.tensors {
      let before = session.learner.state.values
      #expect(before[tensor.range] != first[tensor.range], "\(cell): \(tensor.name) does not learn")
      _ = try session.apply(.freeze(tensor.name))
      _ = try session.losses(1)
      let after = session.learner.state.values
      #expect(
        before[tensor.range].map(\.bitPattern) == after[tensor.range].map(\.bitPattern), "\(cell): \(tensor.name)")
      _ = try session.apply(.undo)
      #expect(session.learner.state.frozen.allSatisfy { !$0 })
    }
  }

  @Test(arguments: names) func pruneAndUndo(_ cell: String) throws {
    let session = try session(cell)
    let synapses = session.model.wiring.synapses
    _ = try session.losses(2)
    guard !synapses.isEmpty else {
      #expect(throws: CircuitError("There is nothing left to prune there.")) { try session.apply(.pruneFraction(0.5)) }
      return
    }
    let pruned = Array(synapses.prefix(2) + synapses.suffix(2))
    let own = pruned.flatMap { session.model.parameters(of: $0).map(\.index) }
    #expect(!own.isEmpty)
    let before = session.learner.state
    _ = try session.apply(.prune(pruned))
    _ = try session.losses(2)
    #expect(own.allSatisfy { session.learner.gradient[$0] == 0 })
    #expect(own.map { before.values[$0].bitPattern } == own.map { session.learner.state.values[$0].bitPattern })
    _ = try session.apply(.undo)
    #expect(session.learner.state.connections == before.connections)
    _ = try session.losses(1)
    #expect(own.contains { session.learner.gradient[$0] != 0 })
  }

  /// Three steps, a file, three more: the bits of six, on another number of threads.
  @Test(arguments: names) func checkpointsGoOnToTheBit(_ cell: String) throws {
    let whole = try session(cell)
    let losses = try whole.losses(6)
    let first = try session(cell)
    let firstLosses = try first.losses(3)
    let checkpoint = try Checkpoint(Checkpoint(first, recipe: .sample(first)).encoded(), file: "c")
    #expect(checkpoint.file.model.specification == first.model.specification)
    #expect(checkpoint.file.model.wiring == first.model.wiring)
    let options = try checkpoint.options(for: first.task, threads: 2)
    let second = try TrainingSession(
      model: checkpoint.file.model, task: first.task, options: options, resuming: checkpoint.progress)
    #expect(try firstLosses + second.losses(3) == losses)
    #expect(second.learner.state == whole.learner.state)
  }
}

@Suite("Wirings in files") struct WiringFileTests {
  /// A wiring from an edge list, with gap junctions, weights and types, loads after the list is gone.
  @Test(arguments: ["ltc", "ltc-neural", "lrc", "gru"]) func withoutTheEdgeList(_ cell: String) throws {
    let path = temporaryPath("circuit.csv")
    try Data(
      """
      pre,post,type,weight
      wave,A,chemical,1
      noise,B,chemical,1
      A,B,chemical,3
      B,C,chemical,-2.5
      C,A,,1
      A,C,electrical,4
      C,D,electrical,1
      B,D,chemical,0

      """.utf8
    ).write(to: URL(fileURLWithPath: path))
    let task = Sample.task()
    let model = try Sample.model(task, wiring: path, cell: cell)
    #expect(model.neurons == 4 && model.wiring.gapJunctions.count == 2)
    #expect(model.wiring.polarity.contains(-1))
    let state = ParameterState(model, values: model.firstStoredParameters(), slots: 0)
    let contents = try ModelFile(model: model, state: state, origin: nil).encoded()
    unlink(path)
    #expect(throws: CircuitError.self) { try Model<Float>(model.specification) }
    let loaded = try ModelFile(contents, file: "m")
    #expect(loaded.model.wiring == model.wiring && loaded.model.specification == model.specification)
    #expect(loaded.state.values == state.values)
    let (again, bytes) = (try loaded.encoded().encoded(), try contents.encoded())
    #expect(again == bytes)
  }

  @Test func theWormsTransmittersAreKept() throws {
    let task = try TaskRegistry.named("tap-withdrawal").load(seed: 1)
    let model = try Model<Float>(
      ModelSpecification(
        wiring: "tap-withdrawal", inputNames: task.inputs.map(\.name), outputNames: task.outputNames))
    let state = ParameterState(model, values: model.firstStoredParameters(), slots: 0)
    let loaded = try ModelFile(ModelFile(model: model, state: state, origin: nil).encoded(), file: "m")
    #expect(loaded.model.wiring == model.wiring)
    #expect(loaded.model.wiring.transmitters.contains { !$0.isEmpty } && !loaded.model.wiring.gapJunctions.isEmpty)
  }

  @Test func junctionsThatCannotBeAreSentences() throws {
    let task = Sample.task()
    let model = try Sample.model(task)
    let state = ParameterState(model, values: model.firstStoredParameters(), slots: 0)
    var contents = try ModelFile(model: model, state: state, origin: nil).encoded()
    let anatomy = try #require(contents.metadata["anatomy"])
    contents.metadata["anatomy"] = anatomy.replacingOccurrences(
      of: "{\"layers\"", with: "{\"gapJunctions\":[{\"a\":3,\"b\":99}],\"layers\"")
    #expect(
      throws: FormatError(
        file: "m", problem: "the gap junctions or transmitters in the header are not those of 8 neurons")
    ) { try ModelFile(contents, file: "m") }
  }
}
