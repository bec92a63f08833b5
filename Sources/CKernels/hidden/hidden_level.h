// Template: a hidden layer of rectified units in panels. No include guard: once a level.
// SUFFIX names the instance, WIDE is the number of floats in a vector, HEIGHT the rows whose sums fit into registers beside
// one another, FUSED whether a·b + c rounds once.
//
// Letters as in hidden.h: B rows of the batch, M inputs, H units in P panels of 32, O outputs; i counts rows, k the
// terms of a sum, o outputs, p panels, l lanes of a panel, v the two vectors that are worked on at once. z = x·W + b is
// never stored: a = max(0, z) is above 0 exactly where z is, so [a > 0] stands for the derivative of the rectifier.
//
// Why panels: with 32 units side by side a row of a panel is 32/WIDE vectors and every load of a weight is contiguous,
// in both directions (forward over inputs, back over outputs); weights need no transposed copy. Units behind the last,
// up to a whole panel, have weights and biases of zero. Their activity is max(0, 0) = 0, so their logits' terms and
// both gradients are zero without a test.
//
// No pointer has to be aligned to more than a float (`aligned(4)` below), and no loop has a remainder in lanes, because
// 32 is a multiple of 2·WIDE at every level. Twin: DenseLayer in Tests/FrozenNetworksTests, in double precision.

#define GLUE2(a, b) a##_##b
#define GLUE(a, b) GLUE2(a, b)
#define NAME(a) GLUE(a, SUFFIX)

typedef float NAME(floats) __attribute__((ext_vector_type(WIDE), aligned(4), may_alias));
typedef int32_t NAME(flags) __attribute__((ext_vector_type(WIDE), aligned(4), may_alias));
#define floats NAME(floats)
#define at(p) (*(const floats *)(p))
#define put(p, v) (*(floats *)(p) = (v))
#define UNROLL _Pragma("clang loop unroll(full)")

// a·b + c, lane by lane; rounded once with FUSED, twice without.
INLINE floats NAME(fused)(floats a, floats b, floats c) {
#if FUSED
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}
// `value` where x > 0, else 0: chosen, not multiplied, so that a NaN of an idle unit goes nowhere.
//
// The mask of x > 0 is −1 (all bits) or 0 a lane; with `and` the bits of `value` stay or become those of +0. Used for
// the rectifier, with value = x, and for its derivative, with x the activity and value = g·Vᵀ. At x = 0 the derivative
// is taken as 0. A NaN in x compares as false and gives 0.
INLINE floats NAME(where_positive)(floats x, floats value) {
  return (floats)((NAME(flags))value & (NAME(flags))(x > (floats)0));
}
#define fused NAME(fused)

// sums[i] = Σ_k A_ik·b_k for `height` rows and two vectors of a panel, all in registers: a vector of b serves every row, an
// entry of A two vectors.
// a: entry (i, k) at a[i·a_row + k·a_step]. b: [inner][32], of which the 2·WIDE lanes from b on are used; the step from
// one k to the next is a whole panel row. sums: [height][2] vectors, overwritten.
//
// `height` is a constant where this is inlined, so that the loops over i unroll and sums[i][v] are registers. Each of
// them is one chain s ← a_ik·b_k + s with k ascending from 0. No sum is split over k or shared between rows: a row
// gives the same bits in a tile of HEIGHT, of 2 or alone, and so a sample's result does not depend on the batch it is
// in.
INLINE void NAME(sums)(const int height, size_t inner, const float *a, size_t a_row, size_t a_step, const float *b,
                       floats (*sums)[2]) {
  UNROLL for (int i = 0; i < height; i++) sums[i][0] = sums[i][1] = (floats)0;
  for (size_t k = 0; k < inner; k++, a += a_step, b += GK_PANEL) {
    floats left = at(b), right = at(b + WIDE);
    UNROLL for (int i = 0; i < height; i++) {
      floats x = (floats)a[(size_t)i * a_row];
      sums[i][0] = fused(x, left, sums[i][0]);
      sums[i][1] = fused(x, right, sums[i][1]);
    }
  }
}

// Rows of c: the sums or, with biases, max(0, sums + b). The bias comes last, as where the sums are known beforehand.
//
// c [height][32] (2·WIDE lanes of each row) ← A·b, or ← max(0, A·b + bias). Overwrites.
INLINE void NAME(rows)(const int height, size_t inner, const float *a, size_t a_row, size_t a_step, const float *b,
                       const float *biases, float *c) {
  floats sums[HEIGHT][2];
  NAME(sums)(height, inner, a, a_row, a_step, b, sums);
  UNROLL for (int i = 0; i < height; i++) UNROLL for (int v = 0; v < 2; v++) {
      floats sum = sums[i][v];
      if (biases) {
        sum += at(biases + v * WIDE);
        sum = NAME(where_positive)(sum, sum);
      }
      put(c + i * GK_PANEL + v * WIDE, sum);
    }
}

// One panel: all rows, two vectors at a time.
//
// c [height][32] = A·b for a panel b [inner][32], or max(0, A·b + bias) with a bias [32] of the panel. l walks the
// panel in pieces of 2·WIDE lanes outside, i the rows inside: a piece of b (inner·2·WIDE floats) is read again for each
// group of rows and should stay in the cache meanwhile. Rows go in groups of HEIGHT, then of 2, then one.
INLINE void NAME(panel)(size_t height, size_t inner, const float *a, size_t a_row, size_t a_step, const float *b,
                        const float *biases, float *c) {
  for (size_t l = 0; l < GK_PANEL; l += 2 * WIDE) {
    const float *start = biases ? biases + l : 0;
    size_t i = 0;
    for (; i + HEIGHT <= height; i += HEIGHT)
      NAME(rows)(HEIGHT, inner, a + i * a_row, a_row, a_step, b + l, start, c + i * GK_PANEL + l);
    for (; i + 2 <= height; i += 2)
      NAME(rows)(2, inner, a + i * a_row, a_row, a_step, b + l, start, c + i * GK_PANEL + l);
    if (i < height) NAME(rows)(1, inner, a + i * a_row, a_row, a_step, b + l, start, c + i * GK_PANEL + l);
  }
}

// c_p = A·b_p for every panel p. b_pitch and c_pitch are rows of 32 floats from one panel to the next; they may be more
// than `inner` and `height`. So a gradient of the first `used` outputs is written into panels with room for O, whose
// other rows are left as they are. With FeedForwardTraining's shapes:
//
//   drives    A = x  [samples][M], a_row M, a_step 1       b = W [P][M][32]   c = d     [P][samples][32]
//   ∂L/∂V     A = gᵀ of g [B][used], a_row 1, a_step used  b = a [P][B][32]   c = ∂L/∂V [P][O][32]
//   ∂L/∂W     A = xᵀ of x [B][M], a_row 1, a_step M        b = ∂L/∂z [P][B][32]   c = ∂L/∂W [P][M][32]
//
// From logits_Bo = Σ_h a_Bh·V_ho follows ∂L/∂V_ho = Σ_B g_Bo·a_Bh, and from z_Bh = Σ_m x_Bm·W_mh + b_h follows ∂L/∂W_mh
// = Σ_B x_Bm·∂L/∂z_Bh: both sums run over rows of the batch, which is the inner length here.
static void NAME(gk_hidden_product)(size_t panels, size_t height, size_t inner, const float *a, size_t a_row,
                                    size_t a_step, const float *b, size_t b_pitch, float *c, size_t c_pitch) {
  for (size_t p = 0; p < panels; p++, b += b_pitch * GK_PANEL, c += c_pitch * GK_PANEL)
    NAME(panel)(height, inner, a, a_row, a_step, b, 0, c);
}

// a [P][B][32] = max(0, x·W + b), a panel at a time: A = x [B][M] as it lies in memory (a_row M, a_step 1), b the
// panel's rows of W [M][32]. Twin: DenseLayer.activity.
static void NAME(gk_hidden_forward)(size_t panels, size_t rows, size_t inputs, const float *x, const float *weights,
                                    const float *biases, float *activity) {
  for (size_t p = 0; p < panels; p++)
    NAME(panel)(rows, inputs, x, inputs, 1, weights + p * inputs * GK_PANEL, biases + p * GK_PANEL,
                activity + p * rows * GK_PANEL);
}

// a [P][rows][32] = max(0, d + b) with d [P][count][32] = x·W of all samples from gk_hidden_product; row r of this
// batch is sample samples[r]. To the bit what gk_hidden_forward gives: the chain over k is the same there and here, a
// float that was stored and loaded is the same float, and the bias is one addition behind it in both.
static void NAME(gk_hidden_rectify)(size_t panels, size_t rows, size_t count, const int32_t *samples,
                                    const float *drives, const float *biases, float *activity) {
  for (size_t p = 0; p < panels; p++) {
    const float *panel = drives + p * count * GK_PANEL;
    for (size_t r = 0; r < rows; r++, activity += GK_PANEL) {
      const float *drive = panel + (size_t)samples[r] * GK_PANEL;
      UNROLL for (int l = 0; l < GK_PANEL; l += WIDE) {
        floats sum = at(drive + l) + at(biases + p * GK_PANEL + l);
        put(activity + l, NAME(where_positive)(sum, sum));
      }
    }
  }
}

// ROWS × COLUMNS logits: lane by lane over all panels, and the lanes at the end.
//
// logits_io = Σ_p Σ_l a[p][i][l]·V[p][o][l], written to [rows][used]; `activity` and `readout` point to row i = 0 and
// output o = 0 of this tile in panel 0. From one panel to the next it is rows·32 floats of activity (all rows, not the
// tile's) and outputs·32 of the readout.
//
// Here the sum runs over units, which are the lanes. So lane λ of sums[i][o] first collects the units whose place in a
// panel is λ modulo WIDE, over all panels in order, and only then are the WIDE lanes added, from lane 0 on. That is one
// horizontal sum for each logit instead of one for each panel; and its order does not depend on ROWS and COLUMNS, so
// any tile gives the same bits. It depends on WIDE: levels differ by rounding. Each vector of activity that is loaded
// serves COLUMNS sums, each of the readout ROWS. Twin: DenseLayer.logits.
#define LOGITS(ROWS, COLUMNS)                                                                                         \
  INLINE void NAME(logits_##ROWS##_##COLUMNS)(size_t panels, size_t rows, size_t outputs, size_t used,                \
                                              const float *activity, const float *readout, float *logits) {           \
    floats sums[ROWS][COLUMNS];                                                                                       \
    UNROLL for (int i = 0; i < ROWS; i++) UNROLL for (int o = 0; o < COLUMNS; o++) sums[i][o] = (floats)0;            \
    for (size_t p = 0; p < panels; p++, activity += rows * GK_PANEL, readout += outputs * GK_PANEL)                   \
      for (int l = 0; l < GK_PANEL; l += WIDE) {                                                                      \
        floats values[ROWS];                                                                                          \
        UNROLL for (int i = 0; i < ROWS; i++) values[i] = at(activity + i * GK_PANEL + l);                            \
        UNROLL for (int o = 0; o < COLUMNS; o++) {                                                                    \
          floats weight = at(readout + o * GK_PANEL + l);                                                             \
          UNROLL for (int i = 0; i < ROWS; i++) sums[i][o] = fused(values[i], weight, sums[i][o]);                    \
        }                                                                                                             \
      }                                                                                                               \
    for (int i = 0; i < ROWS; i++)                                                                                    \
      for (int o = 0; o < COLUMNS; o++) {                                                                             \
        float sum = 0;                                                                                                \
        for (int l = 0; l < WIDE; l++) sum += sums[i][o][l];                                                          \
        logits[(size_t)i * used + (size_t)o] = sum;                                                                   \
      }                                                                                                               \
  }
LOGITS(4, 5)
LOGITS(2, 5)
LOGITS(2, 1)
LOGITS(1, 5)
LOGITS(1, 1)
#undef LOGITS

// All logits [rows][used]: tiles of rows by five outputs, and outputs that are left over one at a time. Ten classes are
// two tiles of five. A tile of 2 × 5 takes ten sums, two vectors of activity and one of the readout: 13 registers; one
// of 4 × 5, for AVX-512 with its 32 registers, 25.
static void NAME(gk_hidden_readout)(size_t panels, size_t rows, size_t outputs, size_t used, const float *activity,
                                    const float *readout, float *logits) {
  size_t i = 0;
// A tile at rows i… and outputs o…; i is the variable of this function.
#define RUN_ROWS(ROWS, COLUMNS, o)                                                                          \
  NAME(logits_##ROWS##_##COLUMNS)(panels, rows, outputs, used, activity + i * GK_PANEL, readout + (o)*GK_PANEL, \
                                  logits + i * used + (o))
// Four rows at a time where there are five outputs to fill the tile. Outputs behind the last five: two tiles of two
// rows by one output for the four rows.
#if WIDE == 16
  for (; i + 4 <= rows && used >= 5; i += 4) {
    size_t o = 0;
    for (; o + 5 <= used; o += 5) RUN_ROWS(4, 5, o);
    for (; o < used; o++) {
      RUN_ROWS(2, 1, o);
      i += 2;
      RUN_ROWS(2, 1, o);
      i -= 2;
    }
  }
#endif
  for (; i + 2 <= rows; i += 2) {
    size_t o = 0;
    for (; o + 5 <= used; o += 5) RUN_ROWS(2, 5, o);
    for (; o < used; o++) RUN_ROWS(2, 1, o);
  }
  if (i < rows) {
    size_t o = 0;
    for (; o + 5 <= used; o += 5) RUN_ROWS(1, 5, o);
    for (; o < used; o++) RUN_ROWS(1, 1, o);
  }
#undef RUN_ROWS
}

// Errors of some rows from g·Vᵀ and the activity, added to `totals` row after row.
//
// Of row i and lane l the sum over outputs e = Σ_o g_io·V_ol = ∂L/∂a (a's share in logits_o is V_ol). Then either
//
//   scaled 0   error = ∂L/∂z = [a > 0]·e          since a = max(0, z)
//   scaled 1   error = ∂L/∂m's term = a·e         since the readout saw m·a, and e is made with V without m
//
// gradient: g of the rows, `outputs` floats a row; readout: rows of 32 floats, one an output; activity and errors: rows
// of 32 floats. totals [2]: a sum over rows for each lane, which goes on over calls; errors, unless null, is
// overwritten.
INLINE void NAME(errors)(const int height, const int scaled, size_t outputs, const float *gradient,
                         const float *readout, const float *activity, floats *totals, float *errors) {
  floats sums[HEIGHT][2];
  NAME(sums)(height, outputs, gradient, outputs, 1, readout, sums);
  UNROLL for (int i = 0; i < height; i++) UNROLL for (int v = 0; v < 2; v++) {
      size_t place = (size_t)i * GK_PANEL + (size_t)v * WIDE;
      floats value = at(activity + place);
      floats error = scaled ? value * sums[i][v] : NAME(where_positive)(value, sums[i][v]);
      totals[v] += error;
      if (errors) put(errors + place, error);
    }
}

// Both gradients that are a number a unit: sums [P][32] = Σ_B error, overwritten, and each error into [P][B][32] where
// `errors` is given. g is [B][used]; V has `outputs` rows of 32 a panel, of which the first `used` count. Rows are
// added one by one in the order of the batch, so that groups of HEIGHT and single rows make the same sum.
//
// Cost 2·B·32·P·used operations; g·Vᵀ is formed in registers and never stored unless asked for. Whoever learns biases
// or masks alone needs no memory of the size of a weight matrix.
INLINE void NAME(gradient)(const int scaled, size_t panels, size_t rows, size_t outputs, size_t used,
                           const float *activity, const float *gradient, const float *readout, float *sums,
                           float *errors) {
  for (size_t p = 0; p < panels; p++) {
    const float *values = activity + p * rows * GK_PANEL, *weights = readout + p * outputs * GK_PANEL;
    float *each = errors ? errors + p * rows * GK_PANEL : 0;
    for (size_t l = 0; l < GK_PANEL; l += 2 * WIDE) {
      floats totals[2] = {(floats)0, (floats)0};
      size_t i = 0;
      for (; i + HEIGHT <= rows; i += HEIGHT)
        NAME(errors)(HEIGHT, scaled, used, gradient + i * used, weights + l, values + i * GK_PANEL + l, totals,
                     each ? each + i * GK_PANEL + l : 0);
      for (; i < rows; i++)
        NAME(errors)(1, scaled, used, gradient + i * used, weights + l, values + i * GK_PANEL + l, totals,
                     each ? each + i * GK_PANEL + l : 0);
      put(sums + p * GK_PANEL + l, totals[0]);
      put(sums + p * GK_PANEL + l + WIDE, totals[1]);
    }
  }
}

// ∂L/∂b_h = Σ_B ∂L/∂z_Bh, because z = x·W + b has derivative 1 by b. Two calls, so that in the second the compiler
// knows that nothing is stored. `errors` is what gk_hidden_product needs for ∂L/∂W.
static void NAME(gk_hidden_bias_gradient)(size_t panels, size_t rows, size_t outputs, size_t used,
                                          const float *activity, const float *gradient, const float *readout,
                                          float *sums, float *errors) {
  if (errors) NAME(gradient)(0, panels, rows, outputs, used, activity, gradient, readout, sums, errors);
  else NAME(gradient)(0, panels, rows, outputs, used, activity, gradient, readout, sums, 0);
}

// ∂L/∂m_h = Σ_B a_Bh·(g·Vᵀ)_Bh: linear in m, so m itself does not appear, and units that are off (m near 0) get a
// gradient like the others and may come back.
static void NAME(gk_hidden_gain_gradient)(size_t panels, size_t rows, size_t outputs, size_t used,
                                          const float *activity, const float *gradient, const float *readout,
                                          float *sums) {
  NAME(gradient)(1, panels, rows, outputs, used, activity, gradient, readout, sums, 0);
}

#undef floats
#undef at
#undef put
#undef fused
#undef UNROLL
#undef NAME
#undef GLUE
#undef GLUE2
#undef SUFFIX
#undef WIDE
#undef HEIGHT
#undef FUSED
