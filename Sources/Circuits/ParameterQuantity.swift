/// What kind of quantity the entries of a tensor are: what panels, selectors and presets go by, never a tensor's name.
///
/// *Conductances* are only those that the model's own equation calls so: of synapses with a reversal potential (nS), and the
/// forget and update conductances of saturated cells (pure numbers). Where a synapse adds w·y or w·s, w is a *weight*.
public enum ParameterQuantity: String, Sendable, Codable, CaseIterable {
  // Of synapses.
  /// w ≥ 0 of w·s·(E − x).
  case conductance
  /// w ≥ 0 of σ(Σ w·s + g)·x, and h of tanh(Σ h·s + g)·e.
  case forgetConductance = "forget-conductance"
  case updateConductance = "update-conductance"
  /// w of Σ w·y or Σ w·s; of several products the one whose sum becomes the state (candidate, first head).
  case weight
  /// Of a second head, which is blended with the first.
  case headWeight = "head-weight"
  /// Of a product whose sum only opens or closes.
  case gateWeight = "gate-weight"
  /// E, where a conductance pulls to.
  case reversalPotential = "reversal-potential"
  /// μ and σ of σ(σ·(y − μ)).
  case halfActivation = "half-activation"
  case slope
  /// o, b and k of ε = σ(Σ o·y + b + k) − σ(Σ o·y + b − k), the inverse of a state-dependent capacitance.
  case elastanceWeight = "elastance-weight"
  case elastanceOffset = "elastance-offset"
  case elastanceWidth = "elastance-width"
  /// Of an electrical synapse, the same both ways.
  case gapConductance = "gap-conductance"

  // Of neurons.
  case leakConductance = "leak-conductance"
  case leakPotential = "leak-potential"
  /// e of tanh(·)·e: where an open neuron of a saturated cell goes.
  case saturationPotential = "saturation-potential"
  case capacitance
  case timeConstant = "time-constant"
  /// 1/t: the inverse of a time constant.
  case decayRate = "decay-rate"
  case amplitude
  case bias
  case headBias = "head-bias"
  case gateBias = "gate-bias"

  // Of layers that all neurons share, and at both ends.
  case backboneWeight = "backbone-weight"
  case backboneBias = "backbone-bias"
  case inputGain = "input-gain"
  case inputOffset = "input-offset"
  case outputGain = "output-gain"
  case outputOffset = "output-offset"
  case readoutWeight = "readout-weight"
  case readoutBias = "readout-bias"
}

extension ParameterQuantity {
  /// As people write it: "reversal potential".
  public var name: String { self == .halfActivation ? rawValue : rawValue.replacing("-", with: " ") }

  /// What a selector calls every tensor of it: "reversal-potentials".
  public var plural: String { rawValue + (rawValue.hasSuffix("bias") ? "es" : "s") }

  /// The letter of the formulas, where the declaration has none of its own.
  public var symbol: String {
    switch self {
    case .conductance, .forgetConductance, .weight, .headWeight, .gateWeight: "w"
    case .updateConductance: "h"
    case .reversalPotential: "E"
    case .halfActivation: "μ"
    case .slope: "σ"
    case .elastanceWeight: "o"
    case .elastanceOffset: "b"
    case .elastanceWidth: "k"
    case .gapConductance: "g_gap"
    case .leakConductance: "g_leak"
    case .leakPotential: "e_leak"
    case .saturationPotential: "e"
    case .capacitance: "C"
    case .timeConstant: "τ"
    case .decayRate: "w_τ"
    case .amplitude: "A"
    case .bias, .headBias, .gateBias: "b"
    case .backboneWeight: "V"
    case .backboneBias: "c"
    case .inputGain: "w_in"
    case .inputOffset: "b_in"
    case .outputGain, .readoutWeight: "w_out"
    case .outputOffset, .readoutBias: "b_out"
    }
  }

  /// What it does, for presets such as "train biases only".
  public var role: ParameterRole {
    switch self {
    case .conductance, .forgetConductance, .updateConductance, .weight, .headWeight, .gateWeight, .reversalPotential,
      .elastanceWeight, .gapConductance, .backboneWeight, .inputGain, .outputGain, .readoutWeight:
      .weight
    case .halfActivation, .elastanceOffset, .leakPotential, .saturationPotential, .bias, .headBias, .gateBias,
      .backboneBias, .inputOffset, .outputOffset, .readoutBias:
      .bias
    case .slope, .elastanceWidth, .leakConductance, .capacitance, .timeConstant, .decayRate, .amplitude: .shape
    }
  }

  /// Whether it is what one calls *the* weight of a synapse, by which synapses are ranked and shown: one tensor of a cell
  /// that has synapses.
  public var isSynapseWeight: Bool { self == .conductance || self == .forgetConductance || self == .weight }

  /// Whether its sign says that a synapse excites (≥ 0) or inhibits: one tensor of a cell that has synapses.
  public var signsSynapse: Bool { self == .reversalPotential || self == .updateConductance || self == .weight }

  /// Whether the model's equation calls it a conductance.
  public var isConductance: Bool {
    switch self {
    case .conductance, .forgetConductance, .updateConductance, .leakConductance, .gapConductance: true
    default: false
    }
  }

  /// Whether it sets how fast a neuron follows, beside the conductances.
  public var setsTimeConstant: Bool {
    switch self {
    case .capacitance, .timeConstant, .decayRate, .elastanceWeight, .elastanceOffset, .elastanceWidth: true
    default: false
    }
  }
}
