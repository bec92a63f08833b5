import Circuits
import Learning
import Formats
import Tasks

/// The file of a comparison, one JSON object per line: first the plan, then every run when it is done. From it an
/// interrupted comparison goes on, and its trained models come back.
public final class ComparisonLog: Sendable {
  public let path: String
  private let log: ResultLog<Header, ComparisonRun>

  /// A file that is written anew.
  public init(path: String) {
    self.path = path
    log = ResultLog(path: path)
  }

  /// A file that is gone on with: one cut off in the middle of a line is mended first.
  public init(_ contents: Contents, path: String) throws {
    self.path = path
    log = try ResultLog(contents.file, path: path)
  }

  /// 1 had no recipe and no layouts; it is refused.
  static let currentVersion = 2

  /// Writes the plan, unless it stands there already.
  func begin(_ plan: ComparisonPlan, candidates: [Candidate], tasks: [TaskData]) throws {
    try log.begin {
      Header(
        plan: plan, data: tasks.map(\.fingerprint),
        layouts: try candidates.map { .init(candidate: $0, layout: try plan.layout($0, tasks[$0.taskEntry])) })
    }
  }

  func append(_ run: ComparisonRun) throws { try log.append(run) }

  fileprivate struct Header: Codable, Sendable {
    var version = ComparisonLog.currentVersion
    var plan: ComparisonPlan
    /// Of every task's data and every candidate's parameters, so that nobody goes on with others.
    var data: [DataFingerprint]
    var layouts: [CandidateLayout]

    enum CodingKeys: String, CodingKey {
      case version = "version"
      case plan = "plan"
      case data = "data"
      case layouts = "layouts"
    }

    init(plan: ComparisonPlan, data: [DataFingerprint], layouts: [CandidateLayout]) {
      (self.plan, self.data, self.layouts) = (plan, data, layouts)
    }

    /// Refuses another version.
    init(from decoder: any Decoder) throws {
      let values = try decoder.container(keyedBy: CodingKeys.self)
      version = try values.decode(Int.self, forKey: .version)
      guard version == ComparisonLog.currentVersion else {
        throw DecodingError.dataCorruptedError(forKey: .version, in: values, debugDescription: "another version")
      }
      plan = try values.decode(ComparisonPlan.self, forKey: .plan)
      data = try values.decode([DataFingerprint].self, forKey: .data)
      layouts = try values.decode([CandidateLayout].self, forKey: .layouts)
    }
  }

  fileprivate struct CandidateLayout: Codable, Sendable {
    var candidate: Candidate
    var layout: LayoutFingerprint

    enum CodingKeys: String, CodingKey {
      case candidate = "candidate"
      case layout = "layout"
    }
  }

  /// What stands in such a file.
  public struct Contents: Sendable {
    /// Settled: every run knows its steps.
    public var plan: ComparisonPlan
    public var runs: [ComparisonRun] = []
    private var header: Header { file.plan }
    fileprivate let file: ResultLog<Header, ComparisonRun>.Contents

    /// - Throws: an error that says what is wrong with which line.
    public init(path: String) throws {
      file = try ResultLog<Header, ComparisonRun>.Contents(
        path: path, noPlan: Self.problem, noEntry: "this is no run; delete the line, and the run is made again")
      (plan, runs) = (file.plan.plan, file.results)
    }

    /// What is wrong with a first line that is no header of this version.
    private static func problem(_ line: String?) -> (problem: String, line: Int?) {
      guard let line, let version = version(line) else {
        return ("this is no log of a comparison; begin one with --log FILE", nil)
      }
      guard version == ComparisonLog.currentVersion else {
        let origin = version < ComparisonLog.currentVersion ? "an earlier" : "a newer"
        return (
          "the log has version \(version), of \(origin) ganglion; this one goes on with version "
            + "\(ComparisonLog.currentVersion): begin a new comparison with --log", nil
        )
      }
      return ("the plan cannot be read; begin a new comparison with --log", 1)
    }

    /// Of a first line that is a comparison's; 1 where it does not say.
    private static func version(_ line: String) -> Int? {
      struct Version: Decodable {
        var version: Int?
        private enum CodingKeys: String, CodingKey { case version = "version" }
      }
      guard line.contains("\"plan\""), let found = try? JSON.decode(Version.self, from: line) else { return nil }
      return found.version ?? 1
    }

    /// - Throws: ``CircuitError`` where data or networks are not those of the log, which says what differs.
    public func check(_ tasks: [TaskData]) throws {
      guard tasks.count == header.data.count else {
        throw CircuitError("The log has the data of \(header.data.count) tasks, but its plan names \(tasks.count).")
      }
      for (task, data) in zip(tasks, header.data) {
        if let difference = data.difference(from: task.fingerprint) {
          throw CircuitError(
            "The data of '\(task.name)' are not those that the comparison began with: \(difference). Bring those data back, "
              + "or begin a new comparison with --log.")
        }
      }
      for entry in header.layouts {
        guard tasks.indices.contains(entry.candidate.taskEntry) else {
          throw CircuitError("The log has a network of a task that its plan does not name: begin a new one with --log.")
        }
        let layout = try plan.layout(entry.candidate, tasks[entry.candidate.taskEntry])
        if let difference = entry.layout.difference(from: layout) {
          throw CircuitError(
            "The network '\(entry.candidate.model)' is not the one that the comparison began with: \(difference). Use the "
              + "ganglion that wrote the log, or begin a new comparison with --log.")
        }
      }
    }
  }
}

extension ComparisonPlan {
  /// What a candidate's flat values mean.
  fileprivate func layout(_ candidate: Candidate, _ task: TaskData) throws -> LayoutFingerprint {
    LayoutFingerprint(try Model<Float>(specification(candidate, task, seed: seeds.first ?? 1)).layout)
  }
}
