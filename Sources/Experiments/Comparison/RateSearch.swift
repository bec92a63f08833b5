import Circuits
import RealModule
import Search

/// Learning rates chosen by a Bayesian search instead of a list: what is tried next depends on what was found.
///
/// Rates are asked for in rounds of ``RateSearch/round``, whose runs may be made at once and in any order; so the same plan
/// tries the same rates on one thread and on many, and an interrupted search goes on from its log.
public struct RateSearch: Sendable, Equatable, Codable {
  public var lowest, highest: Double
  /// How many rates are tried.
  public var calls: Int

  private enum CodingKeys: String, CodingKey {
    case lowest = "lowest"
    case highest = "highest"
    case calls = "calls"
  }

  /// How many trials are open at once.
  static let round = 2

  public init(lowest: Double, highest: Double, calls: Int) {
    (self.lowest, self.highest, self.calls) = (lowest, highest, calls)
  }

  /// - Throws: ``CircuitError`` for what cannot be searched.
  func check() throws {
    guard lowest > 0, highest > lowest, highest.isFinite, (4...200).contains(calls) else {
      throw CircuitError(
        "Learning rates from \(lowest) to \(highest) in \(calls) trials cannot be searched: use numbers above 0, the "
          + "smaller first, and 4 to 200 trials, for example --learning-rates search:0.001:0.1:8.")
    }
  }

  /// Half of the calls, 3 at least, before the surrogate chooses.
  func start(seed: UInt64) throws -> BayesianSearch {
    try BayesianSearch(
      dimensions: [SearchDimension("learning rate", lowest...highest, scale: .logarithmic)],
      initial: max(calls / 2, 3), seed: seed)
  }

  /// Tells a search what the runs of its open trials reached, where all of them are done, and asks for the next round.
  ///
  /// - Parameter run: the run of a learning rate, where it is done.
  /// - Returns: false where open runs are missing or nothing is left to try.
  func advance(_ search: inout BayesianSearch, _ run: (Double) -> ComparisonRun?) throws -> Bool {
    let done = search.open.compactMap { trial in run(trial.point[0]).map { (trial, $0) } }
    guard done.count == search.open.count else { return false }
    for (trial, run) in done {
      // Losses of bad rates lie far above those of good ones: their logarithm is what a surrogate can fit.
      let loss = run.failure == nil ? run.loss : nil
      try search.tell(trial.id, value: loss.map { Double.log(max($0, 1e-300)) })
    }
    let left = calls - search.trials.count
    if left > 0 { _ = try search.ask(min(Self.round, left)) }
    return left > 0
  }
}
