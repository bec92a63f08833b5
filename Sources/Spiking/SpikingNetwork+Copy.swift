/// Looking at a running network without touching it.
extension SpikingNetwork {
  /// The same neurons and synapses, as they weigh now, at rest and with no spike on its way. Nothing in the copy learns,
  /// no threshold moves, what is pruned weighs 0 and what is silenced stays silent. O(N + S).
  public func fixedCopy() throws(SpikingError) -> SpikingNetwork {
    let copy = try SpikingNetwork(
      model: model, connectivity: connectivity, timeConstants: timeConstants, plasticity: nil, step: step)
    copy.weights = weights
    copy.thresholds = thresholds
    copy.currents = currents
    for neuron in 0..<neurons where silenced.pointer[neuron] { copy.silence(neuron) }
    return copy
  }

  public func isSilenced(_ neuron: Int) -> Bool { silenced.pointer[neuron] }
  public func threshold(of neuron: Int) -> Double { threshold.pointer[neuron] }
}
