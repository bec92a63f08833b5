import Circuits

/// Some entries of a network's state and what they hold: the one form in which parts of a network are put aside, put back,
/// sent and stored.
///
/// Undo keeps what an edit overwrote, a bank its bias vectors, a history what changed between two moments, resuming what
/// was not in the model's file; all of them are patches. A patch knows nothing of titles, learning rates or the number of
/// updates: whoever keeps patches keeps those beside them.
public struct Patch<Scalar: CircuitScalar>: Sendable, Equatable {
  /// Flat indices into the parameter layout; K of them.
  public private(set) var parameters: [Int] = []
  /// K, stored values.
  public private(set) var values: [Scalar] = []
  /// The optimiser's slots one after the other, K entries each; empty where the patch leaves moments as they are.
  public private(set) var slots: [Scalar] = []
  /// K; empty where the patch leaves frozen flags as they are.
  public private(set) var frozen: [Bool] = []
  /// Indices into the (N + M)×N connections; C of them.
  public private(set) var connections: [Int] = []
  /// C, 1 where the synapse is present and 0 where it is pruned.
  public private(set) var present: [Scalar] = []

  /// Nothing.
  public init() {}

  /// Values alone: moments and masks stay as they are where it is applied.
  ///
  /// - Precondition: as many values as indices.
  public init(parameters: [Int], values: [Scalar]) {
    precondition(parameters.count == values.count)
    (self.parameters, self.values) = (parameters, values)
  }

  /// What stands in these entries of `state`: values, moments, frozen flags, and connections. O(K·slots + C).
  ///
  /// - Precondition: the indices are those of `state`.
  public init(of state: ParameterState<Scalar>, parameters: [Int], connections: [Int] = []) {
    self.init(of: state, parameters: parameters, connections: connections, moments: true, frozen: true)
  }

  private init(
    of state: ParameterState<Scalar>, parameters: [Int], connections: [Int], moments: Bool, frozen: Bool
  ) {
    self.parameters = parameters
    values = parameters.map { state.values[$0] }
    if moments { for slot in 0..<state.slotCount { slots += parameters.map { state.slots[slot * state.count + $0] } } }
    if frozen { self.frozen = parameters.map { state.frozen[$0] } }
    self.connections = connections
    present = connections.map { state.connections[$0] }
  }

  /// What turns `old` into `new`: every entry whose bits differ, with what `new` holds. O(P·slots + (N + M)·N).
  ///
  /// - Parameter moments: whether moments count; without them a change of moments alone is none and the patch leaves them.
  /// - Precondition: both states are of one layout and one optimiser.
  public init(from old: ParameterState<Scalar>, to new: ParameterState<Scalar>, moments: Bool = true) {
    precondition(old.fits(new))
    let count = new.count
    let slots = moments ? new.slotCount : 0
    let parameters = (0..<count).filter { index in
      !same(old.values[index], new.values[index]) || old.frozen[index] != new.frozen[index]
        || (0..<slots).contains { !same(old.slots[$0 * count + index], new.slots[$0 * count + index]) }
    }
    self.init(
      of: new, parameters: parameters,
      connections: new.connections.indices.filter { old.connections[$0] != new.connections[$0] }, moments: moments,
      frozen: true)
  }

  public var isEmpty: Bool { parameters.isEmpty && connections.isEmpty }

  /// Whether it can be applied to `state`: its indices are within, and it has as many slots or none.
  public func fits(_ state: ParameterState<Scalar>) -> Bool {
    let count = parameters.count
    return parameters.allSatisfy(state.values.indices.contains)
      && connections.allSatisfy(state.connections.indices.contains)
      && (slots.isEmpty || slots.count == count * state.slotCount) && isWhole
  }

  /// Whether its arrays are of one length each; a patch that was read may not be.
  private var isWhole: Bool {
    values.count == parameters.count && (frozen.isEmpty || frozen.count == parameters.count)
      && (slots.isEmpty || (!parameters.isEmpty && slots.count % parameters.count == 0))
      && present.count == connections.count
  }

  /// What stands in the same entries of `state`, of the same parts: the reverse of applying it there.
  fileprivate func reversed(in state: ParameterState<Scalar>) -> Patch {
    Patch(
      of: state, parameters: parameters, connections: connections, moments: !slots.isEmpty, frozen: !frozen.isEmpty)
  }
}

/// Whether two numbers are the same to the bit, save for the payloads of NaNs.
private func same<Scalar: CircuitScalar>(_ a: Scalar, _ b: Scalar) -> Bool {
  (a == b && a.sign == b.sign) || (a.isNaN && b.isNaN)
}

extension ParameterState {
  /// P.
  public var count: Int { values.count }
  /// How many arrays of moments there are.
  public var slotCount: Int { values.isEmpty ? 0 : slots.count / values.count }

  /// Whether both are of one layout and one optimiser.
  public func fits(_ other: ParameterState) -> Bool {
    count == other.count && slots.count == other.slots.count && connections.count == other.connections.count
  }

  /// Puts what `patch` holds into its entries; everything else stays bit-identical. O(K·slots + C).
  ///
  /// - Returns: what stood there: applying that takes this back, to the bit.
  /// - Throws: ``CircuitError`` where it does not fit; nothing has changed then.
  @discardableResult
  public mutating func apply(_ patch: Patch<Scalar>) throws -> Patch<Scalar> {
    guard patch.fits(self) else {
      throw CircuitError(
        "These parameters are of another network: they do not fit one of \(count) parameters, \(connections.count) "
          + "possible synapses and \(slotCount) moments each. Use those that were made with this model and optimizer.")
    }
    let reverse = patch.reversed(in: self)
    let (entries, count) = (patch.parameters.count, count)
    for (entry, index) in patch.parameters.enumerated() {
      values[index] = patch.values[entry]
      if !patch.frozen.isEmpty { frozen[index] = patch.frozen[entry] }
      if !patch.slots.isEmpty {
        for slot in 0..<slots.count / count { slots[slot * count + index] = patch.slots[slot * entries + entry] }
      }
    }
    for (entry, index) in patch.connections.enumerated() { connections[index] = patch.present[entry] }
    return reverse
  }
}

extension Patch: Codable where Scalar: Codable {
  private enum CodingKeys: String, CodingKey {
    case parameters = "parameters"
    case values = "values"
    case slots = "slots"
    case frozen = "frozen"
    case connections = "connections"
    case present = "present"
  }

  /// - Throws: `DecodingError` also where the arrays do not belong together.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    parameters = try container.decode([Int].self, forKey: .parameters)
    values = try container.decode([Scalar].self, forKey: .values)
    slots = try container.decodeIfPresent([Scalar].self, forKey: .slots) ?? []
    frozen = try container.decodeIfPresent([Bool].self, forKey: .frozen) ?? []
    connections = try container.decodeIfPresent([Int].self, forKey: .connections) ?? []
    present = try container.decodeIfPresent([Scalar].self, forKey: .present) ?? []
    guard isWhole else {
      throw DecodingError.dataCorruptedError(
        forKey: .parameters, in: container,
        debugDescription: "as many indices, values, moments and flags belong together")
    }
  }
}
