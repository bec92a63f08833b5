import Circuits
import Foundation
import Testing

@Suite struct SolverTests {
  /// The state at time 2 of a member with U sub-steps.
  func state(_ kind: any CellKind, _ solver: String, unfolds: Int) throws -> [Double] {
    let model = try Member(kind: kind, solver: solver).model(neurons: 5, unfolds: unfolds, as: Double.self)
    return CellRun(
      model.cell, parameters: Array(model.livelyParameters(seed: 2)), connections: model.wiring.connections(),
      input: [0.4, -0.7], elapsed: [2], initial: [0.1, -0.3, 0.5, 0.2, -0.1], rows: 1, steps: 1, differentiates: false
    ).states
  }

  /// The slope of log error against log step, by least squares, is the order the solver claims.
  ///
  /// Steps lie in the range where h^p dominates: fast enough gates of slope ≤ 8 ask for h well below 1/8, and the errors
  /// stay above rounding (1e-15·steps). A tenth of the order is what the next term of the error leaves at such steps.
  @Test(
    arguments: Member.differentiable.filter { !["none"].contains($0.solver) && $0.kind.name != "lrcu" })
  func orderIsMeasured(_ member: Member) throws {
    let order = try Solvers.named(member.solver).order
    let truth = try state(member.kind, "rk4", unfolds: 1000)
    let steps = order == 1 ? [250, 500, 1000] : order == 2 ? [100, 200, 400] : [60, 90, 130]
    let points = try steps.map { u in
      let error = worst(try state(member.kind, member.solver, unfolds: u), truth)
      return (x: log(1 / Double(u)), y: log(error))
    }
    let (mx, my) = (points.reduce(0) { $0 + $1.x } / 3, points.reduce(0) { $0 + $1.y } / 3)
    let slope =
      points.reduce(0) { $0 + ($1.x - mx) * ($1.y - my) } / points.reduce(0) { $0 + ($1.x - mx) * ($1.x - mx) }
    #expect(abs(slope - Double(order)) <= 0.1 * Double(order), "\(member.testDescription): order \(slope)")
  }

  /// The adaptive pair meets its tolerance (1e-8 a sub-step; some tens of sub-steps).
  @Test(arguments: Member.all.filter { $0.solver == "dormand-prince" })
  func adaptiveMeetsItsTolerance(_ member: Member) throws {
    let truth = try state(member.kind, "rk4", unfolds: 1000)
    #expect(worst(try state(member.kind, member.solver, unfolds: 1), truth) <= 1e-6)
  }

  /// Exact for frozen gates: without synapses the LTC is a leak alone, and one step of any length is e + (x − e)·e^(−Δt·g/C).
  @Test func exponentialEulerIsExactForFrozenGates() throws {
    let model = try Model<Double>(
      ModelSpecification(
        cell: "ltc", neurons: 3, wiring: "random:0", solver: "exponential", unfolds: 1, inputNames: [],
        outputNames: ["y"]))
    var parameters = model.initialParameters(seed: 1)
    let (g, e, c) = (model.layout["gleak"]!.offset, model.layout["vleak"]!.offset, model.layout["cm"]!.offset)
    parameters.replaceSubrange(g..<g + 3, with: [0.2, 5, 300])
    let initial = [0.7, -0.4, 0.9]
    let states = CellRun(
      model.cell, parameters: parameters, connections: model.wiring.connections(), input: [], elapsed: [3],
      initial: initial, rows: 1, steps: 1, differentiates: false
    ).states
    for i in 0..<3 {
      let decay = exp(-3 * parameters[g + i] / parameters[c + i])
      #expect(abs(states[i] - (parameters[e + i] + (initial[i] - parameters[e + i]) * decay)) <= 1e-15)
    }
  }

  @Test func namesAndSummaries() {
    #expect(
      Solvers.all.map(\.name) == [
        "semi-implicit", "euler", "heun", "rk4", "exponential", "dormand-prince", "none",
      ])
    for solver in Solvers.all { #expect(solver.summary.hasPrefix(solver.name + ":")) }
    let sentence =
      "There is no solver 'heum'. Did you mean 'heun'? There are: semi-implicit, euler, heun, rk4, exponential, "
      + "dormand-prince, none."
    #expect(throws: CircuitError(sentence)) { try Solvers.named("heum") }
  }
}
