import RealModule

/// The membranes of the additive models: ẋ = drive − x/τ, with drive = S, or tanh(S + b) where the sum is squashed.
///
/// Tensors: `tau` [N] > 0 where `hasTimeConstant`, `b` [N] where `squashes`. A leak without a `tau` of its own has τ = 1.
struct AdditiveMembrane<Scalar: CircuitScalar>: Membrane {
  let leaks: Bool
  let hasTimeConstant: Bool
  let squashes: Bool
  /// Explicit Euler with the default 6 sub-steps of Δt = 1 is stable down to τ = 1/12.
  static var leastTimeConstant: Double { 0.1 }

  func tensors(neurons n: Int) -> [TensorDeclaration] {
    let tau = TensorDeclaration.neurons(
      "tau", .timeConstant, n, unit: "t", bounds: Self.leastTimeConstant ... .infinity, initializer: .uniform(0.5...2))
    let b = TensorDeclaration.neurons("b", .bias, n, initializer: .constant(0))
    return (hasTimeConstant ? [tau] : []) + (squashes ? [b] : [])
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func evaluate(_ n: Int, sums: UnsafePointer<Scalar>, parameters p: UnsafePointer<Scalar>, into flow: Flow<Scalar>) {
    let b = p + (hasTimeConstant ? n : 0)
    for i in 0..<n {
      flow.capacity[i] = 1
      flow.total[i] = leaks ? (hasTimeConstant ? 1 / p[i] : 1) : 0
      flow.drive[i] = squashes ? Scalar.tanh(sums[i] + b[i]) : sums[i]
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func adjoint(
    _ n: Int, sums: UnsafePointer<Scalar>, parameters p: UnsafePointer<Scalar>, flow: Flow<Scalar>,
    flowGradient d: Flow<Scalar>, sumGradient: UnsafeMutablePointer<Scalar>, gradient: UnsafeMutablePointer<Scalar>
  ) {
    let b = gradient + (hasTimeConstant ? n : 0)
    for i in 0..<n {
      sumGradient[i] = squashes ? d.drive[i] * (1 - flow.drive[i] * flow.drive[i]) : d.drive[i]
      if squashes { b[i] += sumGradient[i] }
      if hasTimeConstant { gradient[i] -= d.total[i] / (p[i] * p[i]) }
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func linearize(
    _ n: Int, sums: UnsafePointer<Scalar>, parameters p: UnsafePointer<Scalar>, gain: UnsafeMutablePointer<Scalar>,
    offset: UnsafeMutablePointer<Scalar>
  ) {
    let b = p + (hasTimeConstant ? n : 0)
    for i in 0..<n {
      gain[i] = squashes ? tanhQuotient(sums[i] + b[i]) : 1
      offset[i] = squashes ? gain[i] * b[i] : 0
    }
  }
}
