// The LTC cell, forward and backward side by side, one number at a time. This is the reference that every faster kernel is
// tested against; it is not where speed is sought.

extension LTC {
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func scalarForward(_ pass: Pass<Scalar>) {
    let (n, m, rows) = (neurons, inputs, pass.rows)
    let p = pass.parameters
    let places = self.places
    let (w, mu, sigma, erev) = (p + places.w, p + places.mu, p + places.sigma, p + places.erev)
    let (gleak, vleak, cm) = (p + places.gleak, p + places.vleak, p + places.cm)
    let numerator = pass.scratch
    let denominator = numerator + n
    let sensoryNumerator = denominator + n
    let sensoryDenominator = sensoryNumerator + n
    var tape = pass.tape

    /// Adds what the synapses with presynaptic value `y` in row `row` of the parameters let in.
    @inline(__always)
    func gather(_ row: Int, _ y: Scalar, _ num: UnsafeMutablePointer<Scalar>, _ den: UnsafeMutablePointer<Scalar>) {
      for i in 0..<n {
        let at = row * n + i
        let g = pass.connections[at] * w[at] * logistic(sigma[at] * (y - mu[at]))
        num[i] += g * erev[at]
        den[i] += g
      }
    }

    for t in 0..<pass.steps {
      for r in 0..<rows {
        let state = pass.states + (t * rows + r) * n
        let next = pass.states + ((t + 1) * rows + r) * n
        let u = pass.inputs + (t * rows + r) * m
        let rate = Scalar(unfolds) / pass.elapsed[t * rows + r]
        sensoryNumerator.update(repeating: 0, count: n)
        sensoryDenominator.update(repeating: Self.epsilon, count: n)
        for k in 0..<m { gather(n + k, u[k], sensoryNumerator, sensoryDenominator) }
        next.update(from: state, count: n)
        for _ in 0..<unfolds {
          numerator.update(from: sensoryNumerator, count: n)
          denominator.update(from: sensoryDenominator, count: n)
          for j in 0..<n { gather(j, next[j], numerator, denominator) }
          if pass.keepsTape {
            tape.update(from: next, count: n)
            tape += n
          }
          for i in 0..<n {
            let c = cm[i] * rate
            denominator[i] += c + gleak[i]
            next[i] = (numerator[i] + c * next[i] + gleak[i] * vleak[i]) / denominator[i]
          }
          if pass.keepsTape {
            tape.update(from: denominator, count: n)
            tape += n
          }
        }
      }
    }
  }

  /// With v' = num/den and the incoming gradient ḡ = ∂L/∂v': ∂L/∂num = ḡ/den, ∂L/∂den = −v'·ḡ/den; a gate's gradient is
  /// w·(∂num·E + ∂den), passed through s·(1 − s). Gates are computed again rather than kept.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func scalarBackward(_ pass: Pass<Scalar>, _ gradient: PassGradient<Scalar>) {
    let (n, m, rows) = (neurons, inputs, pass.rows)
    let p = pass.parameters
    let d = gradient.parameters
    let places = self.places
    let (w, mu, sigma, erev) = (p + places.w, p + places.mu, p + places.sigma, p + places.erev)
    let (gleak, vleak, cm) = (p + places.gleak, p + places.vleak, p + places.cm)
    let (dw, dmu, dsigma, derev) = (d + places.w, d + places.mu, d + places.sigma, d + places.erev)
    let (dgleak, dvleak, dcm) = (d + places.gleak, d + places.vleak, d + places.cm)
    let dnum = pass.scratch
    let dden = dnum + n
    let sensoryNum = dden + n
    let sensoryDen = sensoryNum + n

    /// Adds the gradients of the synapses of parameter row `row` at presynaptic value `y`; returns ∂L/∂y.
    @inline(__always)
    func scatter(_ row: Int, _ y: Scalar, _ num: UnsafeMutablePointer<Scalar>, _ den: UnsafeMutablePointer<Scalar>)
      -> Scalar
    {
      var dy: Scalar = 0
      for i in 0..<n {
        let at = row * n + i
        let present = pass.connections[at]
        if present == 0 { continue }
        let s = logistic(sigma[at] * (y - mu[at]))
        let through = num[i] * erev[at] + den[i]
        dw[at] += present * s * through
        derev[at] += present * w[at] * s * num[i]
        let dx = present * w[at] * through * s * (1 - s)
        dsigma[at] += dx * (y - mu[at])
        dmu[at] -= dx * sigma[at]
        dy += dx * sigma[at]
      }
      return dy
    }

    for t in (0..<pass.steps).reversed() {
      for r in 0..<rows {
        let after = pass.states + ((t + 1) * rows + r) * n
        let dv = gradient.states + ((t + 1) * rows + r) * n
        let rate = Scalar(unfolds) / pass.elapsed[t * rows + r]
        let tape = pass.tape + 2 * n * unfolds * (t * rows + r)
        sensoryNum.update(repeating: 0, count: n)
        sensoryDen.update(repeating: 0, count: n)
        for k in (0..<unfolds).reversed() {
          let v = tape + 2 * n * k
          let den = v + n
          // The state after this sub-step: the next sub-step's start, or the step's end.
          let result = k == unfolds - 1 ? after : tape + 2 * n * (k + 1)
          for i in 0..<n {
            dnum[i] = dv[i] / den[i]
            dden[i] = -dnum[i] * result[i]
            sensoryNum[i] += dnum[i]
            sensoryDen[i] += dden[i]
            let c = cm[i] * rate
            dcm[i] += (dnum[i] * v[i] + dden[i]) * rate
            dgleak[i] += dnum[i] * vleak[i] + dden[i]
            dvleak[i] += dnum[i] * gleak[i]
            dv[i] = dnum[i] * c
          }
          for j in 0..<n { dv[j] += scatter(j, v[j], dnum, dden) }
        }
        let u = pass.inputs + (t * rows + r) * m
        let du = gradient.inputs + (t * rows + r) * m
        for k in 0..<m { du[k] = scatter(n + k, u[k], sensoryNum, sensoryDen) }
        let earlier = gradient.states + (t * rows + r) * n
        for i in 0..<n { earlier[i] += dv[i] }
      }
    }
  }
}
