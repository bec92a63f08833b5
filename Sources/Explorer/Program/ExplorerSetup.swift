import Circuits
import Learning
import Tasks

/// What the explorer looks at: a model that learns a task, and how it began.
public struct ExplorerSetup: Sendable {
  public var model: Model<Float>
  public var task: TaskData
  /// Where the task's data come from: for files and recordings.
  public var source: DataSource
  public var training: TrainingOptions
  /// Values and masks of a saved model to begin from; drawn from the model's seed where `nil`.
  public var start: ParameterState<Float>?
  /// Applied before the first step: `--freeze`, `--prune`.
  public var before: [Command]
  /// The file `start` came from.
  public var loaded: String?
  /// Commands to be applied at their steps, and where training then pauses by itself: a run that is played again.
  public var script: [CommandLog.Entry] = []
  public var end: Int?
  /// What is opened when the played run has ended.
  public var next: SetupMaker?
  /// What the person asked for, on the command line or since.
  public var request = SetupRequest()

  public init(
    model: Model<Float>, task: TaskData, source: DataSource, training: TrainingOptions,
    start: ParameterState<Float>? = nil, before: [Command] = []
  ) {
    self.model = model
    self.task = task
    self.source = source
    self.training = training
    self.start = start
    self.before = before
  }
}

/// What another set-up is asked to have, in the words of the command line. What is not named stays as it was begun with.
public struct SetupRequest: Sendable, Equatable {
  /// What can be chosen; the command line's option of the same name takes the same values.
  public enum Option: String, CaseIterable, Sendable {
    case task, model, neurons, wiring, solver, unfolds, seed, sequence, batch, optimizer, load
  }

  /// As typed.
  public private(set) var choices: [Option: String] = [:]

  public init(_ choices: [Option: String] = [:]) { self.choices = choices }

  public subscript(_ option: Option) -> String? {
    get { choices[option] }
    set { choices[option] = newValue }
  }

  /// These choices, and where there are none those of `earlier`; a saved model has the last word on what it is and learned.
  public func over(_ earlier: SetupRequest) -> SetupRequest {
    let answered: [Option] = self[.load] == nil ? [] : [.task, .model, .neurons, .wiring, .solver, .unfolds]
    return SetupRequest(earlier.choices.filter { !answered.contains($0.key) }.merging(choices) { $1 })
  }

  /// "task traffic, seed 7".
  public var title: String {
    Option.allCases.compactMap { option in choices[option].map { "\(option.rawValue) \($0)" } }.joined(separator: ", ")
  }
}

/// A set-up that is still to be made: read from a file, drawn, or asked for. Made away from the drawing thread.
public struct SetupMaker: Sendable, Equatable {
  /// What the footer says is being opened: "traffic".
  public var title: String
  public var make: @Sendable () throws -> ExplorerSetup

  public init(_ title: String, make: @escaping @Sendable () throws -> ExplorerSetup) {
    self.title = title
    self.make = make
  }

  /// By title: what two closures do cannot be compared.
  public static func == (one: Self, other: Self) -> Bool { one.title == other.title }
}

extension SetupRequest {
  /// What would have to be asked for to get this set-up, for one that nobody asked for by name: the base of what is changed
  /// in it afterwards. Data of the person's own cannot be named and are left to the command line.
  public init(describing setup: ExplorerSetup) {
    let specification = setup.model.specification
    self.init([
      .model: specification.cell, .neurons: "\(specification.neurons)", .wiring: specification.wiring,
      .solver: specification.solver, .unfolds: "\(specification.unfolds)", .seed: "\(specification.seed)",
      .sequence: "\(setup.training.sequence)", .batch: "\(setup.training.batch)",
      .optimizer: setup.training.optimizer,
    ])
    self[.task] = setup.source.task
    if let path = setup.loaded {
      for option in [Option.model, .neurons, .wiring] { self[option] = nil }
      self[.load] = path
    }
  }
}

extension SetupMaker {
  /// The same, with what it makes described so that it can be changed.
  var described: SetupMaker {
    SetupMaker(title) {
      var setup = try make()
      if setup.request.choices.isEmpty { setup.request = SetupRequest(describing: setup) }
      return setup
    }
  }
}
