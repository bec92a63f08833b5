// Template: sums of listed synapses and of gap junctions, for circuits whose states lie in rows. No include guard: once
// a level.
//
// S₀_i += Σ w·s and S₁_i += Σ (second strength)·s over the list onto neuron i, and for the junctions {i, j} at i S₀_i
// += g, S₁_i += g·x_j; backward the adjoint of both. Scalar twins: gather and scatter of GatedSynapses (synaptic) and
// of GapJunctions.
//
// Here the lanes are rows of the batch. Values are transposed from rows to columns, [neuron][padded rows], a square of
// LANES by LANES at a time in registers, and sums are transposed back. Padding rows hold zeros.
//
// With s = 1/(1 + e^(−σ·(x − μ))) the gate of a synapse of strength w and second strength h (w·E of a conductance), and
// D₀ = ∂L/∂S₀, D₁ = ∂L/∂S₁ of the neuron it ends at, the adjoint forms for each synapse, over the rows of the batch,
//
//   Σ D₀·s,   Σ D₁·s,   Σ ξ,   Σ ξ·x     with ξ = (w·D₀ + h·D₁)·s·(1 − s) = ∂L/∂(σ·(x − μ))
//
// and adds σ·ξ to ∂L/∂x of the presynaptic value. settle_list of circuit_backward.h makes ∂L/∂w, ∂L/∂h or ∂L/∂E, ∂L/∂μ
// and ∂L/∂σ of the four sums, once a pass. The walk over all pairs (gate_sums.h, pull_rows) computes the same numbers
// with neurons as lanes (there ξ is written x, and x is v); which of both runs is gk_circuit_uses_list's choice.
//
// Letters: N neurons, M inputs, R rows of the batch, L lanes, R' = R rounded up to whole vectors; i the postsynaptic
// neuron, j the presynaptic value, r the row. Outside of this file values are [R][x_row] and sums [R][pitch] with
// blocks of `stride` floats, S₀ first.

// (a₀ b₀ a₁ b₁ …), the lower and the upper half.
#if LANES == 16
#define LOWER 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define UPPER 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#elif LANES == 8
#define LOWER 0, 8, 1, 9, 2, 10, 3, 11
#define UPPER 4, 12, 5, 13, 6, 14, 7, 15
#else
#define LOWER 0, 4, 1, 5
#define UPPER 2, 6, 3, 7
#endif

// Transposes a square: interleaving the first half of the vectors with the second rotates the bits of (vector, lane) by
// one place, and log₂ LANES times that exchanges the two.
INLINE void NAME(transpose_square)(vec x[LANES]) {
  vec y[LANES];
#pragma clang loop unroll(full)
  for (int bit = 1; bit < LANES; bit *= 2) {
#pragma clang loop unroll(full)
    for (int k = 0; k < LANES / 2; k++) {
      y[2 * k] = __builtin_shufflevector(x[k], x[k + LANES / 2], LOWER);
      y[2 * k + 1] = __builtin_shufflevector(x[k], x[k + LANES / 2], UPPER);
    }
#pragma clang loop unroll(full)
    for (int k = 0; k < LANES; k++) x[k] = y[k];
  }
}
#undef LOWER
#undef UPPER

// One square of to_columns, `part` where fewer rows or columns than LANES are left.
//
// to[k·padded + l] = from[l·from_row + k] for k, l < L. from: L rows of a matrix with rows of from_row floats; to: L
// columns of R' floats. `part`: of the source only `rows` rows of `columns` floats exist; the rest counts as zero and
// is not read. All L columns of the target are written either way, so it has room for a whole number of vectors of
// columns.
INLINE void NAME(square_to)(const int part, float *to, size_t padded, const float *from, size_t from_row, size_t columns,
                            size_t rows) {
  vec x[LANES];
#pragma clang loop unroll(full)
  for (size_t k = 0; k < LANES; k++) {
    if (part) x[k] = k < rows ? load_part(from + k * from_row, columns) : splat(0);
    else x[k] = load(from + k * from_row);
  }
  NAME(transpose_square)(x);
#pragma clang loop unroll(full)
  for (size_t k = 0; k < LANES; k++) store(to + k * padded, x[k]);
}

// [rows][from_row] to [count][padded]; columns up to a whole number of vectors are written.
//
// count = N or M columns; R' = `padded`. Every number is read once and written once; a square costs L·log₂ L shuffles
// for L² numbers.
static __attribute__((noinline)) void NAME(to_columns)(float *to, const float *from, size_t from_row, size_t count,
                                                       size_t rows) {
  // to[i·padded + r] = from[r·from_row + i]. Rows of padding come out as zeros, and so do
  // columns up to a whole number of vectors.
  size_t padded = rounded(rows, LANES);
  for (size_t r = 0; r < rows; r += LANES) {
    for (size_t i = 0; i < count; i += LANES) {
      float *square = to + i * padded + r;
      const float *source = from + r * from_row + i;
      if (r + LANES <= rows && i + LANES <= count) {
        NAME(square_to)(0, square, padded, source, from_row, LANES, LANES);
      } else {
        NAME(square_to)(1, square, padded, source, from_row, count - i, rows - r);
      }
    }
  }
}

// One square of from_columns; `filled`: how many of its columns there are, `columns`: how many a row has left.
//
// to[l·to_row + k] = start[l·to_row + k] + from[k·padded + l] for k, l < L: the transposition again, the other way.
// `part`: of the source `filled` columns exist, of the target `rows` rows of `columns` floats.
INLINE void NAME(square_from)(const int part, float *to, size_t to_row, const float *start, const float *from,
                              size_t padded, size_t filled, size_t columns, size_t rows) {
  vec x[LANES];
#pragma clang loop unroll(full)
  for (size_t k = 0; k < LANES; k++) x[k] = !part || k < filled ? load(from + k * padded) : splat(0);
  NAME(transpose_square)(x);
#pragma clang loop unroll(full)
  for (size_t k = 0; k < LANES; k++) {
    if (!part) store(to + k * to_row, start ? load(start + k * to_row) + x[k] : x[k]);
    else if (k < rows) store_part(to + k * to_row, columns, start ? load_part(start + k * to_row, columns) + x[k] : x[k]);
  }
}

// [count][padded], onto `start` (null: zero), to rows of `row` floats a distance `to_row` apart, zero behind `count`.
//
// `to` and `start` may be the same memory, which then is added to: each square is read before it is written. Of a row
// of `row` floats entries behind `count` get what `start` holds there, or zero; entries behind `row` are left alone.
static __attribute__((noinline)) void NAME(from_columns)(float *to, size_t to_row, size_t row, const float *start,
                                                         const float *from, size_t count, size_t rows) {
  // to[r·to_row + i] = start[r·to_row + i] + from[i·padded + r], and `start` alone behind `count`: a row keeps its
  // padding.
  size_t padded = rounded(rows, LANES);
  for (size_t r = 0; r < rows; r += LANES) {
    for (size_t i = 0; i < row; i += LANES) {
      size_t at = r * to_row + i, filled = i < count ? count - i : 0;
      const float *square = from + i * padded + r, *onto = start ? start + at : 0;
      if (r + LANES <= rows && i + LANES <= count) {
        NAME(square_from)(0, to + at, to_row, onto, square, padded, LANES, LANES, LANES);
      } else {
        NAME(square_from)(1, to + at, to_row, onto, square, padded, filled, row - i, rows - r);
      }
    }
  }
}

typedef struct {
  // rows: R'. values: x, [N or M][R']; target: ∂L/∂x of the same shape; first and second: S₀ and S₁, [N][R'], or D₀ and
  // D₁.
  size_t rows;                             // padded
  float *values, *target, *first, *second;  // columns
// The working space of a call, all as [neuron or input][R'].
} NAME(arrays);

// Splits gk_columns_size floats of scratch. Columns are rounded up to 16, the widest vector, because squares are
// written whole; rows to the lanes of this instance. Nothing in it outlives the call.
INLINE NAME(arrays) NAME(arrays_of)(const gk_columns *c) {
  NAME(arrays) p = {.rows = rounded(c->rows, LANES), .values = c->scratch};
  // Four arrays of columns, [neuron or input][padded rows]: values, ∂L/∂values, and S₀ and S₁ (their gradients on the
  // way back).
  size_t most = rounded(c->n > c->m ? c->n : c->m, 16) * p.rows, sum = rounded(c->n, 16) * p.rows;
  p.target = p.values + most, p.first = p.target + most, p.second = p.first + sum;
  return p;
}

// Where a vector of eight rows is all there is and vectors of sixteen exist, paired_sums.h does the two walks.
#ifdef PAIRS
#define PAIRED(a) GLUE(a, PAIRS)
void PAIRED(gk_pairs_gather)(const gk_synapses *, int, const float *, float *, float *);
void PAIRED(gk_pairs_scatter)(const gk_synapses *, int, int, const float *, const float *, const float *, float *,
                              float *);
#endif

// The sums S₀ and S₁ of synapses. `single`: there is one vector of rows.
//
// S₀[i][r] = Σ_j w_ji·s_ji(x_j[r]) and S₁[i][r] = Σ_j h_ji·s_ji(x_j[r]) over the listed j, in their order; `first` and
// `second` are overwritten, [N][R'], zero for a neuron without synapses. Rows of padding get what x = 0 gives, which
// from_columns drops. `careful` is the gate for any exponent (vectors.h). Twin: GatedSynapses.gather.
INLINE void NAME(gather_as)(const int careful, const int single, const gk_columns *c, int sensory,
                            const NAME(arrays) *p) {
  // The list is in the order of postsynaptic neurons, so records are read forward, once a vector of rows, and a
  // neuron's sums of LANES rows stay in registers over its synapses. Presynaptic values are fetched from anywhere, but
  // a column is one line of the cache.
  const size_t rows = single ? LANES : p->rows, n = c->n;
  // Synapses of one kind, recurrent or sensory, stand behind one another by i: neuron i's end where ends[i] says, and
  // the next neuron's begin there.
  const gk_synapse *records = c->synapses.records, *s = gk_first(&c->synapses, sensory, 0);
  const int32_t *ends = c->synapses.first + (size_t)sensory * (n + 1) + 1;
  const float *values = p->values;
  float *first = p->first, *second = p->second;
  for (size_t i = 0; i < n; i++, first += rows, second += rows) {
    const gk_synapse *end = records + ends[i];
    for (size_t r = 0; r < rows; r += LANES) {
      vec a = splat(0), b = splat(0);
      NAME(list)(careful, s, end, values + r, rows, &b, &a);
      store(first + r, a), store(second + r, b);
    }
    s = end;
  }
}

// The compiled variants: with one vector of rows the distance between columns is a constant and the loop over r goes
// away. Careful gates have one variant for any number of rows.
static __attribute__((noinline)) void NAME(gather_list)(int careful, const gk_columns *c, int sensory,
                                                        const NAME(arrays) *p) {
  if (careful) NAME(gather_as)(1, 0, c, sensory, p);
#ifdef PAIRS
  else if (p->rows == LANES) PAIRED(gk_pairs_gather)(&c->synapses, sensory, p->values, p->first, p->second);
#else
  else if (p->rows == LANES) NAME(gather_as)(0, 1, c, sensory, p);
#endif
  else NAME(gather_as)(0, 0, c, sensory, p);
}

// Adds total and drive of the gap junctions.
//
// S₀[i][r] += Σ_e g_e and S₁[i][r] += Σ_e g_e·x_other(e)[r] over the ends e at neuron i; conductance[i] = Σ_e g_e is
// made by gk_join. A junction stands at both its neurons, so each gets the other's share: of the current g·(x_j − x_i)
// the part −g·x_i is the membrane's, which multiplies its total by x_i. Twin: GapJunctions.gather.
static __attribute__((noinline)) void NAME(gather_junctions)(const gk_columns *c, const NAME(arrays) *p) {
  const gk_junctions *joints = &c->junctions;
  for (size_t i = 0; i < c->n; i++) {
    for (size_t r = 0; r < p->rows; r += LANES) {
      // I_i = Σ g·(x_j − x_i): Σ g belongs to the total, Σ g·x_j to the drive.
      size_t at = i * p->rows + r;
      vec drive = load(p->second + at);
      for (int32_t e = joints->first[i]; e < joints->first[i + 1]; e++) {
        const gk_junction_end *end = joints->ends + e;
        drive = fma(splat(end->g), load(p->values + (size_t)end->other * p->rows + r), drive);
      }
      store(p->first + at, load(p->first + at) + splat(joints->conductance[i])), store(p->second + at, drive);
    }
  }
}

// `count` is a multiple of L.
INLINE void NAME(clear)(float *to, size_t count) {
  for (size_t i = 0; i < count; i += LANES) store(to + i, splat(0));
}

// The sums at these values, [row][x_row], onto those of `start` (null: zero), rows of `pitch` floats.
//
// x: states [R][x_row] of N entries or, where `sensory`, inputs [R][x_row] of M. sums ← start + S, S₀ in the first
// block of `stride` floats, S₁ in the second where there are two; `start` and `sums` have the same layout and may be
// the same. Whoever has junctions but no list passes what all pairs left as `start`. Gap junctions are between neurons
// only.
void NAME(gk_columns_gather)(const gk_columns *c, int careful, int sensory, const float *x, size_t x_row,
                             const float *start, float *sums) {
  NAME(arrays) p = NAME(arrays_of)(c);
  NAME(to_columns)(p.values, x, x_row, sensory ? c->m : c->n, c->rows);
  if (c->lists) NAME(gather_list)(careful, c, sensory, &p);
  else NAME(clear)(p.first, c->n * p.rows), NAME(clear)(p.second, c->n * p.rows);
  if (c->joins && !sensory) NAME(gather_junctions)(c, &p);
  NAME(from_columns)(sums, c->pitch, c->stride, start, p.first, c->n, c->rows);
  if (c->sums == 1) return;
  NAME(from_columns)(sums + c->stride, c->pitch, c->stride, start ? start + c->stride : 0, p.second, c->n, c->rows);
}

// The adjoint: adds to the sums of every synapse, and to the columns of `target`. `single`: there is one vector of
// rows.
//
// first = D₀ and second = D₁, [N][R']; values = x; target = ∂L/∂x, [N or M][R'], added to; synapse_sums [synapse][4],
// added to, the four sums of the head of this file. Rows of padding have x = D₀ = D₁ = 0 and, where parameters are
// finite, add exact zeros.
//
// Derivation: S₀ and S₁ depend on s linearly, so ∂L/∂s = w·D₀ + h·D₁. With ds/d(σ·(x − μ)) = s·(1 − s), y = ∂L/∂s·s and
// y − y·s = ξ: one fused multiply-add instead of 1 − s and a product. ∂L/∂x = σ·ξ, with σ = `steep`.
INLINE void NAME(scatter_as)(const int careful, const int pair, const int single, const gk_columns *c, int sensory,
                             const NAME(arrays) *p) {
  // The adjoint of gather_as: from d = ∂S₀_i and other = ∂S₁_i of a neuron to each of its synapses the four sums of
  // pull_rows, over rows, and to the presynaptic column σ·x. `steep` is σ.
  // A synapse outside, vectors of rows inside: its numbers and its four sums stay in registers over all rows, and with
  // one vector of rows D₀ and D₁ of the neuron do as well, over its whole list.
  const size_t rows = single ? LANES : p->rows, n = c->n;
  const gk_synapse *s = gk_first(&c->synapses, sensory, 0);
  const int32_t *ends = c->synapses.first + (size_t)sensory * (n + 1) + 1;
  const gk_synapse *records = c->synapses.records;
  // Sums stand in the order of the records, sensory ones behind the recurrent.
  float *sums = c->synapse_sums + (size_t)(s - records) * 4, *target = p->target;
  const float *first = p->first, *second = p->second, *values = p->values;
  for (size_t i = 0; i < n; i++, first += rows, second += rows) {
    const gk_synapse *end = records + ends[i];
    vec only_first = load(first), only_second = load(second);
    for (; s < end; s++, sums += 4) {
      vec by_first, by_second = splat(0), dx, dxv;
      for (size_t r = 0; r < rows; r += LANES) {
        size_t at = (size_t)s->pre * rows + r;
        vec v = load(values + at), gate = NAME(record_gate)(careful, s, v);
        // d = D₀·s, other = D₁·s, y = (w·D₀ + h·D₁)·s, slope = y·(1 − s) = ξ. The first vector of rows begins the sums,
        // so that they need no zeros.
        vec d = (single ? only_first : load(first + r)) * gate, y = splat(s->w) * d;
        by_first = r == 0 ? d : by_first + d;
        if (pair) {
          vec other = (single ? only_second : load(second + r)) * gate;
          by_second = r == 0 ? other : by_second + other;
          y = fma(splat(s->drive), other, y);
        }
        vec slope = fma(-y, gate, y);
        dx = r == 0 ? slope : dx + slope;
        dxv = r == 0 ? slope * v : fma(slope, v, dxv);
        store(target + at, fma(splat(s->steep), slope, load(target + at)));
      }
      // Over the lanes, which are rows: four horizontal sums in one tree, and one addition to memory.
      *(NAME(four) *)sums += NAME(four_sums)(by_first, by_second, dx, dxv);
    }
  }
}

// The variants of gather_list, times one or two sums; a variant of one sum has no D₁ and leaves Σ D₁·s at what it is.
static __attribute__((noinline)) void NAME(scatter_list)(int careful, const gk_columns *c, int sensory,
                                                         const NAME(arrays) *p) {
#define SCATTER(careful, single)                                                          \
  if (c->sums > 1) NAME(scatter_as)(careful, 1, single, c, sensory, p);                   \
  else NAME(scatter_as)(careful, 0, single, c, sensory, p)
  if (careful) {
    SCATTER(1, 0);
  } else if (p->rows == LANES) {
#ifdef PAIRS
    PAIRED(gk_pairs_scatter)(&c->synapses, c->sums > 1, sensory, p->values, p->first, p->second, p->target,
                             c->synapse_sums + (gk_first(&c->synapses, sensory, 0) - c->synapses.records) * 4);
#else
    SCATTER(0, 1);
#endif
  } else {
    SCATTER(0, 0);
  }
#undef SCATTER
}

// The same for gap junctions: ∂L/∂g of each end, ∂L/∂x of the neuron at the far one.
//
// junction_sums [end][L], added to: lane l has the rows that are l modulo L. Both ends of a junction have a vector of
// their own; settle_circuit adds lanes and ends to ∂L/∂g, in all ∂L/∂g = Σ_r D₀_i + D₀_j + x_j·D₁_i + x_i·D₁_j. Twin:
// GapJunctions.scatter.
static __attribute__((noinline)) void NAME(scatter_junctions)(const gk_columns *c, const NAME(arrays) *p) {
  const gk_junctions *joints = &c->junctions;
  float *sum = c->junction_sums;
  for (size_t i = 0; i < c->n; i++) {
    for (int32_t e = joints->first[i]; e < joints->first[i + 1]; e++, sum += LANES) {
      const gk_junction_end *end = joints->ends + e;
      // S₀_i += g and S₁_i += g·x_j: ∂g = ∂S₀_i + ∂S₁_i·x_j, ∂x_j = g·∂S₁_i. A vector of sums an end, added up over
      // lanes at the end of the pass.
      vec total = load(sum);
      for (size_t r = 0; r < p->rows; r += LANES) {
        size_t at = (size_t)end->other * p->rows + r;
        vec drive = load(p->second + i * p->rows + r);
        total = fma(drive, load(p->values + at), total + load(p->first + i * p->rows + r));
        store(p->target + at, fma(splat(end->g), drive, load(p->target + at)));
      }
      store(sum, total);
    }
  }
}

// From ∂L/∂sums adds ∂L/∂values to `target`, rows of `target_row` floats, and to the sums of synapses and junctions.
//
// x as in gk_columns_gather, at the same values; gradient: ∂L/∂sums [R][pitch], D₀ in the first block, D₁ in the
// second; target: [R][target_row], ∂L/∂x added to, entries behind N or M left as they are. The columns of `target` in
// the working space start at zero here, since both walks add to them; the caller's rows are added in from_columns.
// Gates are made again from x; none is kept on the tape.
void NAME(gk_columns_scatter)(const gk_columns *c, int careful, int sensory, const float *x, size_t x_row,
                              const float *gradient, float *target, size_t target_row) {
  NAME(arrays) p = NAME(arrays_of)(c);
  size_t count = sensory ? c->m : c->n;
  NAME(to_columns)(p.values, x, x_row, count, c->rows);
  // D₀ and D₁ have a place each for N columns, x and ∂L/∂x for N or M.
  NAME(to_columns)(p.first, gradient, c->pitch, c->n, c->rows);
  if (c->sums > 1) NAME(to_columns)(p.second, gradient + c->stride, c->pitch, c->n, c->rows);
  NAME(clear)(p.target, count * p.rows);
  if (c->lists) NAME(scatter_list)(careful, c, sensory, &p);
  if (c->joins && !sensory) NAME(scatter_junctions)(c, &p);
  NAME(from_columns)(target, target_row, target_row, target, p.target, count, c->rows);
}
