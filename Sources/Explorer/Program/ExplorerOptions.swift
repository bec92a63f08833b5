import Circuits
import Experiments
import Learning
import Tasks
import Terminal

/// What the explorer is started with.
public struct ExplorerOptions {
  /// What is looked at first.
  public var setup: Setup
  /// Makes what a person asks for; called away from the drawing thread.
  public var make: @Sendable (Recipe) throws -> Setup
  /// What is begun at once beside it.
  public var activities: [any Activity] = []
  /// Turns words as behind `ganglion` on the command line into an activity, not yet begun, on the given data where they
  /// name none; called away from the drawing thread.
  public var activity: (@Sendable ([String], DataSource) throws -> any Activity)?
  /// An error as a sentence for people.
  public var describe: @Sendable (any Error) -> String = { "\($0)" }
  public var readOnly = false
  /// Begins paused.
  public var paused = false
  /// Leaves after that many frames.
  public var frames: Int?
  public var glyphs: GlyphTier = .braille
  public var stats = false
  /// The most frames a second.
  public var frameRate = ExplorerProgram.frameRate
  /// Where training that was not saved goes when the program has to end; `nil` for nowhere.
  public var autosave: String?
  /// Called after every frame, on the drawing thread: for tests and for text output.
  public var onFrame: ((ExplorerProgram) -> Void)?
  /// Where the loop has its time from.
  public var time = TimeSource.sinceStart()
  /// Writes a model's state to a file; called away from the drawing thread, one at a time.
  public var write: @Sendable (ExplorerSave, String) throws -> Void

  public init(
    setup: Setup, make: (@Sendable (Recipe) throws -> Setup)? = nil,
    write: @escaping @Sendable (ExplorerSave, String) throws -> Void
  ) {
    self.setup = setup
    let threads = setup.options.threads
    self.make = make ?? { try $0.make(threads: threads) }
    self.write = write
  }
}

/// What there is to be saved.
public struct ExplorerSave: Sendable {
  public var setup: Setup
  public var state: ParameterState<Float>
  public var best: TrainingSession.Best?
  public var step: Int
}

/// What was done to one set-up: what `--record` writes.
public struct ExplorerRecord: Sendable {
  public var setup: Setup
  /// Every command that changed the network, in order, also those given before the first step.
  public var applied: [CommandLog.Entry]
  /// Steps made in all.
  public var steps: Int
}

/// Why the explorer ended.
public enum ExplorerEnd: Sendable, Equatable {
  case quit
  /// Ctrl-C or SIGINT.
  case interrupted
  /// SIGTERM and the like.
  case terminated(signal: Int32)
  /// The terminal is gone.
  case hangup
}
