import Circuits
import Foundation
import Testing

/// circuits.md, section 5: values measured with numpy in double precision.
/// g(r,c,k)[i][j] = sin(1 + k + 0.7·i + 1.3·j), arrays [pre, post]; n = 3, m = 2.
enum Golden {
  static func g(_ rows: Int, _ columns: Int, _ k: Int) -> [Double] {
    (0..<rows).flatMap { i in (0..<columns).map { j in sin(1 + Double(k) + 0.7 * Double(i) + 1.3 * Double(j)) } }
  }
  static func sign(_ values: [Double]) -> [Double] { values.map { $0 >= 0 ? 1 : -1 } }

  static let input = [0.3, -0.6]
  static let state = [0.1, -0.2, 0.4]

  static func ltc() throws -> (model: Model<Double>, parameters: [Double]) {
    let model = try Model<Double>(
      ModelSpecification(neurons: 3, wiring: "all", inputNames: ["a", "b"], outputNames: ["y"]))
    let recurrent = [
      g(3, 3, 0).map { 0.5 + 0.4 * $0 }, g(3, 3, 1).map { 0.5 + 0.2 * $0 }, g(3, 3, 2).map { 5 + 2 * $0 },
      sign(g(3, 3, 3)),
    ]
    let sensory = [
      g(2, 3, 4).map { 0.5 + 0.4 * $0 }, g(2, 3, 5).map { 0.5 + 0.2 * $0 }, g(2, 3, 6).map { 5 + 2 * $0 },
      sign(g(2, 3, 7)),
    ]
    var parameters = zip(recurrent, sensory).flatMap { $0 + $1 }
    parameters += [0.2, 0.5, 0.9, -0.1, 0.05, 0.2, 0.4, 0.5, 0.6]
    parameters += [1, 1, 0, 0] + [1, 0]  // input map and readout: identity
    return (model, parameters)
  }
}

@Suite struct GoldenTests {
  /// The page gives nine decimals: half a unit in the last.
  let tolerance = 5e-10

  /// One step, and then the state after five in all.
  @Test func fiveStepsOfTheLTC() throws {
    let (model, parameters) = try Golden.ltc()
    let run = Run(
      model, parameters: parameters, connections: model.wiring.connections(),
      input: (0..<5).flatMap { _ in Golden.input }, elapsed: [Double](repeating: 1, count: 5),
      target: [Double](repeating: 0, count: 5), initialState: Golden.state, rows: 1, steps: 5)
    #expect(worst(Array(run.states[0..<3]), [-0.382889705, -0.049067388, 0.143202100]) <= tolerance)
    #expect(worst(Array(run.states[12..<15]), [-0.488016322, -0.032833420, 0.053434269]) <= tolerance)
  }

  @Test(arguments: CoefficientForm.allCases) func derivativeTimeConstantsAndTargets(_ form: CoefficientForm) throws {
    let (model, parameters) = try Golden.ltc()
    let coefficients = try #require(
      model.coefficients(
        form, parameters: parameters, connections: model.wiring.connections(), state: Golden.state,
        input: Golden.input))
    #expect(worst(coefficients.derivative, [-1.212151334, 0.310529702, -0.521664463]) <= tolerance)
    #expect(worst(coefficients.timeConstants, [0.601222984, 0.507073557, 0.489140848]) <= tolerance)
    #expect(worst(coefficients.targets, [-0.628773243, -0.042538599, 0.144832602]) <= tolerance)
    #expect(coefficients.residual(state: Golden.state, input: Golden.input) <= 1e-15)
  }
}
