import Circuits
import Learning
import Samples
import Testing

/// The flat indices in `parameters`, and their entries in every slot of the optimiser.
private func entries(_ state: ParameterState<Float>, _ parameters: [Int]) -> [Float] {
  let count = state.values.count
  let slots = state.slots.count / count
  return parameters.flatMap { index in [state.values[index]] + (0..<slots).map { state.slots[$0 * count + index] } }
}

@Suite("Frozen and pruned") struct MaskTests {
  @Test(arguments: [Positivity.clamp, .softplus]) func frozenStaysToTheBitWithItsMoments(_ positivity: Positivity)
    throws
  {
    let session = try Sample.session(positivity: positivity)
    _ = try session.losses(3)
    _ = try session.apply(.freeze("weights"))
    _ = try session.apply(.freeze("cm"))
    let frozen = session.learner.state.frozen.indices.filter { session.learner.state.frozen[$0] }
    let free = session.model.layout["gleak"]!.range
    let before = session.learner.state
    _ = try session.losses(3)
    let after = session.learner.state
    #expect(!frozen.isEmpty)
    #expect(entries(before, frozen).map(\.bitPattern) == entries(after, frozen).map(\.bitPattern))
    #expect(before.values[free] != after.values[free])
    #expect(frozen.allSatisfy { session.learner.gradient[$0] == 0 })
  }

  @Test func prunedHasNoGradientAndKeepsItsValues() throws {
    let session = try Sample.session()
    _ = try session.losses(3)
    let synapses = Array(session.model.wiring.synapses.prefix(3) + session.model.wiring.synapses.suffix(2))
    let own = synapses.flatMap { session.model.parameters(of: $0).map(\.index) }
    _ = try session.apply(.prune(synapses))
    let before = session.learner.state
    _ = try session.losses(3)
    #expect(own.allSatisfy { session.learner.gradient[$0] == 0 })
    #expect(entries(before, own).map(\.bitPattern) == entries(session.learner.state, own).map(\.bitPattern))
    _ = try session.apply(.restore(synapses))
    #expect(entries(before, own).map(\.bitPattern) == entries(session.learner.state, own).map(\.bitPattern))
    #expect(session.learner.state.connections == session.model.wiring.connections())
    _ = try session.losses(1)
    #expect(own.contains { session.learner.gradient[$0] != 0 })
  }

  @Test func theWeakestArePrunedFirst() throws {
    let session = try Sample.session()
    let model = session.model
    let (all, values) = (model.wiring.synapses, session.learner.state.values)
    func weight(_ synapse: Synapse) -> Float { values[model.parameters(of: synapse)[0].index] }
    #expect(try session.apply(.pruneFraction(0.25)).hasPrefix("Pruned \(Int((Double(all.count) * 0.25).rounded()))"))
    let pruned = all.filter { session.learner.state.isPruned($0, in: model) }
    let kept = all.filter { !session.learner.state.isPruned($0, in: model) }
    #expect(pruned.map(weight).max()! <= kept.map(weight).min()!)
    #expect(throws: CircuitError.self) { try session.apply(.pruneFraction(1.5)) }
    #expect(throws: CircuitError.self) { try session.apply(.prune([Synapse(pre: 99, post: 0)])) }
    #expect(throws: CircuitError("There is nothing left to prune there.")) { try session.apply(.prune([pruned[0]])) }
  }
}

@Suite("Undo and redo") struct UndoTests {
  static let commands: [Command] = [
    .prune([Synapse(pre: 8, post: 5)]), .pruneFraction(0.5), .freeze("mu"), .freeze("neuron:motor 0"),
    .edit(parameter: ParameterName(tensor: "w", coordinates: [0, 2]), value: 0.75), .rewind, .setLearningRate(0.5),
  ]

  /// After some training, so that moments are not zero.
  @Test(arguments: commands) func bringBackEverythingExactly(_ command: Command) throws {
    let session = try Sample.session()
    _ = try session.losses(3)
    var command = command
    if case .prune = command { command = .prune([session.model.wiring.synapses[4]]) }
    let (before, rate) = (session.learner.state, session.learner.learningRate)
    _ = try session.apply(command)
    let (after, afterRate) = (session.learner.state, session.learner.learningRate)
    #expect(after != before || afterRate != rate)
    for _ in 0..<2 {
      _ = try session.apply(.undo)
      #expect(session.learner.state == before && session.learner.learningRate == rate)
      _ = try session.apply(.redo)
      #expect(session.learner.state == after && session.learner.learningRate == afterRate)
    }
  }

  @Test func thawAndRestoreAreUndoneToo() throws {
    let session = try Sample.session()
    let synapse = session.model.wiring.synapses[2]
    _ = try session.apply(.prune([synapse]))
    _ = try session.apply(.freeze("sigma"))
    let before = session.learner.state
    _ = try session.apply(.restore([synapse]))
    _ = try session.apply(.thaw("sigma"))
    #expect(session.learner.state == ParameterState(session.model, values: before.values, slots: 2))
    _ = try session.apply(.undo)
    _ = try session.apply(.undo)
    #expect(session.learner.state == before)
    #expect(throws: CircuitError("sigma is frozen already.")) { try session.apply(.freeze("sigma")) }
  }

  @Test func aNewCommandForgetsWhatWasUndone() throws {
    let session = try Sample.session()
    _ = try session.apply(.freeze("mu"))
    _ = try session.apply(.undo)
    _ = try session.apply(.freeze("sigma"))
    #expect(throws: CircuitError("There is nothing to redo.")) { try session.apply(.redo) }
    _ = try session.apply(.undo)
    #expect(throws: CircuitError("There is nothing to undo.")) { try session.apply(.undo) }
  }

  @Test func rewindGoesToTheFirstValues() throws {
    let session = try Sample.session()
    let first = session.learner.state.values
    _ = try session.apply(.freeze("mu"))
    let losses = try session.losses(3)
    _ = try session.apply(.rewind)
    #expect(session.learner.state.values == first && session.learner.state.updates == 0)
    #expect(session.learner.state.slots.allSatisfy { $0 == 0 })
    #expect(session.learner.state.frozen.contains(true))
    #expect(losses.count == 3 && session.marks.map(\.kind) == [.freeze, .rewind])
  }

  @Test func editsKeepToTheBounds() throws {
    let session = try Sample.session()
    let w = ParameterName(tensor: "w", coordinates: [0, 0])
    #expect(throws: CircuitError("w[0, 0] cannot be -1.0: it takes numbers from 0.0 to inf.")) {
      try session.apply(.edit(parameter: w, value: -1))
    }
    for bad in [Double.nan, .infinity] {
      #expect(throws: CircuitError.self) { try session.apply(.edit(parameter: w, value: bad)) }
    }
    for outside in [[-1, 0], [0], [0, 8], [0, 0, 0], []] {
      let name = ParameterName(tensor: "w", coordinates: outside)
      #expect(
        throws: CircuitError("There is no parameter \(name): w has the shape [8, 8], coordinates counted from 0.")
      ) { try session.apply(.edit(parameter: name, value: 0)) }
    }
    #expect(throws: CircuitError.self) {
      try session.apply(.edit(parameter: ParameterName(tensor: "wings", coordinates: [0]), value: 0))
    }
    #expect(try session.apply(.edit(parameter: w, value: 0)) == "w[0, 0] is 0.0 now.")
    #expect(session.marks.count == 1)
  }

  /// What is edited is the effective value.
  @Test func softplusEditsTheEffectiveValue() throws {
    let session = try Sample.session(positivity: .softplus)
    let w = ParameterName(tensor: "w", coordinates: [0, 1])
    _ = try session.apply(.edit(parameter: w, value: 0.5))
    let index = try session.model.layout.index(of: w)
    #expect(index == session.model.layout["w"]!.offset + 1)
    #expect(abs(session.model.effective(session.learner.state.values)[index] - 0.5) < 1e-6)
  }
}
