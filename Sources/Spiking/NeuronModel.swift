import RealModule

/// Leaky integrate-and-fire neurons: τ·dv/dt = −v + I(t), a spike where v > threshold, then a reset.
///
/// Membrane resistance is 1 and the resting potential 0, so that currents are in units of potential, and with the
/// threshold at 1 in units of the current that just reaches it. Times are in ms.
public struct NeuronModel: Sendable, Equatable, Codable {
  /// What a spike does to the membrane potential.
  public enum Reset: String, Sendable, Codable, CaseIterable {
    /// v ← ``NeuronModel/resetPotential``. What the membrane had gathered beyond threshold is forgotten: on a grid of
    /// steps that makes a neuron fire up to one step late, every time.
    case rest
    /// v ← v − (threshold − resetPotential). What lay beyond threshold is kept for the next spike, so the rate is
    /// almost unbiased by the step, and a strong input may fire the neuron again at once.
    case subtract
  }

  /// How spikes that arrive become a current.
  public enum Synapses: Sendable, Equatable, Codable {
    /// I = s_e − s_i: a spike adds its weight to s, which decays with its time constant.
    case current(excitatory: Double, inhibitory: Double)
    /// I = g_e·(E_e − v) + g_i·(E_i − v): the weights are conductances in units of the leak, whose decay is the same.
    case conductance(
      excitatory: Double, inhibitory: Double, excitatoryReversal: Double, inhibitoryReversal: Double)

    /// Decay times of the two kinds, ms.
    public var decays: (excitatory: Double, inhibitory: Double) {
      switch self {
      case .current(let e, let i), .conductance(let e, let i, _, _): (e, i)
      }
    }
  }

  /// τ_m, ms.
  public var timeConstant: Spread
  public var threshold: Double
  public var resetPotential: Double
  public var reset: Reset
  /// How long after a spike the membrane is held, ms; rounded to whole steps. Synapses go on decaying meanwhile.
  public var refractory: Double
  public var synapses: Synapses

  public init(
    timeConstant: Spread = .equal(10), threshold: Double = 1, resetPotential: Double = 0, reset: Reset = .rest,
    refractory: Double = 2, synapses: Synapses = .current(excitatory: 5, inhibitory: 5)
  ) {
    self.timeConstant = timeConstant
    self.threshold = threshold
    self.resetPotential = resetPotential
    self.reset = reset
    self.refractory = refractory
    self.synapses = synapses
  }

  public func validate() throws(SpikingError) {
    try timeConstant.validate(name: "membrane time constant")
    try SpikingError.check(
      threshold.isFinite && resetPotential.isFinite && threshold > resetPotential,
      "The threshold (\(threshold)) has to lie above the reset potential (\(resetPotential)).")
    try SpikingError.check(
      refractory.isFinite && refractory >= 0, "The refractory period has to be ≥ 0 ms, and is \(refractory).")
    let (e, i) = synapses.decays
    try SpikingError.check(
      e.isFinite && i.isFinite && e > 0 && i > 0,
      "The synapses' decay times have to be above 0 ms, and are \(e) and \(i).")
    if case .conductance(_, _, let excitatory, let inhibitory) = synapses {
      try SpikingError.check(
        excitatory.isFinite && inhibitory.isFinite,
        "The reversal potentials have to be finite, and are \(excitatory) and \(inhibitory).")
    }
  }

  /// Spikes per second under a constant current I: 1 000/(t_ref + τ·ln((I − reset)/(I − threshold))), 0 where I does
  /// not reach the threshold. With reset 0 and threshold 1 that is 1/(t_ref + τ·ln(I/(I − 1))).
  public func rate(current: Double, timeConstant: Double) -> Double {
    guard current > threshold else { return 0 }
    return 1_000
      / (refractory + timeConstant * Double.log((current - resetPotential) / (current - threshold)))
  }

  /// What a unit of synaptic current, decaying with τ_s, adds to the potential within `step`:
  /// τ_s/(τ_s − τ_m)·(e^(−h/τ_s) − e^(−h/τ_m)), and h/τ·e^(−h/τ) where the two are equal.
  ///
  /// Written as e^(−h/τ_s)·h/τ_m·(1 − e^(−x))/x with x = h·(1/τ_m − 1/τ_s), which keeps every digit when x is small.
  static func propagator(step h: Double, membrane: Double, synapse: Double) -> Double {
    let x = h * (1 / membrane - 1 / synapse)
    let quotient = x == 0 ? 1 : -Double.expMinusOne(-x) / x
    return Double.exp(-h / synapse) * h / membrane * quotient
  }
}
