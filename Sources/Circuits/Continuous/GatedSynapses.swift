/// Synapses that open with the presynaptic value: s = σ(σ_·(y − μ_)), with the gate's parameters a synapse's own
/// ("synaptic activation") or its source's ("neural activation").
///
/// What the open gate does is the ``Strength``; sums, with s ∈ (0, 1):
///
///     weight       S₀ = Σ w·s                         signed weight (CT-RNN, neural ODE)
///     pair         S₀ = Σ w·s,  S₁ = Σ h·s            w ≥ 0 forgets, h updates (STC, LRC)
///     conductance  S₀ = Σ w·s,  S₁ = Σ w·E·s          w ≥ 0 conductance, E reversal potential (LTC)
///
/// The table of the synapse paper writes the gate as s(a·y + b): that is a = σ_, b = −σ_·μ_. Half-activation and slope
/// are what a person can read off a picture, so all cells use them. Source: Lemmel & Grosu 2023, arXiv 2303.04944.
struct GatedSynapses<Scalar: CircuitScalar>: SynapseLaw {
  enum Activation: Sendable { case synaptic, neural }
  enum Strength: Sendable { case weight, pair, conductance }

  let activation: Activation
  let strength: Strength
  /// How signed weights begin; conductances are U(0.001, 1).
  var initializer: Initializer = .polarized(0.001...1)

  var sums: Int { strength == .weight ? 1 : 2 }
  var hasGates: Bool { true }

  func tensors(neurons n: Int, inputs m: Int) -> [TensorDeclaration] {
    let open = Initializer.uniform(0.001...1)
    let positive = 0.0 ... .infinity
    func gate(_ name: String, _ quantity: ParameterQuantity, _ initializer: Initializer) -> [TensorDeclaration] {
      activation == .synaptic
        ? TensorDeclaration.synapses(name, quantity, n, m, initializer: initializer)
        : TensorDeclaration.sources(name, quantity, n, m, initializer: initializer)
    }
    let w: [TensorDeclaration] =
      switch strength {
      case .weight: TensorDeclaration.synapses("w", .weight, n, m, unit: "1/t", initializer: initializer)
      case .pair:
        TensorDeclaration.synapses(
          "w", .forgetConductance, n, m, bounds: positive, initializer: open, meaning: "maximal forget conductance")
      case .conductance:
        TensorDeclaration.synapses(
          "w", .conductance, n, m, unit: "nS", bounds: positive, initializer: open, meaning: "maximal conductance")
      }
    let second: [TensorDeclaration] =
      switch strength {
      case .weight: []
      case .pair:
        TensorDeclaration.synapses(
          "h", .updateConductance, n, m, initializer: initializer, meaning: "maximal update conductance")
      case .conductance: TensorDeclaration.synapses("erev", .reversalPotential, n, m, initializer: .polarity)
      }
    return w + gate("mu", .halfActivation, .uniform(0.3...0.8)) + gate("sigma", .slope, .uniform(3...8)) + second
  }

  /// Offsets of the tensors behind `w`; the second strength is last.
  private func offsets(_ sources: Sources<Scalar>) -> (mu: Int, sigma: Int, second: Int) {
    let gate = activation == .synaptic ? sources.synapses : sources.neurons + sources.inputs
    return (sources.synapses, sources.synapses + gate, sources.synapses + 2 * gate)
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func gather(_ sources: Sources<Scalar>, into sums: UnsafeMutablePointer<Scalar>) {
    let n = sources.neurons
    let offsets = self.offsets(sources)
    let p = sources.parameters
    let (mu, sigma) = (p + offsets.mu, p + offsets.sigma)
    for local in 0..<sources.count {
      let (row, y) = (sources.first + local, sources.values[local])
      // Of neural activation one gate serves all N synapses of a source.
      let shared = activation == .neural ? logistic(sigma[row] * (y - mu[row])) : 0
      let (w, second) = (p + row * n, p + offsets.second + row * n)
      let present = sources.connections + row * n
      for i in 0..<n {
        if present[i] == 0 { continue }
        let s = activation == .neural ? shared : logistic(sigma[row * n + i] * (y - mu[row * n + i]))
        let open = present[i] * s
        sums[i] += w[i] * open
        switch strength {
        case .weight: break
        case .pair: sums[n + i] += second[i] * open
        case .conductance: sums[n + i] += w[i] * second[i] * open
        }
      }
    }
  }

  /// ∂L/∂s goes through s·(1 − s) to the gate; gates are computed again rather than kept.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func scatter(
    _ sources: Sources<Scalar>, _ sumGradient: UnsafePointer<Scalar>,
    valueGradient: UnsafeMutablePointer<Scalar>, gradient d: UnsafeMutablePointer<Scalar>
  ) {
    let n = sources.neurons
    let offsets = self.offsets(sources)
    let p = sources.parameters
    for local in 0..<sources.count {
      let (row, y) = (sources.first + local, sources.values[local])
      var dy: Scalar = 0
      var sharedGradient: Scalar = 0
      let shared = activation == .neural ? logistic(p[offsets.sigma + row] * (y - p[offsets.mu + row])) : 0
      for i in 0..<n {
        let at = row * n + i
        let present = sources.connections[at]
        if present == 0 { continue }
        let s = activation == .neural ? shared : logistic(p[offsets.sigma + at] * (y - p[offsets.mu + at]))
        let (w, d0) = (p[at], present * sumGradient[i])
        // With S₀ = Σ w·s and S₁ = Σ h·s or Σ w·E·s:  ∂s = w·∂S₀ + h·∂S₁ or w·∂S₀ + w·E·∂S₁,  ∂w = s·∂S₀ (+ s·E·∂S₁),
        // ∂h = s·∂S₁,  ∂E = w·s·∂S₁.
        var ds = w * d0
        d[at] += s * d0
        if strength != .weight {
          let (second, d1) = (p[offsets.second + at], present * sumGradient[n + i])
          if strength == .pair {
            d[offsets.second + at] += s * d1
            ds += second * d1
          } else {
            d[at] += s * second * d1
            d[offsets.second + at] += w * s * d1
            ds += w * second * d1
          }
        }
        if activation == .neural {
          sharedGradient += ds
          continue
        }
        // s = σ(σ_·(y − μ)): with dx = ∂s·s·(1 − s),  ∂σ_ = dx·(y − μ),  ∂μ = −σ_·dx,  ∂y = σ_·dx.
        let dx = ds * s * (1 - s)
        d[offsets.sigma + at] += dx * (y - p[offsets.mu + at])
        d[offsets.mu + at] -= dx * p[offsets.sigma + at]
        dy += dx * p[offsets.sigma + at]
      }
      if activation == .neural {
        // The same once for all of the source's synapses, whose ∂s were added up.
        let dx = sharedGradient * shared * (1 - shared)
        d[offsets.sigma + row] += dx * (y - p[offsets.mu + row])
        d[offsets.mu + row] -= dx * p[offsets.sigma + row]
        dy = dx * p[offsets.sigma + row]
      }
      valueGradient[local] += dy
    }
  }

  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func terms(
    _ aspect: TermAspect, row: Int, value y: Scalar, _ sources: Sources<Scalar>, into out: UnsafeMutablePointer<Scalar>
  ) {
    let (n, p) = (sources.neurons, sources.parameters)
    let offsets = self.offsets(sources)
    for i in 0..<n {
      let at = row * n + i
      let gate = activation == .neural ? row : at
      let (mu, sigma) = (p[offsets.mu + gate], p[offsets.sigma + gate])
      let s = logistic(sigma * (y - mu))
      // What stands for the gate: its value, its derivative, its secant from 0 to y, or its value at y = 0.
      let open: Scalar =
        switch aspect {
        case .value: s
        case .tangent: sigma * s * (1 - s)
        case .chord: logisticSecant(y, slope: sigma, halfActivation: mu)
        case .rest: logistic(-sigma * mu)
        }
      let present = sources.connections[at] != 0
      out[i] = present ? p[at] * open : 0
      switch strength {
      case .weight: break
      case .pair: out[n + i] = present ? p[offsets.second + at] * open : 0
      case .conductance: out[n + i] = present ? p[at] * p[offsets.second + at] * open : 0
      }
    }
  }

  /// s of every synapse and what it lets through at the states `x`; see ``SynapseReadings``.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  func readings(_ sources: Sources<Scalar>, states x: [Scalar]) -> SynapseReadings<Scalar> {
    let (n, p) = (sources.neurons, sources.parameters)
    let offsets = self.offsets(sources)
    let nothing = [Scalar](repeating: 0, count: sources.synapses)
    var readings = SynapseReadings(activation: nothing, conductance: nothing, current: nothing)
    for at in 0..<sources.synapses where sources.connections[at] != 0 {
      let gate = activation == .neural ? at / n : at
      let s = logistic(p[offsets.sigma + gate] * (sources.values[at / n] - p[offsets.mu + gate]))
      readings.activation[at] = s
      readings.conductance[at] = p[at] * s
      switch strength {
      case .weight: readings.current[at] = p[at] * s
      case .pair: readings.current[at] = p[offsets.second + at] * s
      case .conductance: readings.current[at] = p[at] * s * (p[offsets.second + at] - x[at % n])
      }
    }
    return readings
  }
}
