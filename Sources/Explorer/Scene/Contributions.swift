import Circuits

/// How much each term of ẋ_i = Σ_j A_ij·x_j + Σ_k B_ik·u_k + c_i contributes to one neuron's change.
public struct Contributions: Sendable {
  public struct Term: Sendable {
    /// "inter 3", "temperature", "constant".
    public var name: String
    /// "A·x", "B·u", "c".
    public var kind: String
    /// Neuron, or input from N on; `nil` for the constant.
    public var source: Int?
    /// 1/t.
    public var value: Double
  }
  /// Those that are not zero, the largest magnitude first; what is not finite comes before all.
  public var terms: [Term]
  /// ẋ_i, computed from the dynamics themselves.
  public var derivative: Double

  /// - Returns: `nil` where there are no coefficients.
  public init?(neuron: Int, in scene: Scene) {
    guard let reading = scene.reading, let coefficients = reading.coefficients, neuron < scene.neurons else {
      return nil
    }
    let wiring = scene.model.wiring
    let (state, input) = (reading.moment.before, reading.moment.input)
    var terms: [Term] = []
    for j in 0..<min(scene.neurons, state.count) {
      let value = coefficients.a[neuron, j] * Double(state[j])
      if value != 0 { terms.append(Term(name: wiring.neuronNames[j], kind: "A·x", source: j, value: value)) }
    }
    for k in 0..<min(wiring.inputs, input.count) {
      let value = coefficients.b[neuron, k] * Double(input[k])
      if value != 0 {
        terms.append(Term(name: wiring.inputNames[k], kind: "B·u", source: scene.neurons + k, value: value))
      }
    }
    let constant = scene.form == .feature ? "constant" : "drive"
    terms.append(Term(name: constant, kind: "c", source: nil, value: coefficients.c[neuron]))
    func rank(_ value: Double) -> Double { value.isFinite ? abs(value) : .infinity }
    self.terms = terms.sorted { rank($0.value) > rank($1.value) }
    derivative = coefficients.derivative[neuron]
  }
}

extension Spectrum {
  /// One mode of A: how long it takes to fall to 1/e, and how fast it turns.
  public struct Mode: Sendable, Equatable {
    /// −1/Re λ; negative where it grows, infinite where it stands.
    public var timeConstant: Double
    /// |Im λ|/2π turns a time unit; 0 for modes that do not turn.
    public var frequency: Double
  }

  /// Modes of A, the slowest first; conjugate pairs count once. Growing ones come before all.
  public var modes: [Mode] {
    a.filter { !($0.imaginary < 0) }
      .map { Mode(timeConstant: -1 / $0.real, frequency: abs($0.imaginary) / (2 * .pi)) }
      .sorted { one, other in
        let (left, right) = (one.order, other.order)
        return left > right
      }
  }
}

extension Spectrum.Mode {
  fileprivate var order: Double {
    if timeConstant.isNaN { return .infinity }
    return timeConstant < 0 ? .greatestFiniteMagnitude : timeConstant
  }
}
