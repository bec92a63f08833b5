import Formats
import Tasks

/// Metrics beside what simple methods reach.
enum MetricReport {
  /// Errors in the targets' own units, one object per target; none where answers are no values.
  static func errors(_ own: [Metrics.OwnError]) -> JSON {
    .array(
      own.map {
        .object([("target", .text($0.target)), ("error", .number($0.value as Double)), ("unit", .text($0.unit))])
      })
  }

  static func errors(_ metrics: [String: Double], _ task: TaskData) -> JSON {
    errors(task.kind == .regression ? Metrics.ownErrors(metrics, targets: task.targets) : [])
  }

  /// - Parameter task: what was measured on; its baselines stand beside where the whole held-out part was.
  static func print(_ metrics: [String: Double], _ task: TaskData, isHeldOut: Bool = true) {
    print(metrics, baselines: isHeldOut ? task.baselines : [], targets: task.kind == .regression ? task.targets : [])
    if isHeldOut, let warning = task.warning(about: metrics) { Console.print("! \(warning)") }
  }

  /// - Parameter targets: those that are values, for errors as recorded.
  static func print(_ metrics: [String: Double], baselines: [Baseline] = [], targets: [Channel]) {
    var names: [String] = []
    for baseline in baselines where !names.contains(baseline.name) { names.append(baseline.name) }
    var table = TextTable(header: ["", "this model"] + names)
    for (metric, value) in metrics.sorted(by: { $0.key < $1.key }) {
      let others = names.map { name in
        baselines.first { $0.name == name && $0.metric == metric }.map { $0.value.brief } ?? ""
      }
      table.rows.append([metric, value.brief] + others)
    }
    table.print()
    for own in Metrics.ownErrors(metrics, targets: targets) {
      let unit = own.unit.isEmpty ? "" : " \(own.unit)"
      Console.print("root mean squared error of \(own.target), as recorded: \(own.value.brief)\(unit)")
    }
  }
}
