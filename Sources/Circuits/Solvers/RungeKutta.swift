/// Explicit Runge–Kutta steps from a Butcher tableau, forward and backward:
///
///     x_s = x + h·Σ_{r<s} a_sr·k_r,   k_s = f(x_s),   x' = x + h·Σ_s b_s·k_s
///
/// A solver that conforms is its coefficients. Source of form: Hairer, Nørsett & Wanner, Solving Ordinary Differential
/// Equations I, DOI 10.1007/978-3-540-78862-1.
protocol RungeKutta: FixedStepper, SolverKind {
  /// Row s holds a_s0 … a_s,s−1; row 0 is empty.
  static var a: [[Double]] { get }
  static var b: [Double] { get }
}

extension RungeKutta {
  var stages: Int { Self.b.count }

  func step<S: CircuitScalar>(
    _ dynamics: Dynamics<S>, x: UnsafeMutablePointer<S>, h: S, records: UnsafeMutablePointer<S>
  ) {
    rungeKuttaStep(dynamics, a: Self.a, b: Self.b, x: x, h: h, records: records)
  }

  func stepBack<S: CircuitScalar>(
    _ dynamics: Dynamics<S>, dx: UnsafeMutablePointer<S>, h: S, records: UnsafeMutablePointer<S>,
    gradient: UnsafeMutablePointer<S>
  ) {
    rungeKuttaStepBack(dynamics, a: Self.a, b: Self.b, dx: dx, h: h, records: records, gradient: gradient)
  }

  /// R(z) = 1 + z·bᵀ(1 + z·A·1 + z²·A²·1 + …).
  func amplification(real: Double, imaginary: Double) -> Double? {
    // k_s of ẋ = λx at x = 1, times h: z·(1 + Σ a_sr·k_r), in complex numbers.
    var k: [(re: Double, im: Double)] = []
    for row in Self.a {
      var (re, im) = (1.0, 0.0)
      for (r, a) in row.enumerated() { (re, im) = (re + a * k[r].re, im + a * k[r].im) }
      k.append((real * re - imaginary * im, real * im + imaginary * re))
    }
    var (re, im) = (1.0, 0.0)
    for (s, b) in Self.b.enumerated() { (re, im) = (re + b * k[s].re, im + b * k[s].im) }
    return (re * re + im * im).squareRoot()
  }
}

/// k = (drive − total·x)/capacity of the evaluation in `record`.
@inline(__always)
func rate<S: CircuitScalar>(_ dynamics: Dynamics<S>, _ record: UnsafeMutablePointer<S>, into k: UnsafeMutablePointer<S>)
{
  let flow = dynamics.flow(record)
  for i in 0..<dynamics.neurons { k[i] = (flow.drive[i] - flow.total[i] * record[i]) / flow.capacity[i] }
}

@_specialize(where S == Float)
@_specialize(where S == Double)
func rungeKuttaStep<S: CircuitScalar>(
  _ dynamics: Dynamics<S>, a: [[Double]], b: [Double], x: UnsafeMutablePointer<S>, h: S,
  records: UnsafeMutablePointer<S>
) {
  let n = dynamics.neurons
  let size = (dynamics.circuit.sums + 4) * n
  for s in b.indices {
    let record = records + s * size
    for i in 0..<n {
      var sum: S = 0
      for r in 0..<s { sum += S(a[s][r]) * dynamics.work[r * n + i] }
      record[i] = x[i] + h * sum
    }
    dynamics.evaluate(record)
    rate(dynamics, record, into: dynamics.work + s * n)
  }
  for i in 0..<n {
    var sum: S = 0
    for s in b.indices { sum += S(b[s]) * dynamics.work[s * n + i] }
    x[i] += h * sum
  }
}

/// With λ = ∂L/∂x': ∂L/∂k_s = h·b_s·λ + h·Σ_{r>s} a_rs·∂L/∂x_r, and ∂L/∂x = λ + Σ_s ∂L/∂x_s.
@_specialize(where S == Float)
@_specialize(where S == Double)
func rungeKuttaStepBack<S: CircuitScalar>(
  _ dynamics: Dynamics<S>, a: [[Double]], b: [Double], dx: UnsafeMutablePointer<S>, h: S,
  records: UnsafeMutablePointer<S>, gradient: UnsafeMutablePointer<S>
) {
  let n = dynamics.neurons
  let size = (dynamics.circuit.sums + 4) * n
  let d = dynamics.flowGradient
  for s in b.indices.reversed() {
    let record = records + s * size
    let flow = dynamics.flow(record)
    let dxs = dynamics.work + s * n
    for i in 0..<n {
      var dk = S(b[s]) * dx[i]
      for r in s + 1..<b.count where a[r][s] != 0 { dk += S(a[r][s]) * dynamics.work[r * n + i] }
      dk *= h / flow.capacity[i]
      let k = (flow.drive[i] - flow.total[i] * record[i]) / flow.capacity[i]
      d.drive[i] = dk
      d.total[i] = -dk * record[i]
      d.capacity[i] = -dk * k
      dxs[i] = -dk * flow.total[i]
    }
    dynamics.adjoint(record, stateGradient: dxs, gradient: gradient)
  }
  for s in b.indices { for i in 0..<n { dx[i] += dynamics.work[s * n + i] } }
}
