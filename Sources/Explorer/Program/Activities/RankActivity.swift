import Analysis
import Circuits
import Experiments
import Learning
import LinearAlgebra

/// What is to be fitted, as `:rank` is typed: "w --ranks 1:6 --restarts 6".
public struct RankRequest: Sendable, Equatable {
  /// A tensor over synapses; the model's weights where `nil`.
  public var tensor: String?
  public var ranks = 1...6
  public var restarts = 5
  public var seed: UInt64 = 1

  /// - Throws: ``ActivityError`` that says which word is wrong.
  public init(_ text: String = "") throws {
    var words = text.split(separator: " ").map(String.init)[...]
    while let word = words.popFirst() {
      guard word.hasPrefix("--") else {
        guard tensor == nil else { throw ActivityError("rank takes one tensor, not '\(tensor ?? "")' and '\(word)'.") }
        tensor = word
        continue
      }
      guard let value = words.popFirst() else { throw ActivityError("\(word) takes a value: rank w --ranks 1:6.") }
      let numbers = value.split(separator: ":").compactMap { Int($0) }
      switch word {
      case "--ranks"
      where (1...2).contains(numbers.count) && numbers[0] >= 1 && numbers.last! >= numbers[0]
        && numbers.last! <= 30:
        ranks = numbers[0]...numbers.last!
      case "--restarts" where numbers.count == 1 && (2...50).contains(numbers[0]): restarts = numbers[0]
      case "--seed" where numbers.count == 1 && numbers[0] >= 0: seed = UInt64(numbers[0])
      case "--ranks", "--restarts", "--seed":
        throw ActivityError("\(word) '\(value)' cannot be: --ranks 1:6 (to 30), --restarts 5 (2 to 50), --seed 1.")
      default: throw ActivityError("rank does not know \(word): it takes --ranks, --restarts and --seed.")
      }
    }
  }
}

/// What the Rank view draws: how many components the path of a tensor through learning has, and which.
public struct RankPicture: Sendable {
  public var request: RankRequest
  /// The tensor's name in the layout, and its declaration.
  public var tensor: String
  public var declaration: TensorDeclaration
  /// Steps of the moments that were fitted, ascending.
  public var steps: [Int] = []
  var marks: [Mark] = []
  /// Steps an epoch had; 0 where none was told.
  var stepsPerEpoch = 0.0
  package var fits: [RankFit] = []
  /// Explained shares by rank: of the weights themselves, and of paths of random steps as long as the real ones.
  public var raw: [Int: Double] = [:]
  public var control: [Int: Double] = [:]
  /// Explained shares of the best matrices of rank 1, 2, … of the path, a row per moment: the most that any sum of so many
  /// fixed directions can explain.
  public var matrix: [Double] = []
  /// How many singular values hold 95 % of every moment's change.
  public var matrixRank95: [Int] = []
  /// Of W^(k) at some moments, by step; empty where W is not square.
  public var eigenvalues: [(step: Int, values: [Eigenvalue<Double>])] = []
  public var suggested: Int?
  public var verdict = ""
  /// By rank: the path's coordinates along each component's direction, moments × R.
  public var projections: [Int: Matrix<Double>] = [:]

  init(_ request: RankRequest, _ tensor: String, _ declaration: TensorDeclaration) {
    (self.request, self.tensor, self.declaration) = (request, tensor, declaration)
  }
}

/// Fits the tensor rank of a network's weight history on a queue of its own while training goes on. The last result stays,
/// with the steps it covers.
public final class RankActivity: Activity {
  /// More moments say nothing that fewer do not, and take as much longer.
  static let mostMoments = 96

  /// What is shown, and the share of the fits that is made.
  private struct Shown: Sendable {
    var picture: RankPicture
    var done = 0.0
  }

  private let history: WeightHistory
  private let model: Model<Float>
  private let tensor: SynapticTensor
  private let work: BackgroundWork<Shown>

  /// - Throws: ``ActivityError`` where there is no such tensor or too little of it.
  public init(_ request: RankRequest, history: WeightHistory, model: Model<Float>, snapshot: Snapshot) throws {
    let all = [ParameterOwner.synapse, .sensorySynapse].flatMap { SynapticTensor.all(in: model.layout, of: $0) }
      .filter { $0.factors.count == 1 }
    let wanted = request.tensor
    guard
      let tensor = wanted.map({ name in all.first { $0.name == name || $0.symbol == name } })
        ?? all.first(where: { $0.factors[0].declaration.quantity.isSynapseWeight }) ?? all.first
    else {
      throw ActivityError(
        wanted.map { "There is no tensor '\($0)' over synapses: " } ?? "This model has no tensor over synapses: "
          + "there \(all.count == 1 ? "is" : "are") \(all.map(\.name).joined(separator: ", ")).")
    }
    guard history.moments.count >= 4 else {
      throw ActivityError(
        "There are \(history.moments.count) moments recorded, too few for a rank: train some steps first.")
    }
    (self.history, self.model, self.tensor) = (history, model, tensor)
    var picture = RankPicture(request, tensor.name, tensor.factors[0].declaration)
    picture.marks = snapshot.marks
    picture.stepsPerEpoch = snapshot.epoch > 0 ? Double(snapshot.step) / Double(snapshot.epoch + 1) : 0
    work = BackgroundWork("tensor rank", Shown(picture: picture))
  }

  public var version: Int { work.version }
  public var needsCores: Bool { false }

  public func report() -> ActivityReport {
    let (shown, status) = work.shown
    let range = shown.picture.steps
    let covers = range.isEmpty ? "" : ", steps \(range[0]) to \(range[range.count - 1])"
    let percent = Int(shown.done * 100)
    let progress =
      switch status {
      case .waiting: "not begun"
      case .running: "\(percent) %\(covers)"
      case .paused: "paused at \(percent) %"
      case .finished: "done\(covers)"
      case .cancelled: "ended at \(percent) %\(covers)"
      case .failed(let sentence): sentence
      }
    return ActivityReport(
      title: "rank of \(shown.picture.tensor)", status: status, share: shown.done, progress: progress,
      picture: ActivityPicture(view: RankView.name, shown.picture))
  }

  public func start() { work.start { try self.run() } }
  public func pause() { work.pause() }
  public func cancel() { work.cancel() }

  // MARK: On the queue

  /// Waits while it is paused; whether to go on.
  private func goesOn(_ done: Double? = nil) -> Bool {
    if let done, Int(done * 100) != Int(work.picture.done * 100) { work.update { $0.done = done } }
    return work.goesOn()
  }

  private func run() throws {
    let path = try path()
    let (weights, steps, change) = (path.tensor, path.steps, path.change)
    guard change.elements.contains(where: { $0 != 0 }) else {
      throw ActivityError("\(tensor.name) has not moved between steps \(steps[0]) and \(steps[steps.count - 1]).")
    }
    let spectrum = try SingularSpectra.unfolding(of: change, along: 2)
    let energy = spectrum.values.map { $0 * $0 }
    let whole = max(energy.reduce(0, +), .leastNormalMagnitude)
    var sum = 0.0
    let matrix = energy.map { value -> Double in
      sum += value
      return sum / whole
    }
    let slices = try SingularSpectra.slices(of: change).map(\.rank95)
    let eigenvalues = try eigenvalues(of: weights, steps)
    work.update {
      $0.picture.steps = steps
      $0.picture.matrix = matrix
      $0.picture.matrixRank95 = slices
      $0.picture.eigenvalues = eigenvalues
    }
    try fit(change, weights)
  }

  private func fit(_ change: Tensor3, _ weights: Tensor3) throws {
    let request = work.picture.picture.request
    var options = TensorRankOptions()
    (options.ranks, options.restarts, options.seed) = (Array(request.ranks), request.restarts, request.seed)
    // The fits of the change take most of the time; controls have one restart of theirs.
    let share = Double(request.restarts) / Double(request.restarts + 2)
    let analysis = try TensorRankAnalysis.run(
      change, options,
      finished: { fit in
        let projection = Self.projection(of: change, on: fit.best.model)
        work.update {
          $0.picture.fits.append(fit)
          $0.picture.projections[fit.rank] = projection
        }
      }, goesOn: { goesOn($0.done * share) })
    work.update { state in
      state.picture.suggested = analysis.complete ? analysis.suggested : nil
      state.picture.verdict = analysis.complete ? analysis.verdict : "Ended before all ranks were fitted."
    }
    options.restarts = 1
    for (number, name) in ["raw", "control"].enumerated() {
      guard goesOn() else { return }
      let tensor =
        number == 0 ? weights : try weights.randomised(.norm, seed: request.seed).subtractingStart()
      _ = try TensorRankAnalysis.run(
        tensor, options,
        finished: { fit in
          work.update { state in
            if name == "raw" {
              state.picture.raw[fit.rank] = fit.explained
            } else {
              state.picture.control[fit.rank] = fit.explained
            }
          }
        },
        goesOn: { goesOn(share + (1 - share) * (Double(number) + $0.done) / 2) })
    }
    if goesOn() { work.update { $0.done = 1 } }
  }

  /// At most ``mostMoments`` moments, spread evenly, the first, the last and the newest interventions among them.
  private func path() throws -> SynapticPath {
    let moments = history.moments
    var chosen = Set((0..<Self.mostMoments).map { moments[$0 * (moments.count - 1) / (Self.mostMoments - 1)].step })
    chosen.formUnion(moments.filter { $0.kind == .intervention }.suffix(16).map(\.step))
    guard let path = try history.path(of: tensor, in: model, where: chosen.contains), path.steps.count >= 4 else {
      throw ActivityError("Too few moments are recorded: train some steps first.")
    }
    return path
  }

  /// At two dozen moments at most; none where the matrix is not square.
  private func eigenvalues(of weights: Tensor3, _ steps: [Int]) throws -> [(step: Int, values: [Eigenvalue<Double>])] {
    let n = weights.shape[0]
    guard n == weights.shape[1], n > 1 else { return [] }
    let places = Set((0..<24).map { $0 * (steps.count - 1) / 23 }).sorted()
    return try places.compactMap { index in
      guard goesOn() else { return nil }
      let matrix = Matrix(rows: n, columns: n) { weights[$0, $1, index] }
      return (steps[index], try matrix.eigenvalues())
    }
  }

  /// ⟨W^(k) − W^(0), a_r·b_rᵀ⟩ over the entries that are there: moments × R.
  private static func projection(of change: Tensor3, on model: CPModel) -> Matrix<Double> {
    let (a, b) = (model.factors[0], model.factors[1])
    return Matrix(rows: change.shape[2], columns: model.rank) { k, r in
      var sum = 0.0
      for i in 0..<change.shape[0] {
        for j in 0..<change.shape[1] { sum += change[i, j, k] * a[i, r] * b[j, r] }
      }
      return sum
    }
  }
}
