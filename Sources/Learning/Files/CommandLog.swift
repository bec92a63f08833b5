import Circuits
import Formats
import Foundation
import Tasks

/// What was done to a network and when: a header that says what was trained how, a line of JSON a command, and a last line
/// with the step at which the run ended.
///
/// The same file serves as record, script and replay. A file may hold several runs, one after the other.
public struct CommandLog: Sendable {
  public struct Header: Sendable, Equatable, Codable {
    public var source: DataSource
    public var specification: ModelSpecification
    public var options: TrainingOptions
    /// The saved model whose values and masks the run began with; `nil` where they were drawn.
    public var load: String?
    /// The checkpoint that the run went on from; such a run cannot be played from its log alone.
    public var resume: String?

    public init(
      source: DataSource, specification: ModelSpecification, options: TrainingOptions, load: String? = nil,
      resume: String? = nil
    ) {
      self.source = source
      self.specification = specification
      self.options = options
      self.load = load
      self.resume = resume
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

  /// One object a line, keys sorted.
  public func lines() throws -> [String] {
    try [JSON.encode(header)] + entries.map { try JSON.encode($0) }
      + (end.map { [try JSON.encode(End(end: $0))] } ?? [])
  }

  /// The runs that `text` holds, in their order; there is at least one.
  ///
  /// - Throws: ``LogProblem`` with line and column.
  public static func read(_ text: String, file: String) throws -> [CommandLog] {
    var logs: [CommandLog] = []
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated()
    where !line.allSatisfy(\.isWhitespace) {
      let line = String(line)
      func problem(_ what: String, column: Int = 1) -> LogProblem {
        LogProblem(file: file, line: index + 1, column: column, problem: what)
      }
      func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        do { return try JSON.decode(type, from: line) } catch {
          throw LogProblem(error, in: line, file: file, line: index + 1)
        }
      }
      if line.contains("\"specification\"") {
        logs.append(CommandLog(header: try decode(Header.self)))
      } else if logs.isEmpty {
        _ = try decode(Header.self)
      } else if logs[logs.count - 1].end != nil {
        throw problem("the run ended in the line before, so only another run's header can stand here")
      } else {
        let last = logs[logs.count - 1].entries.last?.step ?? 0
        let isEnd = line.contains("\"end\"")
        let step: Int
        if isEnd {
          step = try decode(End.self).end
          logs[logs.count - 1].end = step
        } else {
          let entry = try decode(Entry.self)
          step = entry.step
          logs[logs.count - 1].entries.append(entry)
        }
        guard step >= last else {
          let column = LogProblem.column(of: isEnd ? "end" : "step", in: line)
          throw problem("step \(step) comes before step \(last) of the line above", column: column)
        }
      }
    }
    guard !logs.isEmpty else { throw LogProblem(file: file, line: 1, column: 1, problem: "the log is empty") }
    return logs
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
    if error is Command.OldParameter {
      what = "this log is of version 1, which names parameters by numbers that other versions lay out otherwise"
      column = Self.column(of: "parameter", in: text)
    }
    switch error as? DecodingError {
    case .keyNotFound(let key, let context):
      what = "there is no '\(key.stringValue)'"
      column = Self.column(of: context.codingPath.last?.stringValue, in: text)
    case .typeMismatch(_, let context), .valueNotFound(_, let context):
      what = "the value of '\(context.codingPath.last?.stringValue ?? "")' is none that can stand there"
      column = Self.column(of: context.codingPath.last?.stringValue, in: text)
    case .dataCorrupted(let context):
      if let name = context.codingPath.last?.stringValue {
        what = "the value of '\(name)' is none that can stand there"
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
