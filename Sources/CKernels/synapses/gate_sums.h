// Template: synapses with a gate each, at the postsynaptic neurons of a vector: their parameters as the walks read
// them, and their sums. No include guard: once a level.
//
//   numerator_i += Σ_j p₃_ji·s_ji,   denominator_i += Σ_j p₂_ji·s_ji,   s_ji = κ_ji/(κ_ji + 2^(a_ji·v_j))
//
// A pack is [pre j][a, κ, p₂, p₃][LANES of post i]: for the LTC p₂ = w and p₃ = w·E. The lanes are postsynaptic
// neurons, so a presynaptic value is one number spread over a vector, sums need no horizontal addition, and a synapse's
// four parameters are contiguous. A group of rows shares their loads; an absent synapse has p₂ = p₃ = 0 and a = 0, and
// costs what others do (lists are for those). Scalar twin: GatedSynapses.gather.
//
// Whatever may be computed once a training step is in the pack: a = −σ·log₂e, κ = 2^(−σ·μ·log₂e), p₂ and p₃. It is read
// once for each group of rows of every sub-step, 4·LANES floats a vector of synapses, so the larger a group the fewer
// loads a gate; a group is as large as its sums fit in registers beside the pack. The order of terms is that of j in
// every group, so a row's sums do not depend on how many rows there are, but for the two roundings that a shared
// division adds.

// Lanes 0 ..< count from memory, zero above; with two rows both halves alike.
// p is one presynaptic value's row of a parameter, [post]; `count` how many postsynaptic neurons are left from p on.
// Lanes behind N are zero in each parameter: their synapses have w = w·E = 0 and add nothing.
INLINE vec NAME(post)(const float *p, size_t count) {
  float lanes[LANES] = {0};
  for (size_t i = 0; i < PRE && i < count; i++) {
    for (size_t row = 0; row < TWO_ROWS; row++) lanes[row * PRE + i] = p[i];
  }
  return load(lanes);
}

// Within a float's range, NaN as it is: what is infinite in a parameter must not make 0·∞ of a value at rest.
// 0·2^127 = 0, and so the exponent of an infinitely steep gate at v = μ is 0 and its value ½.
INLINE vec NAME(held)(vec x) {
  x = choose(x > splat(0x1p127f), splat(0x1p127f), x);
  return choose(x < splat(-0x1p127f), splat(-0x1p127f), x);
}

// κ = 2^(−σ·μ·log₂e) to 2 ulp: the exponent, up to STEEPEST, is formed in double precision.
// Half an ulp of a float of size 60 is 2^−19, which alone would move κ by 2^−19·ln 2 = 1.3e-6 of itself; in double
// precision the exponent's error is below 2e-14 and the float arithmetic of the polynomial is all that is left.
INLINE vec NAME(offset)(vec slope, vec centre) {
  // x = −σ·μ·log₂e = n + f with |f| ≤ ½: adding 1.5·2^52 rounds to a whole number. 2^n is an exponent field, 2^f the
  // polynomial.
  wide x = __builtin_convertvector(slope, wide) * __builtin_convertvector(centre, wide) * -LOG2E;
  wide n = (x + 0x1.8p52) - 0x1.8p52;
  vec f = __builtin_convertvector(x - n, vec);
  ints exponent = __builtin_convertvector(n, ints);
  // Taylor to seventh order: (ln 2/2)^8/8! = 5e-9 at the ends.
  vec p = splat(1.5252734e-5f);
  p = p * f + splat(1.5403530e-4f);
  p = p * f + splat(1.3333558e-3f);
  p = p * f + splat(9.6181291e-3f);
  p = p * f + splat(5.5504109e-2f);
  p = p * f + splat(2.4022651e-1f);
  p = p * f + splat(6.9314718e-1f);
  p = p * f + splat(1);
  // |n| ≤ 60, so the exponent field n + 127 is that of a normal float.
  return p * (vec)((exponent + 127) << 23);
}

// One entry of a column of the batch for each row in a vector; `second` is the distance of the second row.
// x[0] in all lanes; of two rows, x[0] in the lower half and x[second] in the upper.
INLINE vec NAME(rows)(const float *x, size_t second) {
#if TWO_ROWS == 2
  typedef float half __attribute__((ext_vector_type(PRE)));
  return __builtin_shufflevector((half)x[0], (half)x[second], 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
#else
  (void)second;
  return splat(x[0]);
#endif
}

// Adds the synapses of `pre` presynaptic values onto a block of neurons, for `group` vectors of rows: w·E·s to the
// numerator, w·s to the denominator. A synapse's parameters are loaded once for the group. `keep`: the gates are stored
// at `kept`, rows of `kept_row` floats.
//
// Shapes: pack [pre][4][LANES]; mu [pre] at a distance of mu_step floats, LANES of it this block's; x [row][x_row], of
// which `pre` are read; kept [row vector][pre][LANES]; numerator and denominator [group], in registers, which hold what
// the caller began the sums with (leak, sensory sums, c·v). Row vector r is rows r·TWO_ROWS onward.
INLINE void NAME(synapses)(const int careful, const int keep, const int group, const float *pack, const float *mu,
                           size_t mu_step, size_t pre, const float *x, size_t x_row, float *kept, size_t kept_row,
                           vec *numerator, vec *denominator) {
  for (size_t j = 0; j < pre; j++) {
    // [a, κ, w, w·E][LANES], 256 bytes of a level of sixteen lanes, read once for the whole group of rows.
    const float *p = pack + j * 4 * LANES;
    vec a = load(p), k = load(p + LANES), w = load(p + 2 * LANES), we = load(p + 3 * LANES);
    vec s[FORWARD_GROUP];
    // The gate's three ways: any parameters, a division for each gate; one row vector, which has no other to share
    // with; two at a time, one division for both. `careful`, `keep` and `group` are constants where this is inlined, so
    // each call is one of these loops without a test in it.
    if (careful) {
      vec centre = load(mu + j * mu_step);
#pragma clang loop unroll(full)
      for (int r = 0; r < group; r++) {
        s[r] = careful_gate(a, centre, NAME(rows)(x + (size_t)r * TWO_ROWS * x_row + j, x_row));
      }
    } else if (group == 1) {
      s[0] = gate(a, k, NAME(rows)(x + j, x_row));
    } else {
#pragma clang loop unroll(full)
      for (int r = 0; r < group; r += 2) {
        const float *at = x + (size_t)r * TWO_ROWS * x_row + j;
        gates(a, k, NAME(rows)(at, x_row), NAME(rows)(at + TWO_ROWS * x_row, x_row), &s[r], &s[r + 1]);
      }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < group; r++) {
      // In the order of j, whatever the group.
      numerator[r] = fma(we, s[r], numerator[r]);
      denominator[r] = fma(w, s[r], denominator[r]);
      if (keep) store(kept + (size_t)r * kept_row + j * LANES, s[r]);
    }
  }
}
