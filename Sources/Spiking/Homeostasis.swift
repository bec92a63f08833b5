/// Keeps every neuron's rate near a goal by moving its threshold or scaling the weights onto it.
///
/// After every ``interval``, with r the neuron's rate in it and δ = r/goal − 1 cut to [−1, 1]:
/// threshold ← threshold·(1 + rate·δ), within a tenth to ten times the model's, or
/// weight ← weight·(1 − rate·δ) for every learning or fixed excitatory synapse onto it, frozen ones excepted.
///
/// ``rate`` decides more than it seems: a slow one lets STDP silence neurons before it can bring them back
/// (``Report/silentShare`` shows how many), a fast one makes rates oscillate.
public struct Homeostasis: Sendable, Equatable, Codable {
  public enum Means: String, Sendable, Codable, CaseIterable { case threshold, scaling }

  public var means: Means
  /// Spikes per second and neuron.
  public var goal: Double
  /// Share of the relative error that one interval corrects, in 0…1.
  public var rate: Double
  /// ms.
  public var interval: Double

  public init(means: Means = .threshold, goal: Double = 10, rate: Double = 0.1, interval: Double = 500) {
    self.means = means
    self.goal = goal
    self.rate = rate
    self.interval = interval
  }

  public func validate() throws(SpikingError) {
    try SpikingError.check(goal.isFinite && goal > 0, "The goal of homeostasis has to be above 0 Hz, and is \(goal).")
    try SpikingError.check(
      rate.isFinite && rate >= 0 && rate <= 1, "The rate of homeostasis has to lie in 0…1, and is \(rate).")
    try SpikingError.check(
      interval.isFinite && interval > 0, "The interval of homeostasis has to be above 0 ms, and is \(interval).")
  }

  /// What the last interval showed.
  public struct Report: Sendable, Equatable {
    /// Spikes per second and neuron, and the share of neurons without a spike.
    public var meanRate, silentShare: Double
  }
}

extension SpikingNetwork {
  /// Counting for ``Homeostasis``.
  struct HomeostasisState {
    let settings: Homeostasis
    let steps: Int
    var counts: [Int32]
    var report: Homeostasis.Report?
  }

  /// Turns homeostasis on or, with nil, off; thresholds and weights stay as they are.
  public func setHomeostasis(_ settings: Homeostasis?) throws(SpikingError) {
    guard let settings else { return homeostasisState = nil }
    try settings.validate()
    homeostasisState = HomeostasisState(
      settings: settings, steps: max(Int((settings.interval / step).rounded()), 1),
      counts: [Int32](repeating: 0, count: neurons))
  }

  public var homeostasis: Homeostasis? { homeostasisState?.settings }
  /// nil before the first interval has passed.
  public var homeostasisReport: Homeostasis.Report? { homeostasisState?.report }

  /// Counts the spikes of this step; corrects where an interval ends.
  func regulate() {
    guard homeostasisState != nil else { return }
    for neuron in spikes { homeostasisState!.counts[Int(neuron)] += 1 }
    guard let state = homeostasisState, (now + 1) % state.steps == 0 else { return }
    let settings = state.settings
    let seconds = Double(state.steps) * step / 1_000
    let corrections = state.counts.map {
      settings.rate * min(max(Double($0) / seconds / settings.goal - 1, -1), 1)
    }
    switch settings.means {
    case .threshold:
      let limits = model.threshold / 10...model.threshold * 10
      for k in 0..<neurons {
        threshold.pointer[k] = min(
          max(threshold.pointer[k] * (1 + corrections[k]), limits.lowerBound), limits.upperBound)
      }
    case .scaling:
      let factors = corrections.map { Float(1 - $0) }
      let limit = plasticity?.rule.maximum ?? .greatestFiniteMagnitude
      for bundle in connectivity.bundles where !bundle.inhibitory {
        for s in Int(bundle.start)..<Int(bundle.start + bundle.count) where plasticity?.isFrozen(s) != true {
          weight.pointer[s] = min(weight.pointer[s] * factors[Int(connectivity.targets[s])], limit)
        }
      }
    }
    let total = state.counts.reduce(0) { $0 + Int($1) }
    homeostasisState!.report = Homeostasis.Report(
      meanRate: Double(total) / seconds / Double(neurons),
      silentShare: Double(state.counts.count { $0 == 0 }) / Double(neurons))
    homeostasisState!.counts = [Int32](repeating: 0, count: neurons)
  }
}
