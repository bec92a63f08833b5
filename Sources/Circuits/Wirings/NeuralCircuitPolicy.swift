import Randomness

/// The neural circuit policy: sensory → inter → command (recurrent) → motor, sparse, signs equiprobable.
///
/// Source: Lechner et al. 2020, DOI 10.1038/s42256-020-00237-3; counts as in `ncps`'s `AutoNCP`. With density
/// d = 1 − sparsity: command = max(⌊0.4·(N − O)⌋, 1), inter = the rest, sensory fan-out max(⌊inter·d⌋, 1), inter fan-out
/// max(⌊command·d⌋, 1), recurrent command synapses max(⌊2·command·d⌋, 1) drawn with replacement, motor fan-in
/// max(⌊command·d⌋, 1). Neurons that the draw left without an input, and commands without a motor, are repaired with the
/// mean fan-in of their layer.
struct NeuralCircuitPolicy: WiringKind {
  let name = "ncp"
  let summary = "ncp[:SPARSITY]: neural circuit policy, sensory → inter → command → motor (sparsity 0.5 unless told)"

  func make(argument: String?, neurons: Int, inputNames: [String], motors: Int, seed: UInt64) throws -> Wiring {
    let sparsity = Double(argument ?? "0.5") ?? .nan
    guard (0..<1).contains(sparsity) else {
      throw CircuitError(
        "'ncp:\(argument ?? "")' has no sparsity from 0 to below 1: write for example --wiring ncp:0.5.")
    }
    guard neurons >= motors + 2 else {
      throw CircuitError(
        "A neural circuit policy with \(motors) motor neurons needs at least \(motors + 2) neurons (one command, one "
          + "inter), not \(neurons). Use --neurons \(motors + 2) or more, or --wiring all.")
    }
    let density = 1 - sparsity
    let commands = max(Int(0.4 * Double(neurons - motors)), 1)
    let wiring = Wiring.layered(
      name: argument == nil ? name : "ncp:\(argument!)", neurons: neurons, inputNames: inputNames, motors: motors,
      commands: commands)
    var builder = Builder(wiring: wiring, generator: SeededGenerator(seed: seed))
    let sensory = Array(neurons..<neurons + inputNames.count)
    let motor = Array(0..<motors)
    let command = Array(motors..<motors + commands)
    let inter = Array(motors + commands..<neurons)
    builder.fan(from: sensory, to: inter, out: max(Int(Double(inter.count) * density), 1))
    builder.fan(from: inter, to: command, out: max(Int(Double(commands) * density), 1))
    for _ in 0..<max(Int(Double(commands) * density * 2), 1) { builder.connect(from: command, to: command) }
    builder.gather(from: command, to: motor, fanIn: max(Int(Double(commands) * density), 1))
    return builder.wiring
  }

  private struct Builder {
    var wiring: Wiring
    var generator: SeededGenerator

    private mutating func add(_ pre: Int, _ post: Int) {
      wiring.connect(Synapse(pre: pre, post: post), polarity: generator.eitherSign())
    }

    mutating func connect(from sources: [Int], to targets: [Int]) {
      add(sources[generator.index(below: sources.count)], targets[generator.index(below: targets.count)])
    }

    private mutating func choose(_ count: Int, of items: [Int]) -> ArraySlice<Int> {
      generator.shuffled(items).prefix(count)
    }

    /// Each source reaches `out` targets; targets left unreached get the mean fan-in.
    mutating func fan(from sources: [Int], to targets: [Int], out: Int) {
      guard !sources.isEmpty else { return }
      var unreached = Set(targets)
      for source in sources {
        for target in choose(out, of: targets) {
          unreached.remove(target)
          add(source, target)
        }
      }
      let meanFanIn = min(max(sources.count * out / targets.count, 1), sources.count)
      for target in unreached.sorted() {
        for source in choose(meanFanIn, of: sources) { add(source, target) }
      }
    }

    /// Each target gathers from `fanIn` sources; sources left unused get the mean fan-out.
    mutating func gather(from sources: [Int], to targets: [Int], fanIn: Int) {
      guard !targets.isEmpty else { return }
      var unused = Set(sources)
      for target in targets {
        for source in choose(fanIn, of: sources) {
          unused.remove(source)
          add(source, target)
        }
      }
      let meanFanOut = min(max(targets.count * fanIn / sources.count, 1), targets.count)
      for source in unused.sorted() {
        for target in choose(meanFanOut, of: targets) { add(source, target) }
      }
    }
  }
}
