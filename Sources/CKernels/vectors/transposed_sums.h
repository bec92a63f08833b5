// Template: sums over the lanes of many vectors at once. No include guard: once a level.
//
// From PRE vectors, [j][lane], the vector whose lane j is the sum over the lanes of vector j: a tree in which each step
// halves the number of vectors, three instructions a pair instead of a whole horizontal sum each. With two rows of the
// batch in a vector the halves are summed apart: PRE is half the lanes and lane h·PRE + j the sum over half h.

// PRE is also how many neurons of one row of the batch a vector holds.
#define PRE (LANES / TWO_ROWS)

// (x0+x2, y0+y2, x1+x3, y1+y3) in every group of four lanes.
// First of two steps over x, y and over z, w: pairs of lanes two apart are added, and what is left of x and of y is
// interleaved. Eight numbers in, four out, in each group of four lanes.
INLINE vec NAME(sum4a)(vec x, vec y) {
// Indices below LANES pick from x, those from LANES on from y: the first shuffle takes lanes 0 and 1 of each group of
// four, the second lanes 2 and 3.
#if LANES == 16
  return __builtin_shufflevector(x, y, 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29) +
         __builtin_shufflevector(x, y, 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31);
#elif LANES == 8
  return __builtin_shufflevector(x, y, 0, 8, 1, 9, 4, 12, 5, 13) +
         __builtin_shufflevector(x, y, 2, 10, 3, 11, 6, 14, 7, 15);
#else
  return __builtin_shufflevector(x, y, 0, 4, 1, 5) + __builtin_shufflevector(x, y, 2, 6, 3, 7);
#endif
}

// (p0+p2, p1+p3, q0+q2, q1+q3) in every group of four lanes.
// Second step, with p from (x, y) and q from (z, w): (Σx, Σy, Σz, Σw) over each group of four lanes. A sum of four is
// therefore always (x₀ + x₂) + (x₁ + x₃), whatever the level.
INLINE vec NAME(sum4b)(vec p, vec q) {
// The first shuffle takes (p₀, p₁, q₀, q₁) of each group, the second (p₂, p₃, q₂, q₃).
#if LANES == 16
  return __builtin_shufflevector(p, q, 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29) +
         __builtin_shufflevector(p, q, 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31);
#elif LANES == 8
  return __builtin_shufflevector(p, q, 0, 1, 8, 9, 4, 5, 12, 13) +
         __builtin_shufflevector(p, q, 2, 3, 10, 11, 6, 7, 14, 15);
#else
  return __builtin_shufflevector(p, q, 0, 1, 4, 5) + __builtin_shufflevector(p, q, 2, 3, 6, 7);
#endif
}

// Lane 4·g + k: the sum over group g of vector k, of four vectors.
// x is [4][LANES], contiguous.
INLINE vec NAME(sum4)(const float *x) {
  return NAME(sum4b)(NAME(sum4a)(load(x), load(x + LANES)), NAME(sum4a)(load(x + 2 * LANES), load(x + 3 * LANES)));
}

// The sums over all lanes of four vectors.
typedef float NAME(four) __attribute__((ext_vector_type(4), aligned(4), may_alias));
// (Σa, Σb, Σc, Σd). The groups of four lanes are added last, neighbours first. Lists use it for a synapse's four sums
// over rows, the readout for four slices of one output.
INLINE NAME(four) NAME(four_sums)(vec a, vec b, vec c, vec d) {
  vec x = NAME(sum4b)(NAME(sum4a)(a, b), NAME(sum4a)(c, d));
#if LANES == 16
  return (x.lo.lo + x.lo.hi) + (x.hi.lo + x.hi.hi);
#elif LANES == 8
  return x.lo + x.hi;
#else
  return x;
#endif
}

// x is [PRE][LANES], contiguous and all of it read: vectors behind the last one in use have to hold zeros. Backward
// over all pairs leaves Σ over blocks of w·σ·x there, a vector a presynaptic value; the sum over its lanes, which are
// postsynaptic neurons, is ∂L/∂v_j, and comes out where v_j stands in a row.
INLINE vec NAME(transposed_sums)(const float *x) {
#if LANES == 4
  return NAME(sum4)(x);
#else
  vec a = NAME(sum4)(x), b = NAME(sum4)(x + 4 * LANES);
#if LANES == 8
  // a holds vectors 0–3 and b 4–7, each with a group of lanes a half: (a₀ b₀) + (a₁ b₁), group by group.
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 8, 9, 10, 11) +
         __builtin_shufflevector(a, b, 4, 5, 6, 7, 12, 13, 14, 15);
#elif TWO_ROWS == 2
  // Groups 0 and 1 are of the first row, 2 and 3 of the second: (a₀ b₀ a₂ b₂) + (a₁ b₁ a₃ b₃), so that the lower half
  // is Σ over the first row of vectors 0–7 and the upper half that over the second.
  return __builtin_shufflevector(a, b, 0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27) +
         __builtin_shufflevector(a, b, 4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31);
#else
  // Sixteen vectors in four results of four groups each. Groups 0 and 2, and 1 and 3, are added first, two results to a
  // vector; then the two halves that are left of each.
  vec c = NAME(sum4)(x + 8 * LANES), d = NAME(sum4)(x + 12 * LANES);
  vec ab = __builtin_shufflevector(a, b, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
           __builtin_shufflevector(a, b, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  vec cd = __builtin_shufflevector(c, d, 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23) +
           __builtin_shufflevector(c, d, 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31);
  return __builtin_shufflevector(ab, cd, 0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27) +
         __builtin_shufflevector(ab, cd, 4, 5, 6, 7, 12, 13, 14, 15, 20, 21, 22, 23, 28, 29, 30, 31);
#endif
#endif
}
#define transposed_sums NAME(transposed_sums)
