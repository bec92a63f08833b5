import RealModule
import Randomness
import Spiking
import Testing

@Suite struct SpikeRunTests {
  static func topology(_ neurons: Int, connections: Int = 0) -> Topology {
    Topology(
      neurons: neurons, connections: connections, excitatoryWeight: .equal(0.1), inhibitoryWeight: .equal(0.4))
  }

  /// One neuron under constant current: 1/(t_ref + τ·ln(I/(I − 1))), to one step of a period.
  @Test func oneNeuron() throws {
    let run = SpikeRun(topology: Self.topology(1), drive: .current(1.5), seconds: 10)
    let (spikes, summary, _) = try run.run()
    let exact = 1_000 / (2 + 10 * Double.log(3.0))
    #expect(abs(summary.rate - exact) < exact * 0.1 / 13 + 0.1, "\(summary.rate) Hz, exact \(exact) Hz")
    let times = spikes.times(neurons: 1, step: 0.1)[0]
    #expect(times.count == spikes.count && abs(times[0] - 11) < 1e-9)
    #expect(summary.capacity == nil && summary.efficiency == nil && summary.secondsPerSecond > 1)
    #expect(abs(summary.activity - summary.rate * 1e-4) < 1e-12)
  }

  @Test func seriesHasACapacity() throws {
    var random = SeededGenerator(seed: 2)
    let frames = (0..<600).map { _ in [random.uniform(-1...1)] }
    var run = SpikeRun(
      topology: Self.topology(60, connections: 8), drive: .series(frames, hold: 10, bias: 1, gain: 0.7), seconds: 6,
      step: 0.5)
    let (spikes, summary, network) = try run.run()
    #expect(network.spikeCount == spikes.count && network.now == 12_000)
    #expect(summary.capacity! > 0.05 && summary.efficiency! == summary.capacity! / summary.activity)
    #expect(abs(summary.activity / 0.01 - summary.rate) < 1e-9)
    // The same frames again would be remembered from last time: no capacity is told.
    run.seconds = 7
    #expect(try run.run().summary.capacity == nil)
  }

  @Test func endsEarlyAndLearns() throws {
    let run = SpikeRun(
      topology: Self.topology(50, connections: 10), plasticity: PlasticityRule(maximum: 0.3), drive: .current(1.3),
      seconds: 100)
    let (_, summary, network) = try run.run { $0.now < 2_000 }
    #expect(network.now == 2_000 && summary.rate > 0)
    #expect(network.weights != network.connectivity.weights)
  }

  @Test func refusals() {
    #expect(throws: SpikingError("The time and the step have to be above 0; they are 0.0 s and 0.1 ms.")) {
      try SpikeRun(topology: Self.topology(1), seconds: 0).run()
    }
    #expect(throws: SpikingError.self) {
      try SpikeRun(topology: Self.topology(1), drive: .series([], hold: 1, bias: 1, gain: 1)).run()
    }
    #expect(throws: SpikingError.self) {
      try SpikeRun(topology: Self.topology(1), drive: .series([[1], [1, 2]], hold: 1, bias: 1, gain: 1)).run()
    }
  }
}
