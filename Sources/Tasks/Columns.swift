import Assets
import Formats
import Foundation

/// Columns of recorded values with their channels, on the way to becoming a ``Series``.
struct Columns {
  private(set) var channels: [Channel] = []
  private var values: [[Double]] = []

  /// A column that is standardised: mean 0 and standard deviation 1 over `fit`, which is the training part.
  mutating func add(_ name: String, unit: String = "", _ recorded: [Double], standardisedOver fit: Range<Int>) {
    add(.standardising(recorded[fit], name: name, unit: unit), recorded)
  }

  /// A column whose channel is given; one without offset and scale for what needs none.
  mutating func add(_ channel: Channel, _ recorded: [Double]) {
    channels.append(channel)
    values.append(recorded)
  }

  /// Rows `range`, row-major, normalised.
  func rows(_ range: Range<Int>) -> [Double] {
    var result: [Double] = []
    result.reserveCapacity(range.count * channels.count)
    for row in range {
      for (channel, column) in zip(channels, values) { result.append(channel.normalise(column[row])) }
    }
    return result
  }
}

extension Channel {
  /// The channel that brings `recorded` to mean 0 and standard deviation 1; a constant only to 0.
  static func standardising(_ recorded: some Collection<Double>, name: String, unit: String = "") -> Channel {
    guard !recorded.isEmpty else { return Channel(name: name, unit: unit) }
    let count = Double(recorded.count)
    let mean = recorded.reduce(0) { $0 + $1 / count }
    let variance = recorded.reduce(0) { $0 + ($1 - mean) * ($1 - mean) / count }
    // Rounding leaves a constant column of large numbers a deviation of some ulps; that is no spread.
    let deviation = variance.squareRoot()
    let spread = deviation.isFinite && deviation > 1e-12 * abs(mean)
    return Channel(name: name, unit: unit, offset: mean, scale: spread ? deviation : 1)
  }
}

/// The circle that hours and weekdays lie on, so that 23:00 is near 0:00.
enum Clock {
  /// sin and cos of the time of day and of the day of the week, unnormalised, of ISO times.
  static func add(_ seconds: [Double], to columns: inout Columns) {
    func circle(_ name: String, _ turns: [Double]) {
      columns.add(Channel(name: "\(name) sin"), turns.map { sine(turns: $0) })
      columns.add(Channel(name: "\(name) cos"), turns.map { sine(turns: $0 + 0.25) })
    }
    circle("hour", seconds.map { Timestamp.hour($0) / 24 })
    circle("weekday", seconds.map { Double(Timestamp.weekday($0)) / 7 })
  }

  private static func sine(turns: Double) -> Double { sin(2 * .pi * turns) }
}

/// A bundled table.
enum BundledTable {
  static func load(_ name: String, header: Bool = true) throws -> CSVTable {
    guard let path = Assets.data(name) else {
      throw FormatError(
        file: name, problem: "the bundled file is missing; install the program with its resources folder")
    }
    return try CSVTable(path: path, header: header)
  }

  /// A column of ISO times as seconds.
  static func times(_ table: CSVTable, _ name: String) throws -> [Double] {
    let column = try table.column(name)
    return try (0..<table.rowCount).map { row in
      guard let seconds = Timestamp.seconds(table.text(row: row, column: column)) else {
        throw FormatError(
          file: table.file, line: table.line(ofRow: row), column: name,
          problem: "'\(table.text(row: row, column: column))' is no time such as 2017-01-02T03; correct it")
      }
      return seconds
    }
  }
}
