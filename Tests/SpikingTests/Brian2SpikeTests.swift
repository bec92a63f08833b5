import Spiking
import Testing

/// Spike for spike against brian2: `Fixtures/brian2-spikes.json`, made by `Fixtures/make_brian2_spikes.py`.
@Suite struct Brian2SpikeTests {
  struct Reference: Decodable {
    struct Run: Decodable {
      var form, reset: String
      var scale: Double
      var steps, neurons: [Int32]
    }
    var neurons, excitatory, inputs, steps: Int
    var step: Double
    var tau, current: [Double]
    var edges: [[Double]]
    var inputSteps, inputChannels: [Int32]
    var runs: [Run]
  }

  @Test func everySpike() throws {
    let reference = try fixture("brian2-spikes", as: Reference.self)
    for run in reference.runs {
      let edges = reference.edges.map {
        Edge(source: Int($0[0]), target: Int($0[1]), weight: Float($0[2] * run.scale), delay: Int($0[3]))
      }
      let network = try SpikingNetwork(
        model: NeuronModel(
          reset: run.reset == "rest" ? .rest : .subtract, refractory: 2,
          synapses: run.form == "current"
            ? .current(excitatory: 5, inhibitory: 8)
            : .conductance(excitatory: 5, inhibitory: 8, excitatoryReversal: 4, inhibitoryReversal: -1)),
        connectivity: Connectivity(
          neurons: reference.neurons, inputs: reference.inputs, edges: edges,
          inhibitory: (0..<reference.neurons).map { $0 >= reference.excitatory }),
        timeConstants: reference.tau, step: reference.step)
      network.currents = reference.current
      var record = SpikeRecord()
      var next = 0
      for n in 0..<reference.steps {
        var fired: [Int32] = []
        while next < reference.inputSteps.count, reference.inputSteps[next] == n {
          fired.append(reference.inputChannels[next])
          next += 1
        }
        network.advance(inputSpikes: fired)
        record.append(network)
      }
      #expect(run.steps.count > 3_000)
      let first = zip(zip(record.steps, record.neurons), zip(run.steps, run.neurons)).first { $0 != $1 }
      #expect(
        record.steps == run.steps && record.neurons == run.neurons,
        "\(run.form), \(run.reset): \(record.count) spikes against \(run.steps.count), first difference \(first as Any)"
      )
    }
  }
}
