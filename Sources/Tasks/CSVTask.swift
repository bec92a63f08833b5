import Formats

/// A task from a person's own table: which columns are asked for, from which others, how far ahead.
///
/// Rows are steps in the order of the file. A feature that is missing takes the value before it, or the training mean where
/// there is none; a step whose target is missing has weight 0. What was done is said in `TaskData.notes`. Whatever is
/// wrong with the table ends in a ``FormatError`` with file, line and column.
public struct CSVTask: TaskDefinition {
  public enum Kind: String, Sendable, CaseIterable {
    case regression, classification
  }

  public var path: String
  public var targets: [String]
  /// `nil`: every numeric column but time and series; the targets too where they are forecast (`horizon` > 0).
  public var features: [String]?
  /// A column of increasing numbers or ISO dates and times.
  public var time: String?
  /// A column that says which sequence a row belongs to.
  public var series: String?
  /// `nil`: classification where the target is text or only 0 and 1, else regression.
  public var kind: Kind?
  /// How many rows ahead the target is; `nil`: 1 for regression, 0 for classification.
  public var horizon: Int?
  /// Of the rows, or of the sequences where `series` names several.
  public var trainingFraction: Double

  public init(
    path: String, targets: [String], features: [String]? = nil, time: String? = nil, series: String? = nil,
    kind: Kind? = nil, horizon: Int? = nil, trainingFraction: Double = 0.75
  ) {
    self.path = path
    self.targets = targets
    self.features = features
    self.time = time
    self.series = series
    self.kind = kind
    self.horizon = horizon
    self.trainingFraction = trainingFraction
  }

  public var name: String { path.split(separator: "/").last.map(String.init) ?? path }
  public var summary: String { "\(targets.joined(separator: ", ")) of \(path)" }

  public func load(seed: UInt64) throws -> TaskData {
    let table = try CSVTable(path: path)
    return try build(table)
  }

  /// The task of a table that is in memory.
  public func build(_ table: CSVTable) throws -> TaskData {
    try checkSettings(table)
    var notes: [String] = []
    let answers = try CSVAnswers(table, targets, kind: kind, notes: &notes)
    let horizon = self.horizon ?? (answers.isRegression ? 1 : 0)
    let rows = try CSVRows(table, time: time, series: series, horizon: horizon, notes: &notes)
    let parts = try rows.split(trainingFraction, file: table.file, notes: &notes)
    let features = try CSVFeatures(
      table, features: self.features, targets: targets, time: time, series: series,
      copiesTargets: horizon > 0 && !answers.isClasses, horizon: horizon, rows: rows, training: parts.training,
      notes: &notes)
    let fitted = try answers.fitted(table, parts: parts, horizon: horizon, notes: &notes)
    func sequence(_ part: CSVRows.Part) -> Series {
      let asked = part.rows.indices.dropLast(horizon).map { part.rows[$0 + horizon] }
      return Series(
        name: part.name, inputs: features.normalised(part.rows.dropLast(horizon)),
        targets: fitted.normalised(asked), elapsed: rows.elapsed(part), weights: fitted.weights(asked))
    }
    let training = parts.training.map(sequence)
    let longest = training.map(\.steps).max() ?? 1
    var data = TaskData(
      name: name, summary: summary, inputs: features.channels, targets: fitted.channels, kind: fitted.kind,
      timeUnit: rows.timeUnit, training: training, heldOut: parts.heldOut.map(sequence),
      suggestion: .init(
        sequence: rows.isSingle ? min(32, longest) : min(128, longest), batch: 16, learningRate: 0.01, neurons: 16,
        warmUp: rows.isSingle && longest > 64 ? 4 : 0),
      notes: notes)
    data.baselines = fitted.baselines(parts: parts, horizon: horizon, data: data)
    return data
  }

  private func checkSettings(_ table: CSVTable) throws {
    func failure(_ problem: String) -> FormatError { FormatError(file: table.file, problem: problem) }
    guard !targets.isEmpty else {
      throw failure(
        "no target is named; \(NearestName.advice("", among: table.names, plural: "columns"))")
    }
    let single = [time, series].compactMap { $0 }
    for name in targets + (features ?? []) + single { _ = try table.column(name) }
    try checkRoles(failure)
    if let features {
      guard !features.isEmpty else { throw failure("the list of features is empty; name at least one column") }
      guard Set(features).count == features.count else {
        throw failure("a feature is named twice in \(features.joined(separator: ", ")); name each once")
      }
    }
    if let horizon, horizon < 0 {
      throw failure("the horizon is \(horizon) rows; it must be 0 (the same row) or more")
    }
    guard trainingFraction > 0, trainingFraction < 1 else {
      throw failure("the training fraction is \(trainingFraction); it must lie between 0 and 1, such as 0.75")
    }
  }

  /// No column is asked for twice, or as two things.
  private func checkRoles(_ failure: (String) -> FormatError) throws {
    var seen: [String: String] = [:]
    let roles =
      targets.map { ($0, "a target") }
      + [(time, "the time"), (series, "the series")].compactMap { name, role in
        name.map { ($0, role) }
      }
    for (name, role) in roles {
      if let other = seen[name] {
        throw failure(
          other == role
            ? "column '\(name)' is named as \(role) twice; name it once"
            : "column '\(name)' is named both as \(other) and as \(role); name another")
      }
      seen[name] = role
    }
    for name in features ?? [] {
      if let role = seen[name], role != "a target" {
        throw failure("column '\(name)' is named both as \(role) and as a feature; leave it out of one")
      }
    }
  }
}
