// Template: where the walk over a list keeps things. No include guard: once a level.
//
// For few synapses: where d of all pairs are present, all pairs cost (N + M)·⌈N/LANES⌉ vectors of gates a row and sub-step,
// a list d·(N + M)·N·⌈R/LANES⌉/R. So states lie the other way round, [neuron][R padded to vectors]: one synapse is one
// record spread over a vector, its gate computed for LANES rows at once, and no lane computes an absent synapse.
//
// The lanes are rows of the batch; a state, a presynaptic value or a gradient of one neuron is `rows` contiguous
// floats, padded to whole vectors. Padding rows compute with Δt of row 0 and states, inputs and gradients of zero.
// Synapses are the records of synapse_list.h.

typedef struct {
  size_t n, m, rows, slot;  // slot: states of all neurons
  // Offsets in scratch; sums and totals are [synapse][w, E, x, x·v], of neurons
  // [Σ push, Σ drag, cm][neuron][LANES].
  size_t rates, resting, conducting, ping, input, input_gradient, flow, push, drag, pushes, drags, sums, totals;
  size_t neuron, size;
} NAME(rows_shard);

INLINE NAME(rows_shard) NAME(rows_shard_of)(gk_ltc cell, size_t rows) {
  NAME(rows_shard) s;
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
  s.sums = at, at += 4 * (s.n + s.m) * s.n;
  s.totals = at, at += 4 * (s.n + s.m) * s.n;
  s.neuron = at, at += 3 * s.n * LANES;
  s.size = at;
  return s;
}

size_t NAME(gk_rows_tape_size)(gk_ltc cell, int rows, int steps) {
  return (2 * (size_t)steps * (size_t)cell.unfolds + 1) * NAME(rows_shard_of)(cell, (size_t)rows).slot;
}

size_t NAME(gk_rows_scratch_size)(gk_ltc cell, int rows) { return NAME(rows_shard_of)(cell, (size_t)rows).size; }

// [rows][count] to [count][padded rows] and back.
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

typedef struct {
  const NAME(rows_shard) *s;
  const gk_synapses *synapses;
  const float *leak, *rest, *capacitance;
  float *scratch;
  const float *before;
  float *after, *inverse;
} NAME(rows_walk);

INLINE vec NAME(record_gate)(const int careful, const gk_synapse *p, vec v) {
  return careful ? careful_gate(splat(p->a), splat(p->mu), v) : gate(splat(p->a), splat(p->k), v);
}

INLINE void NAME(begin_rows)(gk_ltc cell, const NAME(rows_walk) *c, const gk_pass *pass, size_t t) {
  const NAME(rows_shard) *s = c->s;
  size_t rows = (size_t)pass->rows;
  for (size_t r = 0; r < s->rows; r++) {
    c->scratch[s->rates + r] = (float)cell.unfolds / pass->elapsed[t * rows + (r < rows ? r : 0)];
  }
  NAME(columns)(c->scratch + s->input, s->rows, pass->inputs + t * rows * s->m, s->m, rows);
}

INLINE NAME(rows_walk) NAME(rows_walk_of)(gk_ltc cell, const NAME(rows_shard) *s, const gk_synapses *synapses,
                                          const gk_pass *pass, float *scratch) {
  const float *leak = pass->parameters + 4 * (size_t)(cell.neurons + cell.inputs) * s->n;
  NAME(rows_walk) c = {s, synapses, leak, leak + s->n, leak + 2 * s->n, scratch, 0, 0, 0};
  return c;
}
