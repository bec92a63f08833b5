/// The "fused" step of the LTC paper: gates frozen, the linear rest implicit. Order 1, one evaluation, stable at any step.
///
///     x' = (c·x + drive)/(c + total + 1e-8),   c = capacity/h
///
/// A convex combination where drive is one of reversal potentials, so states stay within their bounds. Circuits of chemical
/// conductances have a kernel of their own for it, ``CircuitKernel/ltc(_:)``. Source: Hasani et al. 2021, DOI 10.1609/aaai.v35i9.16936.
struct SemiImplicit: SolverKind, FixedStepper {
  let name = "semi-implicit"
  let title = "semi-implicit"
  let summary = "semi-implicit: the LTC's fused step, order 1, one evaluation a sub-step; stable at any step"
  let order = 1
  let stages = 1
  /// Keeps the quotient defined where a neuron has neither leak nor input (the reference library's value).
  static let epsilon = 1e-8

  @_specialize(where S == Float)
  @_specialize(where S == Double)
  func step<S: CircuitScalar>(
    _ dynamics: Dynamics<S>, x: UnsafeMutablePointer<S>, h: S, records: UnsafeMutablePointer<S>
  ) {
    let n = dynamics.neurons
    records.update(from: x, count: n)
    dynamics.evaluate(records)
    let flow = dynamics.flow(records)
    for i in 0..<n {
      let c = flow.capacity[i] / h
      x[i] = (c * x[i] + flow.drive[i]) / (c + flow.total[i] + S(Self.epsilon))
    }
  }

  /// With x' = num/den: ∂L/∂num = λ/den, ∂L/∂den = −x'·λ/den.
  @_specialize(where S == Float)
  @_specialize(where S == Double)
  func stepBack<S: CircuitScalar>(
    _ dynamics: Dynamics<S>, dx: UnsafeMutablePointer<S>, h: S, records: UnsafeMutablePointer<S>,
    gradient: UnsafeMutablePointer<S>
  ) {
    let flow = dynamics.flow(records)
    let d = dynamics.flowGradient
    for i in 0..<dynamics.neurons {
      let c = flow.capacity[i] / h
      let den = c + flow.total[i] + S(Self.epsilon)
      // num = c·x + drive, den = c + total + ε, c = C/h:  ∂drive = ∂num, ∂total = ∂den, ∂C = (x·∂num + ∂den)/h, and x
      // itself gets c·∂num besides what goes through the synapses.
      let dnum = dx[i] / den
      let dden = -dnum * (c * records[i] + flow.drive[i]) / den
      d.drive[i] = dnum
      d.total[i] = dden
      d.capacity[i] = (dnum * records[i] + dden) / h
      dx[i] = dnum * c
    }
    dynamics.adjoint(records, stateGradient: dx, gradient: gradient)
  }
}
