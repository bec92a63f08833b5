import Circuits
import Tasks

/// What to run, as one value: data, network, first values, settings, first commands and seed.
///
/// The command line, a `:` line, a log's header, a checkpoint, a model file and a comparison's row all give one; running
/// something else is changing a field (``RecipeField``), and ``make(steps:threads:)`` makes it. What is `nil` is what the
/// task or the cell suggests, so a recipe says what was asked for; ``Setup/resolved`` says what came of it.
public struct Recipe: Sendable, Equatable, Codable {
  /// Where the data come from; `nil` for what the file of ``start`` was trained for, else the default task.
  public var data: DataSource?
  public var network: Network
  public var start: Start
  public var training: Training
  /// Applied before the first step: `--freeze`, `--prune`.
  public var commands: [Command]
  /// Draws wiring, first values and windows.
  public var seed: UInt64

  public init(
    data: DataSource? = nil, network: Network = Network(), start: Start = .drawn, training: Training = Training(),
    commands: [Command] = [], seed: UInt64 = 1
  ) {
    self.data = data
    self.network = network
    self.start = start
    self.training = training
    self.commands = commands
    self.seed = seed
  }

  private enum CodingKeys: String, CodingKey {
    case data = "data"
    case network = "network"
    case start = "start"
    case training = "training"
    case commands = "commands"
    case seed = "seed"
  }

  /// Which network; of a saved model only how its equation is solved can be chosen.
  public struct Network: Sendable, Equatable, Codable {
    /// A name of ``Cells/all``; the first where `nil`.
    public var cell: String?
    /// N; what the task suggests where `nil`.
    public var neurons: Int?
    /// As `--wiring` takes it; what the task suggests where `nil`.
    public var wiring: String?
    /// The cell's own where `nil`.
    public var solver: String?
    /// U, sub-steps a time step; 6 where `nil`.
    public var unfolds: Int?
    /// The cell's own where `nil`.
    public var readout: Readout?
    /// For cells with one; 128x1:lecun_tanh where `nil`.
    public var backbone: Backbone?
    /// ``Positivity/clamp`` where `nil`.
    public var positivity: Positivity?

    public init(
      cell: String? = nil, neurons: Int? = nil, wiring: String? = nil, solver: String? = nil, unfolds: Int? = nil,
      readout: Readout? = nil, backbone: Backbone? = nil, positivity: Positivity? = nil
    ) {
      self.cell = cell
      self.neurons = neurons
      self.wiring = wiring
      self.solver = solver
      self.unfolds = unfolds
      self.readout = readout
      self.backbone = backbone
      self.positivity = positivity
    }

    /// What would have to be asked for to get this network.
    public init(_ specification: ModelSpecification) {
      self.init(
        cell: specification.cell, neurons: specification.neurons, wiring: specification.wiring,
        solver: specification.solver, unfolds: specification.unfolds, readout: specification.readout,
        backbone: specification.backbone, positivity: specification.positivity)
    }

    private enum CodingKeys: String, CodingKey {
      case cell = "cell"
      case neurons = "neurons"
      case wiring = "wiring"
      case solver = "solver"
      case unfolds = "unfolds"
      case readout = "readout"
      case backbone = "backbone"
      case positivity = "positivity"
    }
  }

  /// Where the first values and masks come from.
  public enum Start: Sendable, Equatable {
    /// Drawn from the seed.
    case drawn
    /// A saved model, which also says what the network is.
    case file(String)
    /// A checkpoint: training goes on where it stood.
    case checkpoint(String)
    /// The end of a comparison's run, which is in no file; the words name it.
    case comparison(String)

    /// A moment of another run's past, which is in no file; the words name it.
    case fork(String)

    /// The file that it comes from.
    public var path: String? {
      switch self {
      case .file(let path), .checkpoint(let path): path
      case .drawn, .comparison, .fork: nil
      }
    }
  }

  /// How it learns; each of them what the task suggests where `nil`.
  public struct Training: Sendable, Equatable, Codable {
    /// T, steps of a training window.
    public var sequence: Int?
    /// B, windows of a batch.
    public var batch: Int?
    /// A name of ``Optimizers/all``.
    public var optimizer: String?
    public var learningRate: Double?
    /// As `--schedule` takes it: a cosine that names no length is as long as training.
    public var schedule: String?
    /// Deviation of the noise on normalised inputs; 0 for none.
    public var noise: Double?
    /// The largest gradient norm; 0 for no limit.
    public var clip: Double?
    /// Steps between two measurements of the held-out error.
    public var evaluateEvery: Int?
    /// How it is measured.
    public var evaluation: EvaluationProtocol?
    /// Whether somebody watches for as long as they like, and no number of steps is told: the task then suggests another
    /// rate and schedule (``TaskData/Suggestion/openEnded``). Not where `nil`.
    public var isOpenEnded: Bool?

    public init(
      sequence: Int? = nil, batch: Int? = nil, optimizer: String? = nil, learningRate: Double? = nil,
      schedule: String? = nil, noise: Double? = nil, clip: Double? = nil, evaluateEvery: Int? = nil,
      evaluation: EvaluationProtocol? = nil, isOpenEnded: Bool? = nil
    ) {
      self.sequence = sequence
      self.batch = batch
      self.optimizer = optimizer
      self.learningRate = learningRate
      self.schedule = schedule
      self.noise = noise
      self.clip = clip
      self.evaluateEvery = evaluateEvery
      self.evaluation = evaluation
      self.isOpenEnded = isOpenEnded
    }

    /// What would have to be asked for to be trained like this.
    public init(_ options: TrainingOptions) {
      self.init(
        sequence: options.sequence, batch: options.batch, optimizer: options.optimizer,
        learningRate: options.learningRate, schedule: options.schedule.description, noise: options.noise ?? 0,
        clip: options.clip, evaluateEvery: options.evaluateEvery, evaluation: options.evaluation ?? .carried)
    }

    private enum CodingKeys: String, CodingKey {
      case sequence = "sequence"
      case batch = "batch"
      case optimizer = "optimizer"
      case learningRate = "learningRate"
      case schedule = "schedule"
      case noise = "noise"
      case clip = "clip"
      case evaluateEvery = "evaluateEvery"
      case evaluation = "evaluation"
      case isOpenEnded = "openEnded"
    }
  }
}

/// `"drawn"`, or an object with one key: `{"file": …}`, `{"checkpoint": …}`, `{"comparison": …}`.
extension Recipe.Start: Codable {
  private enum CodingKeys: String, CodingKey {
    case file = "file"
    case checkpoint = "checkpoint"
    case comparison = "comparison"
    case fork = "fork"
  }

  private static let drawnName = "drawn"

  public init(from decoder: any Decoder) throws {
    if let text = try? decoder.singleValueContainer().decode(String.self) {
      guard text == Self.drawnName else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "'\(text)' is no start of a run"))
      }
      self = .drawn
      return
    }
    let container = try decoder.container(keyedBy: CodingKeys.self)
    func text(_ key: CodingKeys) throws -> String? { try container.decodeIfPresent(String.self, forKey: key) }
    if let path = try text(.file) {
      self = .file(path)
    } else if let path = try text(.checkpoint) {
      self = .checkpoint(path)
    } else if let words = try text(.fork) {
      self = .fork(words)
    } else {
      self = .comparison(try container.decode(String.self, forKey: .comparison))
    }
  }

  public func encode(to encoder: any Encoder) throws {
    if self == .drawn {
      var container = encoder.singleValueContainer()
      return try container.encode(Self.drawnName)
    }
    var container = encoder.container(keyedBy: CodingKeys.self)
    switch self {
    case .drawn: break
    case .file(let path): try container.encode(path, forKey: .file)
    case .checkpoint(let path): try container.encode(path, forKey: .checkpoint)
    case .comparison(let words): try container.encode(words, forKey: .comparison)
    case .fork(let words): try container.encode(words, forKey: .fork)
    }
  }
}
