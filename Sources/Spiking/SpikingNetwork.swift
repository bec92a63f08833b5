import Randomness
import RealModule

/// A network of leaky integrate-and-fire neurons that runs in steps of fixed length; it learns by STDP if asked to.
///
/// One step n, from t to t + h:
/// 1. every membrane that is not refractory is integrated (exactly, see ``integrate()``), synaptic variables decay;
/// 2. neurons with v above their threshold spike: the spike belongs to step n;
/// 3. spikes whose delay has passed arrive: synaptic variables jump, and STDP counts a presynaptic event *at arrival*;
/// 4. STDP counts the postsynaptic events of this step, so at equal times pre goes before post;
/// 5. membranes that fired are reset and held for round(t_ref/h) steps.
///
/// That is brian2's order (state update, thresholds, synapses, resets), with one difference: brian2's
/// `refractory=t` holds one step fewer, so the same network there has `refractory=t + defaultclock.dt`. Here the period
/// under constant current is never shorter than t_ref + τ·ln(I/(I − 1)).
///
/// Not a value, and not to be shared between threads: hand out copies of what it holds.
public final class SpikingNetwork {
  public let model: NeuronModel
  /// Length of a step h, ms.
  public let step: Double
  public let connectivity: Connectivity
  /// Steps done.
  public internal(set) var now = 0
  /// Neurons that fired in the last step, ascending.
  public internal(set) var spikes: [Int32] = []
  /// Spikes since the start (of all neurons), and events that arrived at synapses.
  public internal(set) var spikeCount = 0
  public internal(set) var eventCount = 0
  /// τ_m of every neuron, ms.
  public let timeConstants: [Double]
  /// STDP, nil for fixed weights.
  public internal(set) var plasticity: Plasticity?
  /// Whether weights move; turning it off stops traces too, and they start anew.
  public var isLearning = false {
    didSet { if isLearning != oldValue { plasticity?.forgetTraces(now: now) } }
  }

  /// Synapses that are pruned.
  public internal(set) var pruned: Set<Int> = []
  var homeostasisState: HomeostasisState?
  let held: Int
  /// h/τ_m and, of it, e^(−h/τ_m) and 1 − e^(−h/τ_m).
  let leakRate, membraneDecay, currentGain: Buffer<Double>
  let membrane, excitatoryGain, inhibitoryGain: Buffer<Double>
  let excitatory, inhibitory, current, threshold, resumes: Buffer<Double>
  let weight: Buffer<Float>
  let silenced: Buffer<Bool>
  let excitatoryDecay, inhibitoryDecay: Double
  /// Bundles that arrive in step n wait in `arrivals[n % arrivals.count]`.
  var arrivals: [[Int32]]

  public var neurons: Int { connectivity.neurons }
  public var inputs: Int { connectivity.inputs }
  /// Time simulated so far, ms.
  public var time: Double { Double(now) * step }

  /// - Parameters:
  ///   - timeConstants: τ_m of every neuron, ms; nil draws them from the model's spread.
  ///   - plasticity: rule for every synapse from an excitatory source (neurons and inputs), nil for fixed weights.
  ///   - step: in ms.
  public init(
    model: NeuronModel, connectivity: Connectivity, timeConstants: [Double]? = nil,
    plasticity: PlasticityRule? = nil, step: Double = 0.1, seed: UInt64 = 0
  ) throws(SpikingError) {
    try model.validate()
    try SpikingError.check(step.isFinite && step > 0, "The step has to be above 0 ms, and is \(step).")
    let n = connectivity.neurons
    var random = SeededGenerator(seed: seed).stream(11)
    let tau = timeConstants ?? model.timeConstant.draw(n, using: &random)
    try SpikingError.check(
      tau.count == n && tau.allSatisfy { $0.isFinite && $0 > 0 },
      "\(n) neurons need \(n) membrane time constants above 0 ms; \(tau.count) were given.")
    self.model = model
    self.step = step
    self.connectivity = connectivity
    self.timeConstants = tau
    held = Int((model.refractory / step).rounded())
    let (e, i) = model.synapses.decays
    excitatoryDecay = Double.exp(-step / e)
    inhibitoryDecay = Double.exp(-step / i)
    membrane = Buffer(repeating: 0, count: n)
    leakRate = Buffer(tau.map { step / $0 })
    membraneDecay = Buffer(tau.map { Double.exp(-step / $0) })
    currentGain = Buffer(tau.map { -Double.expMinusOne(-step / $0) })
    switch model.synapses {
    case .current:
      excitatoryGain = Buffer(tau.map { NeuronModel.propagator(step: step, membrane: $0, synapse: e) })
      inhibitoryGain = Buffer(tau.map { NeuronModel.propagator(step: step, membrane: $0, synapse: i) })
    case .conductance:
      // The mean of a conductance over the step, as a share of its value at the step's start, times h/τ_m.
      excitatoryGain = Buffer(tau.map { -Double.expMinusOne(-step / e) * e / $0 })
      inhibitoryGain = Buffer(tau.map { -Double.expMinusOne(-step / i) * i / $0 })
    }
    excitatory = Buffer(repeating: 0, count: n)
    inhibitory = Buffer(repeating: 0, count: n)
    current = Buffer(repeating: 0, count: n)
    threshold = Buffer(repeating: model.threshold, count: n)
    resumes = Buffer(repeating: 0, count: n)
    silenced = Buffer(repeating: false, count: n)
    weight = Buffer(connectivity.weights)
    arrivals = [[Int32]](repeating: [], count: connectivity.longestDelay + 1)
    if let plasticity {
      self.plasticity = try Plasticity(rule: plasticity, connectivity: connectivity, step: step, seed: seed)
      isLearning = true
    }
  }

  // MARK: What can be read and set between two steps

  public var potentials: [Double] {
    get { membrane.array }
    set { set(membrane, newValue) }
  }
  /// Constant current into each neuron until it is set anew.
  public var currents: [Double] {
    get { current.array }
    set { set(current, newValue) }
  }
  public var thresholds: [Double] {
    get { threshold.array }
    set { set(threshold, newValue) }
  }
  public var weights: [Float] {
    get { weight.array }
    set { set(weight, newValue) }
  }
  public func potential(of neuron: Int) -> Double { membrane.pointer[neuron] }
  public func weight(of synapse: Int) -> Float { weight.pointer[synapse] }
  public func setWeight(_ value: Float, of synapse: Int) { weight.pointer[synapse] = value }

  /// What the network's arrays hold, bytes: per synapse 12 (its target, its weight now and at the start), 16 per bundle
  /// of equal delay, with STDP 12 more per synapse and 4 per excitatory one, and 16 more where constants are drawn.
  public var bytes: Int {
    let perNeuron = 11 * MemoryLayout<Double>.stride + 1
    return neurons * perNeuron
      + connectivity.synapses * (2 * MemoryLayout<Float>.stride + MemoryLayout<Int32>.stride)
      + connectivity.bundles.count * MemoryLayout<Connectivity.Bundle>.stride
      + connectivity.firstBundle.count * MemoryLayout<Int32>.stride + (plasticity?.bytes ?? 0)
  }

  /// The same current into every neuron.
  public func setCurrent(_ value: Double) {
    for neuron in 0..<neurons { current.pointer[neuron] = value }
  }

  /// A silenced neuron is integrated but never fires.
  public func silence(_ neuron: Int, _ isSilenced: Bool = true) { silenced.pointer[neuron] = isSilenced }

  /// Brings every membrane and synapse to rest and takes back the spikes that are on their way; weights, thresholds,
  /// currents and counts stay.
  public func rest() {
    for k in 0..<neurons {
      (membrane.pointer[k], excitatory.pointer[k], inhibitory.pointer[k], resumes.pointer[k]) = (0, 0, 0, 0)
    }
    for slot in arrivals.indices { arrivals[slot].removeAll(keepingCapacity: true) }
    spikes.removeAll(keepingCapacity: true)
    plasticity?.forgetTraces(now: now)
  }

  private func set<Element>(_ buffer: Buffer<Element>, _ values: [Element]) {
    precondition(values.count == buffer.count, "\(values.count) values do not fit \(buffer.count)")
    for (index, value) in values.enumerated() { buffer.pointer[index] = value }
  }
}
