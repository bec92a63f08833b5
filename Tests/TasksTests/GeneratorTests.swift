import Foundation
import Tasks
import Testing

@Suite struct GeneratorTests {
  /// The state at time `t`, steps of `h`.
  func state(_ system: DynamicalSystem, at t: Double, step h: Double, from start: [Double]? = nil) -> [Double] {
    var trajectory = Trajectory(system.derivative, from: start ?? system.start)
    for _ in 0..<Int((t / h).rounded()) { trajectory.advance(h) }
    return trajectory.state
  }

  /// The slope of log error against log step is the order, 4, within what the next order adds.
  @Test func integratorHasOrderFour() {
    let exact = linearSpiral(at: 2)
    let errors = [0.08, 0.04, 0.02, 0.01].map { h in
      let y = state(.spiral, at: 2, step: h)
      return hypot(y[0] - exact[0], y[1] - exact[1])
    }
    for (coarse, fine) in zip(errors, errors.dropFirst()) { #expect(abs(log2(coarse / fine) - 4) < 0.1) }
  }

  /// exp(At) of the linear spiral: a rotation by 3t and a shrinking by e^(−0.1 t).
  func linearSpiral(at t: Double) -> [Double] {
    let (x, y) = (DynamicalSystem.spiral.start[0], DynamicalSystem.spiral.start[1])
    let size = exp(-0.1 * t)
    return [size * (x * cos(3 * t) - y * sin(3 * t)), size * (x * sin(3 * t) + y * cos(3 * t))]
  }

  @Test func linearSpiralIsItsExponential() {
    let y = state(.spiral, at: 25, step: 0.005)
    // 5 000 steps, local error about (3h)⁵/120.
    for (a, b) in zip(y, linearSpiral(at: 25)) { #expect(abs(a - b) < 1e-8) }
  }

  @Test func cubicSpiral() {
    let y = state(.cubicSpiral, at: 25, step: 0.001)
    #expect(abs(y[0] - -0.443623) < 1e-6)
    #expect(abs(y[1] - 0.279441) < 1e-6)
  }

  @Test func sinusoidInPolarCoordinates() {
    let y = state(.sinusoid, at: 10, step: 0.01)
    let r: Double = 1 / (1 + (1 / 2.0.squareRoot() - 1) * exp(-10.0))
    let angle = Double.pi / 4 + 10
    #expect(abs(y[0] - r * cos(angle)) < 1e-8)
    #expect(abs(y[1] - r * sin(angle)) < 1e-8)
  }

  @Test func conservedQuantities() {
    func duffing(_ y: [Double]) -> Double {
      let square = y[0] * y[0]
      return y[1] * y[1] / 2 - square / 2 + square * square / 4
    }
    #expect(abs(duffing(state(.duffing, at: 25, step: 0.005)) - duffing([-1, 1])) < 1e-8)
    func lotkaVolterra(_ y: [Double]) -> Double { y[0] - 3 * log(y[0]) + y[1] - 1.5 * log(y[1]) }
    #expect(abs(lotkaVolterra(state(.lotkaVolterra, at: 10, step: 0.005)) - lotkaVolterra([1, 1])) < 1e-8)
  }

  @Test func lorenzFixedPoints() {
    let c = 6 * 2.0.squareRoot()
    for point in [[c, c, 27], [-c, -c, 27], [0, 0, 0]] {
      var rate = [1.0, 1, 1]
      DynamicalSystem.lorenz.derivative(point, &rate)
      // Terms of about 240, a few roundings each.
      for value in rate { #expect(abs(value) < 1e-12) }
    }
  }

  /// Benettin's method: a neighbour at distance 1e-8, drawn back every 0.5 time units.
  @Test func lorenzLyapunovExponent() {
    let derivative = DynamicalSystem.lorenz.derivative
    var leader = Trajectory(derivative, from: state(.lorenz, at: 20, step: 0.005))
    var follower = leader
    follower.state[0] += 1e-8
    var sum = 0.0
    let rounds = 600
    for _ in 0..<rounds {
      for _ in 0..<100 {
        leader.advance(0.005)
        follower.advance(0.005)
      }
      let difference = zip(follower.state, leader.state).map { $0 - $1 }
      let distance = difference.reduce(0) { $0 + $1 * $1 }.squareRoot()
      sum += log(distance / 1e-8)
      for i in 0..<3 { follower.state[i] = leader.state[i] + difference[i] * 1e-8 / distance }
    }
    let exponent = sum / (Double(rounds) * 0.5)
    print("Lorenz exponent \(exponent)")
    // 0.906 in the long run; 300 time units leave a spread of about 0.02.
    #expect(abs(exponent - 0.906) < 0.03)
  }

  @Test(arguments: [(0.1, 6.2871), (1, 6.663287), (5, 11.612231)])
  func vanDerPolPeriod(_ mu: Double, _ period: Double) {
    let h = 0.001
    var trajectory = Trajectory(DynamicalSystem.vanDerPol(mu: mu).derivative, from: [2, 0])
    var crossings: [Double] = []
    var t = 0.0
    while t < 200 {
      let before = trajectory.state
      trajectory.advance(h)
      // Upwards through x = 0, after the transient; the place between two steps by a straight line.
      if t > 100, before[0] < 0, trajectory.state[0] >= 0 {
        crossings.append(t + h * before[0] / (before[0] - trajectory.state[0]))
      }
      t += h
    }
    let measured = (crossings.last! - crossings.first!) / Double(crossings.count - 1)
    #expect(abs(measured - period) < 5e-5, "μ \(mu): \(measured)")
  }

  @Test func mackeyGlassStatistics() {
    let x = MackeyGlass.sample(interval: 1, substeps: 10, samples: 12_000)[500...]
    let mean = x.reduce(0, +) / Double(x.count)
    let deviation = (x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(x.count)).squareRoot()
    print("Mackey–Glass \(x.min()!) … \(x.max()!), mean \(mean), deviation \(deviation)")
    #expect(abs(x.min()! - 0.418) < 0.01)
    #expect(abs(x.max()! - 1.319) < 0.01)
    #expect(abs(mean - 0.932) < 0.005)
    #expect(abs(deviation - 0.226) < 0.005)
    // Until the delayed value changes the equation is linear: x(t) = a + (1.2 − a)e^(−γt) with a = growth / γ.
    let a: Double = 0.2 * 1.2 / (1 + pow(1.2, 10)) / 0.1
    let early = MackeyGlass.sample(interval: 16, substeps: 160, samples: 2)
    let exact: Double = a + (1.2 - a) * exp(-1.6)
    #expect(abs(early[1] - exact) < 1e-9)
    #expect(MackeyGlass.sample(interval: 1, substeps: 10, samples: 0).isEmpty)
  }

  @Test(arguments: [
    "sinusoid", "spiral", "spiral-cubic", "duffing", "lotka-volterra", "van-der-pol", "lorenz", "mackey-glass",
  ])
  func forecastTasks(_ name: String) throws {
    let data = try TaskRegistry.named(name).load(seed: 3)
    for series in data.training + data.heldOut {
      #expect(series.inputs.dropFirst(data.inputCount) == series.targets.dropLast(data.inputCount))
    }
    let baseline = try #require(data.baselines.first)
    print("\(name): persistence nmse \(baseline.value)")
    // Easy enough to be learned, and not so finely sampled that standing still is an answer.
    #expect(baseline.value > 0.005 && baseline.value < 2)
    #expect(abs(persistenceOfAll(data) - baseline.value) < 1e-12)
  }

  func persistenceOfAll(_ data: TaskData) -> Double {
    Metrics.compute(
      kind: data.kind, names: data.targets.map(\.name), outputs: data.heldOut.map(\.inputs), series: data.heldOut)[
        "nmse"]!
  }

  @Test func publishedStartIsHeldOut() throws {
    let data = try TaskRegistry.named("spiral").load(seed: 3)
    #expect(data.heldOut.map(\.name).first == "from (0.5, 0.01)")
    let first = zip(data.inputs, data.heldOut[0].inputs).map { $0.restore($1) }
    #expect(abs(first[0] - 0.5) < 1e-15 && abs(first[1] - 0.01) < 1e-15)
  }
}
