import Tasks
import Testing

@Suite("Warnings about data and scores") struct WarningTests {
  private func task(training: [Double], heldOut: [Double]) -> TaskData {
    func series(_ values: [Double]) -> Series {
      // A second input that stays where it was.
      Series(
        name: "s", inputs: values.flatMap { [$0, 0.5] }, targets: values.map { _ in 0 },
        elapsed: values.map { _ in 1 })
    }
    return TaskData(
      name: "t", summary: "", inputs: [Channel(name: "month", offset: 5, scale: 4), Channel(name: "still")],
      targets: [Channel(name: "y")], kind: .regression, timeUnit: "h", training: [series(training)],
      heldOut: [series(heldOut)], baselines: [Baseline(name: "persistence", metric: "nmse", value: 0.042)])
  }

  @Test func aMonthThatWasNeverSeenIsTold() {
    let warned = task(training: [-1, 0, 1], heldOut: [1.25, 1.5, 1.75])
    #expect(
      warned.rangeWarnings == [
        "Input 'month' is 1 to 9 in training and 10 to 12 after: 100 % of the held-out steps are outside of what was "
          + "learned from. Leave it out with --features, or turn it into something that comes back (a day of the week, "
          + "a sine of the year)."
      ])
    // One step of six is no reason; nor is rounding, nor data that are not there.
    #expect(task(training: [-1, 1], heldOut: [0, 0, 0, 0, 0, 1.5]).rangeWarnings == [])
    #expect(task(training: [-1, 1], heldOut: [1 + 1e-12, 1 + 1e-12]).rangeWarnings == [])
    #expect(task(training: [], heldOut: []).rangeWarnings == [])
    #expect(task(training: [.nan], heldOut: [.infinity]).rangeWarnings == [])
  }

  @Test func aScoreThatPersistenceHasTooIsTold() {
    let data = task(training: [0, 1], heldOut: [0, 1])
    #expect(data.warning(about: ["nmse": 0.03]) == nil && data.warning(about: [:]) == nil)
    #expect(data.warning(about: ["nmse": .nan]) != nil)
    #expect(
      data.warning(about: ["nmse": 0.057])
        == "The model does not beat persistence on the held-out data (nmse 0.057, answering with the last known value "
        + "0.042): so far it has learned nothing that the last value does not tell.")
  }

  @Test func noBundledTaskWarnsOfItself() throws {
    for name in TaskRegistry.names {
      #expect(try DataSource(task: name, seed: 1).load().rangeWarnings == [], "\(name)")
    }
  }
}
