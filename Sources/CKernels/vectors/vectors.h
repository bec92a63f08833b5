// Template: vectors of LANES floats, and what the levels compute differently. No include guard: once a level.
//
//   vec, ints, wide      LANES floats, 32-bit integers, doubles
//   exp2                 2^(a·v) as a power and a rest, the one transcendental function everything else is made of
//   gate, gates          s = 1/(1 + e^(−σ·(v − μ))) = κ/(κ + 2^(a·v)),  a = −σ·log₂e,  κ as internal.h has it
//   careful_gate         the same for any finite a and μ
//
// One gate costs an exponential and a division; the division is the slower, so two gates share one (`gates`). A gate in
// this form wants neither v − μ nor a sign, and κ is made once a training step. Scalar twin: `logistic` of
// Scalar.swift, within 1e-7 of it. SUFFIX names the instance; the tail of the file that includes the templates
// undefines everything.

#define GLUE2(a, b) a##_##b
#define GLUE(a, b) GLUE2(a, b)
#define NAME(a) GLUE(a, SUFFIX)

// `vec` is aligned to its own size, as values in registers and the tables below are. `loose` is the same vector at any
// address of a float: rows of the caller's arrays begin where the one before ends. may_alias lets one buffer be read as
// floats, as the integers of their bits, and as vectors of either.
typedef float NAME(vec) __attribute__((ext_vector_type(LANES), may_alias));
typedef float NAME(loose) __attribute__((ext_vector_type(LANES), aligned(4), may_alias));
typedef int32_t NAME(ints) __attribute__((ext_vector_type(LANES), may_alias));
typedef double NAME(wide) __attribute__((ext_vector_type(LANES), may_alias));
#define vec NAME(vec)
#define ints NAME(ints)
#define wide NAME(wide)

// LANES contiguous floats from p, to p, or one float in every lane.
INLINE vec NAME(load)(const float *p) { return *(const NAME(loose) *)p; }
INLINE void NAME(store)(float *p, vec x) { *(NAME(loose) *)p = x; }
INLINE vec NAME(splat)(float x) { return (vec)x; }
#define load NAME(load)
#define store NAME(store)
#define splat NAME(splat)

// a·b + c with one rounding where the level has the instruction, with two where it has not. This is one of the reasons
// why levels agree to rounding and not to the bit; at one level the same call gives the same bits.
INLINE vec NAME(fma)(vec a, vec b, vec c) {
#if FUSED
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}
#define fma NAME(fma)

// A comparison of vectors gives −1 (all bits) where it holds, else 0, and 0 where an operand is a NaN. So this picks by
// bits, and what the lane that is not taken holds, infinity or NaN, leaves no trace: mask·yes + (1 − mask)·no would.
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
  // G = 32. A float between 2^18 and 2^19 has the last place 2^−5 = 1/32, so t = 1.5·2^18 + n with n the multiple of
  // 1/32 nearest to a·v, and t's five lowest bits are the fraction of n in 32nds: what permutex2var, which picks from
  // 32 entries in two registers, reads of an index. scalef multiplies by 2^⌊n⌋.
  //
  // |f| ≤ 1/64. Of e^(f·ln 2) the term that a quadratic leaves out is (ln 2·f)³/6 ≤ 2.1e-7; raising the linear
  // coefficient by 1e-5, as p does, balances it over the interval and leaves a quarter, 5.3e-8.
  const vec magic = splat(0x1.8p18f);
  vec t = fma(a, v, magic);
  vec n = t - magic;
  vec f = fma(a, v, -n);
  static const float table[32] __attribute__((aligned(64))) = {TABLE_32};
  vec entry = _mm512_permutex2var_ps(*(const vec *)table, (__m512i)t, *(const vec *)(table + 16));
  *power = _mm512_scalef_ps(entry, n);
  *rest = fma(fma(splat(0x1.ebfbe4p-3f), f, splat(0x1.62e584p-1f)), f, splat(1));
#elif EXP2_TABLE == 8
  // G = 8. The last place between 2^20 and 2^21 is 1/8: t's lowest three bits are the fraction of n in eighths, which
  // is all permutevar8x32 reads of an index, and the bits above them are ⌊n⌋. Shifted left by 20, ⌊n⌋ stands at the
  // exponent field and i, the index, below it as i·2^20; `TABLE_8` holds the bits of 2^(i/8) less that i·2^20, so that
  // one addition of integers gives the bits of 2^n. What stood above ⌊n⌋ in t is shifted out.
  //
  // |f| ≤ 1/16, and p is a cubic: the first term left out, (ln 2·f)⁴/24, is at most 1.5e-7 before balancing.
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
  // Between 2^23 and 2^24 the last place is 1. t's low bits are n + 127, between 1 and 253 for |n| ≤ 126; shifted left
  // by 23 they are the float 2^n.
  //
  // |f| ≤ 1/2, and p is of degree 5. Without a fused operation a·v is rounded before n is taken from it, an error of
  // 2^−24 of the exponent z = a·v·ln 2. A gate feels s·(1 − s)·|z|·2^−24 of it, and |z|·s·(1 − s) is never above 0.224:
  // 1.4e-8.
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
// With the limits of internal.h, 2^−60 ≤ κ ≤ 2^60 and 2^(a·v) ≤ 2^60, the denominator is a normal float and the
// quotient lies in [0, 1]. Its derivative needs no exponential of its own: ∂s/∂v = σ·s·(1 − s), which is why gates
// alone are kept or computed again on the way back.
INLINE vec NAME(gate)(vec a, vec k, vec v) {
  vec power, rest;
  exp2(a, v, &power, &rest);
  return k / fma(power, rest, k);
}

// Two gates of one synapse for one division, which would otherwise be the limit: κ/(d₀·d₁)·d₁ and ·d₀.
// d₀·d₁ ≤ 2^61·2^61 = 2^122 and ≥ κ² ≥ 2^−120, so the product neither overflows nor becomes tiny. A quotient too small
// for a float makes both gates 0 where they are below 2^−126·2^61 = 2^−65. Two roundings more than `gate` has. Since
// a NaN in one row would enter the other's gate, passes that may meet one take `careful_gate`.
INLINE void NAME(gates)(vec a, vec k, vec v0, vec v1, vec *s0, vec *s1) {
  vec power, rest;
  exp2(a, v0, &power, &rest);
  vec d0 = fma(power, rest, k);
  exp2(a, v1, &power, &rest);
  vec d1 = fma(power, rest, k);
  // s₀ = κ/d₀ = κ/(d₀·d₁)·d₁, and the other way round.
  vec both = k / (d0 * d1);
  *s0 = both * d1;
  *s1 = both * d0;
}

// The same gate for any finite a and μ, and any v: the exponent is held where a float can follow; NaN stays NaN.
// s = 1/(1 + 2^x) with x = a·(v − μ) held to [−126, 126]: beyond, s is within 2^−126 of 0 or 1. Comparisons with a NaN
// are false, so that it passes both `choose` and reaches s. v − μ is formed first, as in the scalar twin, because a·v
// and a·μ apart may overflow where their difference does not.
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
// The copy through `lanes` keeps reading and writing inside the caller's array at the end of a row.
INLINE vec NAME(load_part)(const float *p, size_t count) {
  if (count >= LANES) return load(p);
  float lanes[LANES] = {0};
  for (size_t i = 0; i < count; i++) lanes[i] = p[i];
  return load(lanes);
}

// Writes `count` lanes, at most LANES, and leaves what lies behind.
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
