import Circuits

/// Applies commands to a learner and keeps the undo stack.
///
/// A change is kept as what stood before it, for exactly the entries it touched; undoing swaps that with what stands now,
/// which is then the redo. So undo brings back values, moments and masks as they were, and nothing else.
public struct Surgery<Scalar: CircuitScalar>: Sendable {
  /// What stood in some entries at some moment.
  struct Change: Sendable {
    var title: String
    var parameters: [Int] = []
    var values: [Scalar] = []
    /// For each parameter its entry of every slot.
    var slots: [[Scalar]] = []
    var frozen: [Bool] = []
    var connections: [Int] = []
    var present: [Scalar] = []
    var learningRate: Double?
    var updates: Int?
  }

  private var done: [Change] = []
  private var undone: [Change] = []
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
    let model = learner.model
    switch command {
    case .prune(let synapses): return try cut(synapses, to: 0, verb: "Pruned", learner)
    case .restore(let synapses): return try cut(synapses, to: 1, verb: "Restored", learner)
    case .pruneFraction(let share):
      guard (0...1).contains(share) else { throw CircuitError("\(share) is no share of the synapses: use 0 to 1.") }
      let weakest = try SynapseSelector.weakest(
        share, in: model, values: model.effective(learner.state.values), connections: learner.state.connections)
      return try cut(weakest, to: 0, verb: "Pruned", learner)
    case .freeze(let pattern): return try mask(pattern, frozen: true, learner)
    case .thaw(let pattern): return try mask(pattern, frozen: false, learner)
    case .edit(let index, let value): return try edit(index, value, learner)
    case .setLearningRate(let rate):
      guard rate.isFinite, rate >= 0 else {
        throw CircuitError("\(rate) is no learning rate: use a number of 0 or more.")
      }
      push(Change(title: "learning rate \(learner.learningRate) → \(rate)", learningRate: learner.learningRate))
      learner.learningRate = rate
      return "The learning rate is \(rate) now."
    case .rewind:
      var change = snapshot(Array(0..<model.layout.count), title: "rewind to the first weights", learner)
      change.updates = learner.state.updates
      push(change)
      learner.edit { state in
        state.values = initialValues
        state.slots = [Scalar](repeating: 0, count: state.slots.count)
        state.updates = 0
      }
      return "All values are back at the first ones; pruned and frozen stay as they are."
    case .undo:
      guard let change = done.popLast() else { throw CircuitError("There is nothing to undo.") }
      undone.append(swap(change, learner))
      return "Undone: \(change.title)."
    case .redo:
      guard let change = undone.popLast() else { throw CircuitError("There is nothing to redo.") }
      done.append(swap(change, learner))
      return "Done again: \(change.title)."
    case .pause, .resume, .step: return ""
    }
  }

  private mutating func push(_ change: Change) {
    done.append(change)
    undone.removeAll()
  }

  private mutating func cut(_ synapses: [Synapse], to present: Scalar, verb: String, _ learner: Learner<Scalar>) throws
    -> String
  {
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
    var change = snapshot(
      affected.flatMap { model.parameters(of: $0).map(\.index) },
      title: "\(present == 0 ? "prune" : "restore") \(what)", learner)
    change.connections = affected.map { $0.index(neurons: n) }
    change.present = change.connections.map { learner.state.connections[$0] }
    push(change)
    learner.edit { state in for index in change.connections { state.connections[index] = present } }
    return "\(verb) \(what)."
  }

  private mutating func mask(_ pattern: String, frozen: Bool, _ learner: Learner<Scalar>) throws -> String {
    let (model, state) = (learner.model, learner.state)
    let affected = try ParameterSelector.resolve(
      pattern, in: model, values: model.effective(state.values), connections: state.connections
    ).filter { state.frozen[$0] != frozen }
    guard !affected.isEmpty else {
      throw CircuitError("\(pattern) is \(frozen ? "frozen" : "thawed") already.")
    }
    push(snapshot(affected, title: "\(frozen ? "freeze" : "thaw") \(pattern)", learner))
    learner.edit { state in for index in affected { state.frozen[index] = frozen } }
    return "\(frozen ? "Froze" : "Thawed") \(pattern): \(affected.count) value\(affected.count == 1 ? "" : "s")."
  }

  private mutating func edit(_ index: Int, _ value: Double, _ learner: Learner<Scalar>) throws -> String {
    let model = learner.model
    guard let (tensor, _) = model.layout.locate(index) else {
      throw CircuitError("There is no parameter \(index): the model has \(model.layout.count).")
    }
    let name = model.layout.describe(index)
    let bounds = tensor.declaration.bounds
    guard value.isFinite, bounds.contains(value) else {
      throw CircuitError(
        "\(name) cannot be \(value): it takes numbers from \(bounds.lowerBound) to \(bounds.upperBound).")
    }
    push(snapshot([index], title: "edit \(name)", learner))
    learner.edit { $0.values[index] = model.stored(Scalar(value), at: index) }
    return "\(name) is \(value) now."
  }

  private func snapshot(_ parameters: [Int], title: String, _ learner: Learner<Scalar>) -> Change {
    let state = learner.state
    let count = state.values.count
    let slots = count == 0 ? 0 : state.slots.count / count
    return Change(
      title: title, parameters: parameters, values: parameters.map { state.values[$0] },
      slots: parameters.map { index in (0..<slots).map { state.slots[$0 * count + index] } },
      frozen: parameters.map { state.frozen[$0] })
  }

  /// Puts back what `change` holds and returns what stood there.
  private func swap(_ change: Change, _ learner: Learner<Scalar>) -> Change {
    var reverse = snapshot(change.parameters, title: change.title, learner)
    reverse.connections = change.connections
    reverse.present = change.connections.map { learner.state.connections[$0] }
    if change.learningRate != nil { reverse.learningRate = learner.learningRate }
    if change.updates != nil { reverse.updates = learner.state.updates }
    learner.edit { state in
      let count = state.values.count
      for (place, index) in change.parameters.enumerated() {
        state.values[index] = change.values[place]
        state.frozen[index] = change.frozen[place]
        for (slot, value) in change.slots[place].enumerated() { state.slots[slot * count + index] = value }
      }
      for (place, index) in change.connections.enumerated() { state.connections[index] = change.present[place] }
      if let updates = change.updates { state.updates = updates }
    }
    if let rate = change.learningRate { learner.learningRate = rate }
    return reverse
  }
}
