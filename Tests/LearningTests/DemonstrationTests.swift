import Circuits
import Foundation
import Learning
import Tasks
import Testing

/// The default demonstration two hundred times as fast: the suggestion's rate times 200 for steps by 200, so that parameters
/// move as far as in the five minutes that `Tests/demonstration.sh` measures.
@Suite struct DemonstrationTests {
  @Test func getsBetterAndStaysSo() throws {
    let (seed, haste): (UInt64, Int) = (1, 200)
    let task = try TaskRegistry.named("household").load(seed: seed)
    var options = try Recipe(training: .init(isOpenEnded: true), seed: seed).options(for: task, threads: 1)
    guard case .cosine(let steps) = options.schedule else {
      Issue.record("the suggested schedule is \(options.schedule)")
      return
    }
    options.schedule = .cosine(steps: steps / haste)
    options.learningRate *= Double(haste)
    let model = try Model<Float>(
      ModelSpecification(
        neurons: task.suggestion.neurons, wiring: task.suggestion.wiring, seed: seed,
        inputNames: task.inputs.map(\.name), outputNames: task.outputNames))
    let session = try TrainingSession(model: model, task: task, options: options)
    try session.advance()
    let first = try #require(session.heldOut).loss
    // 15 000 of 600 000 steps, which are seven seconds: it has visibly fallen and is not done.
    while session.step < 100 { try session.advance() }
    let early = try #require(session.heldOut).loss
    while session.step < 600_000 / haste { try session.advance() }
    let last = try #require(session.heldOut)
    let best = try #require(session.best).result.loss
    print("household, seed \(seed): held-out loss \(first), \(early), \(last.loss); best \(best)")
    #expect(early < 0.95 * first && last.loss < 0.9 * early)
    // To know nothing costs ln 2 times the mean of twice the share of negatives: about 1.15.
    #expect(last.loss < 0.75 && last.loss <= 1.05 * best)
    #expect(try #require(last.metrics["balancedAccuracy heater"]) >= 0.90)
  }
}
