import Circuits
import Testing

@Suite("Tensors say what they are") struct QuantityTests {
  private func layout(_ member: Member) throws -> ParameterLayout {
    try member.model(as: Float.self).layout
  }

  @Test(arguments: Member.defaults) func everyTensorHasASymbolOfItsOwn(member: Member) throws {
    let layout = try layout(member)
    var seen: Set<String> = []
    for tensor in layout.tensors {
      let own = tensor.declaration
      #expect(!own.symbol.isEmpty && !own.meaning.isEmpty, "\(own.name)")
      #expect(seen.insert("\(own.owner) \(own.symbol)").inserted, "\(own.name): \(own.symbol) twice in one owner")
      #expect(["", "nS", "nS·t", "t", "1/t"].contains(own.unit), "\(own.name)")
    }
  }

  @Test(arguments: Member.defaults) func synapsesHaveOneWeightAndOneSign(member: Member) throws {
    let layout = try layout(member)
    for owner in [ParameterOwner.synapse, .sensorySynapse] {
      let own = layout.tensors.filter { $0.declaration.owner == owner }
      let weights = own.filter { $0.declaration.quantity.isSynapseWeight }
      let signs = own.filter { $0.declaration.quantity.signsSynapse }
      let expected = own.isEmpty ? 0 : 1
      #expect(weights.count == expected && signs.count == expected, "\(owner)")
      #expect(layout.synapseWeight(of: owner) == weights.first && layout.synapseSign(of: owner) == signs.first)
      // What says a sign can have one; a conductance cannot.
      for tensor in signs { #expect(tensor.declaration.bounds.lowerBound < 0, "\(tensor.name)") }
      for tensor in own where tensor.declaration.quantity == .conductance {
        #expect(tensor.declaration.bounds.lowerBound == 0 && tensor.declaration.unit == "nS", "\(tensor.name)")
      }
    }
    #expect(
      layout.tensors.contains { $0.declaration.unit.hasPrefix("nS") }
        == layout.tensors.contains { $0.declaration.quantity == .conductance })
  }

  @Test(arguments: Member.defaults) func twinsAreMutual(member: Member) throws {
    let layout = try layout(member)
    for tensor in layout.tensors {
      guard let twin = layout.twin(of: tensor) else {
        #expect(tensor.declaration.owner != .synapse, "\(tensor.name) has no sensory twin")
        continue
      }
      #expect(layout.twin(of: twin) == tensor)
      #expect(twin.declaration.unit == tensor.declaration.unit && twin.declaration.bounds == tensor.declaration.bounds)
      let (one, other) = (tensor.name, twin.name)
      #expect(one == "sensory_" + other || other == "sensory_" + one)
    }
  }

  @Test(arguments: Member.defaults) func everySynapsesWeightAndSignAreFound(member: Member) throws {
    let model = try member.model(as: Float.self)
    for synapse in model.wiring.synapses {
      let own = model.parameters(of: synapse).map(\.index)
      #expect(model.weight(of: synapse).map(own.contains) ?? own.isEmpty)
      #expect(model.sign(of: synapse).map(own.contains) ?? own.isEmpty)
      #expect(model.weight(of: synapse).map { model.synapse(ofParameter: $0) == synapse } ?? own.isEmpty)
    }
  }

  @Test func namesAndSelectorsAreUnambiguous() {
    let all = ParameterQuantity.allCases
    #expect(Set(all.map(\.plural)).count == all.count)
    #expect(ParameterQuantity.reversalPotential.name == "reversal potential")
    #expect(ParameterQuantity.halfActivation.plural == "half-activations")
    #expect(ParameterQuantity.gateBias.plural == "gate-biases")
  }

  @Test func biophysicalAreThoseWithReversalPotentials() {
    #expect(Cells.all.map(\.name).filter(Cells.isBiophysical) == ["ltc", "ltc-neural"])
    #expect(Cells.quantities(of: "ltc-neural")[.neuron]?.contains(.halfActivation) == true)
    #expect(Cells.quantities(of: "ltc")[.synapse]?.contains(.halfActivation) == true)
    #expect(Cells.quantities(of: "no such model").isEmpty)
  }
}
