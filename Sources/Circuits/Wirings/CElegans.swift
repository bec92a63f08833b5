import Assets
import Formats

// The nervous system of C. elegans, chemical and electrical, with the neurons' own names.
//
// Sources: edges White et al. 1986, DOI 10.1098/rstb.1986.0056; transmitters Wang et al. 2024, eLife 95402; the
// tap-withdrawal circuit as Wicks et al. 1996, DOI 10.1523/JNEUROSCI.16-12-04017.1996, delimits it.
//
// Polarity is *not* in the connectome. Synapses begin by a hypothesis and are learned: glutamate and GABA inhibit, all others
// excite. With it touch at the tail quiets the reverse command neurons by chemical synapses and drives the forward ones through
// gap junctions, and the other way round for touch at the head.

/// The 16 neurons of the tap-withdrawal reflex and the two motor pools they drive.
///
/// Outputs are anatomically honest: AVA → VA and DA is "reverse", AVB and PVC → VB and DB is "forward", each pool one neuron.
/// An input called like a sensory neuron or class (PLM, ALM, AVM, PVD), "anterior" or "posterior" reaches those neurons;
/// any other input reaches all sensory neurons.
struct TapWithdrawal: WiringKind {
  let name = "tap-withdrawal"
  let summary = "tap-withdrawal: the touch reflex of C. elegans, 16 named neurons, outputs reverse and forward"
  let isFixed = true

  func make(argument: String?, neurons: Int, inputNames: [String], motors: Int, seed: UInt64) throws -> Wiring {
    let edges =
      try Edge.bundled("celegans-tap-withdrawal.csv") + [
        Edge("AVAL", "reverse"), Edge("AVAR", "reverse"), Edge("AVBL", "forward"), Edge("AVBR", "forward"),
        Edge("PVCL", "forward"), Edge("PVCR", "forward"), Edge("AVAL", "reverse", isElectrical: true),
        Edge("AVAR", "reverse", isElectrical: true), Edge("AVBL", "forward", isElectrical: true),
        Edge("AVBR", "forward", isElectrical: true),
      ]
    let order: [(Wiring.Layer, [String])] = [
      (.motor, ["reverse", "forward"]),
      (.command, ["AVAL", "AVAR", "AVBL", "AVBR", "AVDL", "AVDR", "PVCL", "PVCR"]), (.inter, ["DVA"]),
      (.sensory, ["ALML", "ALMR", "AVM", "PLML", "PLMR", "PVDL", "PVDR"]),
    ]
    return try Wiring.worm(
      name: name, edges: edges, order: order, inputNames: inputNames, motors: min(motors, 2),
      extra: ["anterior": ["ALML", "ALMR", "AVM"], "posterior": ["PLML", "PLMR", "PVDL", "PVDR"]])
  }
}

/// The whole connectome as White et al. traced it: every neuron that has an edge to another one.
///
/// Classes that end on muscle are motor neurons and come first, those that end in the world are sensory; the five command
/// classes are those of locomotion. An input called like a neuron or class reaches it, any other every sensory neuron.
struct WholeConnectome: WiringKind {
  let name = "celegans"
  let summary = "celegans: the whole connectome of C. elegans, 299 named neurons; a stress case"
  let isFixed = true

  static let motor = [
    "VA", "VB", "DA", "DB", "AS", "DD", "VC", "VD", "SMB", "SMD", "RMD", "RME", "RMF", "RMH", "SAB", "HSN", "URA",
    "PDA",
    "PDB", "DVB",
  ]
  static let command = ["AVA", "AVB", "AVD", "AVE", "PVC"]
  static let sensory = [
    "ADE", "ADF", "ADL", "AFD", "ALM", "AQR", "ASE", "ASG", "ASH", "ASI", "ASJ", "ASK", "AVM", "AWA", "AWB", "AWC",
    "BAG",
    "CEP", "FLP", "IL1", "IL2", "OLL", "OLQ", "PDE", "PHA", "PHB", "PHC", "PLM", "PQR", "PVD", "PVM", "SDQ", "URB",
    "URX",
    "URY",
  ]

  func make(argument: String?, neurons: Int, inputNames: [String], motors: Int, seed: UInt64) throws -> Wiring {
    let classes = try Wiring.wormNeurons().mapValues(\.wormClass)
    let edges = try Edge.bundled("celegans-white1986.csv").filter {
      classes[$0.pre] != nil && classes[$0.post] != nil && $0.pre != $0.post
    }
    let names = Set(edges.flatMap { [$0.pre, $0.post] }).sorted()
    func belongs(_ name: String, _ list: [String]) -> Bool {
      list.contains { classes[name]! == $0 || ($0.count == 3 && classes[name]!.hasPrefix($0)) }
    }
    var layers: [Wiring.Layer: [String]] = [:]
    for name in names {
      let layer: Wiring.Layer =
        belongs(name, Self.motor)
        ? .motor : belongs(name, Self.command) ? .command : belongs(name, Self.sensory) ? .sensory : .inter
      layers[layer, default: []].append(name)
    }
    let motorNeurons = layers[.motor] ?? []
    guard motors <= motorNeurons.count else {
      throw CircuitError("The connectome has \(motorNeurons.count) motor neurons and cannot drive \(motors) outputs.")
    }
    return try Wiring.worm(
      name: name, edges: edges,
      order: [.motor, .command, .inter, .sensory].map { ($0, layers[$0] ?? []) }, inputNames: inputNames,
      motors: motors, extra: [:])
  }
}

extension Edge {
  fileprivate static func bundled(_ file: String) throws -> [Edge] {
    guard let path = Assets.data(file) else { throw CircuitError("The bundled file \(file) is missing.") }
    return try read(path: path)
  }
}

extension Wiring {
  /// Class and transmitter of every neuron of the adult hermaphrodite.
  fileprivate static func wormNeurons() throws -> [String: (wormClass: String, transmitter: String)] {
    guard let path = Assets.data("celegans-neurons.csv") else {
      throw CircuitError("The bundled file celegans-neurons.csv is missing.")
    }
    let table: CSVTable
    do { table = try CSVTable(path: path) } catch { throw CircuitError("\(error)") }
    return Dictionary(
      (0..<table.rowCount).map { row in
        let text = (0..<3).map { table.text(row: row, column: $0) }
        return (text[0], (text[1], text[2].trimmed))
      }, uniquingKeysWith: { first, _ in first })
  }

  /// −1 for glutamate and GABA, +1 otherwise: a hypothesis, not a measurement.
  private static func hypothesis(_ transmitter: String) -> Int8 {
    transmitter.contains("Glu") || transmitter.contains("GABA") ? -1 : 1
  }

  fileprivate static func worm(
    name: String, edges: [Edge], order: [(layer: Layer, names: [String])], inputNames: [String], motors: Int,
    extra: [String: [String]]
  ) throws -> Wiring {
    let neurons = try wormNeurons()
    let names = order.flatMap(\.names)
    let sensory = order.first { $0.layer == .sensory }?.names ?? []
    var wiring = Wiring(
      name: name, edges: edges, inputNames: inputNames, neuronNames: names,
      layers: order.flatMap { layer in layer.names.map { _ in layer.layer } }, motors: motors,
      sign: { hypothesis(neurons[$0]?.transmitter ?? "") },
      senses: { input in
        let named = names.filter { $0 == input || neurons[$0]?.wormClass == input }
        return !named.isEmpty ? named : extra[input] ?? sensory
      })
    wiring.transmitters = names.map { neurons[$0]?.transmitter ?? "" }
    return wiring
  }
}

extension String {
  /// Without spaces, and without the table's own marks at the beginning.
  fileprivate var trimmed: String {
    var text = Substring(self)
    while let first = text.first, first == " " || first == "*" { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
