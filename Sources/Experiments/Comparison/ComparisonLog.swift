import Circuits
import Learning
import Formats
import Foundation
import Synchronization
import Tasks

/// The file of a comparison, one JSON object per line: first the plan, then every run when it is done. From it an
/// interrupted comparison goes on, and its trained models come back.
public final class ComparisonLog: Sendable {
  public let path: String
  /// Whether the plan stands in it.
  private let hasPlan: Mutex<Bool>

  /// A file that is written anew.
  public init(path: String) {
    self.path = path
    hasPlan = Mutex(false)
  }

  /// A file that is gone on with: one cut off in the middle of a line is mended first.
  public init(_ contents: Contents, path: String) throws {
    self.path = path
    hasPlan = Mutex(true)
    if contents.isCutOff { try FileBytes.write(Array(contents.lines.joined(separator: "\n").utf8) + [0x0A], to: path) }
  }

  /// 1 had no recipe and no layouts; it is refused.
  static let currentVersion = 2

  /// Writes the plan, unless it stands there already.
  func begin(_ plan: ComparisonPlan, candidates: [Candidate], tasks: [TaskData]) throws {
    try hasPlan.withLock { hasPlan in
      guard !hasPlan else { return }
      let header = Header(
        plan: plan, data: tasks.map(\.fingerprint),
        layouts: try candidates.map { .init(candidate: $0, layout: try plan.layout($0, tasks[$0.taskEntry])) })
      try FileBytes.write(Array((JSON.encode(header) + "\n").utf8), to: path)
      hasPlan = true
    }
  }

  func append(_ run: ComparisonRun) throws {
    let line = Data((try JSON.encode(run) + "\n").utf8)
    try hasPlan.withLock { hasPlan in
      guard hasPlan else { return }
      guard let file = FileHandle(forWritingAtPath: path) else {
        throw FormatError(file: path, problem: "cannot be written to any more; check the file and its folder")
      }
      defer { try? file.close() }
      _ = try file.seekToEnd()
      try file.write(contentsOf: line)
    }
  }

  fileprivate struct Header: Codable {
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
  }

  fileprivate struct CandidateLayout: Codable {
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
    private let header: Header
    fileprivate var lines: [String]
    fileprivate var isCutOff: Bool

    /// - Throws: an error that says what is wrong with which line.
    public init(path: String) throws {
      let text = String(decoding: try FileBytes.read(path), as: UTF8.self)
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      isCutOff = lines.last != ""
      if !isCutOff { lines.removeLast() }
      guard let first = lines.first, let version = Self.version(first) else {
        throw FormatError(file: path, problem: "this is no log of a comparison; begin one with --log FILE")
      }
      guard version == ComparisonLog.currentVersion else {
        let origin = version < ComparisonLog.currentVersion ? "an earlier" : "a newer"
        throw FormatError(
          file: path,
          problem: "the log has version \(version), of \(origin) ganglion; this one goes on with version "
            + "\(ComparisonLog.currentVersion): begin a new comparison with --log")
      }
      guard let header = try? JSON.decode(Header.self, from: first) else {
        throw FormatError(file: path, line: 1, problem: "the plan cannot be read; begin a new comparison with --log")
      }
      (plan, self.header) = (header.plan, header)
      self.lines = [first]
      for (number, line) in lines.enumerated().dropFirst() {
        guard let run = try? JSON.decode(ComparisonRun.self, from: line) else {
          if isCutOff, number == lines.count - 1 { break }
          throw FormatError(
            file: path, line: number + 1, problem: "this is no run; delete the line, and the run is made again")
        }
        runs.append(run)
        self.lines.append(line)
      }
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
