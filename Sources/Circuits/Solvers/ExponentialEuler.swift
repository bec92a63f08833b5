import RealModule

/// Exact for frozen gates: capacity·ẋ = drive − total·x is solved over h with drive and total as they are at its start.
///
///     x' = x + h·φ(z)·f(x),   z = h·total/capacity,   φ(z) = (1 − e^(−z))/z
///
/// Order 1, one evaluation, stable at any step; where no neuron leaks (total = 0) it is explicit Euler.
/// Source: Rush & Larsen 1978, DOI 10.1109/TBME.1978.326270.
struct ExponentialEuler: SolverKind, FixedStepper {
  let name = "exponential"
  let title = "exponential Euler"
  let summary = "exponential: exact for frozen gates, order 1, one evaluation a sub-step; stable at any step"
  let order = 1
  let stages = 1

  @_specialize(where S == Float)
  @_specialize(where S == Double)
  func step<S: CircuitScalar>(
    _ dynamics: Dynamics<S>, x: UnsafeMutablePointer<S>, h: S, records: UnsafeMutablePointer<S>
  ) {
    let n = dynamics.neurons
    records.update(from: x, count: n)
    dynamics.evaluate(records)
    let (flow, k) = (dynamics.flow(records), dynamics.work)
    rate(dynamics, records, into: k)
    for i in 0..<n { x[i] += h * expm1Quotient(-h * flow.total[i] / flow.capacity[i]) * k[i] }
  }

  @_specialize(where S == Float)
  @_specialize(where S == Double)
  func stepBack<S: CircuitScalar>(
    _ dynamics: Dynamics<S>, dx: UnsafeMutablePointer<S>, h: S, records: UnsafeMutablePointer<S>,
    gradient: UnsafeMutablePointer<S>
  ) {
    let flow = dynamics.flow(records)
    let d = dynamics.flowGradient
    for i in 0..<dynamics.neurons {
      let inverse = 1 / flow.capacity[i]
      let z = h * flow.total[i] * inverse
      let f = (flow.drive[i] - flow.total[i] * records[i]) * inverse
      let df = h * expm1Quotient(-z) * dx[i]
      let dz = h * f * expm1QuotientSlope(z) * dx[i]
      d.drive[i] = df * inverse
      d.total[i] = (dz * h - df * records[i]) * inverse
      d.capacity[i] = -(dz * z + df * f) * inverse
      dx[i] -= df * flow.total[i] * inverse
    }
    dynamics.adjoint(records, stateGradient: dx, gradient: gradient)
  }
}

/// φ'(z) of φ(z) = (1 − e^(−z))/z for z ≥ 0: ((1 + z)·e^(−z) − 1)/z², below z = 1/2 by its series, since there the numerator cancels.
///
/// Series: φ'(z) = −Σ_k (−z)^k·(k + 1)/(k + 2)!; 12 terms leave 0.5¹²·13/14! ≈ 4e-14 relative to 1/2.
@inline(__always)
func expm1QuotientSlope<S: CircuitScalar>(_ z: S) -> S {
  if z >= 0.5 { return (S.exp(-z) - (1 - S.exp(-z)) / z) / z }
  var (sum, power, factorial) = (S(0), S(1), S(2))
  for k in 0..<12 {
    sum -= power * S(k + 1) / factorial
    power *= -z
    factorial *= S(k + 3)
  }
  return sum
}
