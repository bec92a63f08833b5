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
