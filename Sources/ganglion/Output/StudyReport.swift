import Formats
import Experiments
import Learning

/// What `study synapses` found: tables by task and by what is equal, and who wins where.
struct StudyReport {
  let table: ComparisonTable
  /// The models whose synapses are conductances with a reversal potential.
  static let biophysical: Set<String> = ["ltc", "ltc-neural"]

  enum Equal: String, CaseIterable {
    case neurons, parameters
  }

  init(_ table: ComparisonTable) { self.table = table }

  func rows(_ taskEntry: Int, _ equal: Equal) -> [ComparisonTable.Row] {
    table.rows.filter { $0.candidate.taskEntry == taskEntry && $0.size.equalisesParameters == (equal == .parameters) }
  }

  /// Who has the smallest mean error, and whether by more than chance would have it.
  enum Verdict: Equatable {
    case biophysical, rival
    /// The best of both differ by less than their deviations together, √(s₁² + s₂²).
    case undecided
    /// Runs are missing.
    case open
  }

  static func verdict(_ rows: [ComparisonTable.Row]) -> Verdict {
    func best(_ isBiophysical: Bool) -> ComparisonTable.Row? {
      rows.filter { biophysical.contains($0.candidate.model) == isBiophysical && $0.mean != nil && $0.failures.isEmpty }
        .min { $0.mean! < $1.mean! }
    }
    guard rows.allSatisfy({ $0.done == $0.each.count }), let own = best(true), let other = best(false) else {
      return .open
    }
    let (one, two) = (own.deviation ?? 0, other.deviation ?? 0)
    let difference = other.mean! - own.mean!
    if difference * difference <= one * one + two * two { return .undecided }
    return difference > 0 ? .biophysical : .rival
  }

  /// A sentence for each of ``Equal``.
  var sentences: [String] {
    Equal.allCases.map { equal in
      var tasks: [Verdict: [String]] = [:]
      for (number, taskEntry) in table.taskEntries.enumerated() {
        tasks[Self.verdict(rows(number, equal)), default: []].append(taskEntry.task)
      }
      func list(_ verdict: Verdict) -> String { tasks[verdict]?.joined(separator: ", ") ?? "no task" }
      let open =
        tasks[.open].map {
          " Not all runs are done, or one kind has none that is finite: \($0.joined(separator: ", "))."
        } ?? ""
      return "With equal \(equal.rawValue) the smallest error is that of a model with biophysical synapses on "
        + "\(list(.biophysical)), of a rival on \(list(.rival)); the best of both differ by less than the spread over "
        + "seeds on \(list(.undecided)).\(open)"
    }
  }

  func printLines() {
    for number in table.taskEntries.indices {
      for equal in Equal.allCases {
        for row in rows(number, equal) {
          Console.print(ComparisonReport.line(row, in: table, more: [("equal", .text(equal.rawValue))]).line)
        }
      }
    }
    for line in ComparisonReport.baselines(table) { Console.print(line.line) }
    for (number, taskEntry) in table.taskEntries.enumerated() {
      for equal in Equal.allCases {
        Console.print(
          JSON.object([
            ("task", .text(taskEntry.task)), ("equal", .text(equal.rawValue)),
            ("best", .text("\(Self.verdict(rows(number, equal)))")),
          ]).line)
      }
    }
    Console.print(ComparisonReport.end(table).line)
  }

  func print() {
    for (number, taskEntry) in table.taskEntries.enumerated() {
      for equal in Equal.allCases {
        Console.print(
          "\(taskEntry.task), equal \(equal.rawValue): held-out \(taskEntry.measure), mean ± deviation over "
            + table.seeds.count.of("seed"))
        ComparisonReport.print(taskEntry, rows(number, equal))
        Console.print("")
      }
      if !taskEntry.treatment.isEmpty { Console.print(taskEntry.treatment + "\n") }
    }
    for sentence in sentences { Console.print(sentence) }
  }
}
