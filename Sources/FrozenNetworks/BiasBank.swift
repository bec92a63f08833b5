/// Bias vectors with names, a task each, over one set of weights that nobody changes.
package struct BiasBank: Sendable {
  package struct Entry: Sendable, Hashable, Codable {
    package var name: String
    /// H of them.
    package var biases: [Float]

    package init(name: String, biases: [Float]) { (self.name, self.biases) = (name, biases) }

    private enum CodingKeys: String, CodingKey {
      case name = "name"
      case biases = "biases"
    }
  }

  package let weights: FrozenWeights
  /// Of ``FrozenWeights/fingerprint`` when the bank was begun.
  package let fingerprint: UInt64
  /// In the order in which they came.
  package private(set) var entries: [Entry] = []

  package init(_ weights: FrozenWeights) {
    self.weights = weights
    fingerprint = weights.fingerprint
  }

  /// Whether the weights have the bits with which the bank was begun. O(H·(M + O)).
  package var weightsAreUnchanged: Bool { weights.fingerprint == fingerprint }

  /// Keeps a vector; one of the same name gives way to it.
  ///
  /// - Throws: ``FrozenNetworkError`` for a vector that does not fit the weights.
  package mutating func keep(_ entry: Entry) throws {
    guard entry.biases.count == weights.shape.units else {
      throw FrozenNetworkError(
        "The bias vector '\(entry.name)' has \(entry.biases.count) values, but the weights have \(weights.shape.units) "
          + "hidden units: learn it on these weights.")
    }
    guard entry.biases.allSatisfy(\.isFinite) else {
      throw FrozenNetworkError("The bias vector '\(entry.name)' has a value that is not finite: learn it again.")
    }
    if let index = entries.firstIndex(where: { $0.name == entry.name }) {
      entries[index] = entry
    } else {
      entries.append(entry)
    }
  }

  /// The weights with one of the vectors.
  ///
  /// - Throws: ``FrozenNetworkError`` where there is none of that name; it names those that there are.
  package func network(_ name: String) throws -> FeedForwardNetwork {
    guard let entry = entries.first(where: { $0.name == name }) else {
      let known = entries.isEmpty ? "none yet" : entries.map(\.name).joined(separator: ", ")
      throw FrozenNetworkError("The bank has no bias vector '\(name)'. There are: \(known).")
    }
    return FeedForwardNetwork(weights, biases: entry.biases)
  }
}

/// What is wrong, a sentence.
package struct FrozenNetworkError: Error, Sendable, CustomStringConvertible {
  package var description: String
  package init(_ sentence: String) { description = sentence }
}
