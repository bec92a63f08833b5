import Circuits
import LinearAlgebra

/// Whether a circuit's sub-steps suit its solver at one point of its space: speed of the circuit against length of the step.
///
/// From the eigenvalues λ of the Jacobian ∂f/∂x: the fastest time constant is 1/max(−Re λ), and a step h is stable where
/// |R(h·λ)| ≤ 1 for every decaying mode, R the solver's amplification. Growing modes are the circuit's own and set no limit.
public struct Stiffness: Sendable, Equatable {
  /// h = Δt/U.
  public var step: Double
  /// t; `nil` where nothing decays.
  public var fastestTimeConstant: Double?
  /// t; `nil` where every step is stable, or the solver chooses its own.
  public var largestStableStep: Double?
  /// What to do, where the step is too long; `nil` where it is not.
  public var sentence: String?

  public var isStable: Bool { sentence == nil }
}

extension NetworkPoint {
  /// How stiff the circuit is here with time steps of length `elapsed`. O(N³).
  ///
  /// - Returns: `nil` where the cell is no differential equation, or its Jacobian has no finite eigenvalues.
  public func stiffness(elapsed: Double = 1) -> Stiffness? {
    let specification = model.specification
    guard let solver = try? Solvers.named(specification.solver), let values = try? jacobian()?.eigenvalues() else {
      return nil
    }
    let unfolds = model.unfolds
    var stiffness = Stiffness(step: elapsed / Double(unfolds))
    let decaying = values.map { (re: $0.real, im: $0.imaginary) }.filter { $0.re < 0 }
    stiffness.fastestTimeConstant = decaying.map(\.re).min().map { -1 / $0 }
    stiffness.largestStableStep = decaying.compactMap { solver.largestStableStep($0.re, $0.im) }.min()
    guard let fastest = stiffness.fastestTimeConstant, let limit = stiffness.largestStableStep, stiffness.step > limit
    else { return stiffness }
    var ways: [String] = []
    let needed = (elapsed / limit).rounded(.up)
    if needed <= 1000, unfolds == specification.unfolds { ways.append("--unfolds \(Int(needed)) or more") }
    let kinds = Solvers.all.filter { model.kind.solvers.contains($0.name) }
    if let calm = kinds.first(where: { $0.isDifferentiable && $0.amplification(real: -1, imaginary: 0) == nil }) {
      ways.append("--solver \(calm.name), which is stable at any step")
    } else if let adaptive = kinds.first(where: { !$0.isDifferentiable }) {
      ways.append("--solver \(adaptive.name) for evaluation, which chooses its own steps")
    }
    let advice = ways.isEmpty ? "Use shorter time steps." : "Use \(ways.joined(separator: ", or "))."
    stiffness.sentence =
      "The sub-step of \(short(stiffness.step)) is too long for \(solver.title) here: the fastest time constant is "
      + "\(short(fastest)), and steps are stable up to \(short(limit)). \(advice)"
    return stiffness
  }
}

extension SolverKind {
  /// The h at which |R(h·λ)| first exceeds 1 for a decaying λ (re < 0); `nil` where no step is too long.
  ///
  /// Looked for along |h·λ| from 1e-6, doubling, and from 1/64 to 8 in steps of 1/64, then bisected to 1e-9 relative.
  func largestStableStep(_ re: Double, _ im: Double) -> Double? {
    let size = (re * re + im * im).squareRoot()
    func grows(_ z: Double) -> Bool {
      amplification(real: z * re / size, imaginary: z * im / size).map { $0 > 1 } ?? false
    }
    guard amplification(real: -1, imaginary: 0) != nil else { return nil }
    var sizes: [Double] = (0..<14).map { 1e-6 * Double(1 << $0) }
    sizes += (1...512).map { Double($0) / 64 }
    guard let first = sizes.firstIndex(where: grows) else { return nil }
    var low: Double = first > 0 ? sizes[first - 1] : 0
    var high: Double = sizes[first]
    while high - low > 1e-9 * high {
      let middle = (low + high) / 2
      if grows(middle) { high = middle } else { low = middle }
    }
    return low / size
  }
}

/// Three digits: 0.167, 42, 1.5e-05.
private func short(_ x: Double) -> String {
  guard x != 0, x.isFinite else { return "\(x)" }
  // Powers of ten from 1e-300 to 1e300 are exact enough for three digits.
  var scale = 1.0
  while abs(x) * scale < 100, scale < 1e300 { scale *= 10 }
  let rounded = (x * scale).rounded() / scale
  return rounded == rounded.rounded() && abs(rounded) < 1e15 ? "\(Int(rounded))" : "\(rounded)"
}
