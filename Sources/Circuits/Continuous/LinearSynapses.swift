/// Synapses without a gate: S = Σ_pre w·y, the weighted sum of classic networks.
struct LinearSynapses<Scalar: CircuitScalar>: SynapseLaw {
  /// The tensor's name, with a `sensory_` twin.
  let name: String
  let quantity: ParameterQuantity
  var sums: Int { 1 }
  var hasGates: Bool { false }

  func tensors(neurons n: Int, inputs m: Int) -> [TensorDeclaration] {
    TensorDeclaration.synapses(name, quantity, n, m, initializer: .fanIn(n + m))
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func gather(_ sources: Sources<Scalar>, into sums: UnsafeMutablePointer<Scalar>) {
    let n = sources.neurons
    for local in 0..<sources.count {
      let y = sources.values[local]
      let w = sources.parameters + (sources.first + local) * n
      let present = sources.connections + (sources.first + local) * n
      // An absent synapse counts as one of weight 0, so that the loop has no branch.
      for i in 0..<n { sums[i] += present[i] * w[i] * y }
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func scatter(
    _ sources: Sources<Scalar>, _ sumGradient: UnsafePointer<Scalar>,
    valueGradient: UnsafeMutablePointer<Scalar>, gradient: UnsafeMutablePointer<Scalar>
  ) {
    let n = sources.neurons
    for local in 0..<sources.count {
      let (first, y) = ((sources.first + local) * n, sources.values[local])
      let (w, d, present) = (sources.parameters + first, gradient + first, sources.connections + first)
      var dy: Scalar = 0
      for i in 0..<n {
        // S_i = Σ_j w_ji·y_j:  ∂w_ji = y_j·∂S_i,  ∂y_j = Σ_i w_ji·∂S_i.
        d[i] += present[i] * y * sumGradient[i]
        dy += present[i] * w[i] * sumGradient[i]
      }
      valueGradient[local] += dy
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func terms(
    _ aspect: TermAspect, row: Int, value y: Scalar, _ sources: Sources<Scalar>, into out: UnsafeMutablePointer<Scalar>
  ) {
    let n = sources.neurons
    let factor: Scalar =
      switch aspect {
      case .value: y
      case .tangent, .chord: 1
      case .rest: 0
      }
    for i in 0..<n { out[i] = sources.connections[row * n + i] * sources.parameters[row * n + i] * factor }
  }
}
