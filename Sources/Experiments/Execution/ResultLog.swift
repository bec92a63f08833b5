import Formats
import Foundation
import Synchronization

/// A file from which interrupted work goes on, one JSON object per line: first the plan, then every result when it is
/// there.
final class ResultLog<Plan: Codable & Sendable, Entry: Codable & Sendable>: Sendable {
  let path: String
  private let hasPlan: Mutex<Bool>

  /// A file that is written anew.
  init(path: String) {
    self.path = path
    hasPlan = Mutex(false)
  }

  /// What stands in such a file.
  struct Contents: Sendable {
    var plan: Plan
    var results: [Entry] = []
    fileprivate var lines: [String]
    fileprivate var isCutOff: Bool

    /// - Parameters:
    ///   - noPlan: what is wrong with a file whose first line is no plan, and with one whose plan cannot be read.
    ///   - noEntry: what is wrong with a line that is no result.
    /// - Throws: an error that says what is wrong with which line.
    init(path: String, noPlan: (_ firstLine: String?) -> (problem: String, line: Int?), noEntry: String) throws {
      let text = String(decoding: try FileBytes.read(path), as: UTF8.self)
      var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
      isCutOff = lines.last != ""
      if !isCutOff { lines.removeLast() }
      guard let first = lines.first, let plan = try? JSON.decode(Plan.self, from: first) else {
        let (problem, line) = noPlan(lines.first)
        throw FormatError(file: path, line: line, problem: problem)
      }
      self.plan = plan
      self.lines = [first]
      for (number, line) in lines.enumerated().dropFirst() {
        guard let entry = try? JSON.decode(Entry.self, from: line) else {
          if isCutOff, number == lines.count - 1 { break }
          throw FormatError(file: path, line: number + 1, problem: noEntry)
        }
        results.append(entry)
        self.lines.append(line)
      }
    }
  }

  /// A file that is gone on with: one cut off in the middle of a line is mended first.
  init(_ contents: Contents, path: String) throws {
    self.path = path
    hasPlan = Mutex(true)
    if contents.isCutOff { try FileBytes.write(Array(contents.lines.joined(separator: "\n").utf8) + [0x0A], to: path) }
  }

  /// Writes the plan, unless it stands there already.
  func begin(_ plan: () throws -> Plan) throws {
    try hasPlan.withLock { hasPlan in
      guard !hasPlan else { return }
      try FileBytes.write(Array((JSON.encode(plan()) + "\n").utf8), to: path)
      hasPlan = true
    }
  }

  func append(_ entry: Entry) throws {
    let line = Data((try JSON.encode(entry) + "\n").utf8)
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
}
