/// An autonomous system of ordinary differential equations that is known by name.
public struct DynamicalSystem: Sendable {
  public var name: String
  /// One line, with the equations.
  public var summary: String
  public var variables: [String]
  public var start: [Double]
  public var derivative: Trajectory.Derivative

  /// x' = x(1 − r) − y, y' = y(1 − r) + x, r = √(x² + y²): every start but 0 ends on the unit circle.
  ///
  /// In polar coordinates r' = r(1 − r), θ' = 1, so r(t) = 1/(1 + (1/r₀ − 1)e⁻ᵗ).
  public static let sinusoid = DynamicalSystem(
    name: "sinusoid", summary: "x' = x(1−r) − y, y' = x + y(1−r): onto the unit circle", variables: ["x", "y"],
    start: [1, 1]
  ) { y, rate in
    let r = (y[0] * y[0] + y[1] * y[1]).squareRoot()
    rate[0] = y[0] * (1 - r) - y[1]
    rate[1] = y[0] + y[1] * (1 - r)
  }

  /// y' = yA, A = [[−0.1, 3], [−3, −0.1]]: a rotation of angular speed 3 that shrinks as e^(−0.1 t).
  public static let spiral = DynamicalSystem(
    name: "spiral", summary: "y' = yA, A = [[−0.1, 3], [−3, −0.1]]: a linear spiral inwards", variables: ["x", "y"],
    start: [0.5, 0.01]
  ) { y, rate in
    rate[0] = -0.1 * y[0] - 3 * y[1]
    rate[1] = 3 * y[0] - 0.1 * y[1]
  }

  /// y' = (y∘y∘y)A, A = [[−0.1, 2], [−2, −0.1]]: slows down as it shrinks.
  public static let cubicSpiral = DynamicalSystem(
    name: "spiral-cubic", summary: "y' = y³A, A = [[−0.1, 2], [−2, −0.1]]: a spiral that slows down",
    variables: ["x", "y"], start: [2, 0]
  ) { y, rate in
    let a = y[0] * y[0] * y[0]
    let b = y[1] * y[1] * y[1]
    rate[0] = -0.1 * a - 2 * b
    rate[1] = 2 * a - 0.1 * b
  }

  /// x' = v, v' = x − x³, without damping or drive: v²/2 − x²/2 + x⁴/4 is conserved.
  public static let duffing = DynamicalSystem(
    name: "duffing", summary: "x' = v, v' = x − x³: a ball in a valley with two dips", variables: ["x", "v"],
    start: [-1, 1]
  ) { y, rate in
    rate[0] = y[1]
    rate[1] = y[0] - y[0] * y[0] * y[0]
  }

  /// x' = 1.5x − xy, y' = −3y + xy: x − 3 ln x + y − 1.5 ln y is conserved.
  public static let lotkaVolterra = DynamicalSystem(
    name: "lotka-volterra", summary: "x' = 1.5x − xy, y' = xy − 3y: prey and predators",
    variables: ["prey", "predators"],
    start: [1, 1]
  ) { y, rate in
    rate[0] = 1.5 * y[0] - y[0] * y[1]
    rate[1] = -3 * y[1] + y[0] * y[1]
  }

  /// σ = 10, ρ = 28, β = 8/3 (Lorenz 1963): chaos; the unstable fixed points are (±6√2, ±6√2, 27) and 0.
  public static let lorenz = DynamicalSystem(
    name: "lorenz", summary: "x' = 10(y−x), y' = x(28−z) − y, z' = xy − 8z/3: chaos", variables: ["x", "y", "z"],
    start: [1, 1, 1]
  ) { y, rate in
    rate[0] = 10 * (y[1] - y[0])
    rate[1] = y[0] * (28 - y[2]) - y[1]
    rate[2] = y[0] * y[1] - 8 / 3 * y[2]
  }

  /// a = b = 0.2, c = 5.7 (Rössler 1976, DOI 10.1016/0375-9601(76)90101-8): chaos with a single nonlinear term.
  public static let rossler = DynamicalSystem(
    name: "rossler", summary: "x' = −y − z, y' = x + 0.2y, z' = 0.2 + z(x − 5.7): chaos, folded once a turn",
    variables: ["x", "y", "z"], start: [1, 1, 1]
  ) { y, rate in
    rate[0] = -y[1] - y[2]
    rate[1] = y[0] + 0.2 * y[1]
    rate[2] = 0.2 + y[2] * (y[0] - 5.7)
  }

  /// x' = v, v' = μ(1 − x²)v − x: a limit cycle, smooth for small μ, jumping for large.
  public static func vanDerPol(mu: Double) -> DynamicalSystem {
    DynamicalSystem(
      name: "van-der-pol", summary: "x' = v, v' = μ(1−x²)v − x, μ = \(mu): a cycle that every start ends on",
      variables: ["x", "v"], start: [2, 0]
    ) { y, rate in
      rate[0] = y[1]
      rate[1] = mu * (1 - y[0] * y[0]) * y[1] - y[0]
    }
  }
}
