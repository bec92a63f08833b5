import CAllocations
import Circuits
import Learning
import Samples
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

  /// A whole step of a session, with the windows it draws and the observers it tells, of which one looks at every value and
  /// takes none; with nobody but its own recorders; and with one that takes the state.
  @Test(.enabled(if: counts), arguments: [nil, false, true]) func tellsObserversWithoutAllocating(_ takes: Bool?) throws
  {
    final class Reader: TrainingObserver {
      var (sum, steps, taken): (Float, Int, ParameterState<Float>?) = (0, 0, nil)
      let takes: Bool
      init(takes: Bool) { self.takes = takes }
      func training(_ session: ObservedSession, did event: TrainingEvent) {
        guard case .stepped(let report) = event else { return }
        sum += Float(report.loss) + session.withValues { $0.reduce(0, +) }
        sum += session.withState { Float($0.updates) }
        steps += 1
        if takes { taken = session.state }
      }
    }
    // One epoch is longer than what is counted: a new order of the windows is new storage.
    let task = Sample.task(steps: 3000)
    var options = Sample.options(task)
    (options.evaluateEvery, options.noise) = (1000, 0.1)
    let session = try TrainingSession(model: Sample.model(task), task: task, options: options)
    let reader = takes.map(Reader.init)
    if let reader { session.add(reader) }
    _ = try session.losses(5)
    let before = allocations_made()
    for _ in 0..<30 { try session.advance() }
    let after = allocations_made()
    #expect(session.completedEpochs == 0)
    if takes == true { #expect(after > before) } else { #expect(after == before) }
    if let reader { #expect(reader.steps == 35 && reader.sum.isFinite) }
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
