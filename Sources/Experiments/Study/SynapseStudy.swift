import Circuits
import Tasks

/// Do biophysical synapses let a smaller network do the same? Models with them and without learn the same tasks, once with
/// equal numbers of neurons and once with equal numbers of parameters.
///
/// After Lemmel & Grosu, On the Benefits of Biophysical Synapses, AAAI 2023 (arXiv 2303.04944).
public struct SynapseStudy: Sendable {
  /// What is equal.
  public enum Equal: String, CaseIterable, Sendable {
    case neurons, parameters
  }

  public let table: ComparisonTable

  public init(_ table: ComparisonTable) { self.table = table }

  /// All tasks with all models, with that many neurons each and with as many parameters as the LTC of that size has.
  public static func plan(tasks: [DataSource], models: [String], neurons: Int) -> ComparisonPlan {
    ComparisonPlan(
      taskEntries: tasks.map {
        .init(source: $0, sizes: [.neurons(neurons), .parametersOf(model: "ltc", neurons: neurons)])
      }, models: models)
  }

  public func rows(_ taskEntry: Int, _ equal: Equal) -> [ComparisonTable.Row] {
    table.rows.filter { $0.candidate.taskEntry == taskEntry && $0.size.equalisesParameters == (equal == .parameters) }
  }

  public func verdict(_ taskEntry: Int, _ equal: Equal) -> Verdict {
    Verdict(rows(taskEntry, equal)) { Cells.isBiophysical($0.candidate.model) }
  }

  /// What was found, a sentence for each of ``Equal``.
  public var sentences: [String] {
    Equal.allCases.map { equal in
      var tasks: [Verdict: [String]] = [:]
      for (index, taskEntry) in table.taskEntries.enumerated() {
        tasks[verdict(index, equal), default: []].append(taskEntry.task)
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
}
