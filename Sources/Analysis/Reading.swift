import Circuits

/// What a network does at one point: what its synapses pass on, and the linear system that it is there.
///
/// In double precision, so that what is called exact is seen to be.
public struct Reading: Sendable {
  /// What is worth computing: parts that nobody looks at cost nothing.
  public struct Parts: OptionSet, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }
    /// Activations, conductances and currents of the synapses.
    public static let gates = Parts(rawValue: 1)
    /// A, B, c, time constants, targets and the residual.
    public static let coefficients = Parts(rawValue: 2)
    public static let all: Parts = [.gates, .coefficients]
  }

  /// What was asked for.
  public let parts: Parts
  /// N and M: where the network was read.
  public var state, input: [Double]
  /// `nil` where the cell has no gates to look at, or they were not asked for.
  public var synapses: SynapseReadings<Double>?
  /// `nil` where the cell is no differential equation, has no such form, or they were not asked for.
  public var coefficients: Coefficients<Double>?
  /// ‖A·x + B·u + c − f(x,u)‖∞: rounding only. 0 without coefficients.
  public var residual: Double

  public init(at point: NetworkPoint, form: CoefficientForm, parts: Parts = .all) {
    self.parts = parts
    (state, input) = (point.state, point.input)
    synapses = parts.contains(.gates) ? point.gates() : nil
    coefficients = parts.contains(.coefficients) ? point.coefficients(form) : nil
    residual = coefficients?.residual(state: state, input: input) ?? 0
  }
}
