import Circuits
import Learning
import Samples
import Testing

@Suite("Sets of synapses") struct SynapseSelectorTests {
  private let session = try! Sample.session()
  private var model: Model<Float> { session.model }

  private func resolve(_ typed: String) throws -> [Synapse] {
    try SynapseSelector.resolve(
      SynapseSelector.canonical(typed), in: model, values: model.effective(session.learner.state.values),
      connections: session.learner.state.connections)
  }

  private func weight(_ synapse: Synapse) -> Float {
    session.learner.state.values[model.parameters(of: synapse)[0].index]
  }

  @Test func patternsAsPeopleTypeThem() {
    for (typed, canonical) in [
      ("weakest 20 %", "weakest:0.2"), ("weakest 20%", "weakest:0.2"), ("weakest 0.2", "weakest:0.2"),
      ("below 0.1", "below:0.1"), ("fan-in inter 3", "fan-in:inter 3"), ("tensor w ", "tensor:w"), ("w", "w"),
      ("all-but:mu", "all-but:mu"), ("fan-in:inter 3", "fan-in:inter 3"), ("weakest many %", "weakest:many"),
    ] { #expect(SynapseSelector.canonical(typed) == canonical) }
  }

  @Test func everySetHoldsWhatItSays() throws {
    let (all, name) = (model.wiring.synapses, model.wiring.neuronNames[2])
    #expect(try resolve("all") == all)
    #expect(try resolve("sensory") == all.filter { $0.pre >= 8 } && resolve("recurrent") == all.filter { $0.pre < 8 })
    #expect(try resolve("fan-in \(name)") == all.filter { $0.post == 2 })
    #expect(try resolve("fan-out \(name)") == all.filter { $0.pre == 2 })
    #expect(try resolve("fan-out \(model.wiring.inputNames[1])") == all.filter { $0.pre == 9 })
    #expect(try resolve("neuron \(name)") == all.filter { $0.pre == 2 || $0.post == 2 })
    #expect(try resolve("tensor sensory_mu") == all.filter { $0.pre >= 8 })
    let middle = all.map(weight).sorted()[all.count / 2]
    #expect(try resolve("below \(middle)") == all.filter { weight($0) < middle })
    let weakest = try resolve("weakest 25 %")
    #expect(weakest.count == Int((Double(all.count) * 0.25).rounded()))
    #expect(weakest.map(weight).max()! <= all.filter { !weakest.contains($0) }.map(weight).min()!)
  }

  @Test func whatIsPrunedIsNotWeakAnyMore() throws {
    let weakest = try resolve("weakest 25 %")
    _ = try session.apply(.prune(weakest))
    #expect(
      try Set(resolve("weakest 1")).isDisjoint(with: weakest) && Set(resolve("below 1e9")).isDisjoint(with: weakest))
    #expect(try resolve("all").count == model.wiring.synapses.count)
  }

  @Test func freezingGoesByThePatternsToo() throws {
    let weak = try resolve("below 0.2").flatMap { model.parameters(of: $0).map(\.index) }
    _ = try session.apply(.freeze("below:0.2"))
    let frozen = session.learner.state.frozen.indices.filter { session.learner.state.frozen[$0] }
    #expect(!frozen.isEmpty && frozen == weak.sorted())
    _ = try session.apply(.thaw("below:0.2"))
    #expect(!session.learner.state.frozen.contains(true))
    _ = try session.apply(.freeze("tensor:w"))
    #expect(session.learner.state.frozen.count { $0 } == model.layout["w"]!.range.count)
    #expect(throws: CircuitError.self) { try ParameterSelector.resolve("below:0.1", in: model) }
  }

  @Test(arguments: [
    "nobody", "fan-in nobody", "below little", "weakest 2", "weakest 200 %", "tensor z", "synapse a>b", "below nan",
  ])
  func whatIsNotThereIsSaidInASentence(_ typed: String) {
    do {
      _ = try resolve(typed)
      Issue.record("\(typed) found something")
    } catch { #expect("\(error)".hasSuffix(".") && "\(error)".contains(" ")) }
  }

  @Test func aTrialTellsWhatThePruningThenDoes() throws {
    _ = try session.losses(4)
    session.measure()
    let synapses = Array(session.model.wiring.synapses.prefix(6))
    let before = session.learner.state
    let effect = session.pruneEffect(of: synapses)
    #expect(session.learner.state == before && effect.before == session.heldOut?.loss)
    _ = try session.apply(.prune(synapses))
    session.measure()
    #expect(effect.after == session.heldOut?.loss && effect.after != effect.before)
    #expect(
      session.pruneEffect(of: synapses, restoring: true) == PruneEffect(before: effect.after, after: effect.before))
  }
}
