/// x' = x + h/2·(f(x) + f(x + h·f(x))): the explicit trapezoid, two evaluations, order 2. Stable on ẋ = −x/τ for h ≤ 2·τ.
struct Heun: RungeKutta {
  let name = "heun"
  let title = "Heun"
  let summary = "heun: explicit trapezoid, order 2, two evaluations a sub-step; sub-steps below twice the fastest τ"
  let order = 2
  static let a: [[Double]] = [[], [1]]
  static let b = [0.5, 0.5]
}
