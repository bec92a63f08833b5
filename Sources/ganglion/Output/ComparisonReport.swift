import Formats
import Experiments
import Learning
import Tasks

/// A comparison as a table for people and as lines of JSON.
struct ComparisonReport {
  let table: ComparisonTable

  init(_ table: ComparisonTable) { self.table = table }

  /// The line of a row; `more` goes before everything else.
  static func line(_ row: ComparisonTable.Row, in table: ComparisonTable, more: [(String, JSON)] = []) -> JSON {
    let taskEntry = table.taskEntries[row.candidate.taskEntry]
    return .object(
      more + [
        ("task", .text(row.task)), ("model", .text(row.candidate.model)), ("wiring", .text(row.candidate.wiring)),
        ("readout", .text(row.candidate.readout.rawValue)),
        ("neurons", .integer(row.candidate.neurons)), ("synapses", .integer(row.synapses)),
        ("parameters", .integer(row.parameters)),
        (
          "heldOut",
          .object([
            ("mean", .number(row.mean)), ("deviation", .number(row.deviation)),
            ("each", .array(row.each.map { .number($0) })),
          ])
        ),
        ("evaluation", .text(taskEntry.evaluation.rawValue)),
        (
          "other",
          .object([
            ("evaluation", .text(taskEntry.evaluation.other.rawValue)), ("mean", .number(row.meanOther)),
          ])
        ),
        ("errors", MetricReport.errors(row.ownErrors)),
        ("measure", .text(taskEntry.key)), ("learningRate", .number(row.learningRate)),
        ("seconds", .number(row.seconds)),
        ("steps", .integer(taskEntry.steps)), ("notFinite", .integer(row.failures.count)),
        ("frontByParameters", .boolean(row.isOnParameterFront)), ("frontByNeurons", .boolean(row.isOnNeuronFront)),
      ])
  }

  static func baselines(_ table: ComparisonTable) -> [JSON] {
    table.taskEntries.flatMap { taskEntry in
      taskEntry.baselines.map { baseline in
        .object([
          ("task", .text(taskEntry.task)), ("baseline", .text(baseline.name)), ("measure", .text(taskEntry.key)),
          ("value", .number(baseline.value as Double)),
        ])
      }
    }
  }

  static func end(_ table: ComparisonTable) -> JSON {
    .object([
      ("done", .boolean(table.status == .finished)), ("seconds", .number(table.seconds as Double)),
      ("seeds", .array(table.seeds.map { .integer(Int(clamping: $0)) })),
      ("treatment", .object(table.taskEntries.map { ($0.task, .text($0.treatment)) })),
    ])
  }

  func printLines() {
    for row in table.rows { Console.print(Self.line(row, in: table).line) }
    for line in Self.baselines(table) + [Self.end(table)] { Console.print(line.line) }
  }

  func print() {
    for (number, taskEntry) in table.taskEntries.enumerated() {
      print(taskEntry, table.rows.filter { $0.candidate.taskEntry == number })
    }
  }

  private func print(_ taskEntry: ComparisonTable.TaskEntry, _ rows: [ComparisonTable.Row]) {
    Console.print(
      "\(taskEntry.task): held-out \(taskEntry.measure), mean ± deviation over \(table.seeds.count.of("seed"))")
    Self.print(taskEntry, rows)
    if !taskEntry.treatment.isEmpty { Console.print(taskEntry.treatment) }
    Console.print(
      "error: \(taskEntry.measure), \(taskEntry.evaluation.sentence); \(taskEntry.evaluation.other.rawValue): the same state's, "
        + "\(taskEntry.evaluation.other.sentence).")
    Console.print("◆ no other has as few parameters (as few neurons: ◇; both: ◈) and a smaller error.")
  }

  /// Rows, then baselines, then what went wrong.
  static func print(_ taskEntry: ComparisonTable.TaskEntry, _ rows: [ComparisonTable.Row]) {
    let units = rows.first?.ownErrors ?? []
    let unit = units.count == 1 ? units[0].unit : ""
    var text = TextTable(
      header: ["model", "wiring", "readout", "neurons", "synapses", "parameters", "error", "±"]
        + [taskEntry.evaluation.other.rawValue] + (units.count == 1 ? ["rms\(unit.isEmpty ? "" : " " + unit)"] : [])
        + ["lr", "s a run", ""])
    for row in rows {
      let front =
        row.isOnParameterFront ? (row.isOnNeuronFront ? "◈" : "◆") : (row.isOnNeuronFront ? "◇" : "")
      let last = taskEntry.baselines.first { $0.name == "persistence" }?.value
      let behind = last.map { row.mean ?? 0 >= $0 } == true ? "! no better than persistence" : ""
      let broken = row.failures.isEmpty ? "" : "! \(row.failures.count) of \(row.each.count) not finite"
      text.rows.append(
        [
          row.candidate.model, row.candidate.wiring, row.candidate.readout.rawValue, "\(row.candidate.neurons)",
          "\(row.synapses)", "\(row.parameters)", (row.mean ?? .nan).brief, (row.deviation ?? .nan).brief,
          (row.meanOther ?? .nan).brief,
        ] + (units.count == 1 ? [(row.ownErrors.first?.value ?? .nan).brief] : []) + [
          row.learningRate?.brief ?? "–", (row.seconds ?? .nan).brief, front + broken + behind,
        ])
    }
    for baseline in taskEntry.baselines {
      text.rows.append(
        [baseline.name, "", "", "", "", "", baseline.value.brief, "", ""] + (units.count == 1 ? [""] : []) + [
          "", "", "baseline",
        ])
    }
    text.print()
    for row in rows {
      for sentence in Set(row.failures).sorted() {
        Console.print("! \(row.candidate.model), \(row.candidate.neurons.of("neuron")): \(sentence)")
      }
    }
  }
}
