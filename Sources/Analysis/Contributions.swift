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
  public init?(neuron: Int, _ reading: Reading, _ wiring: Wiring) {
    guard let coefficients = reading.coefficients, coefficients.c.indices.contains(neuron) else { return nil }
    let neurons = wiring.neurons
    let (state, input) = (reading.state, reading.input)
    var terms: [Term] = []
    for j in 0..<min(neurons, state.count) {
      let value = coefficients.a[neuron, j] * state[j]
      if value != 0 { terms.append(Term(name: wiring.neuronNames[j], kind: "A·x", source: j, value: value)) }
    }
    for k in 0..<min(wiring.inputs, input.count) {
      let value = coefficients.b[neuron, k] * input[k]
      if value != 0 {
        terms.append(Term(name: wiring.inputNames[k], kind: "B·u", source: neurons + k, value: value))
      }
    }
    // Where B is 0, all that comes from outside stands in c.
    let constant = coefficients.form == .feature ? "constant" : "drive"
    terms.append(Term(name: constant, kind: "c", source: nil, value: coefficients.c[neuron]))
    func rank(_ value: Double) -> Double { value.isFinite ? abs(value) : .infinity }
    self.terms = terms.sorted { rank($0.value) > rank($1.value) }
    derivative = coefficients.derivative[neuron]
  }
}
