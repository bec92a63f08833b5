import Terminal

extension Scene {
  /// How a change of x is written: ASCII letters have no dot above.
  var rate: String { look.glyphs == .ascii ? "x'" : "ẋ" }

  /// A time in the unit in which it can be read: 0.005 min is "300 ms", 1500 min "25 h"; in the task's own unit ("step")
  /// where that is none of the clock.
  func duration(_ value: Double) -> String {
    guard let own = Self.seconds(of: task.timeUnit) else { return "\(Self.number(value)) \(task.timeUnit)" }
    let seconds = value * own
    let unit = Self.clock.last { abs(seconds) >= $0.least } ?? Self.clock[0]
    guard seconds.isFinite, seconds != 0 else { return "\(Self.number(value)) \(task.timeUnit)" }
    return "\(Self.number(seconds / unit.seconds)) \(unit.name)"
  }

  /// Units of the clock with the least time for which each is used, in seconds.
  private static let clock: [(name: String, seconds: Double, least: Double)] = [
    ("µs", 1e-6, 0), ("ms", 1e-3, 1e-3), ("s", 1, 1), ("min", 60, 60), ("h", 3600, 3600), ("d", 86_400, 2 * 86_400),
  ]

  /// Of a task's unit, "min" or "15 min"; `nil` where it is none of the clock.
  private static func seconds(of unit: String) -> Double? {
    let words = unit.split(separator: " ")
    guard let name = words.last, let length = clock.first(where: { $0.name == name })?.seconds else { return nil }
    return words.count == 1 ? length : words.count == 2 ? Double(words[0]).map { $0 * length } : nil
  }
}
