import Formats
import Experiments

/// What `study synapses` found, printed: tables by task and by what is equal, and who wins where.
struct StudyReport {
  let study: SynapseStudy
  private var table: ComparisonTable { study.table }

  init(_ study: SynapseStudy) { self.study = study }

  func printLines() {
    for number in table.taskEntries.indices {
      for equal in SynapseStudy.Equal.allCases {
        for row in study.rows(number, equal) {
          Console.print(ComparisonReport.line(row, in: table, more: [("equal", .text(equal.rawValue))]).line)
        }
      }
    }
    for line in ComparisonReport.baselines(table) { Console.print(line.line) }
    for (number, taskEntry) in table.taskEntries.enumerated() {
      for equal in SynapseStudy.Equal.allCases {
        Console.print(
          JSON.object([
            ("task", .text(taskEntry.task)), ("equal", .text(equal.rawValue)),
            ("best", .text(study.verdict(number, equal).rawValue)),
          ]).line)
      }
    }
    Console.print(ComparisonReport.end(table).line)
  }

  func print() {
    for (number, taskEntry) in table.taskEntries.enumerated() {
      for equal in SynapseStudy.Equal.allCases {
        Console.print(
          "\(taskEntry.task), equal \(equal.rawValue): held-out \(taskEntry.measure), mean ± deviation over "
            + table.seeds.count.of("seed"))
        ComparisonReport.print(taskEntry, study.rows(number, equal))
        Console.print("")
      }
      if !taskEntry.treatment.isEmpty { Console.print(taskEntry.treatment + "\n") }
    }
    for sentence in study.sentences { Console.print(sentence) }
  }
}
