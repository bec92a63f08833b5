/// True electrical synapses beside the chemical ones: a current g_ij·(x_j − x_i), the same conductance both ways.
///
/// One parameter a pair, so that symmetry holds by construction: `gap` [G] ≥ 0. In the sums of a conductance membrane it
/// adds g to total and g·x_j to drive. Pruning acts on chemical synapses; a gap junction is silenced by editing it to 0.
struct GapJunctions<Scalar: CircuitScalar>: SynapseLaw {
  let junctions: [GapJunction]
  var sums: Int { 2 }
  var hasGates: Bool { false }

  func tensors(neurons n: Int, inputs m: Int) -> [TensorDeclaration] {
    [
      TensorDeclaration(
        "gap", .gapConductance, shape: [junctions.count], unit: "nS", bounds: 0 ... .infinity, owner: .gapJunction,
        initializer: .uniform(0.001...1), meaning: "gap-junction conductance")
    ]
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func gather(_ sources: Sources<Scalar>, into sums: UnsafeMutablePointer<Scalar>) {
    if sources.first != 0 { return }
    let (n, x) = (sources.neurons, sources.values)
    for (k, pair) in junctions.enumerated() {
      let g = sources.parameters[k]
      // g·(x_b − x_a) into a: g to its total, g·x_b to its drive, and the mirror image into b.
      sums[pair.a] += g
      sums[pair.b] += g
      sums[n + pair.a] += g * x[pair.b]
      sums[n + pair.b] += g * x[pair.a]
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func scatter(
    _ sources: Sources<Scalar>, _ sumGradient: UnsafePointer<Scalar>,
    valueGradient: UnsafeMutablePointer<Scalar>, gradient: UnsafeMutablePointer<Scalar>
  ) {
    if sources.first != 0 { return }
    let (n, x) = (sources.neurons, sources.values)
    let (total, drive) = (sumGradient, sumGradient + n)
    for (k, pair) in junctions.enumerated() {
      let g = sources.parameters[k]
      // One parameter at both ends: ∂g = ∂total_a + ∂total_b + x_b·∂drive_a + x_a·∂drive_b.
      gradient[k] += total[pair.a] + total[pair.b] + drive[pair.a] * x[pair.b] + drive[pair.b] * x[pair.a]
      valueGradient[pair.b] += drive[pair.a] * g
      valueGradient[pair.a] += drive[pair.b] * g
    }
  }

  /// The drive is linear in the neighbour, so its chord is g; the part of total is a constant: `value` and `rest` alike.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func terms(
    _ aspect: TermAspect, row: Int, value y: Scalar, _ sources: Sources<Scalar>, into out: UnsafeMutablePointer<Scalar>
  ) {
    let n = sources.neurons
    out.update(repeating: 0, count: 2 * n)
    for (k, pair) in junctions.enumerated() where pair.a == row || pair.b == row {
      let other = pair.a == row ? pair.b : pair.a
      let g = sources.parameters[k]
      switch aspect {
      case .value: (out[other], out[n + other]) = (out[other] + g, out[n + other] + g * y)
      case .tangent, .chord: out[n + other] += g
      case .rest: out[other] += g
      }
    }
  }
}
