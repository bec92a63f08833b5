import Experiments
import Spiking

/// The line below the panes: the selected neuron or synapse, with units.
enum SpikesInspector {
  static func parts(_ scene: Scene, _ spikes: SpikesPicture) -> [String] {
    guard let selection = scene.spikeSelection, let detail = scene.spikeDetail else {
      return ["neuron \(scene[SpikesView.self].selection.post) …"]
    }
    guard selection.pre != nil else { return neuron(detail, spikes) }
    guard let synapse = scene.spikeSynapse else { return ["no such synapse onto neuron \(selection.post)"] }
    return parts(synapse, onto: detail, spikes)
  }

  private static func neuron(_ detail: SpikesPicture.Detail, _ spikes: SpikesPicture) -> [String] {
    var parts = ["neuron \(detail.neuron) \(detail.isInhibitory ? "inhibitory" : "excitatory")"]
    if detail.isSilenced { parts.append("× silenced") }
    parts.append("τ_m \(Scene.number(detail.timeConstant)) ms")
    parts.append("rate \(Scene.number(detail.rate)) Hz")
    parts.append("threshold \(Scene.number(detail.threshold))")
    let potential = spikes.traces.first { $0.neuron == detail.neuron }?.samples.last
    if let potential, potential != SpikesPicture.Trace.spike { parts.append("v \(Scene.number(potential))") }
    if let homeostasis = spikes.homeostasis {
      let silent = spikes.silentShare.map { ", \(Scene.number($0 * 100, digits: 2)) % of all silent" } ?? ""
      parts.append("homeostasis \(Scene.number(homeostasis.rate)) a \(Scene.number(homeostasis.interval)) ms\(silent)")
    }
    let live = detail.synapses.count { !$0.isPruned }
    parts.append("\(live) in, \(detail.outgoing) out")
    return parts
  }

  private static func parts(
    _ synapse: SpikesPicture.Synapse, onto detail: SpikesPicture.Detail, _ spikes: SpikesPicture
  ) -> [String] {
    var parts = [
      "synapse \(spikes.network.name(source: synapse.source))→\(detail.neuron) \(synapse.isInhibitory ? "inhibitory" : "excitatory")"
    ]
    if synapse.isPruned { parts.append("× pruned") }
    if synapse.isFrozen && !synapse.isPruned { parts.append("❄ frozen") }
    if synapse.isInhibitory {
      parts.append("w \(Scene.number(synapse.weight)), does not learn")
    } else {
      parts.append("w \(Scene.number(synapse.weight)) of \(Scene.number(spikes.network.maximum))")
      parts.append("A₊ \(Scene.number(synapse.potentiation)) A₋ \(Scene.number(synapse.depression))")
      parts.append(
        "τ₊ \(Scene.number(synapse.potentiationTime)) ms τ₋ \(Scene.number(synapse.depressionTime)) ms")
    }
    parts.append("delay \(Scene.number(synapse.delay)) ms")
    return parts
  }
}

/// What is asked before synapses are cut.
enum SpikeQuestion {
  static func prune(
    _ synapses: [SpikesPicture.Synapse], of detail: SpikesPicture.Detail, in network: SpikesPicture.Network
  ) -> String {
    let largest = synapses.max { $0.weight < $1.weight }
    let all = detail.synapses.reduce(0) { $0 + $1.weight }
    let share = all > 0 ? synapses.reduce(0) { $0 + $1.weight } / all : 0
    return "Cut the \(synapses.count) synapses onto neuron \(detail.neuron), "
      + "\(Scene.number(share * 100)) % of the weight onto it, the largest "
      + "\(largest.map { "\(network.name(source: $0.source))→\(detail.neuron) with w \(Scene.number($0.weight))" } ?? "none")? "
      + "enter cuts, esc leaves everything as it is."
  }

  static func measured(_ effect: SpikesPicture.PruneEffect) -> String {
    "Tried on copies for \(Scene.number(effect.duration)) ms: the neuron fires at \(Scene.number(effect.neuronBefore)) Hz "
      + "now and \(Scene.number(effect.neuronAfter)) Hz with the cut, all neurons at \(Scene.number(effect.before)) and "
      + "\(Scene.number(effect.after)) Hz."
  }
}
