import Circuits

/// Applies commands to a learner and keeps the undo stack.
///
/// An edit is kept as a ``Patch`` of what stood before it, for exactly the entries it touched; undoing swaps that with what
/// stands now, which is then the redo. So undo brings back values, moments and masks as they were, and nothing else.
public struct EditHistory<Scalar: CircuitScalar>: Sendable {
  /// What an edit overwrote.
  struct Edit: Sendable {
    var title: String
    var patch = Patch<Scalar>()
    /// Where the edit set it.
    var learningRate: Double?
    /// Where the edit began the optimiser anew.
    var updates: Int?
  }

  private var done: [Edit] = []
  private var undone: [Edit] = []
  /// The values training began from.
  public let initialValues: [Scalar]

  /// "prune inter 3→motor 0", or `nil` where there is nothing to take back.
  public var undoTitle: String? { done.last?.title }
  public var redoTitle: String? { undone.last?.title }

  public init(initialValues: [Scalar]) { self.initialValues = initialValues }

  /// Applies a command that changes the network.
  ///
  /// - Returns: a sentence that says what was done.
  /// - Throws: ``CircuitError`` where it cannot be done; nothing has changed then.
  public mutating func apply(_ command: Command, to learner: Learner<Scalar>) throws -> String {
    try command.apply(&self, to: learner)
  }

  // MARK: What commands do

  mutating func setLearningRate(_ rate: Double, _ learner: Learner<Scalar>) throws -> String {
    guard rate.isFinite, rate >= 0 else {
      throw CircuitError("\(rate) is no learning rate: use a number of 0 or more.")
    }
    push(Edit(title: "learning rate \(learner.learningRate) → \(rate)", learningRate: learner.learningRate))
    learner.learningRate = rate
    guard rate >= 1 else { return "The learning rate is \(rate) now." }
    return
      "The learning rate is \(rate) now, far above those at which networks usually learn (0.001 to 0.1): "
      + "values may grow without end; undo takes it back."
  }

  /// All values, and the optimiser's memory, back to the first ones.
  mutating func rewind(_ learner: Learner<Scalar>) -> String {
    push(
      Edit(
        title: "rewind to the first weights",
        patch: Patch(of: learner.state, parameters: Array(0..<learner.model.layout.count)),
        updates: learner.state.updates))
    learner.edit { state in
      state.values = initialValues
      state.slots = [Scalar](repeating: 0, count: state.slots.count)
      state.updates = 0
    }
    return "All values are back at the first ones; pruned and frozen stay as they are."
  }

  mutating func undo(_ learner: Learner<Scalar>) throws -> String {
    guard let edit = done.last else { throw CircuitError("There is nothing to undo.") }
    undone.append(try swap(edit, learner))
    done.removeLast()
    return "Undone: \(edit.title)."
  }

  mutating func redo(_ learner: Learner<Scalar>) throws -> String {
    guard let edit = undone.last else { throw CircuitError("There is nothing to redo.") }
    done.append(try swap(edit, learner))
    undone.removeLast()
    return "Done again: \(edit.title)."
  }

  /// Keeps how to take an edit back; what was undone cannot be done again after it.
  mutating func push(_ edit: Edit) {
    done.append(edit)
    undone.removeAll()
  }

  /// Prunes synapses, `present` 0, or restores them, 1.
  mutating func cut(_ synapses: [Synapse], to present: Scalar, _ learner: Learner<Scalar>) throws -> String {
    let (model, n) = (learner.model, learner.model.neurons)
    for synapse in synapses {
      guard (0..<n + model.inputs).contains(synapse.pre), (0..<n).contains(synapse.post), model.wiring.has(synapse)
      else {
        throw CircuitError("There is no synapse from \(synapse.pre) to \(synapse.post) in this wiring.")
      }
    }
    let affected = synapses.filter { learner.state.connections[$0.index(neurons: n)] != present }
    guard let first = affected.first else {
      throw CircuitError(present == 0 ? "There is nothing left to prune there." : "There is nothing to restore there.")
    }
    let what = affected.count == 1 ? model.wiring.name(of: first) : "\(affected.count) synapses"
    let connections = affected.map { $0.index(neurons: n) }
    push(
      Edit(
        title: "\(present == 0 ? "prune" : "restore") \(what)",
        patch: Patch(
          of: learner.state, parameters: affected.flatMap { model.parameters(of: $0).map(\.index) },
          connections: connections)))
    learner.edit { state in for index in connections { state.connections[index] = present } }
    return "\(present == 0 ? "Pruned" : "Restored") \(what)."
  }

  /// Freezes the parameters of a pattern of ``ParameterSelector``, or thaws them.
  mutating func mask(_ pattern: String, frozen: Bool, _ learner: Learner<Scalar>) throws -> String {
    let (model, state) = (learner.model, learner.state)
    let affected = try ParameterSelector.resolve(
      pattern, in: model, values: model.effective(state.values), connections: state.connections
    ).filter { state.frozen[$0] != frozen }
    guard !affected.isEmpty else {
      throw CircuitError("\(pattern) is \(frozen ? "frozen" : "thawed") already.")
    }
    push(
      Edit(title: "\(frozen ? "freeze" : "thaw") \(Self.brief(pattern))", patch: Patch(of: state, parameters: affected))
    )
    learner.edit { state in for index in affected { state.frozen[index] = frozen } }
    return
      "\(frozen ? "Froze" : "Thawed") \(Self.brief(pattern)): \(affected.count) value\(affected.count == 1 ? "" : "s")."
  }

  /// A set that names many synapses one by one is told by its number.
  private static func brief(_ pattern: String) -> String {
    let count = pattern.count { $0 == ";" } + 1
    return pattern.hasPrefix("synapses:") && count > 2 ? "\(count) synapses" : pattern
  }

  /// Freezes everything but the parameters of a pattern, and thaws those, as one edit.
  mutating func learn(only pattern: String, _ learner: Learner<Scalar>) throws -> String {
    let (model, state) = (learner.model, learner.state)
    let learning = Set(
      try ParameterSelector.resolve(
        pattern, in: model, values: model.effective(state.values), connections: state.connections))
    let affected = state.frozen.indices.filter { state.frozen[$0] == learning.contains($0) }
    guard !affected.isEmpty else { throw CircuitError("\(pattern) is all that learns already.") }
    push(Edit(title: "learn \(pattern)", patch: Patch(of: state, parameters: affected)))
    learner.edit { state in for index in affected { state.frozen[index].toggle() } }
    let (count, all) = (learner.state.learningCount(model), model.parameterCount)
    return learning.count == state.frozen.count
      ? "Everything learns now: \(count) of \(all) parameters."
      : "Of \(all) parameters \(count) learn now: \(pattern)."
  }

  /// Sets one parameter to an effective value.
  mutating func edit(_ name: ParameterName, _ value: Double, _ learner: Learner<Scalar>) throws -> String {
    let model = learner.model
    let index = try model.layout.index(of: name)
    let bounds = model.layout[name.tensor]?.declaration.bounds ?? -.infinity ... .infinity
    guard value.isFinite, bounds.contains(value) else {
      throw CircuitError(
        "\(name) cannot be \(value): it takes numbers from \(bounds.lowerBound) to \(bounds.upperBound).")
    }
    push(Edit(title: "edit \(name)", patch: Patch(of: learner.state, parameters: [index])))
    learner.edit { $0.values[index] = model.stored(Scalar(value), at: index) }
    return "\(name) is \(value) now."
  }

  /// Puts back what `edit` overwrote and returns what stood there.
  private func swap(_ edit: Edit, _ learner: Learner<Scalar>) throws -> Edit {
    var reverse = Edit(title: edit.title)
    if edit.learningRate != nil { reverse.learningRate = learner.learningRate }
    if edit.updates != nil { reverse.updates = learner.state.updates }
    reverse.patch = try learner.edit { state in
      let reverse = try state.apply(edit.patch)
      if let updates = edit.updates { state.updates = updates }
      return reverse
    }
    if let rate = edit.learningRate { learner.learningRate = rate }
    return reverse
  }
}
