import RealModule

/// Dormand & Prince's embedded pair 5(4): seven stages, the step chosen so that the estimated error of each sub-step stays
/// within 1e-5·|x| + 1e-7 in Float, 1e-8·|x| + 1e-10 in Double. For evaluation: no gradient goes through it.
///
/// A circuit too stiff for it within 2 000 sub-steps a time step is taken the rest of the way by exponential Euler, which is
/// stable at any step: the result stays finite. Source: Dormand & Prince 1980, DOI 10.1016/0771-050X(80)90013-3.
struct DormandPrince: SolverKind, AdaptiveStepper {
  let name = "dormand-prince"
  let title = "Dormand–Prince 5(4)"
  let summary = "dormand-prince: adaptive embedded pair 5(4) that chooses its own steps; evaluation only, no training"
  let order = 5
  let isDifferentiable = false
  let stages = 7
  static let limit = 2000

  static let a: [[Double]] = [
    [], [1.0 / 5], [3.0 / 40, 9.0 / 40], [44.0 / 45, -56.0 / 15, 32.0 / 9],
    [19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729],
    [9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656],
    [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84],
  ]
  static let b: [Double] = [35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84, 0]
  /// b of order 5 minus b of order 4.
  static let difference: [Double] = [
    71.0 / 57600, 0, -71.0 / 16695, 71.0 / 1920, -17253.0 / 339200, 22.0 / 525, -1.0 / 40,
  ]

  @_specialize(where S == Float)
  @_specialize(where S == Double)
  func advance<S: CircuitScalar>(
    _ dynamics: Dynamics<S>, x: UnsafeMutablePointer<S>, over elapsed: S, first: S, records: UnsafeMutablePointer<S>
  ) {
    let n = dynamics.neurons
    let (relative, absolute): (S, S) = S.self == Float.self ? (1e-5, 1e-7) : (1e-8, 1e-10)
    let size = (dynamics.circuit.sums + 4) * n
    let start = dynamics.work + stages * n
    var (done, h) = (S(0), min(first, elapsed))
    for _ in 0..<Self.limit {
      if done >= elapsed { return }
      h = min(h, elapsed - done)
      start.update(from: x, count: n)
      rungeKuttaStep(dynamics, a: Self.a, b: Self.b, x: x, h: h, records: records)
      var worst: S = 0
      for i in 0..<n {
        var error: S = 0
        for s in 0..<stages { error += S(Self.difference[s]) * dynamics.work[s * n + i] }
        let ratio = abs(h * error) / (absolute + relative * max(abs(start[i]), abs(x[i])))
        worst = ratio.isFinite ? max(worst, ratio) : .infinity
      }
      if worst <= 1 { done = h >= elapsed - done ? elapsed : done + h } else { x.update(from: start, count: n) }
      // The error of a sub-step falls as h⁵; 0.9 for safety, at most 5 times either way.
      let factor: S = worst == .infinity ? 0.2 : worst == 0 ? 5 : 0.9 * S.exp(-S.log(worst) / 5)
      h *= min(max(factor, 0.2), 5)
    }
    let rest = (elapsed - done) / S(Self.limit)
    for _ in 0..<Self.limit { ExponentialEuler().step(dynamics, x: x, h: rest, records: records + (stages - 1) * size) }
  }
}
