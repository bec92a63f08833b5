import Formats

/// The input columns of a person's table: chosen, filled where values are missing, standardised on the training part.
struct CSVFeatures {
  private(set) var channels: [Channel] = []
  /// One a channel, over all rows of the table, without gaps.
  private var columns: [[Double]] = []

  init(
    _ table: CSVTable, features: [String]?, targets: [String], time: String?, series: String?, copiesTargets: Bool,
    horizon: Int, rows: CSVRows, training: [CSVRows.Part], notes: inout [String]
  ) throws {
    if let features, horizon == 0, let both = features.first(where: targets.contains) {
      throw FormatError(
        file: table.file, column: both,
        problem:
          "the column is both target and feature of the same row, which leaves nothing to learn; leave it out of "
          + "the features, or forecast it with a horizon of 1 or more")
    }
    let chosen = features ?? Self.choose(table, without: [time, series] + (copiesTargets ? [] : targets), &notes)
    guard !chosen.isEmpty else {
      throw FormatError(
        file: table.file,
        problem: "no column with numbers is left to serve as input besides \(targets.joined(separator: ", "))")
    }
    let fit = training.flatMap(\.rows)
    for name in chosen {
      let recorded = try table.numbers(name)
      let known = fit.compactMap { recorded[$0] }
      guard !known.isEmpty else {
        let index = recorded.contains { $0 != nil } ? "of the training part" : "from line \(table.line(ofRow: 0)) on"
        throw FormatError(
          file: table.file, column: name,
          problem: "every value \(index) is missing; fill some in, or leave the column out of the features")
      }
      let channel = Channel.standardising(known, name: name)
      if known.allSatisfy({ $0 == known[0] }) {
        notes.append("Column '\(name)' never changes in the training part and tells the network nothing.")
      }
      channels.append(channel)
      columns.append(Self.fill(recorded, rows: rows, otherwise: channel.offset))
      let missing = recorded.count { $0 == nil }
      if missing > 0 {
        notes.append("Column '\(name)' has \(missing) missing values; each takes the value before it.")
      }
    }
  }

  /// The given rows, row-major, normalised.
  func normalised(_ rows: some Collection<Int>) -> [Double] {
    rows.flatMap { row in zip(channels, columns).map { $0.normalise($1[row]) } }
  }

  /// The last known value of the same sequence; `otherwise` before the first.
  private static func fill(_ recorded: [Double?], rows: CSVRows, otherwise: Double) -> [Double] {
    var filled = [Double](repeating: otherwise, count: recorded.count)
    for group in rows.groups {
      var last = otherwise
      for row in group.rows {
        last = recorded[row] ?? last
        filled[row] = last
      }
    }
    return filled
  }

  /// Columns whose first value is a number; the others are named in a note.
  private static func choose(_ table: CSVTable, without: [String?], _ notes: inout [String]) -> [String] {
    var chosen: [String] = []
    for (index, name) in table.names.enumerated() where !without.contains(name) {
      switch table.looksNumeric(index) {
      case true?: chosen.append(name)
      case false?: notes.append("Column '\(name)' holds text and is left out of the features.")
      case nil: notes.append("Column '\(name)' has no value at all and is left out of the features.")
      }
    }
    return chosen
  }
}
