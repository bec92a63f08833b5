import Circuits

/// Everything a person or a script can do to a network in training: a value that can be sent, logged, replayed and undone.
///
/// Keys, the palette, `--freeze` and `--prune`, recordings and replays all speak in these.
///
/// This file is all there is to a command. To add one takes a case here, and for it a line in ``form`` (how it stands in
/// files, and its sign on the loss curve), one in `init(from:)` (how it is read), and one in `apply` (what it does); the
/// compiler asks for each. What several commands do alike is in ``EditHistory``.
public enum Command: Sendable, Equatable {
  /// Conductance exactly zero, gradient too; values and moments are kept.
  case prune([Synapse])
  /// Brings pruned synapses back with the values and moments they had.
  case restore([Synapse])
  /// The share 0…1 of present synapses with the smallest maximal weight.
  case pruneFraction(Double)
  /// A pattern of ``ParameterSelector``.
  case freeze(String)
  case thaw(String)
  /// Only what a pattern names learns: that is thawed, everything else frozen. "full" is all of it.
  case learn(String)
  /// Sets one parameter to an effective value, in the tensor's unit.
  case edit(parameter: ParameterName, value: Double)
  case setLearningRate(Double)
  /// All values back to the first ones; masks stay, moments start again.
  case rewind
  case undo
  case redo
  case pause
  case resume
  /// That many steps while paused.
  case step(Int)
}

// MARK: In files and on the curve

/// A command in a log is an object with one member, the command's name, whose value is an object with its arguments by name.
///
///     {"prune":{"synapses":[{"post":0,"pre":5}]}}          also "restore"
///     {"pruneFraction":{"share":0.2}}
///     {"freeze":{"pattern":"readout"}}                     also "thaw", "learn"
///     {"edit":{"parameter":"w[3, 7]","value":0.25}}
///     {"setLearningRate":{"rate":0.01}}
///     {"rewind":{}}                                        also "undo", "redo", "pause", "resume"
///     {"step":{"count":2}}
///
/// Every name is written out, so that renaming a symbol changes no file.
extension Command: Codable {
  private enum Name: String, CodingKey {
    case prune = "prune"
    case restore = "restore"
    case pruneFraction = "pruneFraction"
    case freeze = "freeze"
    case thaw = "thaw"
    case learn = "learn"
    case edit = "edit"
    case setLearningRate = "setLearningRate"
    case rewind = "rewind"
    case undo = "undo"
    case redo = "redo"
    case pause = "pause"
    case resume = "resume"
    case step = "step"
  }

  private enum Argument: String, CodingKey {
    case synapses = "synapses"
    case share = "share"
    case pattern = "pattern"
    case parameter = "parameter"
    case value = "value"
    case rate = "rate"
    case count = "count"
  }

  /// Name and arguments in files, and the sign on the loss curve: `nil` for what steers training and leaves the network as
  /// it is.
  private var form: (name: Name, arguments: [Argument: any Encodable], mark: Mark.Kind?) {
    switch self {
    case .prune(let synapses): (.prune, [.synapses: synapses], .prune)
    case .restore(let synapses): (.restore, [.synapses: synapses], .prune)
    case .pruneFraction(let share): (.pruneFraction, [.share: share], .prune)
    case .freeze(let pattern): (.freeze, [.pattern: pattern], .freeze)
    case .thaw(let pattern): (.thaw, [.pattern: pattern], .freeze)
    case .learn(let pattern): (.learn, [.pattern: pattern], .freeze)
    case .edit(let parameter, let value): (.edit, [.parameter: parameter, .value: value], .edit)
    case .setLearningRate(let rate): (.setLearningRate, [.rate: rate], .rate)
    case .rewind: (.rewind, [:], .rewind)
    case .undo: (.undo, [:], .undo)
    case .redo: (.redo, [:], .undo)
    case .pause: (.pause, [:], nil)
    case .resume: (.resume, [:], nil)
    case .step(let count): (.step, [.count: count], nil)
    }
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Name.self)
    guard let name = container.allKeys.first, container.allKeys.count == 1 else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "an object with one command's name"))
    }
    let arguments = try container.nestedContainer(keyedBy: Argument.self, forKey: name)
    func argument<Value: Decodable>(_ key: Argument) throws -> Value { try arguments.decode(Value.self, forKey: key) }
    switch name {
    case .prune: self = .prune(try argument(.synapses))
    case .restore: self = .restore(try argument(.synapses))
    case .pruneFraction: self = .pruneFraction(try argument(.share))
    case .freeze: self = .freeze(try argument(.pattern))
    case .thaw: self = .thaw(try argument(.pattern))
    case .learn: self = .learn(try argument(.pattern))
    case .edit: self = .edit(parameter: try argument(.parameter), value: try argument(.value))
    case .setLearningRate: self = .setLearningRate(try argument(.rate))
    case .rewind: self = .rewind
    case .undo: self = .undo
    case .redo: self = .redo
    case .pause: self = .pause
    case .resume: self = .resume
    case .step: self = .step(try argument(.count))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: Name.self)
    let form = form
    var nested = container.nestedContainer(keyedBy: Argument.self, forKey: form.name)
    for (key, value) in form.arguments { try nested.encode(value, forKey: key) }
  }

  /// Which sign it gets on the loss curve; `nil` where it changes nothing of the network.
  var mark: Mark.Kind? { form.mark }

  /// Whether it changes the network (and so is marked, logged and ends up on the undo stack or takes from it).
  public var changesNetwork: Bool { mark != nil }
}

// MARK: What it does

extension Command {
  /// Does to a network in training what this says, and keeps in `history` how to take it back; nothing for what steers
  /// training, for that is the ``Trainer``'s.
  ///
  /// - Returns: a sentence that says what was done.
  /// - Throws: ``CircuitError`` where it cannot be done; nothing has changed then.
  func apply<Scalar>(_ history: inout EditHistory<Scalar>, to learner: Learner<Scalar>) throws -> String {
    switch self {
    case .prune(let synapses): return try history.cut(synapses, to: 0, learner)
    case .restore(let synapses): return try history.cut(synapses, to: 1, learner)
    case .pruneFraction(let share):
      guard (0...1).contains(share) else { throw CircuitError("\(share) is no share of the synapses: use 0 to 1.") }
      let state = learner.state
      let weakest = try SynapseSelector.weakest(
        share, in: learner.model, values: learner.model.effective(state.values), connections: state.connections)
      return try history.cut(weakest, to: 0, learner)
    case .freeze(let pattern): return try history.mask(pattern, frozen: true, learner)
    case .thaw(let pattern): return try history.mask(pattern, frozen: false, learner)
    case .learn(let pattern): return try history.learn(only: pattern, learner)
    case .edit(let parameter, let value): return try history.edit(parameter, value, learner)
    case .setLearningRate(let rate): return try history.setLearningRate(rate, learner)
    case .rewind: return history.rewind(learner)
    case .undo: return try history.undo(learner)
    case .redo: return try history.redo(learner)
    case .pause, .resume, .step: return ""
    }
  }
}
