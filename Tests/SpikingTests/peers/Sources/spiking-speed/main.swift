// Times one network: N neurons (80 % excite), K random synapses onto each, delay 1.5 ms, gamma time constants, constant
// currents, STDP on the excitatory synapses. Prints seconds of processor time per simulated second, and what
// the network's arrays hold per synapse.
//
//     spiking-speed N K SECONDS {none,equal,drawn} {current,conductance}
import Foundation
import Spiking

func processorSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

let arguments = CommandLine.arguments
guard arguments.count == 6, let neurons = Int(arguments[1]), let connections = Int(arguments[2]),
  let seconds = Double(arguments[3])
else {
  print("usage: spiking-speed N K SECONDS none|equal|drawn current|conductance")
  exit(2)
}
let (mode, form) = (arguments[4], arguments[5])
let root = Double(connections).squareRoot()
let connectivity = try Topology(
  neurons: neurons, connections: connections, excitatoryWeight: .equal(0.25 / root), inhibitoryWeight: .equal(1 / root),
  delay: .equal(1.5)
).connect(step: 0.1, seed: 1)
func constant(_ mean: Double) -> Spread { mode == "drawn" ? .gamma(shape: 4, mean: mean) : .equal(mean) }
let rule = PlasticityRule(
  potentiation: constant(0.001), depression: constant(0.00105), potentiationTime: constant(20),
  depressionTime: constant(20), maximum: Float(1 / root))
let network = try SpikingNetwork(
  model: NeuronModel(
    timeConstant: .gamma(shape: 4, mean: 20),
    synapses: form == "current"
      ? .current(excitatory: 5, inhibitory: 10)
      : .conductance(excitatory: 5, inhibitory: 10, excitatoryReversal: 4, inhibitoryReversal: -1)),
  connectivity: connectivity, plasticity: mode == "none" ? nil : rule)
var random = SystemRandomNumberGenerator()
network.currents = (0..<neurons).map { _ in Double.random(in: 0.9...1.3, using: &random) }
let steps = Int((seconds * 10_000).rounded())
for _ in 0..<200 { network.advance() }
let (spikes, events, started) = (network.spikeCount, network.eventCount, processorSeconds())
for _ in 0..<steps { network.advance() }
let spent = processorSeconds() - started
let rate = Double(network.spikeCount - spikes) / Double(neurons) / seconds
let perEvent = spent / Double(max(network.eventCount - events, 1)) * 1e9
func text(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
print(
  "ours: N \(neurons) S \(connectivity.synapses) \(mode) \(form): rate \(text(rate, 1)) Hz, "
    + "\(text(spent / seconds, 4)) s per s, \(text(perEvent, 1)) ns per event, "
    + "\(text(Double(network.bytes) / Double(connectivity.synapses), 1)) bytes per synapse")
