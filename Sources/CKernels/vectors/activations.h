// Template: logistic, tanh and their relatives. No include guard: once a level.
//
// Each holds its argument where a float's exponent can follow and lets a NaN through, so that a row which is not finite
// stays visible and alone. Scalar twins: `logistic`, `tanh`, `exp`, `erf` of the Swift code, and of `relaxation`
// `expm1Quotient(−z)` with `expm1QuotientSlope(z)` beside ExponentialEuler.

// 1/(1 + e^(−x)), absolute error about 1e-7.
// The gate with σ = 1 and μ = 0. ∂ = s·(1 − s).
INLINE vec NAME(logistic)(vec x) { return careful_gate(splat((float)-LOG2E), splat(0), x); }

// e^x with the exponent held where a float can follow.
// x·log₂e and log₂e itself are rounded, each by at most 2^−24 of it, so besides the error of exp2 the result is off by
// up to |x|·2^−23 of itself: 1e-7 at x = 1, 1e-5 at 80. The results run from 2^−126 to 2^126, |x| up to 87.3.
INLINE vec NAME(exponential)(vec x) {
  x *= splat((float)LOG2E);
  x = choose(x > splat(126), splat(126), x);
  x = choose(x < splat(-126), splat(-126), x);
  vec power, rest;
  exp2(splat(1), x, &power, &rest);
  return power * rest;
}

// |x|, by clearing the sign bit.
INLINE vec NAME(magnitude)(vec x) { return (vec)((ints)x & 0x7FFFFFFF); }

// tanh to 2 ulp: below 0.625 x + x³·p(x²), with the coefficients of Cephes' tanhf (S. Moshier), above 1 − 2/(1 +
// e^2|x|).
// `near` is x + x·(x²·p(x²)), so that tanh keeps its relative precision towards 0, where 1 − 2/(1 + e^2|x|) would
// cancel. At 0.625 the quotient is 0.45 and the difference 0.55, and from there on the quotient only shrinks. The
// result's sign is that of x, set as a bit; both are computed in every lane and one is chosen. A NaN is not below 0.625
// and so comes out of `far` as a NaN. ∂ = 1 − tanh².
INLINE vec NAME(hyperbolic)(vec x) {
  vec size = NAME(magnitude)(x), square = x * x;
  vec p = fma(splat(-5.70498872745e-3f), square, splat(2.06390887954e-2f));
  p = fma(p, square, splat(-5.37397155531e-2f));
  p = fma(p, square, splat(1.33314422036e-1f));
  p = fma(p, square, splat(-3.33332819422e-1f));
  vec near = fma(p * square, x, x);
  // tanh|x| = (e^2|x| − 1)/(e^2|x| + 1) = 1 − 2/(1 + e^2|x|); the exponential stops at 2^126, where this is 1 already.
  vec far = splat(1) - splat(2) / (splat(1) + NAME(exponential)(size + size));
  far = (vec)((ints)far | ((ints)x & (int32_t)0x80000000));
  return choose(size < splat(0.625f), near, far);
}

// The error function to 1 ulp: below 0.93 x + x·p(x²), above 1 − e^(p(|x|)); polynomials that minimise the largest
// relative error, by N. Juffa.
INLINE vec NAME(error_function)(vec x) {
  vec size = NAME(magnitude)(x), square = x * x;
  vec p = fma(splat(-5.96761703e-4f), square, splat(4.99119423e-3f));
  p = fma(p, square, splat(-2.67681349e-2f));
  p = fma(p, square, splat(1.12819925e-1f));
  p = fma(p, square, splat(-3.76125336e-1f));
  p = fma(p, square, splat(1.28379166e-1f));
  // erf(x) = x + x·p(x²), p(0) = 2/√π − 1 = 0.128379.
  vec near = fma(p, x, x);
  // From 6 on the function is 1 in a float.
  vec t = choose(size > splat(6), splat(6), size), even = t * t;
  // erf(t) = 1 − e^(t·q(t) − t) with q of degree 6: the logarithm of 1 − erf is a smooth function of t. Terms are
  // paired by t² at first, which shortens the chain of operations that wait for each other.
  vec q = fma(splat(-1.72853470e-5f), t, splat(3.83197126e-4f));
  q = fma(q, even, fma(splat(-3.88396438e-3f), t, splat(2.42546219e-2f)));
  q = fma(q, t, splat(-1.06777877e-1f));
  q = fma(q, t, splat(-6.34846687e-1f));
  q = fma(q, t, splat(-1.28717512e-1f));
  vec far = splat(1) - NAME(exponential)(fma(q, t, -t));
  far = (vec)((ints)far | ((ints)x & (int32_t)0x80000000));
  return choose(size <= splat(0.927734375f), near, far);
}

// φ(z) = (1 − e^(−z))/z and φ'(z) = ((1 + z)·e^(−z) − 1)/z², below |z| = 1/2 by their series, where the quotients
// cancel: Σ (−z)^k/(k + 1)! and −Σ (−z)^k·(k + 1)/(k + 2)!, nine terms of which leave 0.5⁹/10! = 5e-10.
//
// Exponential Euler moves a state by h·φ(z)·ẋ with z = h·total/capacity, so its adjoint wants φ as the factor of ẋ and
// φ' as the factor of what goes to z. φ(0) = 1, φ'(0) = −½. Coefficients stand highest power first, for Horner's scheme
// in −z; `derived` is the series of −φ', whose sign is changed at the end. Both ways are computed in every lane; the
// divisor is 1 where the series is taken, so that no lane divides by 0.
INLINE void NAME(relaxation)(vec z, vec *phi, vec *slope) {
  static const float value[9] = {1.0f / 362880, 1.0f / 40320, 1.0f / 5040, 1.0f / 720, 1.0f / 120,
                                 1.0f / 24,     1.0f / 6,     1.0f / 2,    1};
  static const float derived[9] = {9.0f / 3628800, 8.0f / 362880, 7.0f / 40320, 6.0f / 5040, 5.0f / 720,
                                   4.0f / 120,     3.0f / 24,     2.0f / 6,     1.0f / 2};
  vec p = splat(value[0]), d = splat(derived[0]);
  for (int k = 1; k < 9; k++) p = fma(p, -z, splat(value[k])), d = fma(d, -z, splat(derived[k]));
  ints small = NAME(magnitude)(z) < splat(0.5f);
  vec divisor = choose(small, splat(1), z), e = NAME(exponential)(-z);
  vec quotient = (splat(1) - e) / divisor;
  *phi = choose(small, p, quotient);
  // φ' = (e^(−z) − φ)/z, the quotient of the head with φ put in.
  *slope = choose(small, -d, (e - quotient) / divisor);
}
#define logistic NAME(logistic)
#define hyperbolic NAME(hyperbolic)
