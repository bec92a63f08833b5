// Template: where the walk over a list keeps things. No include guard: once a level.
//
// For few synapses: where d of all pairs are present, all pairs cost (N + M)·⌈N/LANES⌉ vectors of gates a row and
// sub-step, a list d·(N + M)·N·⌈R/LANES⌉/R. So states lie the other way round, [neuron][R padded to vectors]: one
// synapse is one record spread over a vector, its gate computed for LANES rows at once, and no lane computes an absent
// synapse.
//
// The lanes are rows of the batch; a state, a presynaptic value or a gradient of one neuron is `rows` contiguous
// floats, padded to whole vectors. Padding rows compute with Δt of row 0 and states, inputs and gradients of zero.
// Synapses are the records of synapse_list.h.

// Scratch, in floats; R is padded, an array of a neuron's or input's rows a *column*:
//
//   rates                          [R]
//   resting, conducting            [N][R]
//   ping                           two slots of states, [N][R] each
//   input, input_gradient          [M][R]
//   flow, push, drag, pushes, drags  [N][R], as in all_pairs_layout.h
//   sums, totals                   [synapse][y, push·s, x, x·v], in the order of the list, room for all pairs
//   neuron                         [Σ push, Σ drag, ∂cm][N][LANES]: rows r, r + LANES, … share a lane
typedef struct {
  size_t n, m, rows, slot;  // slot: states of all neurons
  // Offsets in scratch; sums and totals are [synapse][w, E, x, x·v], of neurons
  // [Σ push, Σ drag, cm][neuron][LANES].
  size_t rates, resting, conducting, ping, input, input_gradient, flow, push, drag, pushes, drags, sums, totals;
  size_t neuron, size;
} NAME(rows_scratch);

INLINE NAME(rows_scratch) NAME(rows_scratch_of)(gk_ltc cell, size_t rows) {
  NAME(rows_scratch) s;
  // Everything of a neuron or input is a row of `rows` floats, a whole number of vectors.
  s.n = (size_t)cell.neurons, s.m = (size_t)cell.inputs, s.rows = rounded(rows, LANES), s.slot = s.n * s.rows;
  size_t at = 0;
  s.rates = at, at += rounded(s.rows, ALIGNMENT);
  s.resting = at, at += s.slot;
  s.conducting = at, at += s.slot;
  s.ping = at, at += 2 * s.slot;
  s.input = at, at += s.m * s.rows;
  s.input_gradient = at, at += s.m * s.rows;
  s.flow = at, at += s.slot;
  s.push = at, at += s.slot;
  s.drag = at, at += s.slot;
  s.pushes = at, at += s.slot;
  s.drags = at, at += s.slot;
  at = rounded(at, ALIGNMENT);
  // `four_sums` adds to four floats at any address; only the begin is aligned.
  s.sums = at, at += 4 * (s.n + s.m) * s.n;
  s.totals = at, at += 4 * (s.n + s.m) * s.n;
  s.neuron = at, at += 3 * s.n * LANES;
  s.size = at;
  return s;
}

size_t NAME(gk_rows_tape_size)(gk_ltc cell, int rows, int steps) {
  // T·U + 1 slots of states and T·U of 1/denominator. Gates are computed again on the way back.
  return (2 * (size_t)steps * (size_t)cell.unfolds + 1) * NAME(rows_scratch_of)(cell, (size_t)rows).slot;
}

size_t NAME(gk_rows_scratch_size)(gk_ltc cell, int rows) { return NAME(rows_scratch_of)(cell, (size_t)rows).size; }

// [rows][count] to [count][padded rows] and back.
// to[i][r] = from[r][i]; rows of padding become zero in `columns` and are dropped by `uncolumns`.
INLINE void NAME(columns)(float *to, size_t padded, const float *from, size_t count, size_t rows) {
  for (size_t i = 0; i < count; i++) {
    for (size_t r = 0; r < rows; r++) to[i * padded + r] = from[r * count + i];
    for (size_t r = rows; r < padded; r++) to[i * padded + r] = 0;
  }
}

INLINE void NAME(uncolumns)(float *to, const float *from, size_t padded, size_t count, size_t rows) {
  for (size_t r = 0; r < rows; r++) {
    for (size_t i = 0; i < count; i++) to[r * count + i] = from[i * padded + r];
  }
}

// What a pass hands down: g, e and cm, [N] each, as the caller has them; before, after and inverse are slots, [N][R].
typedef struct {
  const NAME(rows_scratch) *s;
  const gk_synapses *synapses;
  const float *leak, *rest, *capacitance;
  float *scratch;
  const float *before;
  float *after, *inverse;
} NAME(rows_walk);

// s of one synapse for LANES rows: its parameters spread over the lanes, v the presynaptic neuron's column.
INLINE vec NAME(record_gate)(const int careful, const gk_synapse *p, vec v) {
  return careful ? careful_gate(splat(p->a), splat(p->mu), v) : gate(splat(p->a), splat(p->k), v);
}

// Sets `rates` and `input` of step t. Overwritten.
INLINE void NAME(begin_rows)(gk_ltc cell, const NAME(rows_walk) *c, const gk_pass *pass, size_t t) {
  const NAME(rows_scratch) *s = c->s;
  size_t rows = (size_t)pass->rows;
  for (size_t r = 0; r < s->rows; r++) {
    // U/Δt by row; rows of padding take that of row 0, which is positive.
    c->scratch[s->rates + r] = (float)cell.unfolds / pass->elapsed[t * rows + (r < rows ? r : 0)];
  }
  NAME(columns)(c->scratch + s->input, s->rows, pass->inputs + t * rows * s->m, s->m, rows);
}

INLINE NAME(rows_walk) NAME(rows_walk_of)(gk_ltc cell, const NAME(rows_scratch) *s, const gk_synapses *synapses,
                                          const gk_pass *pass, float *scratch) {
  // g, e and cm come straight from the parameters, behind the four of the synapses: one value is spread over all
  // rows.
  const float *leak = pass->parameters + 4 * (size_t)(cell.neurons + cell.inputs) * s->n;
  NAME(rows_walk) c = {s, synapses, leak, leak + s->n, leak + 2 * s->n, scratch, 0, 0, 0};
  return c;
}
