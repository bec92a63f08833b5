import Learning
import Tasks

/// A comparison as a table for people and as lines of JSON.
struct ComparisonReport {
  let table: ComparisonTable

  init(_ table: ComparisonTable) { self.table = table }

  /// The line of a row; `more` goes before everything else.
  static func line(_ row: ComparisonTable.Row, in table: ComparisonTable, more: [(String, JSON)] = []) -> JSON {
    let arena = table.arenas[row.contender.arena]
    return .object(
      more + [
        ("task", .text(row.task)), ("model", .text(row.contender.model)), ("wiring", .text(row.contender.wiring)),
        ("neurons", .integer(row.contender.neurons)), ("synapses", .integer(row.synapses)),
        ("parameters", .integer(row.parameters)),
        (
          "heldOut",
          .object([
            ("mean", .number(row.mean)), ("deviation", .number(row.deviation)),
            ("each", .array(row.each.map { .number($0) })),
          ])
        ),
        ("measure", .text(arena.key)), ("learningRate", .number(row.learningRate)), ("seconds", .number(row.seconds)),
        ("steps", .integer(arena.steps)), ("notFinite", .integer(row.failures.count)),
        ("frontByParameters", .boolean(row.isOnParameterFront)), ("frontByNeurons", .boolean(row.isOnNeuronFront)),
      ])
  }

  static func baselines(_ table: ComparisonTable) -> [JSON] {
    table.arenas.flatMap { arena in
      arena.baselines.map { baseline in
        .object([
          ("task", .text(arena.task)), ("baseline", .text(baseline.name)), ("measure", .text(arena.key)),
          ("value", .number(baseline.value as Double)),
        ])
      }
    }
  }

  static func end(_ table: ComparisonTable) -> JSON {
    .object([
      ("done", .boolean(table.status == .finished)), ("seconds", .number(table.seconds as Double)),
      ("seeds", .array(table.seeds.map { .integer(Int(clamping: $0)) })),
      ("treatment", .object(table.arenas.map { ($0.task, .text($0.treatment)) })),
    ])
  }

  func printLines() {
    for row in table.rows { Console.print(Self.line(row, in: table).line) }
    for line in Self.baselines(table) + [Self.end(table)] { Console.print(line.line) }
  }

  func print() {
    for (number, arena) in table.arenas.enumerated() {
      print(arena, table.rows.filter { $0.contender.arena == number })
    }
  }

  private func print(_ arena: ComparisonTable.Arena, _ rows: [ComparisonTable.Row]) {
    Console.print("\(arena.task): held-out \(arena.measure), mean ± deviation over \(table.seeds.count.of("seed"))")
    Self.print(arena, rows)
    if !arena.treatment.isEmpty { Console.print(arena.treatment) }
    Console.print("◆ no other has as few parameters (as few neurons: ◇; both: ◈) and a smaller error.")
  }

  /// Rows, then baselines, then what went wrong.
  static func print(_ arena: ComparisonTable.Arena, _ rows: [ComparisonTable.Row]) {
    let wirings = Set(rows.map(\.contender.wiring)).count > 1
    var text = TextTable(
      header: ["model"] + (wirings ? ["wiring"] : []) + [
        "neurons", "synapses", "parameters", "error", "±", "lr", "s a run", "",
      ])
    for row in rows {
      let front =
        row.isOnParameterFront ? (row.isOnNeuronFront ? "◈" : "◆") : (row.isOnNeuronFront ? "◇" : "")
      let broken = row.failures.isEmpty ? "" : "! \(row.failures.count) of \(row.each.count) not finite"
      text.rows.append(
        [row.contender.model] + (wirings ? [row.contender.wiring] : []) + [
          "\(row.contender.neurons)", "\(row.synapses)", "\(row.parameters)", (row.mean ?? .nan).brief,
          (row.deviation ?? .nan).brief, row.learningRate?.brief ?? "–", (row.seconds ?? .nan).brief, front + broken,
        ])
    }
    for baseline in arena.baselines {
      text.rows.append(
        [baseline.name] + (wirings ? [""] : []) + ["", "", "", baseline.value.brief, "", "", "", "baseline"])
    }
    text.print()
    for row in rows {
      for sentence in Set(row.failures).sorted() {
        Console.print("! \(row.contender.model), \(row.contender.neurons.of("neuron")): \(sentence)")
      }
    }
  }
}
