import Analysis
import Circuits
import Testing

@Suite struct StiffnessTests {
  /// Leaks alone, τ = C/g = 0.5, 0.02 and 1: nothing else has a time constant.
  func stiffness(_ solver: String, unfolds: Int = 6) throws -> Stiffness {
    let model = try Model<Double>(
      ModelSpecification(
        cell: "ltc", neurons: 3, wiring: "random:0", solver: solver, unfolds: unfolds, inputNames: [],
        outputNames: ["y"]))
    var parameters = model.initialParameters(seed: 1)
    let (g, c) = (model.layout["gleak"]!.offset, model.layout["cm"]!.offset)
    parameters.replaceSubrange(g..<g + 3, with: [1, 25, 0.5])
    parameters.replaceSubrange(c..<c + 3, with: [0.5, 0.5, 0.5])
    return try #require(
      NetworkPoint(
        model: model, values: parameters, connections: model.wiring.connections(), state: [0, 0, 0], input: []
      ).stiffness())
  }

  /// The intervals of stability on the real axis: 2, 2 and 2.785293563405282 (root of 1 + z/2 + z²/6 + z³/24).
  @Test(arguments: [("euler", 2.0), ("heun", 2.0), ("rk4", 2.785293563405282)])
  func stableStepsOfExplicitSolvers(solver: String, interval: Double) throws {
    let stiffness = try stiffness(solver)
    #expect(abs(try #require(stiffness.fastestTimeConstant) - 0.02) <= 1e-12)
    #expect(abs(try #require(stiffness.largestStableStep) - 0.02 * interval) <= 1e-9)
    #expect(!stiffness.isStable)
    #expect(try self.stiffness(solver, unfolds: 60).isStable)
  }

  @Test(arguments: ["semi-implicit", "exponential", "dormand-prince"]) func othersAreStable(_ solver: String) throws {
    let stiffness = try stiffness(solver, unfolds: 1)
    #expect(stiffness.largestStableStep == nil && stiffness.isStable)
  }

  @Test func theSentenceNamesASolverThatFits() throws {
    #expect(
      try stiffness("euler").sentence
        == "The sub-step of 0.167 is too long for explicit Euler here: the fastest time constant is 0.02, and steps are "
        + "stable up to 0.04. Use --unfolds 25 or more, or --solver semi-implicit, which is stable at any step.")
  }

  @Test func mapsHaveNoStiffness() throws {
    let model = try Model<Double>(
      ModelSpecification(cell: "lstm", neurons: 4, solver: "none", inputNames: ["a", "b"], outputNames: ["y"]))
    let point = NetworkPoint(
      model: model, values: model.initialParameters(seed: 1), connections: model.wiring.connections(),
      state: [0, 0, 0, 0], input: [0, 0])
    #expect(point.stiffness() == nil)
  }
}
