import Analysis
import Foundation
import Testing

@testable import Experiments

/// A low-rank network under way: watched, paused, its parts frozen, ended.
@Suite("Fitting a recording") struct RecordingFitTests {
  private func fit(rank: Int = 1) throws -> LowTensorRankFit {
    let recording = try LearningRecording(
      Tensor3(10, 4, 6) { k, o, t in sin(Double(t + o)) * (k % 2 == 0 ? 1 : -1) + Double(k) / 10 },
      condition: (0..<10).map { $0 % 2 })
    let blocks = HeldOutBlocks(trials: 10, neurons: 4, steps: 6, kept: 0.8, seed: 2)
    return try LowTensorRankFit(recording, rank: rank, preparation: 2, blocks: blocks)
  }

  private func wait(_ isTrue: () -> Bool) -> Bool {
    for _ in 0..<2_000 {
      if isTrue() { return true }
      Thread.sleep(forTimeInterval: 0.005)
    }
    return false
  }

  @Test func isWatchedPausedFrozenAndEnded() throws {
    let running = RecordingFit(try fit())
    #expect(running.report().status == .waiting && running.fit.iterations == 0)
    running.start()
    #expect(wait { running.fit.iterations > 2 })
    running.pause()
    #expect(running.report().status == .paused)
    // The iteration that is being made may still end; after that nothing moves.
    var before = -1
    #expect(
      wait {
        defer { before = running.fit.iterations }
        return running.fit.iterations == before
      })
    let paused = running.fit
    Thread.sleep(forTimeInterval: 0.05)
    #expect(running.fit.iterations == paused.iterations)
    running.freeze([.b, .c])
    running.start()
    #expect(wait { running.fit.iterations > paused.iterations + 3 })
    running.cancel()
    running.wait()
    #expect(running.report().status == .cancelled)
    let (last, network) = (running.fit.network, paused.network)
    for part in LowTensorRankNetwork.Part.allCases {
      let range = network.range(of: part)
      #expect((last.values[range] == network.values[range]) == (part == .b || part == .c))
    }
  }

  /// The same figures as without a queue.
  @Test func endsByItself() throws {
    let running = RecordingFit(try fit())
    running.start()
    running.wait()
    #expect(running.report().status == .finished && running.report().share == 1)
    var alone = try fit()
    while !alone.isDone { try alone.advance() }
    #expect(running.fit.network.values == alone.network.values && running.fit.tested.last == alone.tested.last)
    #expect((LowTensorRankFit.window...LowTensorRankFit.mostIterations).contains(alone.iterations))
  }
}
