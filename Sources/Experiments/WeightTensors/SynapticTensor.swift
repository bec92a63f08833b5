import Analysis
import Circuits
import Learning

/// A quantity that every synapse of a model has, as it can be followed through learning: a tensor of its layout, or the
/// product w·E of conductance and reversal potential, the most current that a synapse drives at rest.
package struct SynapticTensor: Sendable, Equatable {
  /// As people write it: "w", "E", "μ", "σ", "w·E".
  package let symbol: String
  /// Whose entries are multiplied: tensors of one owner and shape.
  package let factors: [ParameterLayout.Tensor]
  /// Synapses from neurons (N×N) or from inputs (M×N).
  package let owner: ParameterOwner

  /// The tensor's name in files, of a product the names joined by "·".
  package var name: String { factors.map(\.name).joined(separator: "·") }

  /// All of a model in the order of its layout, w·E behind them where the model has both; empty where it has no synapses
  /// of that owner, which is `.synapse` or `.sensorySynapse`.
  package static func all(in layout: ParameterLayout, of owner: ParameterOwner = .synapse) -> [SynapticTensor] {
    guard owner == .synapse || owner == .sensorySynapse else { return [] }
    let own = layout.tensors.filter { $0.declaration.owner == owner && $0.declaration.shape.count == 2 }
    // Gates of a product cell have a letter each; where letters are shared, names tell them apart.
    let singles = own.map { tensor in
      let isShared = own.count { $0.declaration.symbol == tensor.declaration.symbol } > 1
      return SynapticTensor(
        symbol: isShared ? tensor.name : tensor.declaration.symbol, factors: [tensor], owner: owner)
    }
    guard let conductance = layout.tensor(.conductance, of: owner),
      let potential = layout.tensor(.reversalPotential, of: owner),
      conductance.declaration.shape == potential.declaration.shape
    else { return singles }
    let symbol = conductance.declaration.symbol + "·" + potential.declaration.symbol
    return singles + [SynapticTensor(symbol: symbol, factors: [conductance, potential], owner: owner)]
  }

  /// The one of that quantity, the first where there are several.
  package static func named(
    _ quantity: ParameterQuantity, in layout: ParameterLayout, of owner: ParameterOwner = .synapse
  ) -> SynapticTensor? {
    all(in: layout, of: owner).first { $0.factors.count == 1 && $0.factors[0].declaration.quantity == quantity }
  }
}

/// A synaptic tensor through learning.
package struct SynapticPath: Sendable, Equatable {
  /// Post × pre × moments. An entry is missing where the synapse was absent or pruned at that moment.
  package let tensor: Tensor3
  /// Steps made at each moment, ascending.
  package let steps: [Int]

  /// What changed since the first moment; missing where it is missing now or was then.
  package var change: Tensor3 {
    // Axis 2 is always there.
    (try? tensor.subtractingStart()) ?? tensor
  }
}

extension WeightHistory {
  /// Effective values of `quantity` at every moment kept whose step `isWanted`, as one tensor. O(moments·P).
  ///
  /// `model` is the one whose history this is. nil where no such moment is kept.
  ///
  /// - Throws: ``TensorRankError`` where a value is not finite.
  package func path(
    of quantity: SynapticTensor, in model: Model<Float>, where isWanted: (_ step: Int) -> Bool = { _ in true }
  ) throws -> SynapticPath? {
    let shape = quantity.factors[0].declaration.shape
    let (pre, post) = (shape[0], shape[1])
    let first = quantity.owner == .sensorySynapse ? model.neurons * model.neurons : 0
    var slices: [(values: [Double], present: [Bool])] = []
    var steps: [Int] = []
    // Moments may be thinned out meanwhile: the same state is then found twice, and taken once.
    for moment in moments where isWanted(moment.step) {
      guard let state = state(at: moment.step), state.moment.step > steps.last ?? -1 else { continue }
      guard isWanted(state.moment.step) else { continue }
      let effective = model.effective(state.values)
      var values = [Double](repeating: 1, count: pre * post)
      for factor in quantity.factors {
        for entry in values.indices { values[entry] *= Double(effective[factor.offset + entry]) }
      }
      slices.append((values, state.connections[first..<first + pre * post].map { $0 != 0 }))
      steps.append(state.moment.step)
    }
    guard !steps.isEmpty else { return nil }
    var elements: [Double] = []
    var present: [Bool] = []
    elements.reserveCapacity(pre * post * steps.count)
    present.reserveCapacity(pre * post * steps.count)
    for i in 0..<post {
      for j in 0..<pre {
        for slice in slices {
          elements.append(slice.values[j * post + i])
          present.append(slice.present[j * post + i])
        }
      }
    }
    return SynapticPath(
      tensor: try Tensor3(shape: [post, pre, steps.count], elements: elements, present: present), steps: steps)
  }
}
