import Analysis
import Circuits
import LinearAlgebra
import Randomness
import Testing

/// A model with drawn parameters at a drawn state and input.
func point(_ cell: String, neurons: Int = 9, seed: UInt64 = 3) throws -> NetworkPoint {
  let model = try Model<Double>(
    ModelSpecification(cell: cell, neurons: neurons, seed: seed, inputNames: ["a", "b"], outputNames: ["y"]))
  var generator = SeededGenerator(seed: seed)
  func draw(_ count: Int) -> [Double] { (0..<count).map { _ in generator.uniform(-1...1) } }
  return NetworkPoint(
    model: model, values: model.initialParameters(seed: seed), connections: model.wiring.connections(),
    state: draw(neurons), input: draw(2))
}

@Suite("What is read of a network at a point")
struct ReadingTests {
  @Test("contributions add up to the change of every neuron, in both forms")
  func contributions() throws {
    var worst = 0.0
    for form in CoefficientForm.allCases {
      for seed in 1...8 {
        let point = try point("ltc", seed: UInt64(seed))
        let reading = Reading(at: point, form: form)
        for neuron in 0..<point.model.neurons {
          let parts = try #require(Contributions(neuron: neuron, reading, point.model.wiring))
          let sum = parts.terms.reduce(0) { $0 + $1.value }
          let size = parts.terms.reduce(1) { $0 + abs($1.value) }
          worst = max(worst, abs(sum - parts.derivative) / size)
          #expect(zip(parts.terms, parts.terms.dropFirst()).allSatisfy { abs($0.value) >= abs($1.value) })
        }
      }
    }
    // Sums of a few tens of terms in double precision.
    #expect(worst < 1e-13, "\(worst)")
  }

  @Test("a reading has the parts that were asked for and no others, and they do not depend on each other")
  func parts() throws {
    let point = try point("ltc")
    let all = Reading(at: point, form: .feature)
    let gates = Reading(at: point, form: .feature, parts: .gates)
    let coefficients = Reading(at: point, form: .feature, parts: .coefficients)
    let none = Reading(at: point, form: .feature, parts: [])
    #expect(all.synapses != nil && all.coefficients != nil)
    #expect(gates.synapses == all.synapses && gates.coefficients == nil && gates.residual == 0)
    #expect(coefficients.synapses == nil && coefficients.coefficients == all.coefficients)
    #expect(coefficients.residual == all.residual)
    #expect(none.synapses == nil && none.coefficients == nil)
    #expect(none.state == point.state && none.input == point.input)
  }

  @Test("cells that are no differential equations have no coefficients and no spectrum", arguments: ["gru", "lstm"])
  func maps(_ cell: String) throws {
    let point = try point(cell)
    #expect(Reading(at: point, form: .feature).coefficients == nil)
    #expect(try Spectrum(at: point, form: .feature) == nil)
  }

  @Test("single precision values and a longer state give the same point")
  func single() throws {
    let point = try point("ltc")
    let (values, connections) = (point.values.map { Float($0) }, point.connections.map { Float($0) })
    let state = point.state.map { Float($0) }
    let narrow = NetworkPoint(
      model: point.model, values: values, connections: connections, state: state + [7, 7],
      input: point.input.map { Float($0) })
    #expect(narrow.state == state.map { Double($0) })
    #expect(narrow.values == values.map { Double($0) } && narrow.connections == point.connections)
  }
}

@Suite("Spectrum")
struct SpectrumTests {
  @Test("modes: time constants with the slowest first, pairs once, growth before all")
  func modes() {
    let spectrum = Spectrum(
      a: [
        Eigenvalue(real: -10), Eigenvalue(real: -2, imaginary: 6.283185307179586),
        Eigenvalue(real: -2, imaginary: -6.283185307179586), Eigenvalue(real: -0.1), Eigenvalue(real: 1),
      ], jacobian: [])
    #expect(spectrum.modes.map(\.timeConstant) == [-1, 10, 0.5, 0.1])
    #expect(spectrum.modes.map(\.frequency) == [0, 0, 1, 0])
  }

  @Test("modes of values that are not finite are counted and trap nothing")
  func notFinite() {
    let spectrum = Spectrum(a: [.nan, 0, .infinity].map { Eigenvalue(real: $0, imaginary: $0) }, jacobian: [])
    #expect(spectrum.modes.count == 3)
  }

  @Test("its eigenvalues add up to the traces of A and of the Jacobian")
  func traces() throws {
    let point = try point("ltc")
    let spectrum = try #require(try Spectrum(at: point, form: .feature))
    let a = try #require(point.coefficients(.feature)?.a)
    let jacobian = try #require(point.jacobian())
    func trace(_ matrix: Matrix<Double>) -> Double { (0..<matrix.rows).reduce(0) { $0 + matrix[$1, $1] } }
    // √ε of the largest eigenvalue is far above what QR iteration loses on nine of them.
    #expect(abs(spectrum.a.reduce(0) { $0 + $1.real } - trace(a)) <= 1e-9 * abs(trace(a)))
    #expect(abs(spectrum.jacobian.reduce(0) { $0 + $1.real } - trace(jacobian)) <= 1e-9 * abs(trace(jacobian)))
  }
}

@Suite("Sensitivity")
struct SensitivityTests {
  @Test("what cutting takes off the loss is exact where the loss is linear in the parameters")
  func linear() {
    // L = 2·p₀ − 3·p₁ + p₂ at p = (0.5, 2, −1).
    let sensitivity = Sensitivity(values: [0.5, 2, -1], gradient: [2, -3, 1])
    #expect((0..<3).map { sensitivity[$0] } == [1, -6, -1])
    #expect(sensitivity.changeWhenCut([0, 2]) == 0)
    #expect(sensitivity.changeWhenCut([1]) == 6)
    #expect(sensitivity.changeWhenCut([]) == 0)
  }
}
