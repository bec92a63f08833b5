import Circuits
import Randomness
import Testing

/// Identity, Jacobian and readings of every continuous cell; ``CoefficientTests`` goes deeper for the LTC.
@Suite("State-dependent coefficients of the family") struct FamilyCoefficientTests {
  static let continuous = Member.defaults.filter { $0.solver != "none" }

  /// A random circuit with gap junctions where the cell can have them; state and input 0, tiny or ordinary in turn.
  static func draw<S: CircuitScalar>(_ member: Member, _ seed: Int, as type: S.Type) throws -> (
    Model<S>, OperatingPoint<S>
  ) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let neurons = 1 + generator.index(below: 10)
    let inputs = generator.index(below: 4)
    let names = (0..<inputs).map { "u\($0)" }
    var wiring = try Wirings.make(
      "random:\(generator.unit())", neurons: neurons, inputNames: names, motors: 1, seed: UInt64(seed))
    for _ in 0..<seed % 4 { wiring.couple(generator.index(below: neurons), generator.index(below: neurons)) }
    let model = try Model<S>(
      ModelSpecification(cell: member.kind.name, neurons: neurons, inputNames: names, outputNames: ["y"]),
      wiring: wiring)
    let scales: [Double] = [0, 1e-30, 1e-8, 1e-4, 1, 5]
    func value() -> S { S(generator.uniform(-1...1) * scales[generator.index(below: scales.count)]) }
    return (
      model,
      OperatingPoint(
        parameters: model.livelyParameters(seed: UInt64(seed)), connections: wiring.connections(),
        state: (0..<neurons).map { _ in value() }, input: (0..<inputs).map { _ in value() })
    )
  }

  func identity<S: CircuitScalar>(_ member: Member, _ seed: Int, tolerance: S) throws {
    let (model, point) = try Self.draw(member, seed, as: S.self)
    let cell = try #require(model.cell as? any ContinuousCell<S>)
    for form in cell.forms {
      let coefficients = cell.coefficients(form, at: point)
      let size = coefficients.derivative.reduce(S(0)) { max($0, abs($1)) }
      let residual = coefficients.residual(state: point.state, input: point.input)
      #expect(residual <= tolerance * (1 + size), "\(member.testDescription), seed \(seed), \(form): \(residual)")
    }
  }

  @Test(arguments: continuous) func identityHolds(_ member: Member) throws {
    for seed in 1...200 {
      try identity(member, seed, tolerance: 1e-12 as Double)
      try identity(member, seed, tolerance: 1e-5 as Float)
    }
  }

  @Test(arguments: continuous) func jacobianAgainstCentralDifferences(_ member: Member) throws {
    for seed in 1...25 {
      let (model, point) = try Self.draw(member, seed, as: Double.self)
      let cell = try #require(model.cell as? any ContinuousCell<Double>)
      let jacobian = cell.jacobian(at: point)
      for j in 0..<model.neurons {
        for i in 0..<model.neurons {
          let difference = centralDifference(at: point.state[j]) { x in
            var moved = point
            moved.state[j] = x
            return cell.derivative(at: moved)[i]
          }
          // Fifth derivatives of a gate reach σ⁵ ≈ 3e4, times h⁴/30 = 5e-17; rounding 1e-16·10/2e-4.
          #expect(abs(difference - jacobian[i, j]) <= 1e-9 * (1 + abs(difference)), "\(member.testDescription) \(seed)")
        }
      }
    }
  }

  /// The derivative is what a solver follows: (x(h) − x)/h of one tiny explicit step.
  @Test(arguments: continuous.filter { $0.kind.solvers.contains("euler") })
  func derivativeIsWhatTheSolverFollows(_ member: Member) throws {
    let model = try Member(kind: member.kind, solver: "euler").model(unfolds: 1, as: Double.self)
    let parameters = model.livelyParameters(seed: 6)
    let point = OperatingPoint(
      parameters: parameters, connections: model.wiring.connections(), state: [0.2, -0.4, 0.6, 0.1],
      input: [0.3, -0.8])
    let states = CellRun(
      model.cell, parameters: parameters, connections: point.connections, input: point.input, elapsed: [1],
      initial: point.state, rows: 1, steps: 1, differentiates: false
    ).states
    let derivative = try #require(model.cell as? any ContinuousCell<Double>).derivative(at: point)
    for i in 0..<4 { #expect(abs(states[i] - point.state[i] - derivative[i]) <= 1e-14) }
  }

  /// Gates are read where there are gates, and nowhere else; cells that are maps have no coefficients.
  @Test func readingsAndFormsAreWhereTheyBelong() throws {
    let gated = [
      "ltc", "ltc-neural", "ctrnn", "ctrnn-synaptic", "node", "node-synaptic", "stc", "lrc", "lrc-symmetric", "lrcu",
    ]
    for member in Member.defaults {
      let model = try member.model(as: Double.self)
      let parameters = model.initialParameters(seed: 1)
      let connections: [Double] = model.wiring.connections()
      let state = (0..<model.cell.stateSize).map { 0.1 * Double($0) }
      let readings = model.readings(
        parameters: parameters, connections: connections, state: state, input: [0.5, -0.5])
      #expect((readings != nil) == gated.contains(member.kind.name), "\(member.testDescription)")
      for (at, s) in (readings?.activation ?? []).enumerated() {
        #expect(connections[at] == 0 ? s == 0 : s > 0 && s < 1)
      }
      let forms = CoefficientForm.allCases.filter {
        model.coefficients($0, parameters: parameters, connections: connections, state: state, input: [0.5, -0.5])
          != nil
      }
      let expected: [CoefficientForm] =
        member.solver == "none" ? [] : member.kind.name.hasPrefix("node") ? [.feature] : [.conductance, .feature]
      #expect(forms == expected, "\(member.testDescription)")
    }
  }
}
