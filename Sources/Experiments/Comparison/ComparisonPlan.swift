import Circuits
import Learning
import Tasks

/// What is to be compared with what: tasks × sizes × models × wirings × readouts × seeds, all treated alike.
///
/// Within a task every model gets the same windows (by seed), the same number of steps, batch, optimiser and clipping;
/// its learning rate is the one of ``rates`` with the smallest held-out loss after ``TaskEntry/searchSteps`` steps of its
/// middle size with the first seed. Of every run the state with the smallest held-out loss counts.
public struct ComparisonPlan: Sendable, Equatable, Codable {
  /// How large the models are to be.
  public enum Size: Sendable, Hashable, Codable {
    /// So many neurons each.
    case neurons(Int)
    /// As many neurons as bring the parameters nearest to that number.
    case parameters(Int)
    /// As many parameters as that model has with so many neurons.
    case parametersOf(model: String, neurons: Int)

    /// Whether parameters are what is equal, and not neurons.
    public var equalisesParameters: Bool { if case .neurons = self { false } else { true } }

    private enum CodingKeys: String, CodingKey {
      case neurons = "neurons"
      case parameters = "parameters"
      case model = "parametersOf"
    }

    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      if let count = try container.decodeIfPresent(Int.self, forKey: .parameters) {
        self = .parameters(count)
        return
      }
      let neurons = try container.decode(Int.self, forKey: .neurons)
      let model = try container.decodeIfPresent(String.self, forKey: .model)
      self = model.map { .parametersOf(model: $0, neurons: neurons) } ?? .neurons(neurons)
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      switch self {
      case .neurons(let count): try container.encode(count, forKey: .neurons)
      case .parameters(let count): try container.encode(count, forKey: .parameters)
      case .parametersOf(let model, let neurons):
        try container.encode(model, forKey: .model)
        try container.encode(neurons, forKey: .neurons)
      }
    }
  }

  /// One task and how long is trained on it.
  public struct TaskEntry: Sendable, Equatable, Codable {
    public var source: DataSource
    public var sizes: [Size]
    /// Steps of every run; 0 until ``ComparisonPlan/budget`` is settled.
    public var steps = 0
    /// Steps of every run of the search for a learning rate; 0 where there is only one rate.
    public var searchSteps = 0

    private enum CodingKeys: String, CodingKey {
      case source = "source"
      case sizes = "sizes"
      case steps = "steps"
      case searchSteps = "searchSteps"
    }

    public init(source: DataSource, sizes: [Size]) {
      self.source = source
      self.sizes = sizes
    }
  }

  public enum Budget: Sendable, Equatable, Codable {
    /// Every run has so many steps: repeatable on any machine.
    case steps(Int)
    /// As many steps as fit, by measured times, into so many minutes.
    case minutes(Double)

    private enum CodingKeys: String, CodingKey {
      case steps = "steps"
      case minutes = "minutes"
    }

    public init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      if let steps = try container.decodeIfPresent(Int.self, forKey: .steps) {
        self = .steps(steps)
      } else {
        self = .minutes(try container.decode(Double.self, forKey: .minutes))
      }
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: CodingKeys.self)
      switch self {
      case .steps(let steps): try container.encode(steps, forKey: .steps)
      case .minutes(let minutes): try container.encode(minutes, forKey: .minutes)
      }
    }
  }

  public var taskEntries: [TaskEntry]
  public var models: [String]
  public var wirings = ["all"]
  /// The same for every model: what a readout does not see cannot be blamed on the synapse.
  public var readouts = [Readout.dense]
  /// Each draws wiring, first values and windows of one run a row.
  public var seeds: [UInt64] = [1, 2, 3]
  /// The learning rates tried, the same for all.
  public var rates = [0.003, 0.01, 0.03]
  /// Where there is one, ``rates`` are not tried: a search chooses what is, for each group by itself.
  public var rateSearch: RateSearch?
  public var budget = Budget.minutes(10)
  /// What all runs have in common: solver, settings, first commands. Data, model, size, wiring, readout, learning rate and
  /// seed are each run's own (``recipe(_:seed:rate:)``).
  public var recipe = Recipe(training: .init(evaluateEvery: 50, evaluation: .windowed))

  private enum CodingKeys: String, CodingKey {
    case taskEntries = "tasks"
    case models = "models"
    case wirings = "wirings"
    case readouts = "readouts"
    case seeds = "seeds"
    case rates = "rates"
    case rateSearch = "rateSearch"
    case budget = "budget"
    case recipe = "recipe"
  }

  public init(taskEntries: [TaskEntry], models: [String]) {
    self.taskEntries = taskEntries
    self.models = models
    settle()
  }

  /// Whether every run knows its number of steps.
  public var isSettled: Bool { taskEntries.allSatisfy { $0.steps > 0 } }

  /// Gives every task the steps of a budget of steps; one of minutes has to be measured first.
  public mutating func settle() {
    guard case .steps(let steps) = budget else { return }
    for taskEntry in taskEntries.indices { settle(taskEntry, steps: steps) }
  }

  mutating func settle(_ taskEntry: Int, steps: Int) {
    taskEntries[taskEntry].steps = steps
    taskEntries[taskEntry].searchSteps = searchSteps(of: steps)
  }

  /// A third of a run, at most 300 steps.
  func searchSteps(of steps: Int) -> Int { trialCount > 1 ? max(min(steps / 3, 300), 1) : 0 }

  /// How many learning rates are tried for each group; 1 where there is nothing to choose from.
  var trialCount: Int { rateSearch?.calls ?? rates.count }

  /// How the error that ranks, stops the search and chooses the best state is measured; the other way is measured of the
  /// same state and told beside it.
  public var evaluation: EvaluationProtocol {
    get { recipe.training.evaluation ?? .carried }
    set { recipe.training.evaluation = newValue }
  }

  /// Held-out error is measured every so many steps.
  public var evaluateEvery: Int { recipe.training.evaluateEvery ?? 100 }

  /// How a run of `task` is trained; `steps` is how long, where that is known.
  ///
  /// - Throws: ``CircuitError`` for settings that cannot be.
  func options(_ task: TaskData, seed: UInt64, rate: Double, steps: Int? = nil) throws -> TrainingOptions {
    var recipe = recipe
    (recipe.seed, recipe.training.learningRate) = (seed, rate)
    return try recipe.options(for: task, steps: steps, threads: 1)
  }

  private static func steps(_ count: Int) -> String { "\(count) step\(count == 1 ? "" : "s")" }

  /// When a run of that many steps is measured.
  private func measured(_ steps: Int) -> String {
    if evaluateEvery > steps { return "after the last step" }
    return evaluateEvery == 1 ? "after each step" : "every \(evaluateEvery) steps"
  }

  /// The equal treatment as a sentence.
  public func treatment(_ task: TaskData, taskEntry: TaskEntry) -> String {
    let options = (try? options(task, seed: 1, rate: rates.first ?? 0)) ?? TrainingOptions(task, threads: 1)
    let schedule = recipe.training.schedule.map { ", schedule \($0)" } ?? ""
    let search =
      if let rateSearch {
        "learning rate the best of \(rateSearch.calls) that a Bayesian search chose between \(rateSearch.lowest) and "
          + "\(rateSearch.highest), after \(Self.steps(taskEntry.searchSteps)) with seed \(seeds.first ?? 1)"
      } else if taskEntry.searchSteps > 0 {
        "learning rate the best of \(rates.map { "\($0)" }.joined(separator: ", ")) after \(Self.steps(taskEntry.searchSteps)) "
          + "with seed \(seeds.first ?? 1)"
      } else {
        "learning rate \(rates.map { "\($0)" }.joined(separator: ", "))"
      }
    let wiring = wirings.count == 1 ? "wiring \(wirings[0])" : "each of the wirings \(wirings.joined(separator: ", "))"
    let readout = readouts.count == 1 ? "\(readouts[0].rawValue) readout" : "either readout"
    return
      "Alike for all: \(wiring), \(readout); \(Self.steps(taskEntry.steps)) of \(options.batch) window\(options.batch == 1 ? "" : "s") of \(options.sequence), \(options.optimizer), "
      + "clipping at \(options.clip > 0 ? "\(options.clip)" : "nothing")\(schedule); \(search); of each run the state with the smallest held-out "
      + "loss, measured \(measured(taskEntry.steps)), \(evaluation.sentence)."
  }
}

extension ComparisonPlan {
  /// - Throws: ``CircuitError`` for what cannot be planned.
  public func check() throws {
    for name in models { _ = try Cells.named(name) }
    _ = try Optimizers.named(recipe.training.optimizer ?? "adam")
    _ = try recipe.training.schedule.map { try Schedule($0) }
    func refuse(_ problem: String) -> CircuitError { CircuitError(problem) }
    if models.isEmpty || Set(models).count < models.count {
      throw refuse("Name each model to compare once: --models ltc,lstm,gru.")
    }
    if taskEntries.isEmpty || taskEntries.contains(where: { $0.sizes.isEmpty }) || wirings.isEmpty || readouts.isEmpty {
      throw refuse("There is nothing to compare: name a task, a size, a wiring and a readout.")
    }
    guard evaluateEvery >= 1 else {
      throw refuse("The held-out error cannot be measured every \(evaluateEvery) steps: use a number of 1 or more.")
    }
    if seeds.isEmpty { throw refuse("There are no seeds: use --seeds with 1 or more.") }
    guard !rates.isEmpty, rates.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      throw refuse("Learning rates are numbers above 0: --learning-rates 0.003,0.01,0.03.")
    }
    try rateSearch?.check()
    switch budget {
    case .steps(let steps) where steps < 1: throw refuse("\(steps) steps cannot be: use --steps with 1 or more.")
    case .minutes(let minutes) where !(minutes > 0 && minutes.isFinite):
      throw refuse("\(minutes) minutes cannot be: use a number above 0.")
    default: break
    }
  }
}
