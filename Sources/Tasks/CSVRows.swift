import Formats

/// The rows of a person's table as sequences in time.
struct CSVRows {
  /// A stretch of one sequence: rows of the table in order.
  struct Part {
    var name: String
    var rows: [Int]
  }

  /// Sequences in the order in which they first occur.
  private(set) var groups: [Part]
  /// What Δt = 1 stands for.
  private(set) var timeUnit = "row"
  var isSingle: Bool { groups.count == 1 }

  private let horizon: Int
  /// Per row: time in units of the median step; `nil` where no time column is named.
  private var times: [Double]?

  init(_ table: CSVTable, time: String?, series: String?, horizon: Int, notes: inout [String]) throws {
    self.horizon = horizon
    groups = []
    if let series {
      let column = try table.column(series)
      var groupsOfKeys: [String: Int] = [:]
      for row in 0..<table.rowCount {
        guard !table.isMissing(row: row, column: column) else {
          throw FormatError(
            file: table.file, line: table.line(ofRow: row), column: series,
            problem: "the row does not say which series it belongs to; fill the value in")
        }
        let key = table.text(row: row, column: column)
        if let group = groupsOfKeys[key] {
          groups[group].rows.append(row)
        } else {
          groupsOfKeys[key] = groups.count
          groups.append(Part(name: "\(series) \(key)", rows: [row]))
        }
      }
    } else {
      groups = [Part(name: "all", rows: Array(0..<table.rowCount))]
    }
    if let time { try readTimes(table, time, hasSeries: series != nil) }
    if time == nil, let column = Self.timeLikeColumn(table) {
      notes.append("Column '\(column)' looks like a time but is not used; name it with --time if steps are irregular.")
    }
  }

  /// Training and held-out parts: several sequences are split as wholes, a single one in the order of time.
  func split(
    _ fraction: Double, file: String, notes: inout [String]
  ) throws -> (training: [Part], heldOut: [Part]) {
    var usable = groups.filter { $0.rows.count > horizon }
    if usable.count < groups.count {
      notes.append("\(groups.count - usable.count) series have no more than \(horizon) rows and are left out.")
    }
    if usable.count > 1 {
      let count = min(max(1, Int(Double(usable.count) * fraction)), usable.count - 1)
      return (Array(usable[..<count]), Array(usable[count...]))
    }
    let rows = usable.popLast()?.rows ?? []
    let count = Int(Double(rows.count) * fraction)
    let percent = Int((fraction * 100).rounded())
    guard count > horizon, rows.count - count > horizon else {
      let all = groups.reduce(0) { $0 + $1.rows.count }
      throw FormatError(
        file: file,
        problem: "\(all == 1 ? "there is only 1 row" : "there are only \(all) rows"), too few to train on the first "
          + "\(percent) % and test on the rest with a horizon of \(horizon); add rows")
    }
    return (
      [Part(name: "first \(percent) %", rows: Array(rows[..<count]))],
      [Part(name: "last \(100 - percent) %", rows: Array(rows[count...]))]
    )
  }

  /// The time of every step of a part: of a forecast, until the next row, which is on the way to its target; of an answer
  /// about the same row, since the row before.
  func elapsed(_ part: Part) -> [Double] {
    let steps = part.rows.count - horizon
    guard let times else { return [Double](repeating: 1, count: steps) }
    return (0..<steps).map { t in
      if horizon > 0 { return times[part.rows[t + 1]] - times[part.rows[t]] }
      return t == 0 ? 1 : times[part.rows[t]] - times[part.rows[t - 1]]
    }
  }

  private mutating func readTimes(_ table: CSVTable, _ name: String, hasSeries: Bool) throws {
    let column = try table.column(name)
    func failure(_ row: Int, _ problem: String) -> FormatError {
      FormatError(file: table.file, line: table.line(ofRow: row), column: name, problem: problem)
    }
    let numeric = table.looksNumeric(column) ?? false
    let numbers = numeric ? try table.numbers(column) : []
    let recorded = try (0..<table.rowCount).map { row in
      if table.isMissing(row: row, column: column) { throw failure(row, "the time is missing; fill it in") }
      if numeric { return numbers[row]! }
      if let seconds = Timestamp.seconds(table.text(row: row, column: column)) { return seconds }
      throw failure(
        row,
        "'\(table.text(row: row, column: column))' is neither a number nor a time such as 2017-01-02T03:04; correct it")
    }
    var steps: [Double] = []
    for group in groups {
      for (before, row) in zip(group.rows, group.rows.dropFirst()) {
        let step = recorded[row] - recorded[before]
        guard step > 0, step.isFinite else {
          let earlier = table.text(row: before, column: column)
          throw failure(
            row,
            "'\(table.text(row: row, column: column))' does not come after '\(earlier)' of line "
              + "\(table.line(ofRow: before)); sort the rows by time"
              + (hasSeries ? "" : ", or name the column that tells sequences apart with --series"))
        }
        steps.append(step)
      }
    }
    let median = steps.isEmpty ? 1 : steps.sorted()[steps.count / 2]
    times = recorded.map { $0 / median }
    timeUnit = numeric ? Self.unit(median, of: name) : Self.unit(seconds: median)
  }

  private static func unit(_ step: Double, of column: String) -> String {
    step == 1 ? column : "\(plain(step)) \(column)"
  }

  private static func unit(seconds: Double) -> String {
    for (length, name) in [(86_400.0, "d"), (3600, "h"), (60, "min")] where seconds >= length {
      return seconds == length ? name : "\(plain(seconds / length)) \(name)"
    }
    return seconds == 1 ? "s" : "\(plain(seconds)) s"
  }

  /// Without ".0".
  private static func plain(_ number: Double) -> String {
    let text = "\(number)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func timeLikeColumn(_ table: CSVTable) -> String? {
    table.names.indices.first { Timestamp.seconds(table.text(row: 0, column: $0)) != nil }.map { table.names[$0] }
  }
}
