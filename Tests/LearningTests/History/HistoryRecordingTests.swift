import CAllocations
import Circuits
import Foundation
import Learning
import Samples
import Tasks
import Testing

/// A history that follows training.
@Suite("Recording weights", .serialized) struct HistoryRecordingTests {
  private func session(_ task: String = "sine", cell: String = "ltc", neurons: Int = 8) throws -> TrainingSession {
    let data = try TaskRegistry.named(task).load(seed: 1)
    let model = try Model<Float>(
      ModelSpecification(
        cell: cell, neurons: neurons, wiring: "all", inputNames: data.inputs.map(\.name), outputNames: data.outputNames)
    )
    var options = TrainingOptions(data, threads: 1)
    options.evaluateEvery = 1_000_000
    return try TrainingSession(model: model, task: data, options: options)
  }

  @Test func followsStepsAndCommands() throws {
    let session = try session()
    let first = session.learner.state.values
    let history = WeightHistory(session.model)
    session.add(history)
    for _ in 0..<3 { try session.advance() }
    let before = session.learner.state.values
    _ = try session.apply(.pruneFraction(0.5))
    for _ in 0..<2 { try session.advance() }
    session.end()
    #expect(history.moments.map(\.step) == [0, 1, 2, 3, 4, 5])
    #expect(history.moments.map(\.kind) == [.first, .regular, .regular, .intervention, .regular, .latest])
    #expect(history.state(at: 0)?.values == first && history.state(at: 3)?.values == before)
    let last = try #require(history.state(at: 5))
    #expect(last.values == session.learner.state.values && last.connections == session.learner.state.connections)
    #expect(last.connections.count { $0 == 1 } < history.state(at: 2)!.connections.count { $0 == 1 })
  }

  /// Watching changes nothing: the same bits with and without.
  @Test func watchingChangesNothing() throws {
    let (watched, plain) = (try session(), try session())
    watched.add(WeightHistory(watched.model, megabytes: 0.01))
    for _ in 0..<20 {
      try watched.advance()
      try plain.advance()
    }
    #expect(watched.learner.state == plain.learner.state)
  }

  #if DEBUG
    static let isOptimised = false
  #else
    static let isOptimised = true
  #endif

  /// What recording takes of a step in processor time, measured in turns within one run: the best of blocks of steps with
  /// and without, each the other's neighbour in time. The aim is 2 %; the limit leaves room for a machine that is busy,
  /// as do more blocks where the first fourteen are above half of it.
  @Test(.enabled(if: isOptimised), arguments: [("sine", 16), ("household", 16), ("household", 64)])
  func costsLittle(_ task: String, _ neurons: Int) throws {
    let (watched, plain) = (try session(task, neurons: neurons), try session(task, neurons: neurons))
    let history = WeightHistory(watched.model)
    watched.add(history)
    func seconds(_ session: TrainingSession, _ steps: Int) throws -> Double {
      let start = processorTime()
      for _ in 0..<steps { try session.advance() }
      return processorTime() - start
    }
    // A block is about 20 ms.
    _ = try seconds(watched, 20)
    let steps = max(Int(0.02 / (try seconds(plain, 20) / 20)), 2)
    var best = [Double.infinity, .infinity]
    for round in 0..<60 {
      for which in round % 2 == 0 ? [0, 1] : [1, 0] {
        best[which] = min(best[which], try seconds(which == 0 ? watched : plain, steps))
      }
      if round >= 13, best[0] / best[1] - 1 < 0.05 { break }
    }
    let cost = best[0] / best[1] - 1
    print("recording \(task), \(neurons) neurons: \(cost * 100) % of a step (\(history.moments.count) moments kept)")
    #expect(cost < 0.1)
  }

  /// Of this thread, which does all the work, s.
  private func processorTime() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The reach experiment with 64 tanh units: its loss by trial jumps with the field, falls in it, and jumps again after it.
  @Test(.enabled(if: isOptimised)) func reachExperiment() throws {
    let session = try session("reach", cell: "rnn", neurons: 64)
    var losses: [Double] = []
    for _ in 0..<850 {
      try session.advance()
      losses.append(session.report!.loss)
    }
    func mean(_ trials: Range<Int>) -> Double { losses[trials].reduce(0, +) / Double(trials.count) }
    let (before, jump, adapted) = (mean(640..<650), losses[650], mean(740..<750))
    let (after, washed) = (losses[750], mean(840..<850))
    print("reach: before \(before), field \(jump), adapted \(adapted), after-effect \(after), washed out \(washed)")
    #expect(jump > 5 * before && adapted < jump / 3 && after > 5 * adapted && washed < after / 3)
  }
}
