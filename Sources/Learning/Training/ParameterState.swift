import Circuits

/// Everything about a model that training and people change: values, the optimiser's memory, and the masks.
///
/// One layout for all of it (``ParameterLayout``). A *frozen* value stays bit-identical and its moments do not move. A
/// *pruned* synapse has connection 0: its conductance and gradient are exactly zero, and its values and moments stay as
/// they were, so that restoring brings all of it back.
public struct ParameterState<Scalar: CircuitScalar>: Sendable, Equatable {
  /// P.
  public internal(set) var values: [Scalar]
  /// The optimiser's slots one after the other, P entries each.
  public internal(set) var slots: [Scalar]
  /// Updates made so far, for bias correction.
  public internal(set) var updates = 0
  /// (N + M)×N; 1 where a synapse is present, 0 where there is none or it is pruned.
  public package(set) var connections: [Scalar]
  /// P.
  public internal(set) var frozen: [Bool]

  public init(_ model: Model<Scalar>, values: [Scalar], slots: Int) {
    self.values = values
    self.slots = [Scalar](repeating: 0, count: values.count * slots)
    connections = model.wiring.connections()
    frozen = [Bool](repeating: false, count: values.count)
  }

  public func isPruned(_ synapse: Synapse, in model: Model<Scalar>) -> Bool {
    model.wiring.has(synapse) && connections[synapse.index(neurons: model.neurons)] == 0
  }

  /// Which parameters an update may move: not frozen, and their synapse present.
  func moves(_ model: Model<Scalar>) -> [Bool] {
    var moves = frozen.map { !$0 }
    for tensor in model.layout.tensors {
      let first: Int
      switch tensor.declaration.owner {
      case .synapse: first = 0
      case .sensorySynapse: first = model.neurons * model.neurons
      default: continue
      }
      for (offset, index) in tensor.range.enumerated() where connections[first + offset] == 0 { moves[index] = false }
    }
    return moves
  }

  /// How many parameters an update may move.
  public func learningCount(_ model: Model<Scalar>) -> Int { moves(model).count(where: \.self) }

  /// One update of the optimiser, and then every moved value back inside its bounds.
  ///
  /// - Returns: whether the optimiser left finite numbers only.
  mutating func advance(
    _ optimizer: any Optimizer, gradient: [Scalar], moves: [Bool], rate: Scalar, model: Model<Scalar>
  ) -> Bool {
    updates += 1
    return values.withUnsafeMutableBufferPointer { values in
      let isFinite = slots.withUnsafeMutableBufferPointer { slots in
        gradient.withUnsafeBufferPointer { gradient in
          moves.withUnsafeBufferPointer { moves in
            optimizer.update(
              values: values, gradient: gradient, slots: slots, moves: moves, rate: rate, update: updates)
          }
        }
      }
      for tensor in model.layout.tensors {
        let bounds = model.storedBounds(tensor)
        guard bounds.lowerBound > -.infinity || bounds.upperBound < .infinity else { continue }
        let (low, high) = (Scalar(bounds.lowerBound), Scalar(bounds.upperBound))
        for i in tensor.range where moves[i] { values[i] = min(max(values[i], low), high) }
      }
      return isFinite
    }
  }
}
