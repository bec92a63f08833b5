import Foundation
import Spiking

func fixture<T: Decodable>(_ name: String, as type: T.Type) throws -> T {
  let url = Bundle.module.url(forResource: "Fixtures/\(name)", withExtension: "json")!
  return try JSONDecoder().decode(type, from: Data(contentsOf: url))
}

/// Long runs are shortened where code is compiled without optimisation, some twenty times slower.
#if DEBUG
  let isOptimised = false
#else
  let isOptimised = true
#endif

func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

func variance(_ values: [Double]) -> Double {
  let middle = mean(values)
  return values.reduce(0) { $0 + ($1 - middle) * ($1 - middle) } / Double(values.count)
}

/// Neurons without synapses.
func lonely(
  _ model: NeuronModel, neurons: Int = 1, timeConstants: [Double]? = nil, step: Double = 0.1
) throws -> SpikingNetwork {
  try SpikingNetwork(
    model: model, connectivity: Connectivity(neurons: neurons, edges: []), timeConstants: timeConstants, step: step)
}

/// Spike steps of one neuron under a constant current.
func spikeSteps(_ network: SpikingNetwork, steps: Int) -> [Int] {
  var result: [Int] = []
  for n in 0..<steps {
    network.advance()
    if !network.spikes.isEmpty { result.append(n) }
  }
  return result
}
