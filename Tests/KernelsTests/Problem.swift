import CKernels
import Randomness

/// A cell with parameters, a part of a batch and a loss that is linear in the states: everything a kernel reads.
struct Problem {
  var neurons: Int
  var inputs: Int
  var unfolds: Int
  var rows: Int
  var steps: Int
  var parameters: [Float]
  var connections: [Float]
  var drive: [Float]
  var elapsed: [Float]
  var initial: [Float]
  /// ∂L/∂states; index 0 zero, as a readout leaves it.
  var stateGradient: [Float]

  /// (N + M)·N, the entries of one synaptic quantity.
  var quantity: Int { (neurons + inputs) * neurons }

  /// Parameters as freshly initialised networks have them, irregular Δt, a share `density` of the synapses present.
  init(
    neurons: Int, inputs: Int, unfolds: Int = 6, rows: Int, steps: Int, density: Double = 1, seed: UInt64 = 1
  ) {
    (self.neurons, self.inputs, self.unfolds, self.rows, self.steps) = (neurons, inputs, unfolds, rows, steps)
    var random = SeededGenerator(seed: seed &* 7_919 &+ UInt64(neurons * 1_000 + inputs * 100 + rows * 10 + steps))
    func draw(_ count: Int, _ range: ClosedRange<Double>) -> [Float] {
      (0..<count).map { _ in Float(random.uniform(range)) }
    }
    let count = (neurons + inputs) * neurons
    parameters = draw(count, 0.001...1) + draw(count, 0.3...0.8) + draw(count, 3...8)
    parameters += draw(count, -1...1).map { $0 < 0 ? -1 : 1 }
    parameters += draw(neurons, 0.001...1) + draw(neurons, -0.2...0.2) + draw(neurons, 0.4...0.6)
    connections = draw(count, 0...1).map { $0 < Float(density) ? 1 : 0 }
    drive = draw(steps * rows * inputs, -1...1)
    elapsed = draw(steps * rows, 0.3...2)
    initial = draw(rows * neurons, -0.5...0.5)
    stateGradient = [Float](repeating: 0, count: rows * neurons) + draw(steps * rows * neurons, -1...1)
  }
}

/// What a pass gives, in either precision.
struct Outcome<Scalar: BinaryFloatingPoint> {
  /// [T + 1][R][N].
  var states: [Scalar]
  var parameterGradient: [Scalar]
  /// [T][R][M].
  var inputGradient: [Scalar]
  /// [R][N].
  var initialGradient: [Scalar]
}

/// ‖x − y‖₂/‖y‖₂, or ‖x‖₂ where y is zero; NaN if either holds one.
func relativeError(_ x: some Sequence<Float>, _ y: some Sequence<Double>) -> Double {
  var (difference, norm) = (0.0, 0.0)
  for (a, b) in zip(x, y) {
    difference += (Double(a) - b) * (Double(a) - b)
    norm += b * b
  }
  return (norm > 0 ? difference / norm : difference).squareRoot()
}

/// The largest |x − y| over the largest |y|.
func largestError(_ x: some Sequence<Float>, _ y: some Sequence<Double>) -> Double {
  var (difference, size) = (0.0, 0.0)
  for (a, b) in zip(x, y) {
    if a.isNaN != b.isNaN { return .nan }
    difference = max(difference, abs(Double(a) - b))
    size = max(size, abs(b))
  }
  return size > 0 ? difference / size : difference
}
