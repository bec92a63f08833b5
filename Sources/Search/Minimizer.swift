/// A smooth function's local minimum in a box: projected quasi-Newton steps (BFGS on the free coordinates) with
/// backtracking. For the few coordinates of a surrogate: O(d²) a step besides the function.
struct BoxMinimizer {
  var lower, upper: [Double]
  var iterations = 50
  /// Stops where the projected gradient's largest entry is below this.
  var tolerance = 1e-6

  /// `function` gives value and gradient; a value that is not finite is treated as a wall.
  func minimize(
    from start: [Double], _ function: ([Double]) -> (value: Double, gradient: [Double])
  ) -> (point: [Double], value: Double) {
    let d = start.count
    var x = project(start)
    var (value, gradient) = function(x)
    guard value.isFinite else { return (x, value) }
    var inverse = identity(d)
    for _ in 0..<iterations {
      // A coordinate at a bound whose gradient points outwards does not move.
      let free = (0..<d).map { i in
        !(x[i] <= lower[i] && gradient[i] > 0) && !(x[i] >= upper[i] && gradient[i] < 0)
      }
      if !(0..<d).contains(where: { free[$0] && abs(gradient[$0]) > tolerance }) { break }
      var direction = (0..<d).map { i in
        free[i] ? -(0..<d).reduce(0) { free[$1] ? $0 + inverse[i][$1] * gradient[$1] : $0 } : 0
      }
      var slope = dot(direction, gradient)
      if !(slope < 0) {
        inverse = identity(d)
        direction = (0..<d).map { free[$0] ? -gradient[$0] : 0 }
        slope = dot(direction, gradient)
      }
      // No longer than the box's own size in the first try.
      let longest = (0..<d).map { abs(direction[$0]) / max(upper[$0] - lower[$0], .leastNormalMagnitude) }.max() ?? 0
      var step = longest > 0.5 ? 0.5 / longest : 1
      var moved = false
      for _ in 0..<30 {
        let candidate = project((0..<d).map { x[$0] + step * direction[$0] })
        let (newValue, newGradient) = function(candidate)
        let change = (0..<d).map { candidate[$0] - x[$0] }
        if newValue.isFinite, newGradient.allSatisfy(\.isFinite), newValue <= value + 1e-4 * dot(gradient, change),
          change.contains(where: { $0 != 0 })
        {
          update(&inverse, change, (0..<d).map { newGradient[$0] - gradient[$0] })
          let gain = value - newValue
          (x, value, gradient) = (candidate, newValue, newGradient)
          moved = gain > 1e-12 * (1 + abs(value))
          break
        }
        step /= 2
      }
      if !moved { break }
    }
    return (x, value)
  }

  private func project(_ x: [Double]) -> [Double] { x.indices.map { min(max(x[$0], lower[$0]), upper[$0]) } }

  private func identity(_ d: Int) -> [[Double]] { (0..<d).map { i in (0..<d).map { $0 == i ? 1 : 0 } } }

  private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }

  /// Broyden, Fletcher, Goldfarb & Shanno's update of the inverse Hessian; skipped where the curvature is not positive.
  private func update(_ h: inout [[Double]], _ s: [Double], _ y: [Double]) {
    let sy = dot(s, y)
    guard sy > 1e-12 * (dot(s, s) * dot(y, y)).squareRoot() else { return }
    let d = s.count
    let hy = (0..<d).map { dot(h[$0], y) }
    let factor = (1 + dot(y, hy) / sy) / sy
    for i in 0..<d {
      for j in 0..<d { h[i][j] += factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / sy }
    }
  }
}
