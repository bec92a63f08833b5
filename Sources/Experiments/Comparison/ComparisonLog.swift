import Circuits
import Learning
import Formats
import Foundation
import Synchronization
import Tasks

/// The file of a comparison, JSON a line: first the plan, then every run when it is done. From it an interrupted
/// comparison goes on, and its trained models come back.
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

  /// Writes the plan, unless it stands there already.
  func begin(_ plan: ComparisonPlan, tasks: [TaskData]) throws {
    try hasPlan.withLock { hasPlan in
      guard !hasPlan else { return }
      let header = Header(plan: plan, fingerprints: tasks.map(\.fingerprint))
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
    var plan: ComparisonPlan
    /// Of every task's data, so that nobody goes on with others.
    var fingerprints: [String]
  }

  /// What stands in such a file.
  public struct Contents: Sendable {
    /// Settled: every run knows its steps.
    public var plan: ComparisonPlan
    public var runs: [ComparisonRun] = []
    private var fingerprints: [String]
    fileprivate var lines: [String]
    fileprivate var isCutOff: Bool

    /// - Throws: an error that says what is wrong with which line.
    public init(path: String) throws {
      let text = String(decoding: try FileBytes.read(path), as: UTF8.self)
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      isCutOff = lines.last != ""
      if !isCutOff { lines.removeLast() }
      guard let first = lines.first, let header = try? JSON.decode(Header.self, from: first) else {
        throw FormatError(file: path, problem: "this is no log of a comparison; begin one with --log FILE")
      }
      (plan, fingerprints) = (header.plan, header.fingerprints)
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

    /// - Throws: ``CircuitError`` where the data are not those of the log.
    public func check(_ tasks: [TaskData]) throws {
      for (task, fingerprint) in zip(tasks, fingerprints) where task.fingerprint != fingerprint {
        throw CircuitError(
          "The data of '\(task.name)' are not those that the comparison began with: begin a new one with --log.")
      }
    }
  }
}
