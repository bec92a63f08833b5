import Circuits
import Formats
import Foundation
import Synchronization

/// The file of a rank study, one JSON object per line: the plan, then every run when it is done; from it an interrupted
/// study goes on.
public final class RankLog: Sendable {
  public let path: String
  private let lock = Mutex(())

  private struct Header: Codable {
    var version = 1
    var rankPlan: RankPlan

    enum CodingKeys: String, CodingKey {
      case version = "version"
      case rankPlan = "rankPlan"
    }
  }

  /// A new file with `plan` in it.
  ///
  /// - Throws: ``CircuitError`` where the file holds runs already, ``FormatError`` where it cannot be written.
  public init(_ plan: RankPlan, path: String) throws {
    self.path = path
    if FileManager.default.fileExists(atPath: path), let old = try? Self.contents(path), !old.runs.isEmpty {
      throw CircuitError("\(path) holds runs of a study: go on with it by --resume \(path), or name another file.")
    }
    try FileBytes.write(Array((JSON.encode(Header(rankPlan: plan)) + "\n").utf8), to: path)
  }

  /// Goes on with a file: its plan, and the runs in it. One that was cut off in the middle of a line is mended.
  ///
  /// - Throws: ``FormatError`` that says what is wrong with which line.
  public static func resume(_ path: String) throws -> (log: RankLog, plan: RankPlan, runs: [RankRun]) {
    let (plan, runs, kept) = try contents(path)
    try FileBytes.write(Array((kept.joined(separator: "\n") + "\n").utf8), to: path)
    return (RankLog(path), plan, runs)
  }

  private init(_ path: String) { self.path = path }

  private static func contents(_ path: String) throws -> (plan: RankPlan, runs: [RankRun], lines: [String]) {
    let text = String(decoding: try FileBytes.read(path), as: UTF8.self)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    let isCutOff = lines.last != ""
    if !isCutOff { lines.removeLast() }
    guard let first = lines.first, let header = try? JSON.decode(Header.self, from: first) else {
      throw FormatError(file: path, problem: "this is no log of a rank study; begin one with --log FILE")
    }
    guard header.version == 1 else {
      throw FormatError(file: path, problem: "the log has version \(header.version), of a newer ganglion; begin anew")
    }
    let plan = header.rankPlan
    guard !plan.seeds.isEmpty, (1...100).contains(plan.ranks), (1...1_000).contains(plan.restarts),
      (1...1_000).contains(plan.controlRestarts), (2...10_000).contains(plan.moments),
      (1...1_000_000).contains(plan.steps), (1...10_000).contains(plan.neurons)
    else {
      throw FormatError(file: path, line: 1, problem: "the plan has numbers that cannot be; begin one with --log FILE")
    }
    var runs: [RankRun] = []
    var kept = [first]
    for (number, line) in lines.enumerated().dropFirst() {
      guard let run = try? JSON.decode(RankRun.self, from: line) else {
        if isCutOff, number == lines.count - 1 { break }
        throw FormatError(
          file: path, line: number + 1, problem: "this is no run; delete the line, and the run is made again")
      }
      runs.append(run)
      kept.append(line)
    }
    return (plan, runs, kept)
  }

  func append(_ run: RankRun) throws {
    let line = Data((try JSON.encode(run) + "\n").utf8)
    try lock.withLock { _ in
      guard let file = FileHandle(forWritingAtPath: path) else {
        throw FormatError(file: path, problem: "cannot be written to any more; check the file and its folder")
      }
      defer { try? file.close() }
      _ = try file.seekToEnd()
      try file.write(contentsOf: line)
    }
  }
}
