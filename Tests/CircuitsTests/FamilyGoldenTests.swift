import Circuits
import Testing

/// circuits.md, section 5, for the cells other than the LTC. Weights that the page stacks as [u; v] are split here into the
/// sensory rows (first M) and the recurrent ones.
@Suite struct FamilyGoldenTests {
  let tolerance = 5e-10

  /// The states after one time step of length `elapsed` from the page's state and input.
  func step(_ cell: String, solver: String? = nil, unfolds: Int = 1, elapsed: Double = 1, _ tensors: [String: [Double]])
    throws -> [Double]
  {
    let model = try Model<Double>(
      ModelSpecification(
        cell: cell, neurons: 3, wiring: "all", solver: solver, unfolds: unfolds, inputNames: ["a", "b"],
        outputNames: ["y"]))
    let own = model.layout.tensors.filter { $0.offset < model.cellParameters }
    #expect(Set(tensors.keys).isSubset(of: own.map(\.name)))
    let parameters = own.flatMap { tensors[$0.name] ?? [Double](repeating: 0, count: $0.declaration.count) }
    return CellRun(
      model.cell, parameters: parameters, connections: model.wiring.connections(), input: Golden.input,
      elapsed: [elapsed], initial: Golden.state, rows: 1, steps: 1, differentiates: false
    ).states
  }

  /// g(5, 3, k)·factor on [u; v] as the tensors `name` and `sensory_name`.
  func stacked(_ name: String, _ k: Int, factor: Double = 1) -> [String: [Double]] {
    let all = Golden.g(5, 3, k).map { factor * $0 }
    return ["sensory_" + name: Array(all[..<6]), name: Array(all[6...])]
  }

  func lrc() -> [String: [Double]] {
    var tensors = stacked("elastance", 10, factor: 0.3)
    tensors["elastance_b"] = Golden.g(1, 3, 11).map { 0.1 * $0 }
    tensors["gleak"] = [0.2, 0.5, 0.9]
    tensors["vleak"] = [-0.1, 0.05, 0.2]
    for (prefix, rows, k) in [("", 3, 0), ("sensory_", 2, 4)] {
      tensors[prefix + "w"] = Golden.g(rows, 3, k).map { 0.5 + 0.4 * $0 }
      tensors[prefix + "mu"] = Golden.g(rows, 3, k + 1).map { 0.5 + 0.2 * $0 }
      tensors[prefix + "sigma"] = Golden.g(rows, 3, k + 2).map { 5 + 2 * $0 }
    }
    tensors["h"] = Golden.g(3, 3, 8)
    tensors["sensory_h"] = Golden.g(2, 3, 9)
    return tensors
  }

  @Test(arguments: ["lrc", "lrcu"]) func asymmetricLRC(_ cell: String) throws {
    let states = try step(cell, solver: "euler", unfolds: cell == "lrcu" ? 6 : 1, lrc())
    #expect(worst(states, [0.082414504, -0.135705887, 0.315813418]) <= tolerance, "\(states)")
  }

  @Test func symmetricLRC() throws {
    var tensors = lrc()
    tensors["shift"] = [1, 1, 1]
    let states = try step("lrc-symmetric", solver: "euler", tensors)
    #expect(worst(states, [0.084321458, -0.140738083, 0.319513470]) <= tolerance, "\(states)")
  }

  @Test func closedForm() throws {
    let heads = [("w_1", 20), ("w_2", 21), ("w_ta", 22), ("w_tb", 23)].reduce(into: [:]) {
      $0.merge(stacked($1.0, $1.1)) { _, new in new }
    }
    let gated = try step("cfc", heads)
    #expect(worst(gated, [0.164144769, 0.429398993, 0.255964400]) <= tolerance, "\(gated)")
    let ungated = try step("cfc-no-gate", heads)
    #expect(worst(ungated, [0.048699920, 0.604554231, 0.364757588]) <= tolerance, "\(ungated)")
  }

  @Test func squashedSums() throws {
    let ctrnn = try step("ctrnn-squashed", solver: "euler", unfolds: 6, elapsed: 0.6, stacked("w", 30))
    #expect(worst(ctrnn, [-0.099233896, -0.340519168, 0.234917807]) <= tolerance, "\(ctrnn)")
    let node = try step("node-squashed", solver: "rk4", unfolds: 6, elapsed: 0.6, stacked("w", 30))
    #expect(worst(node, [-0.102389283, -0.525890163, 0.418260055]) <= tolerance, "\(node)")
  }

  /// The shared engine against the cell that is tested against the reference library: the same step, other code.
  @Test func theEngineComputesTheLTC() throws {
    let (model, parameters) = try Golden.ltc()
    let own = Array(parameters[..<model.cellParameters])
    var wiring = model.wiring
    wiring.couple(0, 1)
    let coupled = try Model<Double>(model.specification, wiring: wiring)
    func run(_ cell: any Cell<Double>, _ parameters: [Double]) -> CellRun<Double> {
      CellRun(
        cell, parameters: parameters, connections: wiring.connections(), input: Golden.input + Golden.input,
        elapsed: [1, 0.3], initial: Golden.state, rows: 1, steps: 2)
    }
    // A gap junction of conductance 0 is none.
    let (fast, engine) = (run(model.cell, own), run(coupled.cell, own + [0]))
    #expect(worst(engine.states, fast.states) <= 1e-14)
    #expect(worst(Array(engine.parameterGradient.dropLast()), fast.parameterGradient) <= 1e-12)
    #expect(worst(engine.inputGradient, fast.inputGradient) <= 1e-12)
    #expect(worst(engine.initialGradient, fast.initialGradient) <= 1e-12)
  }
}
