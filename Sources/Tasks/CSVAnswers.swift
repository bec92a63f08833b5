import Formats

/// The target columns of a person's table: what kind they are, and their values as numbers.
struct CSVAnswers {
  private let names: [String]
  /// One a target, over all rows; class indices for classes.
  private let columns: [[Double?]]
  /// Before fitting, label weights are empty.
  private(set) var kind: TargetKind
  private(set) var channels: [Channel] = []

  var isRegression: Bool { kind == .regression }
  var isClasses: Bool { if case .classes = kind { true } else { false } }

  init(_ table: CSVTable, _ names: [String], kind: CSVTask.Kind?, notes: inout [String]) throws {
    self.names = names
    let positions = try names.map(table.column)
    for (name, index) in zip(names, positions) where table.looksNumeric(index) == nil {
      throw FormatError(
        file: table.file, line: table.line(ofRow: 0), column: name,
        problem: "every value from this line on is missing; choose another target")
    }
    let hasText = positions.contains { table.looksNumeric($0) == false }
    if kind == .regression || (kind == nil && !hasText) {
      let numbers = try positions.map(table.numbers)
      for (name, column) in zip(names, numbers) { try Self.checkVaries(table, name, column.compactMap(\.self)) }
      columns = numbers
      let binary = numbers.allSatisfy { $0.allSatisfy { $0 == nil || $0 == 0 || $0 == 1 } }
      self.kind = kind == nil && binary ? .labels(positiveWeights: []) : .regression
      if kind == nil, binary {
        notes.append(
          "\(names.joined(separator: ", ")): only 0 and 1, so a yes/no question; --kind regression asks for values.")
      }
      return
    }
    if !hasText, let numbers = try? positions.map(table.numbers),
      names.count > 1 || numbers[0].allSatisfy({ $0 == nil || $0 == 0 || $0 == 1 })
    {
      for (index, column) in numbers.enumerated() {
        try Self.checkVaries(table, names[index], column.compactMap(\.self))
        for (row, value) in column.enumerated() where value != nil && value != 0 && value != 1 {
          throw FormatError(
            file: table.file, line: table.line(ofRow: row), column: names[index],
            problem:
              "'\(table.text(row: row, column: positions[index]))' is neither 0 nor 1, as labels must be where several "
              + "targets are classified; classify one target at a time")
        }
      }
      columns = numbers
      self.kind = .labels(positiveWeights: [])
      return
    }
    guard names.count == 1 else {
      throw FormatError(
        file: table.file,
        problem: "\(names.joined(separator: ", ")) cannot be classified together: only labels of 0 and 1 can; name one "
          + "target")
    }
    let (classes, indices) = try Self.classes(table, names[0], positions[0])
    columns = [indices]
    self.kind = .classes(names: classes)
    if kind == nil {
      notes.append("Column '\(names[0])' holds text, so its \(classes.count) different values are classes.")
    }
  }

  /// The channels and label weights of the training part; errors where a part has no target.
  func fitted(
    _ table: CSVTable, parts: (training: [CSVRows.Part], heldOut: [CSVRows.Part]), horizon: Int, notes: inout [String]
  ) throws -> CSVAnswers {
    var fitted = self
    let training = parts.training.flatMap { $0.rows.dropFirst(horizon) }
    let heldOut = parts.heldOut.flatMap { $0.rows.dropFirst(horizon) }
    for (rows, part) in [(training, "training"), (heldOut, "held-out")] where !weights(rows).contains(1) {
      throw FormatError(
        file: table.file, column: names.joined(separator: ", "),
        problem: "the \(part) part has no row in which the target is known; fill values in or change the split")
    }
    let known = columns.map { column in training.compactMap { column[$0] } }
    switch kind {
    case .regression: fitted.channels = zip(names, known).map { Channel.standardising($1, name: $0) }
    case .labels:
      fitted.kind = .labels(positiveWeights: known.map { LabelBalance.positiveWeight($0) })
      fitted.channels = names.map { Channel(name: $0) }
    case .classes(let classes):
      fitted.channels = [Channel(name: names[0])]
      for (index, name) in classes.enumerated() where !known[0].contains(Double(index)) {
        notes.append("Class '\(name)' does not occur in the training part and cannot be learned.")
      }
    }
    let missing = (training + heldOut).count { row in columns.contains { $0[row] == nil } }
    if missing > 0 { notes.append("\(missing) rows lack a target and do not count in the error.") }
    return fitted
  }

  /// The given rows, row-major, normalised; 0 where a value is missing.
  func normalised(_ rows: [Int]) -> [Double] {
    rows.flatMap { row in zip(channels, columns).map { channel, column in column[row].map(channel.normalise) ?? 0 } }
  }

  /// 0 where any target of the row is missing.
  func weights(_ rows: [Int]) -> [Double] {
    rows.map { row in columns.allSatisfy { $0[row] != nil } ? 1 : 0 }
  }

  /// What answering with the last known value, or with the commonest class, reaches on the held-out part.
  func baselines(
    parts: (training: [CSVRows.Part], heldOut: [CSVRows.Part]), horizon: Int, data: TaskData
  ) -> [Baseline] {
    func measure(_ name: String, _ metric: String, _ outputs: [[Double]]) -> [Baseline] {
      let metrics = Metrics.compute(kind: data.kind, names: names, outputs: outputs, series: data.heldOut)
      return metrics[metric].map { [Baseline(name: name, metric: metric, value: $0)] } ?? []
    }
    switch data.kind {
    case .regression where horizon > 0:
      return measure(
        "persistence", "nmse",
        parts.heldOut.map { part in
          var last = [Double](repeating: 0, count: channels.count)
          return part.rows.dropLast(horizon).flatMap { row in
            for index in channels.indices {
              last[index] = columns[index][row].map(channels[index].normalise) ?? last[index]
            }
            return last
          }
        })
    case .classes(let classes):
      var counts = [Int](repeating: 0, count: classes.count)
      for part in parts.training {
        for row in part.rows.dropFirst(horizon) { if let index = columns[0][row] { counts[Int(index)] += 1 } }
      }
      let answer = counts.map { $0 == counts.max() ? 1.0 : 0 }
      return measure("majority", "accuracy", data.heldOut.map { $0.weights.flatMap { _ in answer } })
    default: return []
    }
  }

  private static func checkVaries(_ table: CSVTable, _ name: String, _ known: [Double]) throws {
    guard let first = known.first, known.allSatisfy({ $0 == first }) else { return }
    throw FormatError(
      file: table.file, line: table.line(ofRow: 0), column: name,
      problem: "every value from this line on is \(CSVWriter.format(first)), which leaves nothing to learn; choose "
        + "another target")
  }

  /// The classes in order (of number where all are numbers, else of text) and every row's class.
  private static func classes(
    _ table: CSVTable, _ name: String, _ index: Int
  ) throws -> (names: [String], indices: [Double?]) {
    let texts = (0..<table.rowCount).map { row in
      table.isMissing(row: row, column: index) ? nil : table.text(row: row, column: index)
    }
    let distinct = Set(texts.compactMap(\.self))
    let numbers = Dictionary(uniqueKeysWithValues: distinct.map { ($0, Double($0)) })
    let numeric = numbers.values.allSatisfy { $0 != nil }
    let names = distinct.sorted { numeric && numbers[$0]! != numbers[$1]! ? numbers[$0]!! < numbers[$1]!! : $0 < $1 }
    guard names.count > 1 else {
      throw FormatError(
        file: table.file, line: table.line(ofRow: 0), column: name,
        problem: "every row is of the class '\(names.first ?? "")', which leaves nothing to tell apart; choose another "
          + "target")
    }
    guard names.count <= 256 else {
      throw FormatError(
        file: table.file, column: name,
        problem: "there are \(names.count) classes, more than 256; ask for values with --kind regression, or choose "
          + "another target")
    }
    let indices = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, Double($0)) })
    return (names, texts.map { $0.flatMap { indices[$0] } })
  }
}
