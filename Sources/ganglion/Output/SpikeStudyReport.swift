import Foundation
import Experiments
import Formats
import Spiking

/// What `study spikes` found, printed.
struct SpikeStudyReport {
  let table: SpikeStudyTable

  init(_ table: SpikeStudyTable) { self.table = table }

  private static func json(_ cell: SpikeStudyTable.Cell) -> JSON {
    .object([
      ("mean", .number(cell.mean)), ("deviation", .number(cell.deviation)),
      ("each", .array(cell.each.map { JSON.number($0) })),
    ])
  }

  func printLines() {
    for row in table.rows {
      Console.print(
        JSON.object([
          ("condition", .text(row.name)), ("tau", .text("\(row.condition.timeConstant)")),
          ("capacity", Self.json(row.capacity)), ("activity", Self.json(row.activity)),
          ("efficiency", Self.json(row.efficiency)), ("silent", Self.json(row.silent)),
          ("errors", .object(row.errors.sorted { $0.key < $1.key }.map { ($0.key, Self.json($0.value)) })),
          ("taskActivity", .object(row.taskActivity.sorted { $0.key < $1.key }.map { ($0.key, Self.json($0.value)) })),
          ("perDelay", .numbers(row.perDelay)),
        ]).line)
    }
    for cut in table.pruned {
      Console.print(
        JSON.object([
          ("criterion", .text(cut.criterion.rawValue)), ("share", .number(cut.share as Double)),
          ("capacity", Self.json(cut.capacity)), ("activity", Self.json(cut.activity)),
          ("efficiency", Self.json(cut.efficiency)),
        ]).line)
    }
    for search in table.searches {
      Console.print(
        JSON.object([
          ("search", .text(search.name)),
          (
            "best",
            search.best.map { .object(zip(search.dimensions, $0).map { ($0, .number($1 as Double)) }) } ?? .null
          ),
          ("trace", .numbers(search.trials.map(\.efficiency))),
        ]).line)
    }
    for (task, methods) in table.baselines.sorted(by: { $0.key < $1.key }) {
      for method in methods {
        Console.print(
          JSON.object([
            ("task", .text(task)), ("baseline", .text(method.name)), ("error", .number(method.error as Double)),
          ]).line)
      }
    }
    for claim in table.claims {
      Console.print(
        JSON.object([
          ("claim", .text(claim.claim)), ("verdict", .text(claim.verdict.rawValue)),
          ("evidence", .text(claim.evidence)),
        ]).line)
    }
    Console.print(
      JSON.object([("done", .boolean(table.isDone)), ("seconds", .number(table.seconds as Double))]).line)
  }

  /// "1.29 ± 0.24"; "–" where nothing is there.
  private static func text(_ cell: SpikeStudyTable.Cell?) -> String {
    guard let cell, let mean = cell.mean else { return "–" }
    return Self.brief(mean) + (cell.deviation.map { " ± \(Self.brief($0))" } ?? "")
  }

  private static func brief(_ value: Double) -> String { value.isFinite ? String(format: "%.3g", value) : "–" }

  func print() {
    Console.print(
      "\(table.plan.neurons.of("neuron")), mean ± deviation over \(table.plan.seeds.count.of("seed")); C past inputs, S "
        + "spikes per neuron and input, 𝓔 = C/S")
    var memory = TextTable(header: ["condition", "C", "S", "𝓔", "silent %"])
    for row in table.rows {
      memory.rows.append([
        row.name, Self.text(row.capacity), Self.text(row.activity), Self.text(row.efficiency),
        row.silent.mean.map { Self.brief($0 * 100) } ?? "–",
      ])
    }
    memory.print()
    for task in table.plan.tasks + table.plan.moreTasks {
      let what = table.measures[task] == "nrmse" ? "error ÷ standard deviation" : "share of wrong answers"
      Console.print("\n\(task): \(what)")
      var errors = TextTable(header: ["condition", "error", "S"])
      for row in table.rows where row.errors[task] != nil {
        errors.rows.append([row.name, Self.text(row.errors[task]), Self.text(row.taskActivity[task])])
      }
      for method in table.baselines[task] ?? [] { errors.rows.append([method.name, Self.brief(method.error), ""]) }
      errors.print()
    }
    if !table.pruned.isEmpty {
      Console.print("\noptimised, drawn neurons and drawn STDP, pruned")
      var cuts = TextTable(header: ["by", "pruned", "C", "S", "𝓔"])
      for cut in table.pruned {
        cuts.rows.append([
          cut.criterion.rawValue, "\(Int((cut.share * 100).rounded())) %", Self.text(cut.capacity),
          Self.text(cut.activity), Self.text(cut.efficiency),
        ])
      }
      cuts.print()
    }
    Console.print("")
    for search in table.searches {
      guard let best = search.best else { continue }
      let parts = zip(search.dimensions, best).map { "\($0) \(Self.brief($1))" }.joined(separator: ", ")
      Console.print("best of \(search.trials.count) (\(search.name)): \(parts)")
    }
    Console.print("")
    for claim in table.claims { Console.print(claim.sentence) }
  }
}
