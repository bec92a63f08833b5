import Randomness

/// Takes a share of a network's recurrent synapses away, those that matter least first.
public struct NetworkPruning: Sendable, Equatable, Codable {
  public enum Criterion: String, Sendable, Codable, CaseIterable {
    /// |w|.
    case weight
    /// How much potential the synapse contributes to its target (``SpikingNetwork/sensitivity(of:rate:)``).
    case sensitivity
    /// Any: what a criterion has to beat.
    case random
  }

  public var criterion: Criterion
  /// 0…1.
  public var share: Double

  public init(_ criterion: Criterion, share: Double) { (self.criterion, self.share) = (criterion, share) }

  public func validate() throws(SpikingError) {
    try SpikingError.check(
      share >= 0 && share <= 1, "The share of synapses to be pruned has to lie in 0…1, and is \(share).")
  }

  /// The recurrent synapses that it chooses, of equal ones those with the smaller index. O(S log S).
  ///
  /// - Parameter rates: spikes per second of every neuron.
  public func synapses(of network: SpikingNetwork, rates: [Double], seed: UInt64) throws(SpikingError) -> [Int] {
    try validate()
    try SpikingError.check(
      rates.count == network.neurons,
      "\(network.neurons) neurons need as many rates; \(rates.count) were given.")
    let source = network.connectivity.sourceOfEverySynapse()
    let recurrent = source.indices.filter { Int(source[$0]) < network.neurons }
    var random = SeededGenerator(seed: seed).stream(91)
    let worth: [Double] = recurrent.map { synapse in
      switch criterion {
      case .weight: Double(network.weight(of: synapse).magnitude)
      case .sensitivity: network.sensitivity(of: synapse, rate: rates[Int(source[synapse])])
      case .random: random.unit()
      }
    }
    let order = recurrent.indices.sorted { (worth[$0], $0) < (worth[$1], $1) }
    return order.prefix(Int((share * Double(recurrent.count)).rounded())).map { recurrent[$0] }
  }

  public func apply(to network: SpikingNetwork, rates: [Double], seed: UInt64) throws(SpikingError) {
    network.prune(try synapses(of: network, rates: rates, seed: seed))
  }
}

extension SpikingNetwork {
  /// The root mean square of the potential that a synapse contributes to its target, if its source fires as a Poisson
  /// process of `rate` r (Hz): what is missing there without it.
  ///
  /// One spike contributes p(t) = w·τ_s/(τ_s − τ_m)·(e^(−t/τ_s) − e^(−t/τ_m)), with ∫p = w·τ_s and
  /// ∫p² = w²·τ_s²/(2·(τ_s + τ_m)); by Campbell's theorem (1909) the mean is r·∫p and the variance r·∫p². With
  /// conductances w is taken times the distance from rest to the reversal potential.
  public func sensitivity(of synapse: Int, rate: Double) -> Double {
    let source = connectivity.inhibitory[Int(sourceOf(synapse))]
    let (e, i) = model.synapses.decays
    let tau = source ? i : e
    var w = Double(weight(of: synapse).magnitude)
    if case .conductance(_, _, let reversalE, let reversalI) = model.synapses {
      w *= (source ? reversalI : reversalE).magnitude
    }
    let perMillisecond = rate / 1_000
    let mean = perMillisecond * w * tau
    let membrane = timeConstants[Int(connectivity.targets[synapse])]
    let variance = perMillisecond * w * w * tau * tau / (2 * (tau + membrane))
    return (mean * mean + variance).squareRoot()
  }

  /// By bisection over the bundles, which are sorted by their first synapse.
  func sourceOf(_ synapse: Int) -> Int32 {
    var (low, high) = (0, connectivity.bundles.count - 1)
    while low < high {
      let middle = (low + high + 1) / 2
      if Int(connectivity.bundles[middle].start) <= synapse { low = middle } else { high = middle - 1 }
    }
    return connectivity.bundles[low].source
  }
}
