/// Solves dy/dt = f(y) with the classical Runge–Kutta method of order 4 and a fixed step.
///
/// For generating data and for checks; the solvers of the networks are their own.
public struct Trajectory {
  /// Writes dy/dt of the state `y` into `rate`; both have the system's dimension.
  public typealias Derivative = @Sendable (_ y: [Double], _ rate: inout [Double]) -> Void

  /// Where the system is.
  public var state: [Double]
  private let derivative: Derivative
  private var k1: [Double]
  private var k2: [Double]
  private var k3: [Double]
  private var k4: [Double]
  private var probe: [Double]

  public init(_ derivative: @escaping Derivative, from start: [Double]) {
    self.derivative = derivative
    state = start
    k1 = start
    k2 = start
    k3 = start
    k4 = start
    probe = start
  }

  /// One step of length `h`; the local error is O(h⁵). Allocates nothing.
  public mutating func advance(_ h: Double) {
    derivative(state, &k1)
    for i in state.indices { probe[i] = state[i] + h / 2 * k1[i] }
    derivative(probe, &k2)
    for i in state.indices { probe[i] = state[i] + h / 2 * k2[i] }
    derivative(probe, &k3)
    for i in state.indices { probe[i] = state[i] + h * k3[i] }
    derivative(probe, &k4)
    for i in state.indices { state[i] += h / 6 * (k1[i] + 2 * k2[i] + 2 * k3[i] + k4[i]) }
  }

  /// `samples` states, `interval` apart, the first being the start; each interval is cut into `substeps`.
  public static func sample(
    _ derivative: @escaping Derivative, from start: [Double], interval: Double, substeps: Int, samples: Int
  ) -> [[Double]] {
    var trajectory = Trajectory(derivative, from: start)
    var result: [[Double]] = []
    for sample in 0..<samples {
      if sample > 0 {
        for _ in 0..<substeps { trajectory.advance(interval / Double(substeps)) }
      }
      result.append(trajectory.state)
    }
    return result
  }
}
