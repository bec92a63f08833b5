import Circuits
import Tasks

/// What a recipe makes: data, network, first values and settings that fit together, ready to be trained.
public struct Setup: Sendable {
  /// What was asked for.
  public var recipe: Recipe
  /// Where ``task`` comes from.
  public var source: DataSource
  /// As the network sees the data.
  public var task: TaskData
  public var model: Model<Float>
  public var options: TrainingOptions
  /// Values and masks to begin from; drawn from the model's seed where `nil`.
  public var start: ParameterState<Float>?
  /// Where training goes on, for a recipe that began from a checkpoint; ``recipe`` is then what that run began with.
  public var progress: TrainingProgress?
  /// The checkpoint's path.
  public var checkpoint: String?
  /// Commands to be applied at their steps, and where training then pauses by itself: a run that is played again.
  public var script: [CommandLog.Entry] = []
  public var end: Int?
  /// Runs recorded after it, which are played after it.
  public var following: [CommandLog] = []

  public init(
    recipe: Recipe, source: DataSource, task: TaskData, model: Model<Float>, options: TrainingOptions,
    start: ParameterState<Float>? = nil, progress: TrainingProgress? = nil
  ) {
    self.recipe = recipe
    self.source = source
    self.task = task
    self.model = model
    self.options = options
    self.start = start
    self.progress = progress
  }

  /// The recipe with nothing left to suggest: what files keep, so that the same is made when suggestions have changed.
  ///
  /// First commands are not in it: a log has them among its commands, a file in its masks.
  public var resolved: Recipe {
    var network = Recipe.Network(model.specification)
    if recipe.start.path != nil { network = .init(solver: network.solver, unfolds: network.unfolds) }
    return Recipe(
      data: source, network: network, start: recipe.start, training: .init(options), seed: options.seed)
  }

  /// What is still to be applied before the first step: a network that a comparison trained had it then.
  public var firstCommands: [Command] { if case .comparison = recipe.start { [] } else { recipe.commands } }

  /// A session that stands before its first step, or where the checkpoint stood; first commands are not applied yet.
  ///
  /// - Throws: ``CircuitError`` where network, data and settings cannot be trained together.
  public func session() throws -> TrainingSession {
    let session =
      if let progress {
        try TrainingSession(model: model, task: task, options: options, resuming: progress)
      } else {
        try TrainingSession(model: model, task: task, options: options, start: start)
      }
    session.follow(script)
    return session
  }
}
