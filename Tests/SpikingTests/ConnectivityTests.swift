import Spiking
import Testing

@Suite struct ConnectivityTests {
  static func topology(_ recurrence: Topology.Recurrence, neurons: Int = 50, connections: Int = 10) -> Topology {
    Topology(
      neurons: neurons, connections: connections, recurrence: recurrence, excitatoryWeight: .gamma(shape: 3, mean: 0.1),
      inhibitoryWeight: .equal(0.4), delay: .uniform(shape: 3, mean: 1), inputs: 5, inputConnections: 2)
  }

  @Test(arguments: [
    Topology.Recurrence.random, .smallWorld(rewiring: 0), .smallWorld(rewiring: 0.1), .smallWorld(rewiring: 1),
  ])
  func degreesAndKinds(_ recurrence: Topology.Recurrence) throws {
    for connections in [0, 1, 2, 10, 49] {
      let net = try Self.topology(recurrence, connections: connections).connect(step: 0.1, seed: 3)
      #expect(net.synapses == 50 * (connections + 2))
      #expect(net.inhibitory.prefix(50).count { $0 } == 10)
      var seen: Set<[Int]> = []
      var onto = [Int](repeating: 0, count: 50)
      for edge in net.edges {
        #expect(edge.source != edge.target)
        #expect(seen.insert([edge.source, edge.target]).inserted)
        #expect(edge.delay >= 0 && edge.delay <= 20)
        if edge.source < 50 { onto[edge.target] += 1 }
        if net.inhibitory[edge.source] { #expect(edge.weight == 0.4) }
      }
      #expect(onto == [Int](repeating: connections, count: 50))
      #expect(try Self.topology(recurrence, connections: connections).connect(step: 0.1, seed: 3).edges == net.edges)
    }
  }

  /// Clustering of the undirected graph: ring of K neighbours ¾·(K − 2)/(K − 1), random K/N.
  @Test func smallWorldsAreClustered() throws {
    func clustering(_ rewiring: Double) throws -> Double {
      let net = try Topology(
        neurons: 400, connections: 10, recurrence: .smallWorld(rewiring: rewiring), excitatoryWeight: .equal(1),
        inhibitoryWeight: .equal(1)
      ).connect(step: 0.1, seed: 1)
      var near = [Set<Int>](repeating: [], count: 400)
      for edge in net.edges {
        near[edge.source].insert(edge.target)
        near[edge.target].insert(edge.source)
      }
      return mean(
        near.map { friends in
          let list = friends.sorted()
          let pairs = list.indices.flatMap { a in list[(a + 1)...].map { (list[a], $0) } }
          return Double(pairs.count { near[$0].contains($1) }) / Double(pairs.count)
        })
    }
    #expect(abs(try clustering(0) - 2.0 / 3) < 1e-12)
    let (small, random) = (try clustering(0.05), try clustering(1))
    #expect(small > 0.4 && random < 0.08, "rewired 5 %: \(small), all: \(random)")
  }

  @Test func sortedIntoBundles() throws {
    let edges = [
      Edge(source: 1, target: 2, weight: 4, delay: 3), Edge(source: 0, target: 1, weight: 1, delay: 2),
      Edge(source: 1, target: 0, weight: 3, delay: 3), Edge(source: 1, target: 2, weight: 2, delay: 1),
    ]
    let net = try Connectivity(neurons: 3, inputs: 1, edges: edges)
    #expect(net.weights == [1, 2, 3, 4])
    #expect(net.outgoing(0) == 0..<1 && net.outgoing(1) == 1..<4 && net.outgoing(2).isEmpty && net.outgoing(3).isEmpty)
    #expect(net.edges == [edges[1], edges[3], edges[2], edges[0]])
    #expect(net.longestDelay == 3)
  }

  @Test func refusals() {
    #expect(throws: SpikingError("A synapse from source 0 onto neuron 2 does not fit 2 neurons and 0 inputs.")) {
      try Connectivity(neurons: 2, edges: [Edge(source: 0, target: 2, weight: 1)])
    }
    #expect(throws: SpikingError.self) { try Connectivity(neurons: 0, edges: []) }
    #expect(throws: SpikingError.self) {
      try Connectivity(neurons: 1, edges: [Edge(source: 0, target: 0, weight: .nan)])
    }
    #expect(throws: SpikingError("Each neuron can receive from 0 to 9 of the 10 neurons; 10 were asked for.")) {
      try Self.topology(.random, neurons: 10, connections: 10).connect(step: 0.1, seed: 1)
    }
  }
}
