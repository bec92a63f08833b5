import Circuits
import Learning

extension Comparison: Activity {
  public var version: Int { state.withLock { $0.version } }

  /// Its picture is its ``ComparisonTable``.
  public func report() -> ActivityReport {
    let table = table()
    return ActivityReport(
      title: "comparing", status: table.status, share: table.share, progress: table.progress, problem: problem,
      picture: ActivityPicture(view: ComparisonTable.view, table))
  }

  /// The network of a candidate by its ``Candidate/name``.
  public func network(_ name: String) throws -> Setup {
    guard let candidate = state.withLock({ $0.schedule.candidates.first { $0.name == name } }) else {
      throw CircuitError("The comparison has no network '\(name)': choose a row of its table.")
    }
    return try trained(candidate)
  }
}

extension ComparisonTable {
  /// The view that draws such a table.
  public static let view = "compare"

  /// How far it is, in some words.
  public var progress: String {
    let percent = "\(Int(share * 100)) %"
    switch status {
    case .waiting: return "not begun"
    case .running where !isSettled: return "measuring how long a step takes"
    case .running: return percent + (secondsLeft.map { ", about \(Self.duration($0)) left" } ?? "")
    case .paused: return "paused at \(percent)"
    case .finished: return "done in \(Self.duration(seconds))"
    case .cancelled: return "ended at \(percent)"
    case .failed(let sentence): return sentence
    }
  }

  /// "12 s", from a hundred seconds on "2 min".
  private static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e9 else { return "?" }
    let whole = Int(seconds.rounded())
    return whole < 100 ? "\(whole) s" : "\((whole + 30) / 60) min"
  }
}
