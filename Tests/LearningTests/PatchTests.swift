import Circuits
import Foundation
import Learning
import Samples
import Testing

@Suite("Patches") struct PatchTests {
  /// Before and after some training with masks.
  private func states() throws -> (
    before: ParameterState<Float>, after: ParameterState<Float>, session: TrainingSession
  ) {
    let session = try Sample.session()
    _ = try session.losses(2)
    let before = session.learner.state
    _ = try session.apply(.prune(Array(session.model.wiring.synapses.prefix(2))))
    _ = try session.apply(.freeze("sigma"))
    _ = try session.losses(1)
    return (before, session.learner.state, session)
  }

  /// Bits of everything but the number of updates, which no patch holds.
  private func same(_ a: ParameterState<Float>, _ b: ParameterState<Float>) -> Bool {
    a.values.map(\.bitPattern) == b.values.map(\.bitPattern) && a.slots.map(\.bitPattern) == b.slots.map(\.bitPattern)
      && a.connections == b.connections && a.frozen == b.frozen
  }

  @Test func theDifferenceLeadsThereAndBack() throws {
    let (before, after, session) = try states()
    let patch = Patch(from: before, to: after)
    // What is frozen or pruned did not move, and is in the patch for its mask alone.
    let pruned = Set(session.model.wiring.synapses.prefix(2).flatMap { session.model.parameters(of: $0).map(\.index) })
    #expect(!patch.parameters.contains { pruned.contains($0) && !after.frozen[$0] })
    #expect(patch.connections.count == 2 && patch.present == [0, 0])
    #expect(patch.parameters.count > 10 && patch.parameters.count < before.count)
    var state = before
    let reverse = try state.apply(patch)
    #expect(same(state, after))
    #expect(try state.apply(reverse) == patch)
    #expect(same(state, before))
    #expect(Patch(from: before, to: before).isEmpty && Patch(from: after, to: state).isEmpty == false)
  }

  /// A weight history and a bank of bias vectors do not touch moments.
  @Test func momentsAndMasksStayWhereTheyAreNotPartOfIt() throws {
    let (before, after, session) = try states()
    var state = before
    try state.apply(Patch(from: before, to: after, moments: false))
    #expect(state.values == after.values && state.frozen == after.frozen && state.slots == before.slots)
    let biases = try ParameterSelector.resolve("biases", in: session.model)
    let bank = Patch(parameters: biases, values: biases.map { Float($0) })
    state = after
    let reverse = try state.apply(bank)
    #expect(biases.allSatisfy { state.values[$0] == Float($0) })
    #expect(
      state.slots == after.slots && state.frozen == after.frozen && reverse.slots.isEmpty && reverse.frozen.isEmpty)
    try state.apply(reverse)
    #expect(same(state, after))
  }

  @Test func entriesAreThoseThatWereAskedFor() throws {
    let state = try states().after
    let patch = Patch(of: state, parameters: [7, 2], connections: [3])
    #expect(patch.values == [state.values[7], state.values[2]] && patch.frozen == [state.frozen[7], state.frozen[2]])
    #expect(state.slotCount == 2 && patch.slots == [7, 2, 7 + state.count, 2 + state.count].map { state.slots[$0] })
    #expect(patch.connections == [3] && patch.present == [state.connections[3]])
    var other = state
    #expect(try other.apply(Patch()).isEmpty && other == state)
  }

  @Test func signsOfZeroAreDifferences() throws {
    let state = try states().after
    var other = state
    try other.apply(Patch(parameters: [0, 1], values: [0, -.zero]))
    var third = other
    try third.apply(Patch(parameters: [0], values: [-.zero]))
    #expect(Patch(from: other, to: third).parameters == [0])
  }

  @Test func whatDoesNotFitIsRefusedAndChangesNothing() throws {
    let state = try states().after
    let small = ParameterState(
      try Sample.model(Sample.task(), neurons: 4), values: [Float](repeating: 0, count: 9), slots: 1)
    let patches = [
      Patch(parameters: [state.count], values: [Float(1)]), Patch(parameters: [-1], values: [1]),
      Patch(of: small, parameters: [2]),
    ]
    for patch in patches {
      var changed = state
      #expect(!patch.fits(state))
      #expect(throws: CircuitError.self) { try changed.apply(patch) }
      #expect(changed == state)
    }
  }

  @Test func itIsWrittenAndRead() throws {
    let (before, after, _) = try states()
    for patch in [Patch(from: before, to: after), Patch(), Patch(parameters: [1], values: [0.1])] {
      #expect(try JSONDecoder().decode(Patch<Float>.self, from: JSONEncoder().encode(patch)) == patch)
    }
    for text in [
      #"{"parameters":[1,2],"values":[0.5]}"#, #"{"parameters":[1],"values":[0.5],"frozen":[true,false]}"#,
      #"{"parameters":[1,2],"values":[1,2],"slots":[1]}"#, #"{"parameters":[],"values":[],"connections":[1]}"#,
    ] {
      #expect(throws: DecodingError.self) { try JSONDecoder().decode(Patch<Float>.self, from: Data(text.utf8)) }
    }
  }
}
