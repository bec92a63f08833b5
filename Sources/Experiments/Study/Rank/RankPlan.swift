import Circuits
import Tasks

/// What ``RankStudy`` computes: how many networks, how they learn, and how their weights are fitted.
///
/// After Pellegrino, Cayco-Gajic & Chadwick, Low Tensor Rank Learning of Neural Dynamics, NeurIPS 2023 (arXiv 2308.11567).
public struct RankPlan: Sendable, Equatable, Codable {
  /// How much is asked for.
  public enum Budget: String, Sendable, Codable, CaseIterable { case small, full }

  public var budget: Budget
  public var seeds: [UInt64]
  /// Tasks and models of the question about biophysical parameters.
  public var tasks: [String]
  public var models: [String]
  /// N there; the reach network has as many units as its task suggests.
  public var neurons = 16
  /// Steps of training there.
  public var steps: Int
  /// R = 1…
  public var ranks: Int
  /// Fits a rank, and of the raw weights and the controls, whose similarity is of no interest.
  public var restarts: Int
  public var controlRestarts: Int
  /// Moments of a path that are fitted, evenly spread; controls walk every step and are thinned afterwards.
  public var moments: Int

  private enum CodingKeys: String, CodingKey {
    case budget = "budget"
    case seeds = "seeds"
    case tasks = "tasks"
    case models = "models"
    case neurons = "neurons"
    case steps = "steps"
    case ranks = "ranks"
    case restarts = "restarts"
    case controlRestarts = "controlRestarts"
    case moments = "moments"
  }

  public init(_ budget: Budget, seeds: [UInt64]) {
    (self.budget, self.seeds) = (budget, seeds)
    let isFull = budget == .full
    tasks = isFull ? ["household", "power", "sine"] : ["sine"]
    models = isFull ? ["ltc", "lrc", "ctrnn-synaptic", "ctrnn-squashed"] : ["ltc", "ctrnn-squashed"]
    steps = isFull ? 1_000 : 150
    ranks = isFull ? 5 : 3
    restarts = isFull ? 5 : 3
    controlRestarts = isFull ? 2 : 1
    moments = isFull ? 101 : 41
  }

  /// One network to be trained and looked into.
  public struct Job: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Codable, CaseIterable {
      /// A tanh network learns the reach task.
      case reach
      /// The theorem about linear networks.
      case theorem
      /// A network with synapses of some kind learns a task.
      case synapses
    }

    public var kind: Kind
    public var task: String
    public var model: String
    public var seed: UInt64

    private enum CodingKeys: String, CodingKey {
      case kind = "kind"
      case task = "task"
      case model = "model"
      case seed = "seed"
    }
  }

  /// In the order in which they are made.
  public var jobs: [Job] {
    seeds.map { Job(kind: .reach, task: "reach", model: "rnn", seed: $0) }
      + seeds.map { Job(kind: .theorem, task: "linear", model: "linear", seed: $0) }
      + tasks.flatMap { task in
        models.flatMap { model in seeds.map { Job(kind: .synapses, task: task, model: model, seed: $0) } }
      }
  }
}

/// The rank of one tensor of weights through learning, beside those of its controls.
public struct PathRank: Sendable, Equatable, Codable {
  /// "ΔW", "W", "Δμ".
  public var tensor: String
  /// Post, pre, moments.
  public var shape: [Int]
  /// The share of the variance that the best fit with R = 1, 2, … components explains.
  public var explained: [Double]
  /// Of the other fits to the best; nil where one fit was made.
  public var similarity: [Double?]
  /// The same share of paths with the same start: every step replaced by a random one of the same norm, and by one with
  /// the same singular values in random directions. Empty where they were not asked for.
  public var sameNorm: [Double] = []
  public var sameSingularValues: [Double] = []
  /// Singular values that hold 95 and 99 % of the sum of squares: of the middle of all slices, of the largest, and of the
  /// three unfoldings (post, pre, training).
  public var slice95: Int
  public var slice95Largest: Int
  public var unfolding95: [Int]
  public var unfolding99: [Int]
  /// nil where no rank may be called the tensor's.
  public var suggested: Int?

  private enum CodingKeys: String, CodingKey {
    case tensor = "tensor"
    case shape = "shape"
    case explained = "explained"
    case similarity = "similarity"
    case sameNorm = "sameNorm"
    case sameSingularValues = "sameSingularValues"
    case slice95 = "slice95"
    case slice95Largest = "slice95Largest"
    case unfolding95 = "unfolding95"
    case unfolding99 = "unfolding99"
    case suggested = "suggested"
  }
}

/// What came of a ``RankPlan/Job``.
public struct RankRun: Sendable, Equatable, Codable {
  public var job: RankPlan.Job
  public var paths: [PathRank] = []
  /// Of a linear network's theorem.
  public var theorem: LinearTheorem.Finding?
  /// The training loss of every trial of the reach experiment; elsewhere of the first and the last twentieth of training.
  public var losses: [Double] = []
  /// Why there is nothing, a sentence.
  public var failure: String?
  public var seconds = 0.0

  private enum CodingKeys: String, CodingKey {
    case job = "job"
    case paths = "paths"
    case theorem = "theorem"
    case losses = "losses"
    case failure = "failure"
    case seconds = "seconds"
  }
}
