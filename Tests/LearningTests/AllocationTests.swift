import CAllocations
import Circuits
import Learning
import Tasks
import Testing

@Suite("A training step") struct AllocationTests {
  #if DEBUG
    /// Unoptimised generic code boxes its values.
    static let counts = false
  #else
    static let counts = allocations_are_counted() == 1
  #endif

  /// After a few steps everything a step needs is there: no allocation on the thread that makes it.
  @Test(
    .enabled(if: counts),
    arguments: ["ltc", "ltc-neural", "stc", "lrc", "ctrnn-squashed", "node", "cfc", "lstm", "gru", "cfc-backbone"],
    [Positivity.clamp, .softplus])
  func allocatesNothing(_ cell: String, _ positivity: Positivity) throws {
    let model = try Model<Float>(
      ModelSpecification(
        cell: cell, neurons: 9, wiring: "random:0.7", inputNames: ["a", "b"], outputNames: ["y"],
        positivity: positivity))
    try expectNone(model)
  }

  /// Gap junctions, and synapses few enough to be walked one by one.
  @Test(.enabled(if: counts)) func circuitOfAnAnimal() throws {
    try expectNone(
      Model<Float>(
        ModelSpecification(
          cell: "ltc", wiring: "tap-withdrawal", inputNames: ["anterior", "posterior"], outputNames: ["reverse"])))
  }

  private func expectNone(_ model: Model<Float>) throws {
    let learner = Learner(
      model: model, kind: .regression, optimizer: Adam(), learningRate: 0.01, clip: 1, threads: 1,
      values: model.firstStoredParameters())
    var batch = Batch<Float>(rows: 10, steps: 5, inputCount: 2, targetCount: 1)
    for i in batch.inputs.indices { batch.inputs[i] = Float.sin(Float(i)) }
    for _ in 0..<3 { _ = try learner.step(batch) }
    let before = allocations_made()
    for _ in 0..<5 { _ = try learner.step(batch) }
    let after = allocations_made()
    #expect(after == before)
  }

  /// The count itself: an array on the heap is seen.
  @Test(.enabled(if: allocations_are_counted() == 1)) func countsWhatIsAllocated() {
    let before = allocations_made()
    let array = [Double](repeating: 1, count: 1000 + Int(before % 2))
    let after = allocations_made()
    #expect(after > before)
    #expect(array.count >= 1000)
  }
}
