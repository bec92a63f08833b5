import Circuits
import LinearAlgebra
import Randomness
import Testing

@Suite("State-dependent coefficients") struct CoefficientTests {
  /// A random circuit and a point in its space. The state is 0, tiny or ordinary in turn.
  static func draw<S: CircuitScalar>(_ seed: Int, as type: S.Type) throws -> (Model<S>, OperatingPoint<S>) {
    var generator = SeededGenerator(seed: UInt64(seed))
    let neurons = 1 + generator.index(below: 12)
    let inputs = generator.index(below: 5)
    let density = generator.unit()
    let model = try Model<S>(
      ModelSpecification(
        neurons: neurons, wiring: "random:\(density)", seed: UInt64(seed),
        inputNames: (0..<inputs).map { "u\($0)" }, outputNames: ["y"]))
    let scales: [Double] = [0, 1e-30, 1e-8, 1e-4, 1, 5]
    func value() -> S { S(generator.uniform(-1...1) * scales[generator.index(below: scales.count)]) }
    let point = OperatingPoint<S>(
      parameters: model.initialParameters(seed: UInt64(seed)), connections: model.wiring.connections(),
      state: (0..<neurons).map { _ in value() }, input: (0..<inputs).map { _ in value() })
    return (model, point)
  }

  func identity<S: CircuitScalar>(_ seed: Int, tolerance: S) throws {
    let (model, point) = try Self.draw(seed, as: S.self)
    let cell = try #require(model.cell as? any ContinuousCell<S>)
    for form in cell.forms {
      let coefficients = cell.coefficients(form, at: point)
      let size = coefficients.derivative.reduce(S(0)) { max($0, abs($1)) }
      let residual = coefficients.residual(state: point.state, input: point.input)
      #expect(residual <= tolerance * (1 + size), "seed \(seed), \(form): \(residual)")
    }
  }

  @Test func identityHoldsInDouble() throws {
    for seed in 1...2000 { try identity(seed, tolerance: 1e-12 as Double) }
  }
  @Test func identityHoldsInFloat() throws {
    for seed in 1...2000 { try identity(seed, tolerance: 1e-5 as Float) }
  }

  /// The chord of the gate against quotients in twice the digits: near zero the derivative, elsewhere the plain quotient.
  @Test func secantIsAccurateEverywhere() {
    for s in [-8.0, -0.5, 0.0, 3.0, 8.0] {
      for mu in [-2.0, 0.0, 0.4, 30] {
        let slope = s * logistic(-s * mu) * (1 - logistic(-s * mu))
        // σ(−x) and 1 − σ(x) differ by rounding of 1 − σ alone: absolute, a few ulps of 1.
        #expect(abs(logisticSecant(0, slope: s, halfActivation: mu) - slope) <= 1e-15 * (1 + abs(s)))
        #expect(abs(logisticSecant(1e-300, slope: s, halfActivation: mu) - slope) <= 1e-15 * (1 + abs(slope)))
        for y in [-400.0, -3, -0.1, 0.2, 7, 500] {
          let plain = (logistic(s * (y - mu)) - logistic(-s * mu)) / y
          let chord = logisticSecant(y, slope: s, halfActivation: mu)
          #expect(chord.isFinite && abs(chord - plain) <= 1e-14 / abs(y) + 1e-15, "s \(s) mu \(mu) y \(y)")
        }
      }
    }
  }

  @Test func jacobianAgainstCentralDifferences() throws {
    for seed in 1...100 {
      let (model, point) = try Self.draw(seed, as: Double.self)
      let cell = try #require(model.cell as? any ContinuousCell<Double>)
      let jacobian = cell.jacobian(at: point)
      for j in 0..<model.neurons {
        var (up, down) = (point, point)
        up.state[j] += 1e-6
        down.state[j] -= 1e-6
        let (high, low) = (cell.derivative(at: up), cell.derivative(at: down))
        for i in 0..<model.neurons {
          let difference = (high[i] - low[i]) / 2e-6
          // Third derivatives of a gate reach σ³/8·w/C ≈ 100 here, times h² = 1e-10; rounding 1e-16·10/1e-6 = 1e-9.
          #expect(abs(difference - jacobian[i, j]) <= 1e-7 * (1 + abs(difference)))
        }
      }
    }
  }

  @Test func rawInputCoefficientsContainTheInputMap() throws {
    let (model, point) = try Self.draw(7, as: Double.self)
    var parameters = point.parameters
    let (gain, offset) = (model.layout["input_w"]!, model.layout["input_b"]!)
    for (neuron, index) in gain.range.enumerated() { parameters[index] = 0.5 + Double(neuron) }
    for (neuron, index) in offset.range.enumerated() { parameters[index] = 0.1 * Double(neuron) - 0.3 }
    for form in CoefficientForm.allCases {
      let raw = try #require(
        model.coefficients(
          form, parameters: parameters, connections: point.connections, state: point.state, input: point.input))
      #expect(raw.residual(state: point.state, input: point.input) <= 1e-12)
    }
  }

  /// A pruned synapse drops out of every sum: nothing it owns can change anything.
  @Test func prunedSynapsesDropOut() throws {
    let (model, point) = try Self.draw(3, as: Double.self)
    let synapse = try #require(model.wiring.synapses.first)
    var pruned = point
    pruned.connections[synapse.index(neurons: model.neurons)] = 0
    var changed = pruned
    for (_, index) in model.parameters(of: synapse) { changed.parameters[index] = 17 }
    let cell = try #require(model.cell as? any ContinuousCell<Double>)
    #expect(cell.derivative(at: pruned) == cell.derivative(at: changed))
    #expect(cell.jacobian(at: pruned) == cell.jacobian(at: changed))
    for form in cell.forms { #expect(cell.coefficients(form, at: pruned) == cell.coefficients(form, at: changed)) }
  }

  /// At most the slowest leak, at least the fully opened synapses: τ/(1 + τ·W) ≤ τ_sys ≤ τ with τ = C/g (LTC paper).
  @Test func timeConstantsStayWithinTheirBounds() throws {
    for seed in 1...200 {
      let (model, point) = try Self.draw(seed, as: Double.self)
      let coefficients = try #require(model.cell as? any ContinuousCell<Double>).coefficients(.conductance, at: point)
      for i in 0..<model.neurons {
        let own = Dictionary(uniqueKeysWithValues: model.parameters(ofNeuron: i))
        let (c, g) = (point.parameters[own["cm"]!], point.parameters[own["gleak"]!])
        let open = model.wiring.synapses.filter { $0.post == i }.reduce(0.0) { sum, synapse in
          sum + point.parameters[model.parameters(of: synapse)[0].index]
        }
        #expect(coefficients.timeConstants[i] <= c / g * (1 + 1e-12))
        #expect(coefficients.timeConstants[i] >= c / (g + open) * (1 - 1e-12))
      }
    }
  }
}
