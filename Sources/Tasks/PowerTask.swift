import Formats

/// The next hour's mean active power of a household.
///
/// Inputs: the hour's recorded variables and the clock. `Global_intensity` is left out because it *is* the target in other
/// units. The step of hour t is asked for hour t + 1; the first 75 % of hours train, so every held-out target is among the
/// last 25 %. nmse is the squared error divided by the variance of those held-out targets.
struct PowerTask: TaskDefinition {
  let name = "power"
  let summary = "The next hour's active power of a household, from this hour's readings and the clock"

  func load(seed: UInt64) throws -> TaskData {
    let table = try BundledTable.load("power-hourly.csv")
    let split = table.rowCount * 3 / 4
    let last = table.rowCount - 1
    let fit = 0..<split
    var inputs = Columns()
    for (column, name, unit) in [
      ("Global_active_power", "active", "kW"), ("Global_reactive_power", "reactive", "kW"), ("Voltage", "volts", "V"),
      ("Sub_metering_1", "kitchen", "Wh/min"), ("Sub_metering_2", "laundry", "Wh/min"),
      ("Sub_metering_3", "heater", "Wh/min"),
    ] {
      inputs.add(name, unit: unit, try table.completeNumbers(column), standardisedOver: fit)
    }
    Clock.add(try BundledTable.times(table, "t"), to: &inputs)
    var targets = Columns()
    let active = try table.completeNumbers("Global_active_power")
    targets.add("active", unit: "kW", active, standardisedOver: fit)
    func series(_ name: String, _ range: Range<Int>) -> Series {
      Series(
        name: name, inputs: inputs.rows(range), targets: targets.rows(range.lowerBound + 1..<range.upperBound + 1),
        elapsed: [Double](repeating: 1, count: range.count))
    }
    return TaskData(
      name: name, summary: summary, inputs: inputs.channels, targets: targets.channels, kind: .regression,
      timeUnit: "h", training: [series("January–September", 0..<split - 1)],
      heldOut: [series("October–December", split..<last)],
      baselines: [
        Baseline(name: "persistence", metric: "nmse", value: 0.574),
        Baseline(name: "ridge on 24 h", metric: "nmse", value: 0.401),
        // On the inputs of the same hour; 24 hours of them are no better (Tests/baselines/measure.py).
        Baseline(name: "boosted trees", metric: "nmse", value: 0.382),
      ],
      suggestion: .init(sequence: 48, batch: 16, learningRate: 0.01, neurons: 16, warmUp: 24))
  }
}
