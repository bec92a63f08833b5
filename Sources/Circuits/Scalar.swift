import LinearAlgebra
import RealModule

/// The numbers circuits compute with: `Float` at run time, `Double` in tests and references.
public protocol CircuitScalar: LinearScalar, Codable {}
extension Float: CircuitScalar {}
extension Double: CircuitScalar {}

/// The logistic function σ(x) = 1/(1 + e^(−x)), finite for every x: e^(−x) overflows to infinity and 1/∞ = 0.
@inlinable @inline(__always)
public func logistic<S: CircuitScalar>(_ x: S) -> S { 1 / (1 + S.exp(-x)) }
