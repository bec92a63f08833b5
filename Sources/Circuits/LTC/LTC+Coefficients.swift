import LinearAlgebra

// The LTC cell as a linear system with state-dependent coefficients.
//
// With φ_ji(y) = w_ji·σ(σ_ji·(y − μ_ji)) and G_i = g_i + Σ_j φ_ji(x_j) + Σ_k φ_ki(u_k):
//
//   conductance form  A = −diag(G/C), B = 0, c_i = (g_i·e_i + Σ_j φ_ji·E_ji + Σ_k φ_ki·E_ki)/C_i
//   feature form      φ(y) = φ(0) + ψ(y)·y,  A_ij = E_ji·ψ_ji(x_j)/C_i − δ_ij·G_i/C_i,  B_ik = E_ki·ψ_ki(u_k)/C_i,
//                     c_i = (g_i·e_i + Σ_j E_ji·φ_ji(0) + Σ_k E_ki·φ_ki(0))/C_i
//
// Source: Lemmel & Grosu 2023, arXiv 2303.04944; the factorisations derived in the project's design.

extension LTC: ContinuousCell, SynapticCell {
  public var forms: [CoefficientForm] { CoefficientForm.allCases }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func readings(at point: OperatingPoint<Scalar>) -> SynapseReadings<Scalar> {
    let (n, places, p) = (neurons, self.places, point.parameters)
    let sources = point.sources
    var readings = SynapseReadings<Scalar>(
      activation: [Scalar](repeating: 0, count: point.connections.count),
      conductance: [Scalar](repeating: 0, count: point.connections.count),
      current: [Scalar](repeating: 0, count: point.connections.count))
    for at in point.connections.indices where point.connections[at] != 0 {
      let s = logistic(p[places.sigma + at] * (sources[at / n] - p[places.mu + at]))
      let g = p[places.w + at] * s
      readings.activation[at] = s
      readings.conductance[at] = g
      readings.current[at] = g * (p[places.erev + at] - point.state[at % n])
    }
    return readings
  }

  public func derivative(at point: OperatingPoint<Scalar>) -> [Scalar] {
    derivative(at: point, readings(at: point))
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  private func derivative(at point: OperatingPoint<Scalar>, _ readings: SynapseReadings<Scalar>) -> [Scalar] {
    let (n, places, p) = (neurons, self.places, point.parameters)
    return (0..<n).map { i in
      var flow = p[places.gleak + i] * (p[places.vleak + i] - point.state[i])
      for pre in 0..<n + inputs { flow += readings.current[pre * n + i] }
      return flow / p[places.cm + i]
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func coefficients(_ form: CoefficientForm, at point: OperatingPoint<Scalar>) -> Coefficients<Scalar> {
    let (n, m, places, p) = (neurons, inputs, self.places, point.parameters)
    let readings = readings(at: point)
    let sources = point.sources
    // G_i and drive_i, without C.
    var total = Array(p[places.gleak..<places.gleak + n])
    var drive = (0..<n).map { p[places.gleak + $0] * p[places.vleak + $0] }
    var constant = drive
    for at in point.connections.indices where point.connections[at] != 0 {
      total[at % n] += readings.conductance[at]
      drive[at % n] += readings.conductance[at] * p[places.erev + at]
    }
    var a = Matrix<Scalar>(rows: n, columns: n)
    var b = Matrix<Scalar>(rows: n, columns: m)
    if form == .feature {
      for at in point.connections.indices where point.connections[at] != 0 {
        let (pre, i) = (at / n, at % n)
        let (w, sigma, mu) = (p[places.w + at], p[places.sigma + at], p[places.mu + at])
        let reversal = p[places.erev + at]
        let chord = reversal * w * logisticSecant(sources[pre], slope: sigma, halfActivation: mu) / p[places.cm + i]
        if pre < n { a[i, pre] += chord } else { b[i, pre - n] += chord }
        constant[i] += reversal * w * logistic(-sigma * mu)
      }
    } else {
      constant = drive
    }
    for i in 0..<n { a[i, i] -= total[i] / p[places.cm + i] }
    return Coefficients(
      form: form, a: a, b: b, c: (0..<n).map { constant[$0] / p[places.cm + $0] },
      derivative: derivative(at: point, readings), timeConstants: (0..<n).map { p[places.cm + $0] / total[$0] },
      targets: (0..<n).map { drive[$0] / total[$0] })
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func jacobian(at point: OperatingPoint<Scalar>) -> Matrix<Scalar> {
    let (n, places, p) = (neurons, self.places, point.parameters)
    let readings = readings(at: point)
    var jacobian = Matrix<Scalar>(rows: n, columns: n)
    for at in point.connections.indices where point.connections[at] != 0 {
      let (pre, i) = (at / n, at % n)
      jacobian[i, i] -= readings.conductance[at] / p[places.cm + i]
      guard pre < n else { continue }
      let s = readings.activation[at]
      jacobian[i, pre] +=
        p[places.w + at] * p[places.sigma + at] * s * (1 - s) * (p[places.erev + at] - point.state[i])
        / p[places.cm + i]
    }
    for i in 0..<n { jacobian[i, i] -= p[places.gleak + i] / p[places.cm + i] }
    return jacobian
  }
}
