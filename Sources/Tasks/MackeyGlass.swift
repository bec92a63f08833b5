import Foundation

/// The Mackey–Glass equation x' = βx(t−τ)/(1 + x(t−τ)ⁿ) − γx: chaos from a single variable with a delay.
///
/// β = 0.2, γ = 0.1, n = 10, τ = 17, and x = 1.2 until t = 0 (Mackey & Glass 1977, DOI 10.1126/science.267326).
public enum MackeyGlass {
  static let beta = 0.2
  static let gamma = 0.1
  static let power = 10.0
  static let delay = 17.0

  /// x at t = 0, `interval`, 2·`interval` …
  ///
  /// Runge–Kutta of order 4 with step h = `interval` / `substeps`, which divides the delay. Between grid points the
  /// delayed value is the cubic through four neighbours, whose error is of the order of the method's
  /// (but where a neighbour lies beyond the kink of x at t = 0).
  public static func sample(interval: Double, substeps: Int, samples: Int) -> [Double] {
    let h = interval / Double(substeps)
    precondition(h > 0 && h <= delay / 2, "the step is positive and fits twice into the delay")
    let lag = Int((delay / h).rounded())
    // history[lag] is t = 0.
    var history = [Double](repeating: 1.2, count: lag + 1)
    history.reserveCapacity(lag + 1 + samples * substeps)
    func growth(_ delayed: Double) -> Double { beta * delayed / (1 + pow(delayed, power)) }
    for step in 0..<max(0, (samples - 1) * substeps) {
      // At step s the delayed values lie between history[s] and history[s + 1].
      let left = history[step]
      let right = history[step + 1]
      let before = step > 0 ? history[step - 1] : 1.2
      let after = history[step + 2]
      let middle = (9 * (left + right) - before - after) / 16
      let x = history[step + lag]
      let k1 = growth(left) - gamma * x
      let k2 = growth(middle) - gamma * (x + h / 2 * k1)
      let k3 = growth(middle) - gamma * (x + h / 2 * k2)
      let k4 = growth(right) - gamma * (x + h * k3)
      history.append(x + h / 6 * (k1 + 2 * k2 + 2 * k3 + k4))
    }
    return (0..<samples).map { history[lag + $0 * substeps] }
  }
}
