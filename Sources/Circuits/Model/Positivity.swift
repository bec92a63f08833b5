import RealModule

/// How conductances and capacitances (tensors whose lower bound is 0 or more) are kept from becoming negative.
///
/// The *stored* values are what the optimiser moves; the *effective* values are what the circuit uses, what people see and
/// what they edit.
public enum Positivity: String, Sendable, Codable {
  /// Stored = effective, set back to the bound after an update that went below (`ncps`'s `LTCCell` by default).
  case clamp
  /// effective = log(1 + e^stored), stored unbounded (`ncps`'s `LTC` module by default, "implicit_param_constraints").
  case softplus

  func effective<S: CircuitScalar>(_ stored: S) -> S {
    self == .clamp ? stored : max(stored, 0) + S.log(onePlus: S.exp(-abs(stored)))
  }

  /// ∂effective/∂stored.
  func slope<S: CircuitScalar>(_ stored: S) -> S { self == .clamp ? 1 : logistic(stored) }

  /// The stored value of an effective one; log(e^x − 1), where 0 becomes a large negative number (e^−60 ≈ 1e-26).
  func stored<S: CircuitScalar>(_ effective: S) -> S {
    if self == .clamp { return effective }
    return effective <= 0 ? -60 : max(effective + S.log(-S.expMinusOne(-effective)), -60)
  }
}

extension Model {
  /// Flat ranges of the tensors that must not be negative.
  var positiveRanges: [Range<Int>] {
    layout.tensors.filter { $0.declaration.bounds.lowerBound >= 0 }.map(\.range)
  }

  /// What the circuit uses, from what the optimiser moves.
  public func effective(_ stored: [Scalar]) -> [Scalar] {
    guard specification.positivity == .softplus else { return stored }
    var values: [Scalar] = []
    effective(stored, into: &values)
    return values
  }

  /// The same into `values`, which keeps its storage where it has P entries already.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func effective(_ stored: [Scalar], into values: inout [Scalar]) {
    if values.count != stored.count { values = [Scalar](repeating: 0, count: stored.count) }
    values.withUnsafeMutableBufferPointer { values in _ = values.update(from: stored) }
    guard specification.positivity == .softplus else { return }
    for tensor in layout.tensors where tensor.declaration.bounds.lowerBound >= 0 {
      for i in tensor.range { values[i] = specification.positivity.effective(stored[i]) }
    }
  }

  /// The stored value of parameter `index` that makes it effectively `value`.
  public func stored(_ value: Scalar, at index: Int) -> Scalar {
    positiveRanges.contains { $0.contains(index) } ? specification.positivity.stored(value) : value
  }

  /// Turns a gradient by the effective values into one by the stored values, in place.
  @_specialize(where Scalar == Float)
  @_specialize(where Scalar == Double)
  public func pullBack(_ gradient: inout [Scalar], stored: [Scalar]) {
    guard specification.positivity == .softplus else { return }
    for tensor in layout.tensors where tensor.declaration.bounds.lowerBound >= 0 {
      for i in tensor.range { gradient[i] *= specification.positivity.slope(stored[i]) }
    }
  }

  /// The legal range of the *stored* value of a tensor.
  public func storedBounds(_ tensor: ParameterLayout.Tensor) -> ClosedRange<Double> {
    let bounds = tensor.declaration.bounds
    return specification.positivity == .softplus && bounds.lowerBound >= 0 ? -.infinity ... .infinity : bounds
  }
}
