import Circuits
import Foundation

/// What was done to a network and when: a header that says what was trained how, then a line of JSON a command.
///
/// The same file serves as record, script and replay.
public struct CommandLog: Sendable {
  public struct Header: Sendable, Equatable, Codable {
    public var source: DataSource
    public var specification: ModelSpecification
    public var options: TrainingOptions
    public init(source: DataSource, specification: ModelSpecification, options: TrainingOptions) {
      self.source = source
      self.specification = specification
      self.options = options
    }
  }

  public struct Entry: Sendable, Equatable, Codable {
    /// The step before which the command is applied.
    public var step: Int
    public var command: Command
    public init(step: Int, command: Command) {
      self.step = step
      self.command = command
    }
  }

  public var header: Header
  public var entries: [Entry]

  public init(header: Header, entries: [Entry] = []) {
    self.header = header
    self.entries = entries
  }

  /// One object a line, keys sorted.
  public func lines() throws -> [String] { try [ModelFile.json(header)] + entries.map { try ModelFile.json($0) } }

  /// - Throws: ``CircuitError`` that names the line.
  public init(lines: [String]) throws {
    func read<Value: Decodable>(_ type: Value.Type, _ number: Int) throws -> Value {
      guard lines.indices.contains(number), let value = try? JSONDecoder().decode(type, from: Data(lines[number].utf8))
      else { throw CircuitError("Line \(number + 1) of the log cannot be read: record it again with --log.") }
      return value
    }
    header = try read(Header.self, 0)
    entries = try lines.indices.dropFirst().filter { !lines[$0].isEmpty }.map { try read(Entry.self, $0) }
  }
}
