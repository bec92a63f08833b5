import Experiments
import Learning
import Samples
import Tasks
import Testing

@Suite("Verdicts") struct VerdictTests {
  /// A table of these models, in this order, with equal neurons and with equal parameters, and errors by model.
  private func table(_ errors: [(model: String, each: [Double?])], done: Int? = nil) throws -> ComparisonTable {
    var plan = SynapseStudy.plan(
      tasks: [DataSource(task: "sample", seed: 1)], models: errors.map(\.model), neurons: 4)
    (plan.seeds, plan.rates, plan.budget) = ([1, 2], [0.01], .steps(1))
    plan.settle()
    var table = try Comparison(plan, tasks: [Sample.task()], threads: 1).table()
    for row in table.rows.indices {
      let each = errors.first { $0.model == table.rows[row].candidate.model }!.each
      (table.rows[row].each, table.rows[row].done) = (each, done ?? each.count)
      if each.contains(nil) { table.rows[row].failures = ["Training stopped: the loss became nan in step 1."] }
    }
    return table
  }

  private func verdicts(_ errors: [(model: String, each: [Double?])], done: Int? = nil) throws -> [Verdict] {
    let study = SynapseStudy(try table(errors, done: done))
    return SynapseStudy.Equal.allCases.map { study.verdict(0, $0) }
  }

  @Test func byMoreThanTheSpread() throws {
    // Deviations of 0.01·√2 each: together 0.02, and 0.25 lies apart.
    #expect(try verdicts([("ltc", [0.24, 0.26]), ("gru", [0.49, 0.51])]) == [.biophysical, .biophysical])
    #expect(try verdicts([("ltc", [0.49, 0.51]), ("gru", [0.24, 0.26])]) == [.rival, .rival])
    // The best of each kind counts, whichever it is.
    #expect(
      try verdicts([("ltc", [0.8, 0.9]), ("gru", [0.5, 0.5]), ("ltc-neural", [0.25, 0.25]), ("lstm", [0.6, 0.6])])
        == [.biophysical, .biophysical])
  }

  @Test func withinTheSpreadNobodyWins() throws {
    #expect(try verdicts([("ltc", [0.25, 0.75]), ("gru", [0.375, 0.875])]) == [.undecided, .undecided])
    // Exactly as far apart as the deviations are together: √(0.5 + 0) = |0.5 − 1.20710…| is more, 0 is not.
    #expect(try verdicts([("ltc", [0.5, 0.5]), ("gru", [0.5, 0.5])]) == [.undecided, .undecided])
  }

  @Test func openWhereRunsAreMissingOrFailed() throws {
    #expect(try verdicts([("ltc", [0.1, 0.1]), ("gru", [0.5, 0.5])], done: 1) == [.open, .open])
    #expect(try verdicts([("ltc", [0.1, 0.1]), ("gru", [0.5, nil])]) == [.open, .open])
    #expect(try verdicts([("ltc", [0.1, 0.1])]) == [.open, .open])
    // A rival that fails does not decide while another one is whole.
    #expect(
      try verdicts([("ltc", [0.1, 0.1]), ("gru", [0.01, nil]), ("lstm", [0.5, 0.5])]) == [.biophysical, .biophysical])
  }

  @Test func sentencesNameTheTasks() throws {
    let sentences = SynapseStudy(try table([("ltc", [0.24, 0.26]), ("gru", [0.49, 0.51])])).sentences
    #expect(
      sentences.count == 2 && sentences[0].hasPrefix("With equal neurons ") && sentences[1].contains("parameters"))
    #expect(sentences[0].contains("biophysical synapses on sample, of a rival on no task"))
    let open = SynapseStudy(try table([("ltc", [0.1, nil]), ("gru", [0.5, 0.5])])).sentences
    #expect(open[0].hasSuffix("Not all runs are done, or one kind has none that is finite: sample."))
  }
}
