import Foundation

/// The cell in Double, one scalar at a time and straight from the formulas at the head of CKernels.h: slow and plain, so
/// that it can be checked by eye. Nothing is shared with the kernels.
func reference(_ problem: Problem) -> Outcome<Double> {
  let (n, m, u) = (problem.neurons, problem.inputs, problem.unfolds)
  let (rows, steps, quantity) = (problem.rows, problem.steps, problem.quantity)
  let p = problem.parameters.map(Double.init)
  let leakAt = 4 * quantity
  var outcome = Outcome<Double>(
    states: problem.initial.map(Double.init) + [Double](repeating: 0, count: steps * rows * n),
    parameterGradient: [Double](repeating: 0, count: p.count),
    inputGradient: [Double](repeating: 0, count: steps * rows * m),
    initialGradient: [Double](repeating: 0, count: rows * n))
  for row in 0..<rows {
    /// States before each sub-step and after the last, and each sub-step's denominators.
    var trace = [Array(outcome.states[row * n..<(row + 1) * n])]
    var denominators: [[Double]] = []
    func presynaptic(_ j: Int, _ step: Int, _ v: [Double]) -> Double {
      j < n ? v[j] : Double(problem.drive[(step * rows + row) * m + j - n])
    }
    func gate(_ at: Int, _ x: Double) -> Double {
      1 / (1 + exp(-p[2 * quantity + at] * (x - p[quantity + at])))
    }
    for step in 0..<steps {
      let rate = Double(u) / Double(problem.elapsed[step * rows + row])
      for _ in 0..<u {
        let v = trace[trace.count - 1]
        var (next, below) = (v, v)
        for i in 0..<n {
          let (leak, rest) = (p[leakAt + i], p[leakAt + n + i])
          let c = p[leakAt + 2 * n + i] * rate
          var (numerator, denominator) = (c * v[i] + leak * rest, c + leak + 1e-8)
          for j in 0..<n + m where problem.connections[j * n + i] != 0 {
            let conductance = p[j * n + i] * gate(j * n + i, presynaptic(j, step, v))
            numerator += conductance * p[3 * quantity + j * n + i]
            denominator += conductance
          }
          next[i] = numerator / denominator
          below[i] = denominator
        }
        trace.append(next)
        denominators.append(below)
      }
      for i in 0..<n { outcome.states[((step + 1) * rows + row) * n + i] = trace[trace.count - 1][i] }
    }
    var gradient = problem.stateGradient[(steps * rows + row) * n..<(steps * rows + row + 1) * n].map(Double.init)
    for step in (0..<steps).reversed() {
      let rate = Double(u) / Double(problem.elapsed[step * rows + row])
      for unfold in (step * u..<(step + 1) * u).reversed() {
        let (v, next) = (trace[unfold], trace[unfold + 1])
        var earlier = [Double](repeating: 0, count: n)
        for i in 0..<n {
          let push = gradient[i] / denominators[unfold][i]
          let drag = -push * next[i]
          let (leak, rest) = (p[leakAt + i], p[leakAt + n + i])
          outcome.parameterGradient[leakAt + i] += push * rest + drag
          outcome.parameterGradient[leakAt + n + i] += push * leak
          outcome.parameterGradient[leakAt + 2 * n + i] += rate * (push * v[i] + drag)
          earlier[i] += push * p[leakAt + 2 * n + i] * rate
          for j in 0..<n + m where problem.connections[j * n + i] != 0 {
            let at = j * n + i
            let (w, mu, sigma, reversal) = (p[at], p[quantity + at], p[2 * quantity + at], p[3 * quantity + at])
            let x = presynaptic(j, step, v)
            let s = gate(at, x)
            let conductance = push * reversal + drag
            let slope = w * conductance * s * (1 - s)
            outcome.parameterGradient[at] += conductance * s
            outcome.parameterGradient[quantity + at] -= slope * sigma
            outcome.parameterGradient[2 * quantity + at] += slope * (x - mu)
            outcome.parameterGradient[3 * quantity + at] += push * w * s
            if j < n {
              earlier[j] += slope * sigma
            } else {
              outcome.inputGradient[(step * rows + row) * m + j - n] += slope * sigma
            }
          }
        }
        gradient = earlier
      }
      for i in 0..<n { gradient[i] += Double(problem.stateGradient[(step * rows + row) * n + i]) }
    }
    for i in 0..<n { outcome.initialGradient[row * n + i] = gradient[i] }
  }
  return outcome
}
