import RealModule

/// (σ(s·(y − μ)) − σ(−s·μ)) / y, the slope of the chord of a gate between 0 and y, accurate for every y.
///
/// With z = s·y, the difference of two logistics is a product in which nothing cancels:
/// σ(a) − σ(b) = σ(a)·σ(−b)·(1 − e^(b−a)), a = s·(y − μ), b = −s·μ, a − b = z. So the quotient is
/// s·σ(a)·σ(−b)·h(z) with h(z) = (1 − e^(−z))/z, continued by h(0) = 1: the naive quotient loses all digits near 0. For
/// z < 0 the same with a and b exchanged, so that no exponential overflows.
@inlinable
public func logisticSecant<S: CircuitScalar>(_ y: S, slope s: S, halfActivation mu: S) -> S {
  let z = s * y
  let (a, b) = (s * (y - mu), -s * mu)
  if z >= 0 { return s * logistic(a) * logistic(-b) * expm1Quotient(-z) }
  return s * logistic(b) * logistic(-a) * expm1Quotient(z)
}

/// (e^z − 1)/z for z ≤ 0, with value 1 at 0.
@inlinable
public func expm1Quotient<S: CircuitScalar>(_ z: S) -> S { z == 0 ? 1 : S.expMinusOne(z) / z }
