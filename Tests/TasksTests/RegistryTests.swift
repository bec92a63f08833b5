import Tasks
import Testing

@Suite struct RegistryTests {
  @Test func namesAreUnique() {
    #expect(Set(TaskRegistry.names).count == TaskRegistry.all.count)
    #expect(TaskRegistry.all.allSatisfy { !$0.summary.isEmpty && $0.summary.count <= 100 })
  }

  @Test func unknownNamesSuggestTheNearest() {
    #expect(
      sentence { _ = try TaskRegistry.named("houshold") }.hasPrefix(
        "There is no task 'houshold'; did you mean 'household'? tasks are household, power, traffic, sine,"))
    #expect(
      sentence { _ = try TaskRegistry.named("qqqqqq") }.hasPrefix("There is no task 'qqqqqq'; tasks are household,"))
  }

  /// What everything downstream relies on, over every task.
  @Test(arguments: TaskRegistry.names)
  func everyTaskIsConsistent(_ name: String) throws {
    let data = try TaskRegistry.named(name).load(seed: 1)
    #expect(data.name == name)
    #expect(!data.training.isEmpty && !data.heldOut.isEmpty && !data.baselines.isEmpty)
    #expect(data.inputs.allSatisfy { $0.scale > 0 && $0.offset.isFinite })
    #expect(data.suggestion.warmUp < data.suggestion.sequence)
    for series in data.training + data.heldOut {
      try #require(series.steps > 0 && !series.name.isEmpty)
      try #require(series.inputs.count == series.steps * data.inputCount)
      try #require(series.targets.count == series.steps * data.targetCount)
      try #require(series.weights.count == series.steps)
      #expect(series.inputs.allSatisfy { $0.isFinite && abs($0) < 50 })
      #expect(series.elapsed.allSatisfy { $0 > 0 })
      #expect(series.weights.allSatisfy { $0 >= 0 } && series.weights.contains { $0 > 0 })
      switch data.kind {
      case .regression: #expect(series.targets.allSatisfy { $0.isFinite })
      case .labels(let weights):
        #expect(weights.count == data.targetCount && weights.allSatisfy { $0 > 0 })
        #expect(series.targets.allSatisfy { $0 == 0 || $0 == 1 })
      case .classes(let names):
        #expect(data.targetCount == 1)
        #expect(series.targets.allSatisfy { names.indices.contains(Int($0)) && $0 == $0.rounded() })
      }
    }
    let metrics = Metrics.compute(
      kind: data.kind, names: data.targets.map(\.name),
      outputs: data.heldOut.map { [Double](repeating: 0, count: $0.steps * data.outputCount) }, series: data.heldOut)
    for baseline in data.baselines {
      #expect(metrics[baseline.metric] != nil, "nothing measures \(baseline.metric)")
    }
  }
}
