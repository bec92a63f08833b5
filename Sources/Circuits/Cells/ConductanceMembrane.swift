/// The membrane of a circuit of conductances: C·ẋ = (g·e + S₁) − (g + S₀)·x with S₀ the open conductance and S₁ its reversal current.
///
/// Tensors `gleak` [N] ≥ 0, `vleak` [N], `cm` [N] ≥ 0.01.
struct ConductanceMembrane<Scalar: CircuitScalar>: Membrane {
  var leaks: Bool { true }
  /// Training holds C at or above this, nS·t. The reference library allows 0, where τ is 0, A infinite and the neuron no
  /// differential equation any more; with 0.01 it still settles within one of six sub-steps, and A stays finite.
  static var leastCapacitance: Double { 0.01 }

  func tensors(neurons n: Int) -> [TensorDeclaration] {
    [
      .neurons(
        "gleak", .leakConductance, n, unit: "nS", bounds: 0 ... .infinity, initializer: .uniform(0.001...1)),
      .neurons("vleak", .leakPotential, n, initializer: .uniform(-0.2...0.2), meaning: "leak (resting) potential"),
      .neurons(
        "cm", .capacitance, n, unit: "nS·t", bounds: Self.leastCapacitance ... .infinity,
        initializer: .uniform(0.4...0.6), meaning: "membrane capacitance"),
    ]
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func evaluate(_ n: Int, sums: UnsafePointer<Scalar>, parameters p: UnsafePointer<Scalar>, into flow: Flow<Scalar>) {
    for i in 0..<n {
      flow.capacity[i] = p[2 * n + i]
      flow.total[i] = p[i] + sums[i]
      flow.drive[i] = p[i] * p[n + i] + sums[n + i]
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func adjoint(
    _ n: Int, sums: UnsafePointer<Scalar>, parameters p: UnsafePointer<Scalar>, flow: Flow<Scalar>,
    flowGradient d: Flow<Scalar>, sumGradient: UnsafeMutablePointer<Scalar>, gradient: UnsafeMutablePointer<Scalar>
  ) {
    for i in 0..<n {
      sumGradient[i] = d.total[i]
      sumGradient[n + i] = d.drive[i]
      gradient[i] += d.total[i] + d.drive[i] * p[n + i]
      gradient[n + i] += d.drive[i] * p[i]
      gradient[2 * n + i] += d.capacity[i]
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func linearize(
    _ n: Int, sums: UnsafePointer<Scalar>, parameters p: UnsafePointer<Scalar>, gain: UnsafeMutablePointer<Scalar>,
    offset: UnsafeMutablePointer<Scalar>
  ) {
    for i in 0..<n {
      gain[n + i] = 1
      offset[i] = p[i] * p[n + i]
    }
  }
}
