import Tasks
import Testing

@Suite struct MetricsTests {
  @Test func regression() {
    // Channel a: targets 0, 2 (variance 1), errors 1, 1; channel b: targets 0, 4 (variance 4), errors 0, 2.
    let metrics = Metrics.compute(
      kind: .regression, names: ["a", "b"], outputs: [1, 0, 1, 2, 9, 9], targets: [0, 0, 2, 4, 5, 5],
      weights: [1, 1, 0])
    #expect(metrics == ["mse": 1.5, "mse a": 1, "mse b": 2, "nmse": 0.75, "nmse a": 1, "nmse b": 0.5])
    let channels = [Channel(name: "a", unit: "kW", offset: 3, scale: 2), Channel(name: "b", scale: 0.5)]
    #expect(
      Metrics.ownErrors(metrics, targets: channels) == [
        .init(target: "a", value: 2, unit: "kW"), .init(target: "b", value: 2.0.squareRoot() / 2, unit: ""),
      ])
    #expect(Metrics.ownErrors(["mse": 9], targets: [channels[0]]) == [.init(target: "a", value: 6, unit: "kW")])
    #expect(Metrics.ownErrors(["accuracy": 1], targets: channels) == [])
    // Weights count: the same step twice is the step with weight 2.
    let once = Metrics.compute(
      kind: .regression, names: ["a"], outputs: [1, 3], targets: [0, 4], weights: [2, 1])
    let twice = Metrics.compute(
      kind: .regression, names: ["a"], outputs: [1, 1, 3], targets: [0, 0, 4], weights: [1, 1, 1])
    #expect(abs(once["nmse"]! - twice["nmse"]!) < 1e-15)
    let constant = Metrics.compute(
      kind: .regression, names: ["a"], outputs: [1, 1], targets: [2, 2], weights: [1, 1])
    #expect(constant == ["mse": 1])
    #expect(Metrics.compute(kind: .regression, names: ["a"], outputs: [1], targets: [1], weights: [0]) == [:])
  }

  @Test func labels() {
    // heater: truth 1 1 1 0, answers 1 1 0 0: recalls 2/3 and 1. kitchen: truth never 1, answers 0 0 0 1: recall 3/4.
    let metrics = Metrics.compute(
      kind: .labels(positiveWeights: [1, 1]), names: ["heater", "kitchen"], outputs: [3, -1, 0.1, -1, -2, -1, -1, 2],
      targets: [1, 0, 1, 0, 1, 0, 0, 0], weights: [1, 1, 1, 1])
    #expect(abs(metrics["balancedAccuracy heater"]! - 5 / 6) < 1e-15)
    #expect(metrics["balancedAccuracy kitchen"] == 0.75)
    #expect(abs(metrics["balancedAccuracy"]! - (5.0 / 6 + 0.75) / 2) < 1e-15)
    #expect(metrics["accuracy"] == 0.75)
  }

  @Test func classes() {
    // Truth 0 0 0 1; answers 0 0 1 1. The class c never occurs and does not count.
    let metrics = Metrics.compute(
      kind: .classes(names: ["a", "b", "c"]), names: ["speaker"],
      outputs: [2, 1, 0, 5, 1, 0, 0, 1, .nan, .nan, 3, 1], targets: [0, 0, 0, 1], weights: [1, 1, 1, 1])
    #expect(metrics["accuracy"] == 0.75)
    #expect(abs(metrics["balancedAccuracy"]! - (2.0 / 3 + 1) / 2) < 1e-15)
  }
}
