import Formats

/// Wirings from a list of edges: `pre,post[,type,weight]`, one per line.
///
/// `type` is `chemical` (also where absent) or `electrical`; electrical rows are listed once a pair and hold both ways.
/// `weight` (or `synapses`) is a count or a signed strength: a negative one makes the synapse inhibitory, 0 leaves it out.
/// Several rows of one pair are one synapse.
public struct Edge: Sendable, Hashable {
  public var pre: String
  public var post: String
  public var isElectrical: Bool
  /// 1 where the list has none.
  public var weight: Double

  public init(_ pre: String, _ post: String, isElectrical: Bool = false, weight: Double = 1) {
    self.pre = pre
    self.post = post
    self.isElectrical = isElectrical
    self.weight = weight
  }

  /// Reads a CSV file with a header line.
  ///
  /// - Throws: ``CircuitError`` that says what is wrong with which line.
  public static func read(path: String) throws -> [Edge] {
    let table: CSVTable
    do { table = try CSVTable(path: path) } catch { throw CircuitError("\(error)") }
    guard let pre = table.names.firstIndex(of: "pre"), let post = table.names.firstIndex(of: "post") else {
      throw CircuitError(
        "\(table.file) has no columns 'pre' and 'post': an edge list begins with a line such as pre,post,type,weight.")
    }
    let type = table.names.firstIndex(of: "type")
    let weight = table.names.firstIndex { $0 == "weight" || $0 == "synapses" }
    return try (0..<table.rowCount).map { row in
      let line = "\(table.file), line \(table.line(ofRow: row))"
      let kind = type.map { table.text(row: row, column: $0) } ?? "chemical"
      guard ["chemical", "electrical", ""].contains(kind) else {
        throw CircuitError("\(line): '\(kind)' is no type of synapse: write chemical or electrical.")
      }
      let text = weight.map { table.text(row: row, column: $0) } ?? "1"
      guard let value = Double(text), value.isFinite else {
        throw CircuitError("\(line): the weight '\(text)' is no number.")
      }
      return Edge(
        table.text(row: row, column: pre), table.text(row: row, column: post), isElectrical: kind == "electrical",
        weight: value)
    }
  }
}

extension Wiring {
  /// A wiring from its edges; all their ends that are not inputs are neurons, in the order of `neuronNames`.
  ///
  /// - Parameters:
  ///   - sign: the polarity of a neuron's synapses where the weight does not tell (it is positive).
  ///   - senses: the neurons input k reaches, beside those that edges name.
  init(
    name: String, edges: [Edge], inputNames: [String], neuronNames: [String], layers: [Layer], motors: Int,
    sign: (String) -> Int8 = { _ in 1 }, senses: (String) -> [String]
  ) {
    self.init(name: name, inputNames: inputNames, neuronNames: neuronNames, layers: layers, motors: motors)
    let n = neuronNames.count
    var indices: [String: Int] = [:]
    for (k, input) in inputNames.enumerated() { indices[input] = n + k }
    for (i, neuron) in neuronNames.enumerated() { indices[neuron] = i }
    for edge in edges where edge.weight != 0 {
      guard let pre = indices[edge.pre], let post = indices[edge.post], post < n else { continue }
      if !edge.isElectrical {
        connect(Synapse(pre: pre, post: post), polarity: edge.weight < 0 ? -1 : sign(edge.pre))
      } else if pre < n {
        couple(pre, post)
      }
    }
    for (k, input) in inputNames.enumerated() {
      for target in senses(input) { connect(Synapse(pre: n + k, post: indices[target]!), polarity: 1) }
    }
  }

  /// A wiring from a person's own edge list.
  ///
  /// Names that are inputs of the task are inputs, all others neurons. Where no edge names an input, every input reaches the
  /// neurons without incoming synapses (all neurons where there is none of those). Motor neurons come first: those
  /// without outgoing synapses, then by how few they have, ties in the order of the list.
  ///
  /// - Throws: ``CircuitError`` where there is no neuron, or more motors than neurons.
  public init(edges: [Edge], name: String, inputNames: [String], motors: Int) throws {
    var (seen, incoming, outgoing) = ([String](), [String: Int](), [String: Int]())
    var known = Set(inputNames)
    for edge in edges where edge.weight != 0 {
      for end in [edge.pre, edge.post] where known.insert(end).inserted { seen.append(end) }
      if edge.isElectrical { continue }
      outgoing[edge.pre, default: 0] += 1
      incoming[edge.post, default: 0] += 1
    }
    guard !seen.isEmpty else { throw CircuitError("The wiring '\(name)' has no neurons: its list of edges is empty.") }
    guard seen.count <= 4096 else {
      throw CircuitError("The wiring '\(name)' has \(seen.count) neurons: at most 4096 can be made.")
    }
    guard motors <= seen.count else {
      throw CircuitError("The wiring '\(name)' has \(seen.count) neurons and cannot drive \(motors) outputs.")
    }
    let order = seen.enumerated().sorted {
      (outgoing[$0.element] ?? 0, $0.offset) < (outgoing[$1.element] ?? 0, $1.offset)
    }.map(\.element)
    let named = edges.contains { inputNames.contains($0.pre) }
    let free = order.filter { incoming[$0] == nil }
    let layers = order.enumerated().map { index, neuron -> Layer in
      index < motors ? .motor : incoming[neuron] == nil ? .sensory : .inter
    }
    self.init(
      name: name, edges: edges, inputNames: inputNames, neuronNames: order, layers: layers, motors: motors,
      senses: { _ in named ? [] : free.isEmpty ? order : free })
  }
}

/// `--wiring FILE.csv` (or `edges:FILE`): a person's own wiring.
struct EdgeListWiring: WiringKind {
  let name = "edges"
  let summary = "FILE.csv or edges:FILE: the wiring in an edge list, pre,post[,type,weight]; its size is the list's"
  let isFixed = true

  func make(argument: String?, neurons: Int, inputNames: [String], motors: Int, seed: UInt64) throws -> Wiring {
    guard let path = argument, !path.isEmpty else {
      throw CircuitError("'edges' needs a file: write for example --wiring edges:circuit.csv.")
    }
    return try Wiring(
      edges: Edge.read(path: path), name: path.hasSuffix(".csv") ? path : "edges:\(path)", inputNames: inputNames,
      motors: motors)
  }
}
