import Formats

/// The next hour's traffic on a motorway, recorded with gaps: time that is truly irregular.
///
/// Step t holds its inputs until the next record, so its elapsed time is the real number of hours to that record, and its
/// target is that record's volume. Across the 21 gaps (2 to 10 hours) that would be no forecast of one hour, so there the
/// state still lives through the gap but the step has weight 0.
///
/// Rain and snow are zero throughout 2017 in this recording and left out. The recording marks a holiday at midnight only;
/// here the mark holds for the whole day, which a calendar knows beforehand.
struct TrafficTask: TaskDefinition {
  let name = "traffic"
  let summary = "The next hour's volume on a motorway, from volume, weather and clock, with gaps in time"

  func load(seed: UInt64) throws -> TaskData {
    let table = try BundledTable.load("traffic.csv")
    let split = table.rowCount * 3 / 4
    let last = table.rowCount - 1
    let fit = 0..<split
    let seconds = try BundledTable.times(table, "hour")
    let volume = try table.completeNumbers("volume")
    let days = seconds.map { ($0 / 86_400).rounded(.down) }
    let marks = try table.completeNumbers("holiday")
    let holidays = Set(zip(days, marks).filter { $0.1 > 0 }.map(\.0))
    var inputs = Columns()
    inputs.add("volume", unit: "vehicles/h", volume, standardisedOver: fit)
    inputs.add("temperature", unit: "K", try table.completeNumbers("temp_K"), standardisedOver: fit)
    inputs.add("clouds", unit: "%", try table.completeNumbers("clouds_pct"), standardisedOver: fit)
    inputs.add(Channel(name: "holiday"), days.map { holidays.contains($0) ? 1 : 0 })
    Clock.add(seconds, to: &inputs)
    var targets = Columns()
    targets.add("volume", unit: "vehicles/h", volume, standardisedOver: fit)
    func series(_ name: String, _ range: Range<Int>) -> Series {
      let elapsed = range.map { (seconds[$0 + 1] - seconds[$0]) / 3600 }
      return Series(
        name: name, inputs: inputs.rows(range), targets: targets.rows(range.lowerBound + 1..<range.upperBound + 1),
        elapsed: elapsed, weights: elapsed.map { $0 == 1 ? 1 : 0 })
    }
    return TaskData(
      name: name, summary: summary, inputs: inputs.channels, targets: targets.channels, kind: .regression,
      timeUnit: "h", training: [series("January–September", 0..<split - 1)],
      heldOut: [series("October–December", split..<last)],
      baselines: [
        Baseline(name: "persistence", metric: "nmse", value: 0.172),
        Baseline(name: "hour-of-week mean", metric: "nmse", value: 0.079),
        Baseline(name: "ridge on weather and clock", metric: "nmse", value: 0.364),
        // On the inputs of the same hour; 24 hours of them are no better (Tests/baselines/measure.py).
        Baseline(name: "boosted trees", metric: "nmse", value: 0.0176),
        // All eight inputs of the same step, the same steps as here.
        Baseline(name: "ridge on the inputs", metric: "nmse", value: 0.113),
      ],
      suggestion: .init(sequence: 48, batch: 16, learningRate: 0.01, neurons: 16, warmUp: 12),
      notes: [
        "21 gaps of 2 to 10 hours: the time passes, but the step before a gap does not count in the error.",
        "Rain and snow are zero throughout and left out.",
      ])
  }
}
