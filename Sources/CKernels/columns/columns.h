// Template: sums of listed synapses and of gap junctions, for circuits whose states lie in rows. No include guard: once a
// level.
//
// S₀_i += Σ w·s and S₁_i += Σ (second strength)·s over the list onto neuron i, and for the junctions {i, j} at i
// S₀_i += g, S₁_i += g·x_j; backward the adjoint of both. Scalar twins: gather and scatter of GatedSynapses (synaptic) and of
// GapJunctions.
//
// Here the lanes are rows of the batch. Values are turned from rows to columns, [neuron][padded rows], a square of LANES
// by LANES at a time in registers, and sums are turned back. Padding rows hold zeros.

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

// Turns a square: interleaving the first half of the vectors with the second turns the bits of (vector, lane) by one
// place, and log₂ LANES times that exchanges the two.
INLINE void NAME(turn_square)(vec x[LANES]) {
  vec y[LANES];
#pragma clang loop unroll(full)
  for (int turned = 1; turned < LANES; turned *= 2) {
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
INLINE void NAME(square_to)(const int part, float *to, size_t padded, const float *from, size_t from_row, size_t columns,
                            size_t rows) {
  vec x[LANES];
#pragma clang loop unroll(full)
  for (size_t k = 0; k < LANES; k++) {
    if (part) x[k] = k < rows ? load_part(from + k * from_row, columns) : splat(0);
    else x[k] = load(from + k * from_row);
  }
  NAME(turn_square)(x);
#pragma clang loop unroll(full)
  for (size_t k = 0; k < LANES; k++) store(to + k * padded, x[k]);
}

// [rows][from_row] to [count][padded]; columns up to a whole number of vectors are written.
static __attribute__((noinline)) void NAME(to_columns)(float *to, const float *from, size_t from_row, size_t count,
                                                       size_t rows) {
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
INLINE void NAME(square_from)(const int part, float *to, size_t to_row, const float *start, const float *from,
                              size_t padded, size_t filled, size_t columns, size_t rows) {
  vec x[LANES];
#pragma clang loop unroll(full)
  for (size_t k = 0; k < LANES; k++) x[k] = !part || k < filled ? load(from + k * padded) : splat(0);
  NAME(turn_square)(x);
#pragma clang loop unroll(full)
  for (size_t k = 0; k < LANES; k++) {
    if (!part) store(to + k * to_row, start ? load(start + k * to_row) + x[k] : x[k]);
    else if (k < rows) store_part(to + k * to_row, columns, start ? load_part(start + k * to_row, columns) + x[k] : x[k]);
  }
}

// [count][padded], onto `start` (null: zero), to rows of `row` floats a distance `to_row` apart, zero behind `count`.
static __attribute__((noinline)) void NAME(from_columns)(float *to, size_t to_row, size_t row, const float *start,
                                                         const float *from, size_t count, size_t rows) {
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
  size_t rows;                             // padded
  float *values, *target, *first, *second;  // columns
} NAME(arrays);

INLINE NAME(arrays) NAME(arrays_of)(const gk_columns *c) {
  NAME(arrays) p = {.rows = rounded(c->rows, LANES), .values = c->scratch};
  size_t most = rounded(c->n > c->m ? c->n : c->m, 16) * p.rows, sum = rounded(c->n, 16) * p.rows;
  p.target = p.values + most, p.first = p.target + most, p.second = p.first + sum;
  return p;
}

#ifdef PAIRS
#define PAIRED(a) GLUE(a, PAIRS)
void PAIRED(gk_pairs_gather)(const gk_synapses *, int, const float *, float *, float *);
void PAIRED(gk_pairs_scatter)(const gk_synapses *, int, int, const float *, const float *, const float *, float *,
                              float *);
#endif

// The sums S₀ and S₁ of synapses. `single`: there is one vector of rows.
INLINE void NAME(gather_as)(const int careful, const int single, const gk_columns *c, int sensory,
                            const NAME(arrays) *p) {
  const size_t rows = single ? LANES : p->rows, n = c->n;
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
static __attribute__((noinline)) void NAME(gather_junctions)(const gk_columns *c, const NAME(arrays) *p) {
  const gk_junctions *joints = &c->junctions;
  for (size_t i = 0; i < c->n; i++) {
    for (size_t r = 0; r < p->rows; r += LANES) {
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

INLINE void NAME(clear)(float *to, size_t count) {
  for (size_t i = 0; i < count; i += LANES) store(to + i, splat(0));
}

// The sums at these values, [row][x_row], onto those of `start` (null: zero), rows of `pitch` floats.
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

// The adjoint: adds to the sums of every synapse, and to the columns of `target`. `single`: there is one vector of rows.
INLINE void NAME(scatter_as)(const int careful, const int pair, const int single, const gk_columns *c, int sensory,
                             const NAME(arrays) *p) {
  const size_t rows = single ? LANES : p->rows, n = c->n;
  const gk_synapse *s = gk_first(&c->synapses, sensory, 0);
  const int32_t *ends = c->synapses.first + (size_t)sensory * (n + 1) + 1;
  const gk_synapse *records = c->synapses.records;
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
      *(NAME(four) *)sums += NAME(four_sums)(by_first, by_second, dx, dxv);
    }
  }
}

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
static __attribute__((noinline)) void NAME(scatter_junctions)(const gk_columns *c, const NAME(arrays) *p) {
  const gk_junctions *joints = &c->junctions;
  float *sum = c->junction_sums;
  for (size_t i = 0; i < c->n; i++) {
    for (int32_t e = joints->first[i]; e < joints->first[i + 1]; e++, sum += LANES) {
      const gk_junction_end *end = joints->ends + e;
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
void NAME(gk_columns_scatter)(const gk_columns *c, int careful, int sensory, const float *x, size_t x_row,
                              const float *gradient, float *target, size_t target_row) {
  NAME(arrays) p = NAME(arrays_of)(c);
  size_t count = sensory ? c->m : c->n;
  NAME(to_columns)(p.values, x, x_row, count, c->rows);
  NAME(to_columns)(p.first, gradient, c->pitch, c->n, c->rows);
  if (c->sums > 1) NAME(to_columns)(p.second, gradient + c->stride, c->pitch, c->n, c->rows);
  NAME(clear)(p.target, count * p.rows);
  if (c->lists) NAME(scatter_list)(careful, c, sensory, &p);
  if (c->joins && !sensory) NAME(scatter_junctions)(c, &p);
  NAME(from_columns)(target, target_row, target_row, target, p.target, count, c->rows);
}
