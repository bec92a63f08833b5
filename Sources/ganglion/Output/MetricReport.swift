import Tasks

/// Metrics beside what simple methods reach.
enum MetricReport {
  static func print(_ metrics: [String: Double], baselines: [Baseline]) {
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
  }
}
