// Template: vectors of LANES floats, and what the levels compute differently. No include guard: once a level.
//
//   vec, ints, wide      LANES floats, 32-bit integers, doubles
//   exp2                 2^(a·v) as a power and a rest, the one transcendental function everything else is made of
//   gate, gates          s = 1/(1 + e^(−σ·(v − μ))) = κ/(κ + 2^(a·v)),  a = −σ·log₂e,  κ as internal.h has it
//   careful_gate         the same for any finite a and μ
//
// One gate costs an exponential and a division; the division is the slower, so two gates share one (`gates`). A gate in
// this form wants neither v − μ nor a sign, and κ is made once a training step. Scalar twin: `logistic` of Scalar.swift,
// within 1e-7 of it.
// SUFFIX names the instance; the tail of the file that includes the templates undefines everything.

#define GLUE2(a, b) a##_##b
#define GLUE(a, b) GLUE2(a, b)
#define NAME(a) GLUE(a, SUFFIX)

typedef float NAME(vec) __attribute__((ext_vector_type(LANES), may_alias));
typedef float NAME(loose) __attribute__((ext_vector_type(LANES), aligned(4), may_alias));
typedef int32_t NAME(ints) __attribute__((ext_vector_type(LANES), may_alias));
typedef double NAME(wide) __attribute__((ext_vector_type(LANES), may_alias));
#define vec NAME(vec)
#define ints NAME(ints)
#define wide NAME(wide)

INLINE vec NAME(load)(const float *p) { return *(const NAME(loose) *)p; }
INLINE void NAME(store)(float *p, vec x) { *(NAME(loose) *)p = x; }
INLINE vec NAME(splat)(float x) { return (vec)x; }
#define load NAME(load)
#define store NAME(store)
#define splat NAME(splat)

INLINE vec NAME(fma)(vec a, vec b, vec c) {
#if FUSED
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}
#define fma NAME(fma)

INLINE vec NAME(choose)(ints mask, vec yes, vec no) { return (vec)(((ints)yes & mask) | ((ints)no & ~mask)); }
#define choose NAME(choose)

// 2^(a·v) = *power · *rest for |a·v| < 126, relative error 6e-8 and one rounding.
//
// a·v is rounded to a multiple n of 1/G by adding a number whose last place is 1/G: the sum's low bits then hold n·G.
// The lowest pick 2^(fraction of n) from a table in registers, ⌊n⌋ goes to the exponent: in one instruction, or by
// shifting the sum there, with table entries from which that shift of their own index was subtracted beforehand. What
// remains, |f| ≤ 1/(2G), is a polynomial with p(0) = 1 that minimises the largest relative error.
INLINE void NAME(exp2)(vec a, vec v, vec *power, vec *rest) {
#if EXP2_TABLE == 32
  const vec magic = splat(0x1.8p18f);
  vec t = fma(a, v, magic);
  vec n = t - magic;
  vec f = fma(a, v, -n);
  static const float table[32] __attribute__((aligned(64))) = {TABLE_32};
  vec entry = _mm512_permutex2var_ps(*(const vec *)table, (__m512i)t, *(const vec *)(table + 16));
  *power = _mm512_scalef_ps(entry, n);
  *rest = fma(fma(splat(0x1.ebfbe4p-3f), f, splat(0x1.62e584p-1f)), f, splat(1));
#elif EXP2_TABLE == 8
  const vec magic = splat(0x1.8p20f);
  vec t = fma(a, v, magic);
  vec f = fma(a, v, magic - t);
  static const int32_t table[8] __attribute__((aligned(32))) = {TABLE_8};
  ints entry = (ints)_mm256_permutevar8x32_epi32(*(const __m256i *)table, (__m256i)t);
  *power = (vec)(entry + ((ints)t << 20));
  vec p = fma(splat(0x1.c6a004p-5f), f, splat(0x1.ec0c32p-3f));
  *rest = fma(fma(p, f, splat(0x1.62e432p-1f)), f, splat(1));
#else
  // No table: G = 1, and the low bits hold n + 127, the exponent field itself.
  const vec magic = splat(0x1.8p23f + 127);
  vec x = a * v;
  vec t = x + magic;
  vec f = x - (t - magic);
  *power = (vec)((ints)t << 23);
  vec p = fma(splat(0x1.5bba14p-10f), f, splat(0x1.3cea88p-7f));
  p = fma(fma(p, f, splat(0x1.c6b752p-5f)), f, splat(0x1.ebf9bcp-3f));
  *rest = fma(fma(p, f, splat(0x1.62e42ap-1f)), f, splat(1));
#endif
}
#define exp2 NAME(exp2)

// κ/(κ + 2^(a·v)).
INLINE vec NAME(gate)(vec a, vec k, vec v) {
  vec power, rest;
  exp2(a, v, &power, &rest);
  return k / fma(power, rest, k);
}

// Two gates of one synapse for one division, which would otherwise be the limit: κ/(d₀·d₁)·d₁ and ·d₀.
INLINE void NAME(gates)(vec a, vec k, vec v0, vec v1, vec *s0, vec *s1) {
  vec power, rest;
  exp2(a, v0, &power, &rest);
  vec d0 = fma(power, rest, k);
  exp2(a, v1, &power, &rest);
  vec d1 = fma(power, rest, k);
  vec both = k / (d0 * d1);
  *s0 = both * d1;
  *s1 = both * d0;
}

// The same gate for any finite a and μ, and any v: the exponent is held where a float can follow; NaN stays NaN.
INLINE vec NAME(careful_gate)(vec a, vec mu, vec v) {
  vec x = a * (v - mu);
  x = choose(x > splat(126), splat(126), x);
  x = choose(x < splat(-126), splat(-126), x);
  vec power, rest;
  exp2(splat(1), x, &power, &rest);
  return splat(1) / fma(power, rest, splat(1));
}
#define gate NAME(gate)
#define gates NAME(gates)
#define careful_gate NAME(careful_gate)

// Lanes from memory where a row has fewer than LANES entries left; zero above. And back.
INLINE vec NAME(load_part)(const float *p, size_t count) {
  if (count >= LANES) return load(p);
  float lanes[LANES] = {0};
  for (size_t i = 0; i < count; i++) lanes[i] = p[i];
  return load(lanes);
}

INLINE void NAME(store_part)(float *p, size_t count, vec x) {
  if (count >= LANES) {
    store(p, x);
    return;
  }
  float lanes[LANES];
  store(lanes, x);
  for (size_t i = 0; i < count; i++) p[i] = lanes[i];
}
#define load_part NAME(load_part)
#define store_part NAME(store_part)
