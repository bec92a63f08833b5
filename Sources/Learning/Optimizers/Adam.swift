import CKernels
import Circuits

/// Adam (Kingma & Ba 2015, arXiv 1412.6980), β₁ 0.9, β₂ 0.999, ε 1e-8 outside the root and after bias correction, as
/// `torch.optim.Adam`.
///
///     m ← β₁m + (1 − β₁)g,  v ← β₂v + (1 − β₂)g²,  p ← p − rate/(1 − β₁ᵏ) · m / (√v/√(1 − β₂ᵏ) + ε)
public struct Adam: Optimizer {
  public let name = "adam"
  public let summary = "Adam: first and second moments, bias-corrected; β 0.9, 0.999"
  public let slots = ["firstMoment", "secondMoment"]

  public init() {}

  @_specialize(where S == Float)
  @_specialize(where S == Double)
  public func update<S: CircuitScalar>(
    values: UnsafeMutableBufferPointer<S>, gradient: UnsafeBufferPointer<S>, slots: UnsafeMutableBufferPointer<S>,
    moves: UnsafeBufferPointer<Bool>, rate: S, update: Int
  ) -> Bool {
    let (beta1, beta2, epsilon) = (S(0.9), S(0.999), S(1e-8))
    let (first, second) = (slots.baseAddress!, slots.baseAddress! + values.count)
    let step = rate / (1 - S.pow(beta1, update))
    let root = S.sqrt(1 - S.pow(beta2, update))
    if let level = Kernels.level(for: S.self), let values = values.baseAddress, let gradient = gradient.baseAddress,
      let flags = UnsafeRawPointer(moves.baseAddress)?.assumingMemoryBound(to: UInt8.self)
    {
      // Only where S is Float.
      func float(_ x: S) -> Float { Float(x) }
      var adam = gk_adam_step(
        beta1: float(beta1), beta2: float(beta2), rate: float(step), root: float(root), epsilon: float(epsilon))
      return gk_adam(level, &adam, moves.count, gradient.float, flags, values.float, first.float, second.float) == 1
    }
    for i in values.indices where moves[i] {
      let g = gradient[i]
      first[i] += (1 - beta1) * (g - first[i])
      second[i] = beta2 * second[i] + (1 - beta2) * g * g
      values[i] -= step * first[i] / (second[i].squareRoot() / root + epsilon)
    }
    return values.allSatisfy { $0.isFinite }
  }
}
