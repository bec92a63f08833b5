/// The classic Runge–Kutta step: four evaluations, order 4. Stable on ẋ = −x/τ for h ≤ 2.785·τ.
struct RungeKutta4: RungeKutta {
  let name = "rk4"
  let title = "Runge–Kutta 4"
  let summary =
    "rk4: classic Runge–Kutta, order 4, four evaluations a sub-step; sub-steps below 2.7 times the fastest τ"
  let order = 4
  static let a: [[Double]] = [[], [0.5], [0, 0.5], [0, 0, 1]]
  static let b = [1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6]
}
