import Circuits
import LinearAlgebra

/// Eigenvalues of A and of the true Jacobian ∂f/∂x at one point, 1/t. They differ: A is a secant, the Jacobian the tangent.
public struct Spectrum: Sendable, Equatable {
  public var a: [Eigenvalue<Double>]
  public var jacobian: [Eigenvalue<Double>]

  public init(a: [Eigenvalue<Double>], jacobian: [Eigenvalue<Double>]) {
    self.a = a
    self.jacobian = jacobian
  }

  /// O(N³).
  ///
  /// - Returns: `nil` where the cell is no differential equation or has no such form.
  /// - Throws: ``LinearAlgebraError`` where a matrix holds values that are not finite, or the iteration does not converge.
  public init?(at point: NetworkPoint, form: CoefficientForm) throws {
    guard let a = point.coefficients(form)?.a, let jacobian = point.jacobian() else { return nil }
    self.init(a: try a.eigenvalues(), jacobian: try jacobian.eigenvalues())
  }

  /// One mode of A: how long it takes to fall to 1/e, and how fast it turns.
  public struct Mode: Sendable, Equatable {
    /// −1/Re λ, t; negative where it grows, infinite where it stands.
    public var timeConstant: Double
    /// |Im λ|/2π turns a time unit; 0 for modes that do not turn.
    public var frequency: Double
  }

  /// Modes of A, the slowest first; conjugate pairs count once. Growing ones come before all.
  public var modes: [Mode] {
    a.filter { !($0.imaginary < 0) }
      .map { Mode(timeConstant: -1 / $0.real, frequency: abs($0.imaginary) / (2 * .pi)) }
      .sorted { $0.slowness > $1.slowness }
  }
}

extension Spectrum.Mode {
  /// What modes are sorted by.
  fileprivate var slowness: Double {
    if timeConstant.isNaN { return .infinity }
    return timeConstant < 0 ? .greatestFiniteMagnitude : timeConstant
  }
}
