import RealModule
import Spiking
import Testing

@Suite struct EncoderTests {
  @Test func rateCode() throws {
    let encoder = Encoder(.rate(maximum: 100, population: 1), ranges: [0...10, -1...1])
    try encoder.validate()
    #expect(encoder.channels == 2)
    var state = Encoder.State(seed: 1)
    var counts = [0.0, 0]
    // 1 000 frames of 20 ms at 25 and 100 Hz: 500 and 2 000 spikes, five deviations.
    for _ in 0..<1_000 {
      for step in encoder.encode([2.5, 7], steps: 200, step: 0.1, state: &state) {
        for channel in step { counts[Int(channel)] += 1 }
      }
    }
    #expect(abs(counts[0] - 500) < 5 * 500.0.squareRoot() && abs(counts[1] - 2_000) < 5 * 2_000.0.squareRoot())
  }

  /// The most active channel is the one whose centre is nearest.
  @Test func populations() throws {
    for code in [Encoder.Code.rate(maximum: 1_000, population: 5), .latency(population: 5)] {
      let encoder = Encoder(code, ranges: [0...1])
      for (index, value) in [0, 0.25, 0.5, 0.75, 1].enumerated() {
        var state = Encoder.State(seed: 4)
        let frame = encoder.encode([value], steps: 1_000, step: 0.1, state: &state)
        var counts = [Int](repeating: 0, count: 5)
        for step in frame { for channel in step { counts[Int(channel)] += 1 } }
        if case .latency = code {
          #expect(frame[0] == [Int32(index)] && counts.allSatisfy { $0 <= 1 })
        } else {
          #expect(counts.firstIndex(of: counts.max()!) == index)
        }
      }
    }
  }

  /// Up and down by whole levels; what is left is kept for the next frame.
  @Test func levelCrossings() {
    let encoder = Encoder(.levelCrossing(level: 0.1), ranges: [0...1])
    var state = Encoder.State(seed: 1)
    func fired(_ value: Double) -> [Int32] {
      encoder.encode([value], steps: 10, step: 1, state: &state).flatMap { $0 }
    }
    #expect(fired(0.5) == [])
    #expect(fired(0.75) == [0, 0])
    #expect(fired(0.79) == [])
    #expect(fired(0.81) == [0])
    #expect(fired(0.4) == [1, 1, 1, 1])
    state.begin()
    #expect(fired(0.9) == [])
    #expect(encoder.encode([0.4], steps: 10, step: 1, state: &state).map(\.count) == [1, 0, 1, 0, 1, 0, 1, 0, 1, 0])
  }

  @Test func latencyIsShorterForLargerValues() {
    let encoder = Encoder(.latency(population: 1), ranges: [0...1])
    var state = Encoder.State(seed: 1)
    for (value, step) in [(1.0, 0), (0.75, 5), (0.5, 10), (0.1, 18)] {
      let frame = encoder.encode([value], steps: 20, step: 1, state: &state)
      #expect(frame.firstIndex { !$0.isEmpty } == step)
    }
    #expect(encoder.encode([0.01], steps: 20, step: 1, state: &state).allSatisfy { $0.isEmpty })
  }

  @Test func refusals() {
    #expect(throws: SpikingError("The level of a level-crossing code has to lie between 0 and 1, and is 2.0.")) {
      try Encoder(.levelCrossing(level: 2), ranges: [0...1]).validate()
    }
    #expect(throws: SpikingError.self) { try Encoder(.latency(population: 0), ranges: [0...1]).validate() }
    #expect(throws: SpikingError.self) { try Encoder(.latency(population: 1), ranges: []).validate() }
    #expect(Encoder.ranges(of: [[1, 5], [3, 5]]) == [1...3, 4.5...5.5])
  }
}
