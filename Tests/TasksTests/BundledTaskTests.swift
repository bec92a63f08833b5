import Foundation
import Formats
import Tasks
import Testing

@Suite struct BundledTaskTests {
  @Test func householdIsTheDefaultAndAsRecorded() throws {
    #expect(TaskRegistry.all[0].name == "household")
    let data = try TaskRegistry.named("household").load(seed: 1)
    #expect(data.inputs.map(\.name) == ["active", "reactive", "volts"])
    #expect(data.targets.map(\.name) == ["kitchen", "laundry", "heater"])
    #expect(data.training.map(\.steps) == [14_400])
    #expect(data.heldOut.map(\.steps) == [5_760])
    // 4 February, midnight: 0.292 kW, 0.068 kW, 244.39 V; restored to within rounding of a value of about 244.
    for (channel, recorded) in zip(data.inputs.indices, [0.292, 0.068, 244.39]) {
      #expect(abs(data.inputs[channel].restore(data.training[0].inputs[channel]) - recorded) < 1e-12)
    }
    for (label, minutes) in [1641.0, 888, 7957].enumerated() {
      let all = data.training[0].targets + data.heldOut[0].targets
      var sum = 0.0
      for entry in stride(from: label, to: all.count, by: 3) { sum += all[entry] }
      #expect(sum == minutes)
    }
    guard case .labels(let weights) = data.kind else {
      Issue.record("household has labels")
      return
    }
    for label in 0..<3 {
      let positives = stride(from: label, to: 14_400 * 3, by: 3).reduce(0) { $0 + data.training[0].targets[$1] }
      #expect(weights[label] == (14_400 - positives) / positives)
    }
  }

  @Test(arguments: ["household", "power", "traffic"])
  func inputsAreStandardisedOnTheTrainingPart(_ name: String) throws {
    let data = try TaskRegistry.named(name).load(seed: 1)
    for (entry, channel) in data.inputs.enumerated() where channel.scale != 1 {
      let series = data.training[0]
      let values = (0..<series.steps).map { series.inputs[$0 * data.inputCount + entry] }
      let mean = values.reduce(0, +) / Double(values.count)
      let variance = values.reduce(0) { $0 + $1 * $1 } / Double(values.count) - mean * mean
      // The last training record is a target only, so one value of thousands is missing here.
      #expect(abs(mean) < 2e-3, "\(channel.name) \(mean)")
      #expect(abs(variance - 1) < 1e-2, "\(channel.name) \(variance)")
    }
  }

  @Test func powerPersistence() throws {
    let data = try TaskRegistry.named("power").load(seed: 1)
    #expect(data.training.map(\.steps) == [6_587])
    #expect(data.heldOut.map(\.steps) == [2_195])
    #expect(!data.inputs.contains { $0.name.lowercased().contains("intensity") })
    // Computed independently with numpy: 0.574433.
    #expect(abs(persistence(data)["nmse"]! - 0.574433) < 1e-5)
  }

  @Test func trafficPersistenceAndGaps() throws {
    let data = try TaskRegistry.named("traffic").load(seed: 1)
    let series = data.training + data.heldOut
    let gaps = series.flatMap(\.elapsed).filter { $0 != 1 }
    // One gap may hide at the split; none does.
    #expect(gaps == [10, 7, 2, 2, 2, 2, 2, 2, 8, 5, 2, 2, 2, 4, 2, 2, 2, 2, 2, 4, 2])
    #expect(zip(series.flatMap(\.elapsed), series.flatMap(\.weights)).allSatisfy { ($0 == 1) == ($1 == 1) })
    // Computed independently with numpy, without the six steps before gaps: 0.173166 (with them 0.172333).
    #expect(abs(persistence(data)["nmse"]! - 0.173166) < 1e-5)
    let holiday = try #require(data.inputs.firstIndex { $0.name == "holiday" })
    let days = series.reduce(0) { sum, series in
      sum + stride(from: holiday, to: series.inputs.count, by: data.inputCount).reduce(0) { $0 + series.inputs[$1] }
    }
    // Eleven holidays of 24 hours, as far as they are recorded.
    #expect(days > 10 * 24 && days <= 11 * 24)
  }

  @Test func trafficHourOfWeekMean() throws {
    let data = try TaskRegistry.named("traffic").load(seed: 1)
    let clock = try #require(data.inputs.firstIndex { $0.name == "hour sin" })
    /// The hour of the week that the clock's four channels stand for.
    func hourOfWeek(_ series: Series, _ t: Int) -> Int {
      let entry = t * data.inputCount + clock
      func turns(_ entry: Int) -> Double {
        let angle = atan2(series.inputs[entry], series.inputs[entry + 1]) / (2 * .pi)
        return angle < -1e-9 ? angle + 1 : angle
      }
      return Int((turns(entry + 2) * 7).rounded()) * 24 + Int((turns(entry) * 24).rounded())
    }
    var sums = [Double](repeating: 0, count: 168)
    var counts = sums
    let training = data.training[0]
    for t in 0..<training.steps {
      sums[hourOfWeek(training, t)] += training.inputs[t * data.inputCount]
      counts[hourOfWeek(training, t)] += 1
    }
    let heldOut = data.heldOut[0]
    let outputs = (0..<heldOut.steps).map { t in
      let next = (hourOfWeek(heldOut, t) + 1) % 168
      return sums[next] / counts[next]
    }
    let metrics = Metrics.compute(kind: .regression, names: ["volume"], outputs: [outputs], series: data.heldOut)
    // Computed independently with numpy: 0.079018; one training record fewer counts here.
    #expect(abs(metrics["nmse"]! - 0.079018) < 1e-4)
  }

  @Test func sineIsTheDemonstration() throws {
    let data = try TaskRegistry.named("sine").load(seed: 1)
    let series = try #require(data.training.first)
    #expect(data.heldOut == data.training)
    #expect(series.steps == 48)
    for t in 0..<48 {
      let x = 3 * Double.pi * Double(t) / 47
      #expect(series.inputs[2 * t] == sin(x))
      #expect(series.inputs[2 * t + 1] == cos(x))
      #expect(abs(series.targets[t] - sin(6 * Double.pi * Double(t) / 47)) < 1e-14)
    }
  }

  /// The whole default task, read and split: a budget of 300 ms to the first frame leaves it 100.
  @Test func householdLoadsFast() throws {
    _ = try TaskRegistry.named("household").load(seed: 1)
    let best = try (0..<3).map { _ in
      try ContinuousClock().measure { _ = try TaskRegistry.named("household").load(seed: 1) }
    }.min()!
    print("household loads in \(best)")
    #if !DEBUG
      #expect(best < .milliseconds(100))
    #endif
  }
}
