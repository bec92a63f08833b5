import LinearAlgebra

// Every continuous circuit as a linear system with state-dependent coefficients, from its laws and membrane alone.
//
// With term(y) = term(0) + ψ(y)·y (ψ the chord, continued by the derivative at 0) and the membrane's exact
// drive = Σ_q gain_q·S_q + offset (gain of a squashing tanh: tanh(a)/a):
//
//   conductance form  A = −diag(total/capacity), B = 0, c = drive/capacity
//   feature form      A_ij = Σ_q gain_q,i·ψ_q,ji(x_j)/capacity_i − δ_ij·total_i/capacity_i
//                     B_ik = Σ_q gain_q,i·ψ_q,ki(u_k)/capacity_i
//                     c_i  = (offset_i + Σ_q gain_q,i·Σ_pre term_q(0))/capacity_i
//
// The Jacobian has the term's tangent for the chord and the flow's derivative by each sum for the gain.
// Source: Lemmel & Grosu 2023, arXiv 2303.04944; the factorisations derived in the project's design.

extension ContinuousCircuit: ContinuousCell, SynapticCell {
  /// A neural ODE has no leak: its conductance form would be A = B = 0 and says nothing.
  var forms: [CoefficientForm] { membrane.leaks ? CoefficientForm.allCases : [.feature] }
  var hasGates: Bool { parts.contains { $0.law.hasGates } }

  /// One evaluation at a point, with what it left.
  private struct Evaluation {
    let dynamics: Dynamics<Scalar>
    let record: UnsafeMutablePointer<Scalar>
    let sources: [Scalar]
    var flow: Flow<Scalar> { dynamics.flow(record) }
    var sums: UnsafeMutablePointer<Scalar> { record + dynamics.neurons }

    /// Calls `body` with one aspect of every present part: row, first sum, [K][N].
    func eachRow(
      _ aspect: TermAspect, _ body: (_ row: Int, _ firstSum: Int, _ sums: Int, UnsafeMutablePointer<Scalar>) -> Void
    ) {
      let circuit = dynamics.circuit
      let (n, m) = (circuit.neurons, circuit.inputs)
      let terms = Buffer<Scalar>(circuit.sums * n)
      sources.withUnsafeBufferPointer { values in
        for part in circuit.parts {
          let all = Sources(
            neurons: n, inputs: m, first: 0, count: n + m, values: values.baseAddress!,
            parameters: dynamics.parameters + part.parameters, connections: dynamics.connections)
          for row in 0..<n + m {
            part.law.terms(aspect, row: row, value: sources[row], all, into: terms.pointer)
            body(row, part.firstSum, part.law.sums, terms.pointer)
          }
        }
      }
    }
  }

  private func evaluate<Result>(_ point: OperatingPoint<Scalar>, _ body: (Evaluation) -> Result) -> Result {
    let scratch = Buffer<Scalar>(scratchSize(rows: 1))
    let record = Buffer<Scalar>((sums + 4) * neurons)
    let (state, input, elapsed) = (Buffer<Scalar>(neurons), Buffer<Scalar>(inputs), Buffer<Scalar>(1, filledWith: 1))
    for i in 0..<inputs { input[i] = point.input[i] }
    for i in 0..<neurons { record[i] = point.state[i] }
    return point.parameters.withUnsafeBufferPointer { parameters in
      point.connections.withUnsafeBufferPointer { connections in
        let dynamics = Dynamics(
          self,
          Pass(
            rows: 1, steps: 1, parameters: parameters.baseAddress!, connections: connections.baseAddress!,
            prepared: elapsed.pointer, inputs: input.pointer, elapsed: elapsed.pointer, states: state.pointer,
            tape: record.pointer, scratch: scratch.pointer, keepsTape: false))
        dynamics.evaluateInputs(input.pointer)
        dynamics.evaluate(record.pointer)
        return body(Evaluation(dynamics: dynamics, record: record.pointer, sources: point.sources))
      }
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func derivative(at point: OperatingPoint<Scalar>) -> [Scalar] { evaluate(point) { derivative($0) } }

  private func derivative(_ at: Evaluation) -> [Scalar] {
    let flow = at.flow
    return (0..<neurons).map { (flow.drive[$0] - flow.total[$0] * at.record[$0]) / flow.capacity[$0] }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func coefficients(_ form: CoefficientForm, at point: OperatingPoint<Scalar>) -> Coefficients<Scalar> {
    let (n, m) = (neurons, inputs)
    return evaluate(point) { at in
      let flow = at.flow
      var (a, b) = (Matrix<Scalar>(rows: n, columns: n), Matrix<Scalar>(rows: n, columns: m))
      var constant = (0..<n).map { flow.drive[$0] }
      if form == .feature {
        let (gain, offset) = (Buffer<Scalar>(sums * n), Buffer<Scalar>(n))
        membrane.linearize(
          n, sums: at.sums, parameters: at.dynamics.parameters + membraneOffset, gain: gain.pointer,
          offset: offset.pointer)
        constant = offset.array
        at.eachRow(.chord) { row, firstSum, count, terms in
          for q in 0..<count {
            for i in 0..<n {
              let entry = gain[(firstSum + q) * n + i] * terms[q * n + i] / flow.capacity[i]
              if row < n { a[i, row] += entry } else { b[i, row - n] += entry }
            }
          }
        }
        at.eachRow(.rest) { _, firstSum, count, terms in
          for q in 0..<count {
            for i in 0..<n { constant[i] += gain[(firstSum + q) * n + i] * terms[q * n + i] }
          }
        }
      }
      for i in 0..<n { a[i, i] -= flow.total[i] / flow.capacity[i] }
      return Coefficients(
        form: form, a: a, b: b, c: (0..<n).map { constant[$0] / flow.capacity[$0] }, derivative: derivative(at),
        timeConstants: (0..<n).map { flow.capacity[$0] / flow.total[$0] },
        targets: (0..<n).map { flow.drive[$0] / flow.total[$0] })
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func jacobian(at point: OperatingPoint<Scalar>) -> Matrix<Scalar> {
    let n = neurons
    return evaluate(point) { at in
      // A membrane acts neuron by neuron, so one adjoint call with λ = 1 everywhere gives every ∂f_i/∂S_q,i.
      let (flow, d) = (at.flow, at.dynamics.flowGradient)
      let derivative = derivative(at)
      for i in 0..<n {
        d.drive[i] = 1 / flow.capacity[i]
        d.total[i] = -at.record[i] / flow.capacity[i]
        d.capacity[i] = -derivative[i] / flow.capacity[i]
      }
      let unused = Buffer<Scalar>(membrane.tensors(neurons: n).reduce(0) { $0 + $1.count })
      membrane.adjoint(
        n, sums: at.sums, parameters: at.dynamics.parameters + membraneOffset, flow: flow, flowGradient: d,
        sumGradient: at.dynamics.sumGradient, gradient: unused.pointer)
      var jacobian = Matrix<Scalar>(rows: n, columns: n)
      at.eachRow(.tangent) { row, firstSum, count, terms in
        guard row < n else { return }
        for q in 0..<count {
          for i in 0..<n { jacobian[i, row] += at.dynamics.sumGradient[(firstSum + q) * n + i] * terms[q * n + i] }
        }
      }
      for i in 0..<n { jacobian[i, i] -= flow.total[i] / flow.capacity[i] }
      return jacobian
    }
  }

  /// Of the first law, which is the one with gates wherever there is one.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func readings(at point: OperatingPoint<Scalar>) -> SynapseReadings<Scalar> {
    guard let law = parts.first?.law as? GatedSynapses<Scalar> else {
      let nothing = [Scalar](repeating: 0, count: point.connections.count)
      return SynapseReadings(activation: nothing, conductance: nothing, current: nothing)
    }
    let sources = point.sources
    return point.parameters.withUnsafeBufferPointer { parameters in
      point.connections.withUnsafeBufferPointer { connections in
        sources.withUnsafeBufferPointer { values in
          law.readings(
            Sources(
              neurons: neurons, inputs: inputs, first: 0, count: neurons + inputs, values: values.baseAddress!,
              parameters: parameters.baseAddress!, connections: connections.baseAddress!), states: point.state)
        }
      }
    }
  }
}
