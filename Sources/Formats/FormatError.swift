/// A file that could not be read or written: a sentence that says what happened, where, and what to do.
///
/// `description` reads "data.csv, line 3, column 'volts': 'abc' stands where a number belongs; correct it …". Bad input
/// always ends in one of these, never in a trap.
public struct FormatError: Error, CustomStringConvertible, Equatable, Sendable {
  /// The file as the person named it.
  public var file: String
  /// Counted from 1, in physical lines: a line break inside quotes counts.
  public var line: Int?
  /// The column's name, or a tensor's.
  public var column: String?
  /// What happened and what to do, without a full stop.
  public var problem: String

  public init(file: String, line: Int? = nil, column: String? = nil, problem: String) {
    self.file = file
    self.line = line
    self.column = column
    self.problem = problem
  }

  public var description: String {
    var location = file
    if let line { location += ", line \(line)" }
    if let column { location += ", column '\(column)'" }
    return "\(location): \(problem)."
  }
}
