import Circuits

/// Everything a person or a script can do to a network in training: a value that can be sent, logged, replayed and undone.
///
/// Keys, the palette, `--freeze` and `--prune`, recordings and replays all speak in these.
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

/// What became of a command.
public struct CommandOutcome: Sendable, Equatable {
  /// Counts up from 1 in the order of sending.
  public var id: Int
  /// The step before which it was applied.
  public var step: Int
  public var command: Command
  public var succeeded: Bool
  /// A sentence: what was done, or why not and what to do.
  public var sentence: String
}

/// Where an intervention happened, for the loss curve and the log.
public struct Mark: Sendable, Equatable, Codable {
  /// Which sign stands on the curve; the names are those of files.
  public enum Kind: String, Sendable, Codable {
    case prune = "prune"
    case freeze = "freeze"
    case edit = "edit"
    case rate = "rate"
    case rewind = "rewind"
    case undo = "undo"
  }
  public var step: Int
  public var kind: Kind
  public var label: String

  private enum CodingKeys: String, CodingKey {
    case step = "step"
    case kind = "kind"
    case label = "label"
  }
}

extension Command {
  /// Whether it changes the network (and so is marked, logged and ends up on the undo stack or takes from it).
  public var changesNetwork: Bool {
    switch self {
    case .pause, .resume, .step: false
    default: true
    }
  }

  var markKind: Mark.Kind {
    switch self {
    case .prune, .restore, .pruneFraction: .prune
    case .freeze, .thaw: .freeze
    case .setLearningRate: .rate
    case .rewind: .rewind
    case .undo, .redo: .undo
    default: .edit
    }
  }
}
