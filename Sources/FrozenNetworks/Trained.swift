/// What learns in a network with one hidden layer; everything else is frozen.
package struct Trained: Sendable, Hashable, Codable {
  package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
    /// The hidden units' biases b.
    case biases
    /// A gain σ(β·s) of each hidden unit while training, β rising; at test 1 where s > 0, else 0.
    case masks
    /// The weights to the outputs.
    case output
    /// Weights in and out, drawn without regard to which.
    case weights
    /// Weights in and out, and biases.
    case full
  }

  package var kind: Kind
  /// So many of them, drawn by the run's seed; `nil` for all.
  package var count: Int?

  package init(_ kind: Kind, count: Int? = nil) { (self.kind, self.count) = (kind, count) }

  private enum CodingKeys: String, CodingKey {
    case kind = "kind"
    case count = "count"
  }

  /// Parameters that learn where `outputs` of the network's outputs are used: others have no gradient.
  package func parameters(_ shape: FrozenWeights.Shape, outputs: Int) -> Int {
    let all =
      switch kind {
      case .biases, .masks: shape.units
      case .output: shape.units * outputs
      case .weights: shape.units * (shape.inputs + outputs)
      case .full: shape.units * (shape.inputs + outputs + 1)
      }
    return min(count ?? all, all)
  }
}
