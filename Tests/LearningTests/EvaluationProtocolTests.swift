import Circuits
import Learning
import Samples
import Tasks
import Testing

@Suite("Ways to measure") struct EvaluationProtocolTests {
  /// A series in the windowed way, by hand: from rest, a lead-in that is not counted, then half a window that is.
  @Test func windowsBeginAtRest() throws {
    let task = Sample.task(steps: 23)
    let model = try Sample.model(task)
    let values = model.firstStoredParameters()
    let series = task.heldOut[0]
    let (sequence, half) = (10, 5)
    var (error, counted) = (0.0, 0)
    for start in stride(from: 0, to: series.steps, by: half) {
      let first = max(start - half, 0)
      let end = min(start + half, series.steps)
      let piece = Series(
        name: "piece", inputs: Array(series.inputs[first * 2..<end * 2]),
        targets: Array(series.targets[first..<end]), elapsed: Array(series.elapsed[first..<end]))
      // One stretch, for the piece is shorter than 128 steps.
      let whole = Probe(model: model, task: task.with(heldOut: [piece]))
      var probe = whole
      for _ in first..<end { probe.advance(values: values, connections: model.wiring.connections()) }
      for moment in probe.past where moment.step >= start - first {
        error += Double((moment.output[0] - moment.target[0]) * (moment.output[0] - moment.target[0]))
        counted += 1
      }
    }
    let evaluator = Evaluator(
      model: model, task: task, series: [series], sequence: sequence, threads: 2, protocol: .windowed)
    let result = evaluator.evaluate(values, connections: model.wiring.connections())
    #expect(counted == series.steps && result.steps == series.steps)
    // Single precision over 23 steps.
    #expect(abs(result.loss - error / Double(counted)) < 1e-5 * result.loss)
  }

  /// A series that one stretch holds is measured alike from rest; a longer one is not.
  @Test func carriedGoesOn() throws {
    let task = Sample.task(steps: 200)
    let model = try Sample.model(task)
    let values = model.firstStoredParameters()
    func loss(_ way: EvaluationProtocol, _ series: Series, sequence: Int = 10) -> Double {
      Evaluator(model: model, task: task, series: [series], sequence: sequence, threads: 1, protocol: way)
        .evaluate(values, connections: model.wiring.connections()).loss
    }
    #expect(loss(.carried, task.heldOut[0]) != loss(.windowed, task.heldOut[0]))
    #expect(EvaluationProtocol.carried.other == .windowed && EvaluationProtocol.windowed.other == .carried)
  }
}

extension TaskData {
  fileprivate func with(heldOut: [Series]) -> TaskData {
    var task = self
    task.heldOut = heldOut
    return task
  }
}
