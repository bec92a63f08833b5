import Spiking

/// What a person wants done to a spiking network that runs. Synapses go by their index in its connectivity.
public enum SpikeCommand: ActivityCommand, Codable {
  /// Tell everything about this neuron, and follow the weight of that synapse.
  case select(neuron: Int, synapse: Int?)
  /// Keep a membrane trace of a neuron beside the selected one's, or no longer.
  case follow(Int, Bool)
  case prune([Int])
  case restore([Int])
  /// Frozen synapses transmit and do not learn; `false` thaws them.
  case freeze([Int], Bool)
  /// A silenced neuron does not fire.
  case silence(Int, Bool)
  /// Plasticity on or off.
  case learn(Bool)
  case homeostasis(Homeostasis?)
  case undo
  case redo
  /// So many steps, while paused.
  case step(Int)
  /// Seconds simulated in a second.
  case speed(Double)
  /// Every spike of that neuron is to be heard; `nil` for none.
  case listen(Int?)
  /// Measure what pruning these would do, on copies.
  case preview([Int])
}
