import Spiking
import Testing

@Suite struct MemoryExperimentTests {
  static let small = MemoryExperiment(
    topology: Topology(
      neurons: 60, connections: 10, excitatoryWeight: .gamma(shape: 4, mean: 0.15),
      inhibitoryWeight: .gamma(shape: 4, mean: 0.5), delay: .uniform(shape: 3, mean: 2)),
    learning: 100, washout: 50, measured: 600, delays: 20)

  @Test func seedsDecideEverything() throws {
    let first = try Self.small.run(seed: 1, processing: true)
    #expect(try Self.small.run(seed: 1, processing: true) == first)
    #expect(try Self.small.run(seed: 2) != first)
    #expect(first.memory.total > 0.1 && first.memory.total < 60, "C \(first.memory.total)")
    #expect(first.activity > 0 && abs(first.rate - first.activity * 50) < 1e-9)
    #expect(first.efficiency == first.memory.total / first.activity)
    #expect(first.processing!.total >= first.processing!.perDegree[0] && first.processing!.total < 60)
  }

  @Test func learningNetworksRunAndSilentOnesHaveNothing() throws {
    var experiment = Self.small
    experiment.plasticity = PlasticityRule(maximum: 0.5)
    experiment.homeostasis = Homeostasis(goal: 15)
    let learned = try experiment.run(seed: 1)
    #expect(learned.activity > 0)
    experiment.plasticity = nil
    experiment.homeostasis = nil
    (experiment.bias, experiment.gain) = (0, 0.1)
    let silent = try experiment.run(seed: 1)
    #expect(silent.activity == 0 && silent.memory.total == 0 && silent.efficiency == 0 && silent.silentShare == 1)
  }

  @Test func cancelling() {
    #expect(throws: CancellationError.self) { try Self.small.run(seed: 1, isCancelled: { true }) }
  }

  /// Student's t at 5 % (Abramowitz & Stegun, table 26.10).
  @Test(arguments: [(1, 12.706), (2, 4.303), (3, 3.182), (9, 2.262), (10, 2.228), (30, 2.042), (120, 1.980)])
  func studentQuantiles(_ degrees: Int, _ expected: Double) {
    // n values of variance 1: halfWidth·√n is the quantile.
    let n = degrees + 1
    let root = (Double(n - 1) / Double(n)).squareRoot()
    let values = n % 2 == 0 ? (0..<n).map { $0 % 2 == 0 ? root : -root } : nil
    if let values {
      #expect(abs(Estimate(values).halfWidth * Double(n).squareRoot() - expected) < 6e-4)
    } else {
      let odd = [0] + (1..<n).map { $0 % 2 == 0 ? 1.0 : -1 }
      #expect(abs(Estimate(odd).halfWidth * Double(n).squareRoot() - expected) < 6e-4)
    }
  }

  @Test func signFlips() {
    #expect(signFlipProbability([1, 2, 3, 4, 5]) == 2.0 / 32)
    #expect(signFlipProbability([1, -1]) == 1)
    #expect(signFlipProbability([]) == 1)
    #expect(signFlipProbability([Double](repeating: 1, count: 20)) < 1e-3)
    #expect(Estimate([3]).halfWidth == .infinity && Estimate([3]).mean == 3)
  }
}
