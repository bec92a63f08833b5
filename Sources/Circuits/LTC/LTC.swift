/// The liquid time-constant cell: chemical synapses with conductances that saturate, one differential equation a neuron.
///
///     C_i·dv_i/dt = g_i·(e_i − v_i) + Σ_j w_ji·σ(σ_ji·(v_j − μ_ji))·(E_ji − v_i) + Σ_k the same of the inputs u_k
///
/// Solved by U semi-implicit ("fused") sub-steps a time step, exactly as the field's library `ncps` does, with
/// c_i = C_i·U/Δt and the sensory synapses evaluated once a step:
///
///     v_i ← (c_i·v_i + g_i·e_i + Σ_j A_ji·E_ji + Σ_k S_ki·Es_ki) / (c_i + g_i + Σ_j A_ji + Σ_k S_ki + 1e-8)
///
/// Tensors: `w` ≥ 0 maximal conductance, `mu` half-activation, `sigma` slope, `erev` reversal potential, each [pre, post]
/// with its `sensory_` twin; `gleak` ≥ 0, `vleak`, `cm` ≥ 0.01 a neuron. Every state stays in
/// [min(v₀, e, E), max(v₀, e, E)]: a convex combination can do no other.
///
/// Sources: Hasani et al. 2021 (LTC), DOI 10.1609/aaai.v35i9.16936; Lemmel & Grosu 2023 (synaptic activation, linear
/// form), arXiv 2303.04944; initial ranges and constraints as `ncps` 1.0.1.
public struct LTC<Scalar: CircuitScalar>: Cell {
  public let wiring: Wiring
  /// U ≥ 1.
  public let unfolds: Int
  /// False computes with the scalar reference, whatever the precision.
  public let usesKernel: Bool
  /// Of the kernels, or `nil` where there is none for this precision.
  let level: Int32? = Kernels.level(for: Scalar.self)
  let walk = Kernels.walk
  /// Keeps the quotient defined where a neuron has neither leak nor input (the reference library's value).
  static var epsilon: Scalar { 1e-8 }
  /// Training holds C_m at or above this, nS·t. The reference library allows 0, where τ is 0, A infinite and the neuron no
  /// differential equation any more; with 0.01 it still settles within one of six sub-steps, and A stays finite.
  static var leastCapacitance: Double { 0.01 }

  public var neurons: Int { wiring.neurons }
  public var inputs: Int { wiring.inputs }
  public var stateSize: Int { wiring.neurons }

  public init(wiring: Wiring, unfolds: Int, usesKernel: Bool = true) throws {
    guard (1...1000).contains(unfolds) else {
      throw CircuitError("\(unfolds) sub-steps a time step cannot be made: use --unfolds with a number from 1 to 1000.")
    }
    self.wiring = wiring
    self.unfolds = unfolds
    self.usesKernel = usesKernel
  }

  public var tensors: [TensorDeclaration] {
    GatedSynapses<Scalar>(activation: .synaptic, strength: .conductance).tensors(neurons: neurons, inputs: inputs)
      + ConductanceMembrane<Scalar>().tensors(neurons: neurons)
  }
}

extension LTC {
  /// The cell's tensors by name, at their places in its part of the flat buffer; [pre, post] over neurons, then inputs.
  struct Places {
    let w, mu, sigma, erev, gleak, vleak, cm: Int
    init(neurons n: Int, inputs m: Int) {
      let synapses = (n + m) * n
      (w, mu, sigma, erev) = (0, synapses, 2 * synapses, 3 * synapses)
      (gleak, vleak, cm) = (4 * synapses, 4 * synapses + n, 4 * synapses + 2 * n)
    }
  }
  var places: Places { Places(neurons: neurons, inputs: inputs) }
}

/// The registry's entry for ``LTC``.
struct LTCKind: CellKind {
  let name = "ltc"
  let title = "LTC"
  let summary = "liquid time-constant network: biophysical (chemical) synapses, activation per synapse"
  let solvers = ["semi-implicit", "exponential", "euler", "heun", "rk4", "dormand-prince"]
  func make<S: CircuitScalar>(_ specification: ModelSpecification, wiring: Wiring, as type: S.Type) throws
    -> any Cell<S>
  {
    // The fast cell knows the fused step and chemical synapses; everything else goes through the shared engine.
    if specification.solver == "semi-implicit", wiring.gapJunctions.isEmpty {
      return try LTC<S>(wiring: wiring, unfolds: specification.unfolds)
    }
    return try ContinuousCircuit<S>.conductance(.synaptic, specification, wiring: wiring)
  }
}
