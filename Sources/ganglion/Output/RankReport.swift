import Experiments
import Formats

/// What `study rank` found, printed.
struct RankReport {
  let table: RankTable

  init(_ table: RankTable) { self.table = table }

  private static func object(_ value: RankTable.Value?) -> JSON {
    guard let value else { return .null }
    return .object([("mean", .number(value.mean as Double)), ("deviation", .number(value.deviation))])
  }

  func printLines() {
    for row in table.reach + table.synapses {
      let head: [(String, JSON)] = [
        ("task", .text(row.task)), ("model", .text(row.model)), ("tensor", .text(row.tensor)),
      ]
      for rank in 1...table.plan.ranks {
        var parts: [(String, JSON)] = [
          ("rank", .integer(rank)), ("seeds", .integer(row.paths.count)),
          ("explained", Self.object(row.explained(rank))),
          ("similarity", Self.object(row.similarity(rank))), ("sameNorm", Self.object(row.sameNorm(rank))),
          ("sameSingularValues", Self.object(row.sameSingularValues(rank))),
          ("distance", Self.object(row.distance(rank))),
        ]
        if row.task == "reach", let expected = RankTable.expected[row.tensor], rank <= expected.count {
          parts.append(("expected", .number(expected[rank - 1] as Double)))
        }
        Console.print(JSON.object(head + parts).line)
      }
      func each(_ value: (PathRank) -> JSON) -> JSON { .array(row.paths.map(value)) }
      Console.print(
        JSON.object(
          head + [
            ("shape", .array(row.shape.map(JSON.integer))), ("slice95", each { .integer($0.slice95) }),
            ("unfolding95", each { .array($0.unfolding95.map(JSON.integer)) }),
            ("unfolding99", each { .array($0.unfolding99.map(JSON.integer)) }),
            ("suggested", each { $0.suggested.map(JSON.integer) ?? .null }),
          ]
        ).line)
    }
    for finding in table.theorems {
      Console.print(
        JSON.object([
          ("theorem", .text("linear")), ("neurons", .integer(finding.neurons)), ("bound", .integer(finding.bound)),
          ("dimension", .integer(finding.dimension)), ("outside", .number(finding.outside as Double)),
          ("dimensionWithAdam", .integer(finding.dimensionWithAdam)),
          ("outsideWithAdam", .number(finding.outsideWithAdam as Double)),
          ("dimensionWithTanh", .integer(finding.dimensionWithTanh)),
          ("outsideWithTanh", .number(finding.outsideWithTanh as Double)),
          ("lossLeft", .number(finding.lossLeft as Double)),
        ]).line)
    }
    for sentence in table.sentences { Console.print(JSON.object([("sentence", .text(sentence))]).line) }
    Console.print(
      JSON.object([
        ("done", .boolean(table.isDone)), ("networks", .integer(table.runs.count)),
        ("seconds", .number(table.runs.reduce(0) { $0 + $1.seconds } as Double)),
      ]).line)
  }

  func print() {
    let reach = table.reach
    if !reach.isEmpty {
      Console.print("reach, tanh network: share of the variance explained, mean ± deviation over seeds")
      var lines = TextTable(header: [
        "tensor, R", "explained", "expected", "similarity", "same norm", "same singular values", "distance",
      ])
      for row in reach { for rank in 1...table.plan.ranks { lines.rows.append(Self.cells(row, rank)) } }
      lines.print()
      for row in reach { Console.print(Self.ranks(row)) }
      Console.print("")
    }
    if !table.synapses.isEmpty {
      let compared = min(RankTable.compared, table.plan.ranks)
      Console.print(
        "\(table.plan.neurons) neurons, \(table.plan.steps) steps: share that R = \(compared) explains of what changed")
      var lines = TextTable(header: [
        "task, model, tensor", "explained", "same norm", "same singular values", "distance", "similarity", "R for 95 %",
        "called",
      ])
      for row in table.synapses {
        let called = row.paths.compactMap(\.suggested)
        lines.rows.append([
          "\(row.task), \(row.model), \(row.tensor)", Self.text(row.explained(compared)),
          Self.text(row.sameNorm(compared)),
          Self.text(row.sameSingularValues(compared)), Self.text(row.distance(compared)),
          Self.text(row.similarity(compared)), row.rank(explaining: 0.95).map { "\($0)" } ?? "> \(table.plan.ranks)",
          called.isEmpty ? "–" : called.map(String.init).joined(separator: " "),
        ])
      }
      lines.print()
      Console.print("")
    }
    for run in table.runs {
      if let failure = run.failure { Console.print("\(run.job.task), \(run.job.model): \(failure)") }
    }
    for sentence in table.sentences { Console.print(sentence) }
  }

  private static func text(_ value: RankTable.Value?) -> String { value?.text ?? "–" }

  private static func cells(_ row: RankTable.Row, _ rank: Int) -> [String] {
    let expected = RankTable.expected[row.tensor] ?? []
    return [
      "\(row.tensor), \(rank)", text(row.explained(rank)), rank <= expected.count ? "\(expected[rank - 1])" : "–",
      text(row.similarity(rank)), text(row.sameNorm(rank)), text(row.sameSingularValues(rank)),
      text(row.distance(rank)),
    ]
  }

  private static func ranks(_ row: RankTable.Row) -> String {
    func span(_ values: [Int]) -> String {
      guard let least = values.min(), let most = values.max() else { return "–" }
      return least == most ? "\(least)" : "\(least)–\(most)"
    }
    let unfoldings = (0..<3).map { axis in span(row.paths.map { $0.unfolding95[axis] }) }.joined(separator: ", ")
    let last = (0..<3).map { axis in span(row.paths.map { $0.unfolding99[axis] }) }.joined(separator: ", ")
    return "\(row.tensor), \(row.shape.map(String.init).joined(separator: "×")): matrix rank for 95 % of the squares: "
      + "slices \(span(row.paths.map(\.slice95))) (median), unfoldings \(unfoldings) (post, pre, training; for 99 % \(last))."
  }
}
