import Randomness

/// One way to lay out a circuit: a file conforms, a line in ``Wirings/all`` registers.
public protocol WiringKind: Sendable {
  /// What `--wiring` takes, before a colon and its argument.
  var name: String { get }
  /// One line for `ganglion wirings`.
  var summary: String { get }
  /// Whether the wiring has a size of its own, so that the number of neurons asked for is passed over.
  var isFixed: Bool { get }
  func make(argument: String?, neurons: Int, inputNames: [String], motors: Int, seed: UInt64) throws -> Wiring
}

extension WiringKind {
  public var isFixed: Bool { false }
}

/// The wirings there are.
public enum Wirings {
  public static let all: [any WiringKind] = [
    NeuralCircuitPolicy(), AllToAll(), RandomSparse(), TapWithdrawal(), WholeConnectome(), EdgeListWiring(),
  ]

  /// The wiring that `text` ("ncp", "random:0.3", "circuit.csv") asks for.
  ///
  /// - Throws: ``CircuitError`` for an unknown name, a bad argument or too few neurons.
  public static func make(
    _ text: String, neurons: Int, inputNames: [String], motors: Int, seed: UInt64
  ) throws -> Wiring {
    let text = text.hasSuffix(".csv") && !text.hasPrefix("edges:") ? "edges:\(text)" : text
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let kind = all.first(where: { $0.name == parts[0] }) else {
      throw CircuitError.unknown("wiring", parts[0], among: all.map(\.name))
    }
    let argument = parts.count > 1 ? parts[1] : nil
    if kind.isFixed {
      return try kind.make(
        argument: argument, neurons: neurons, inputNames: inputNames, motors: motors, seed: seed)
    }
    guard neurons >= 1, neurons <= 4096 else {
      throw CircuitError("A circuit of \(neurons) neurons cannot be made: use --neurons with a number from 1 to 4096.")
    }
    guard motors <= neurons else {
      throw CircuitError(
        "\(neurons) neurons cannot drive \(motors) outputs: each output reads a motor neuron of its own. "
          + "Use --neurons \(motors) or more.")
    }
    return try kind.make(
      argument: argument, neurons: neurons, inputNames: inputNames, motors: motors, seed: seed)
  }
}

/// Every neuron and every input connects to every neuron, itself included; two of three synapses excitatory (as `ncps`).
struct AllToAll: WiringKind {
  let name = "all"
  let summary = "all-to-all: every input and neuron connects to every neuron, itself included"

  func make(argument: String?, neurons: Int, inputNames: [String], motors: Int, seed: UInt64) throws -> Wiring {
    var wiring = Wiring.layered(name: name, neurons: neurons, inputNames: inputNames, motors: motors, commands: 0)
    var generator = SeededGenerator(seed: seed)
    for index in 0..<(neurons + inputNames.count) * neurons {
      wiring.connect(Synapse(index: index, neurons: neurons), polarity: generator.mostlyExcitatory())
    }
    return wiring
  }
}

/// A given share of all possible synapses, drawn without replacement; two of three excitatory (as `ncps`).
struct RandomSparse: WiringKind {
  let name = "random"
  let summary = "random:DENSITY: that share (0…1) of all possible synapses, drawn without replacement"

  func make(argument: String?, neurons: Int, inputNames: [String], motors: Int, seed: UInt64) throws -> Wiring {
    let text = argument ?? "0.5"
    guard let density = Double(text), (0...1).contains(density) else {
      throw CircuitError("'random:\(text)' has no density from 0 to 1: write for example --wiring random:0.3.")
    }
    var wiring = Wiring.layered(
      name: "random:\(text)", neurons: neurons, inputNames: inputNames, motors: motors, commands: 0)
    var generator = SeededGenerator(seed: seed)
    let split = neurons * neurons
    for range in [0..<split, split..<split + inputNames.count * neurons] {
      let wanted = Int((Double(range.count) * density).rounded())
      for index in generator.shuffled(range).prefix(wanted) {
        wiring.connect(Synapse(index: index, neurons: neurons), polarity: generator.mostlyExcitatory())
      }
    }
    return wiring
  }
}

extension SeededGenerator {
  /// +1 twice as often as −1.
  mutating func mostlyExcitatory() -> Int8 { index(below: 3) == 0 ? -1 : 1 }
  /// +1 as often as −1.
  mutating func eitherSign() -> Int8 { index(below: 2) == 0 ? -1 : 1 }
}

extension Wiring {
  /// Neurons [motor | command | inter] with their field names and no synapse yet.
  static func layered(name: String, neurons: Int, inputNames: [String], motors: Int, commands: Int) -> Wiring {
    let inters = neurons - motors - commands
    let names =
      (0..<motors).map { "motor \($0)" } + (0..<commands).map { "command \($0)" } + (0..<inters).map { "inter \($0)" }
    let layers =
      [Layer](repeating: .motor, count: motors) + [Layer](repeating: .command, count: commands)
      + [Layer](repeating: .inter, count: inters)
    return Wiring(name: name, inputNames: inputNames, neuronNames: names, layers: layers, motors: motors)
  }
}
