/// x' = x + h·f(x): one evaluation, order 1. Stable on ẋ = −x/τ for h ≤ 2·τ only.
struct ExplicitEuler: RungeKutta {
  let name = "euler"
  let title = "explicit Euler"
  let summary = "euler: explicit Euler, order 1, one evaluation a sub-step; sub-steps below twice the fastest τ"
  let order = 1
  static let a: [[Double]] = [[]]
  static let b = [1.0]
}
