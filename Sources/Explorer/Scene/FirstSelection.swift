import Circuits

extension Scene {
  /// The present synapse that conducts most at this moment, the one with the largest weight where nothing is measured: a
  /// first selection that shows something in every pane. `nil` where there is no synapse between neurons.
  public var strongest: Selection? {
    guard let values = SynapseValues(.conductance, self) ?? SynapseValues(.weight, self) else { return nil }
    func size(_ synapse: Synapse) -> Double {
      let value = abs(values[synapse.index(neurons: neurons)])
      return value.isNaN ? 0 : value
    }
    return connectivity.synapses.filter { $0.pre < neurons && $0.pre != $0.post && !isPruned($0) }
      .max { size($0) < size($1) }
      .map { Selection(post: $0.post, pre: $0.pre) }
  }
}
