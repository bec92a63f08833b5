import Circuits
import Foundation
import Learning
import Samples
import Tasks
import Testing

/// What a measurement counts, against a network that runs over the whole series step by step.
@Suite("Evaluator") struct EvaluatorTests {
  /// The squared error of steps that are reached `lead` steps after a start from rest, one after the other, by a probe.
  private func reference(_ model: Model<Float>, _ task: TaskData, span: Int, lead: Int) -> Double {
    let values = model.effective(model.firstStoredParameters())
    let connections: [Float] = model.wiring.connections()
    var (sum, count) = (0.0, 0)
    for (number, series) in task.heldOut.enumerated() {
      for start in stride(from: 0, to: series.steps, by: span) {
        var probe = Probe(model: model, task: task, series: number)
        let first = max(start - lead, 0)
        probe.jump(to: first)
        for t in first..<min(start + span, series.steps) {
          probe.advance(values: values, connections: connections)
          guard t >= start, let now = probe.now else { continue }
          #expect(now.step == t)
          for (y, z) in zip(now.output, now.target) { sum += Double(y - z) * Double(y - z) }
          count += task.targetCount
        }
      }
    }
    return sum / Double(count)
  }

  /// Stretches of 128 steps, each after a lead-in of a training window: so are the errors, and so they are not where
  /// the lead-in were another one.
  @Test(arguments: EvaluationProtocol.allCases) func stretchesBeginWithALeadIn(_ way: EvaluationProtocol) throws {
    let task = Sample.task(steps: 300)
    let model = try Sample.model(task)
    let evaluator = Evaluator(
      model: model, task: task, series: task.heldOut, sequence: 10, threads: 2, protocol: way)
    let result = evaluator.evaluate(model.firstStoredParameters(), connections: model.wiring.connections())
    let (span, lead) = way == .carried ? (128, 10) : (5, 5)
    let expected = reference(model, task, span: span, lead: lead)
    // Single precision: some ten roundings a step, of states about 1.
    #expect(abs(result.loss - expected) < 1e-5 * expected, "\(result.loss), \(expected)")
    #expect(result.steps == task.heldOut.reduce(0) { $0 + $1.steps })
    let without = reference(model, task, span: span, lead: 0)
    #expect(abs(without - expected) > 1e-4 * expected, "a lead-in changes nothing here: \(without), \(expected)")
  }

  @Test func aShortSeriesHasNoLeadIn() throws {
    let task = Sample.task(steps: 12)
    let model = try Sample.model(task)
    let result = Evaluator(model: model, task: task, series: task.heldOut, sequence: 10, threads: 1)
      .evaluate(model.firstStoredParameters(), connections: model.wiring.connections())
    let expected = reference(model, task, span: 12, lead: 0)
    #expect(abs(result.loss - expected) < 1e-5 * expected && result.steps == 24)
  }

  /// Steps without a known target are run through and not counted.
  @Test func stepsWithoutATargetDoNotCount() throws {
    var task = Sample.task(steps: 20)
    for s in task.heldOut.indices { task.heldOut[s].weights = (0..<20).map { $0 < 15 ? 0 : 1 } }
    let model = try Sample.model(task)
    let evaluator = Evaluator(model: model, task: task, series: task.heldOut, sequence: 10, threads: 1)
    let before = evaluator.evaluate(model.firstStoredParameters(), connections: model.wiring.connections())
    #expect(before.steps == 10)
    for s in task.heldOut.indices { for t in 0..<15 { task.heldOut[s].targets[t] = 1e6 } }
    let other = Evaluator(model: model, task: task, series: task.heldOut, sequence: 10, threads: 1)
    #expect(other.evaluate(model.firstStoredParameters(), connections: model.wiring.connections()).loss == before.loss)
  }
}

@Suite("Probe") struct ProbeTests {
  private func make(_ task: TaskData = Sample.task(steps: 30)) throws -> (Probe, [Float], [Float]) {
    let model = try Sample.model(task)
    return (
      Probe(model: model, task: task), model.effective(model.firstStoredParameters()), model.wiring.connections()
    )
  }

  @Test func walksAlongTheSequenceAndBeginsAgain() throws {
    var (probe, values, connections) = try make()
    let source = probe.task.heldOut[0]
    #expect(probe.now == nil && probe.steps == 30)
    for t in 0..<65 {
      let before = probe.now
      probe.advance(values: values, connections: connections)
      let now = try #require(probe.now)
      #expect(now.step == t % 30 && probe.total == t + 1)
      #expect(now.input == (0..<2).map { Float(source.inputs[now.step * 2 + $0]) })
      #expect(now.target == [Float(source.targets[now.step])] && now.counts && now.elapsed == 1)
      // From rest at the start, otherwise from where the last step left it.
      #expect(now.before == (now.step == 0 ? [Float](repeating: 0, count: 8) : before?.state))
    }
    // The second round is the first one over again.
    #expect(probe.past[35].output == probe.past[5].output)
    #expect(probe.past.count == 65)
  }

  @Test func forgetsWhatIsOld() throws {
    var (probe, values, connections) = try make()
    for _ in 0..<Probe.capacity + 5 { probe.advance(values: values, connections: connections) }
    #expect(probe.past.count == Probe.capacity && probe.total == Probe.capacity + 5)
    #expect(probe.past.first?.step == 5)
  }

  @Test func jumpsInsideTheSequence() throws {
    var (probe, values, connections) = try make()
    for _ in 0..<7 { probe.advance(values: values, connections: connections) }
    probe.jump(to: 12, series: 1)
    #expect(probe.past.isEmpty && probe.position == 12 && probe.series == 1)
    probe.advance(values: values, connections: connections)
    #expect(probe.now?.step == 12 && probe.now?.before.allSatisfy { $0 == 0 } == true)
    probe.jump(to: -4, series: 9)
    #expect(probe.position == 0 && probe.series == 1)
    probe.jump(to: 1000)
    #expect(probe.position == 29)
  }

  /// A state that is not finite would stay so for ever.
  @Test func beginsAgainFromRestAfterABadStep() throws {
    var (probe, values, connections) = try make()
    let broken = values.map { _ in Float.nan }
    probe.advance(values: broken, connections: connections)
    #expect(probe.now?.state.contains { $0.isNaN } == true)
    probe.advance(values: values, connections: connections)
    #expect(probe.now?.before.allSatisfy { $0 == 0 } == true && probe.now?.state.allSatisfy(\.isFinite) == true)
  }

  /// The window in which the targets move most, found by looking at every one.
  @Test func theMostEventfulWindowIsWhereTargetsMoveMost() throws {
    var task = Sample.task(steps: 40)
    var targets = [Double](repeating: 0, count: 40)
    (targets[21], targets[23], targets[24], targets[33]) = (1, -1, 0.5, 2)
    task.heldOut[0].targets = targets
    let (probe, _, _) = try make(task)
    for window in [1, 2, 5, 12, 39] {
      let changes = (0..<40).map { $0 == 0 ? 0 : abs(targets[$0] - targets[$0 - 1]) }
      let sums = (0...40 - window).map { changes[$0..<$0 + window].reduce(0, +) }
      let found = probe.mostEventful(window: window)
      #expect(sums[found] == sums.max(), "window \(window): \(found)")
      #expect(found == sums.firstIndex(of: sums.max()!))
    }
    for window in [0, -3, 40, 100] { #expect(probe.mostEventful(window: window) == 0) }
  }
}
