import Circuits
import Formats
import Foundation
import Tasks

/// What was done to a network and when: a header that says what was trained how, a line of JSON a command, and a last line
/// with the step at which the run ended.
///
/// The same file serves as record, script and replay. A file may hold several runs, one after the other.
public struct CommandLog: Sendable {
  /// 1 named parameters by flat indices and had no recipe; it is refused.
  static let currentVersion = 2

  /// How the run began, and what it saw: enough to notice that it can no longer be had.
  public struct Header: Sendable, Equatable, Codable {
    public var version = CommandLog.currentVersion
    /// With nothing left to suggest (``Setup/resolved``).
    public var recipe: Recipe
    public var data: DataFingerprint
    public var layout: LayoutFingerprint

    public init(_ setup: Setup) {
      var recipe = setup.resolved
      if let path = setup.checkpoint { recipe.start = .checkpoint(path) }
      self.init(recipe: recipe, task: setup.task, layout: setup.model.layout)
    }

    public init(recipe: Recipe, task: TaskData, layout: ParameterLayout) {
      self.recipe = recipe
      data = task.fingerprint
      self.layout = LayoutFingerprint(layout)
    }

    private enum CodingKeys: String, CodingKey {
      case version = "version"
      case recipe = "recipe"
      case data = "data"
      case layout = "layout"
    }
  }

  public struct Entry: Sendable, Equatable, Codable {
    /// The number of steps made when the command is applied.
    public var step: Int
    public var command: Command
    public init(step: Int, command: Command) {
      self.step = step
      self.command = command
    }

    private enum CodingKeys: String, CodingKey {
      case step = "step"
      case command = "command"
    }
  }

  private struct End: Codable {
    var end: Int
    private enum CodingKeys: String, CodingKey { case end = "end" }
  }

  public var header: Header
  /// In the order in which they were applied; steps never fall.
  public var entries: [Entry]
  /// Steps made in all; `nil` where the run was not ended in order.
  public var end: Int?

  public init(header: Header, entries: [Entry] = [], end: Int? = nil) {
    self.header = header
    self.entries = entries
    self.end = end
  }

  /// One object per line, keys sorted.
  public func lines() throws -> [String] {
    try [JSON.encode(header)] + entries.map { try JSON.encode($0) }
      + (end.map { [try JSON.encode(End(end: $0))] } ?? [])
  }

  /// The runs that the file holds, in their order; there is at least one.
  ///
  /// - Throws: `FormatError` or ``LogProblem``, which name file and line.
  public static func read(path: String) throws -> [CommandLog] {
    guard let text = String(bytes: try FileBytes.read(path), encoding: .utf8) else {
      throw FormatError(file: path, problem: "this is no text in UTF-8, and so no log; name a file that --record wrote")
    }
    return try read(text, file: path)
  }

  /// The runs that `text` holds, in their order; there is at least one.
  ///
  /// - Throws: ``LogProblem`` with line and column.
  public static func read(_ text: String, file: String) throws -> [CommandLog] {
    var logs: [CommandLog] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
    where !line.allSatisfy(\.isWhitespace) {
      let line = Line(text: String(line), file: file, number: index + 1)
      if logs.isEmpty || line.has("recipe") || line.has("specification") {
        logs.append(CommandLog(header: try line.header()))
      } else {
        try logs[logs.count - 1].take(line)
      }
    }
    guard !logs.isEmpty else { throw LogProblem(file: file, line: 1, column: 1, problem: "the log is empty") }
    return logs
  }

  private mutating func take(_ line: Line) throws {
    guard end == nil else {
      throw line.problem("the run ended in the line before, so only another run's header can stand here")
    }
    let last = entries.last?.step ?? 0
    let isEnd = line.has("end")
    let step: Int
    if isEnd {
      step = try line.decode(End.self).end
      end = step
    } else {
      let entry = try line.decode(Entry.self)
      step = entry.step
      entries.append(entry)
    }
    guard step >= last else {
      throw line.problem("step \(step) comes before step \(last) of the line above", at: isEnd ? "end" : "step")
    }
  }

  /// A line of a log, and where it stands.
  private struct Line {
    var text: String
    var file: String
    var number: Int

    func has(_ key: String) -> Bool { text.contains("\"\(key)\"") }

    func problem(_ what: String, at key: String? = nil) -> LogProblem {
      LogProblem(file: file, line: number, column: LogProblem.column(of: key, in: text), problem: what)
    }

    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
      do { return try JSON.decode(type, from: text) } catch {
        throw LogProblem(error, in: text, file: file, line: number)
      }
    }

    /// - Throws: ``LogProblem`` for a header of another version, before anything else in it is judged.
    func header() throws -> Header {
      struct Version: Decodable { var version: Int? }
      let found = try decode(Version.self).version ?? (has("specification") ? 1 : nil)
      if let found, found != currentVersion {
        let advice = found < currentVersion ? "of an earlier ganglion" : "of a newer ganglion"
        throw problem(
          "the log has version \(found), \(advice); this one plays version \(currentVersion)", at: "version")
      }
      return try decode(Header.self)
    }
  }
}

extension CommandLog {
  /// The set-up with which the run began, with its commands to come.
  ///
  /// - Throws: errors with a sentence where it cannot be had any more.
  public func setup(threads: Int? = nil) throws -> Setup {
    if case .checkpoint(let path) = header.recipe.start {
      throw CircuitError(
        "This run went on from the checkpoint \(path), which its log does not hold: it cannot be played from the log alone."
      )
    }
    var setup = try header.recipe.make(threads: threads)
    if let difference = header.layout.difference(from: LayoutFingerprint(setup.model.layout)) {
      let advice =
        header.recipe.start.path.map { "put the model that it began from back to \($0)" } ?? "record the run again"
      throw CircuitError("The network is not the one of the recorded run: \(difference). To play it, \(advice).")
    }
    if let difference = header.data.difference(from: setup.task.fingerprint) {
      throw CircuitError(
        "The data of \(setup.source.title) are not those of the recorded run: \(difference). Bring those data back, or "
          + "record the run again.")
    }
    (setup.script, setup.end) = (entries, end)
    return setup
  }

  /// The recorded runs, to be played one after the other; `nil` where there is none.
  ///
  /// - Throws: errors with a sentence where the first one's beginning cannot be had any more.
  public static func played(_ logs: [CommandLog], threads: Int? = nil) throws -> Setup? {
    guard let log = logs.first else { return nil }
    var setup = try log.setup(threads: threads)
    setup.following = Array(logs.dropFirst())
    return setup
  }
}

/// What is wrong with a log, and where.
public struct LogProblem: Error, CustomStringConvertible, Equatable, Sendable {
  public var file: String
  /// Counted from 1.
  public var line: Int
  public var column: Int
  public var problem: String

  public var description: String {
    "\(file), line \(line), column \(column): \(problem). Correct the line, or record the run again with --record or --log."
  }

  init(file: String, line: Int, column: Int, problem: String) {
    (self.file, self.line, self.column, self.problem) = (file, line, column, problem)
  }

  /// From what the JSON decoder tells.
  init(_ error: any Error, in text: String, file: String, line: Int) {
    var (column, what) = (1, "this is no line of a log")
    switch error as? DecodingError {
    case .keyNotFound(let key, let context):
      what = "there is no '\(key.stringValue)'"
      column = Self.column(of: context.codingPath.last?.stringValue, in: text)
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      what = "the value of '\(context.codingPath.last?.stringValue ?? "")' cannot stand there"
      column = Self.column(of: context.codingPath.last?.stringValue, in: text)
    case .dataCorrupted(let context):
      if let name = context.codingPath.last?.stringValue {
        what = "the value of '\(name)' cannot stand there"
        column = Self.column(of: name, in: text)
      } else {
        what = "this is no JSON"
        column = Self.columnOfSyntaxError(in: text)
      }
    default: break
    }
    self.init(file: file, line: line, column: column, problem: what)
  }

  /// Where a key stands, from 1.
  static func column(of key: String?, in text: String) -> Int {
    guard let key, let found = text.range(of: "\"\(key)\"") else { return 1 }
    return text.distance(from: text.startIndex, to: found.lowerBound) + 1
  }

  /// The first character at which a line stops being JSON, from 1: one past the longest prefix that could still become
  /// an object.
  static func columnOfSyntaxError(in text: String) -> Int {
    var scanner = JSONScanner(text)
    return scanner.firstProblem + 1
  }
}
