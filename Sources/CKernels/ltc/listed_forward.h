// Template: the walk over a list, forward. No include guard: once a level.
//
// The formula, what is kept and the scalar twin are those of all_pairs_forward.h; neuron by neuron, a vector of rows at
// a time, numerator and denominator stay in registers over the neuron's list.

// Adds the synapses onto one neuron, for one vector of rows; `x` is its lanes in presynaptic value 0.
//
// numerator += w·E·s and denominator += w·s, in the order of the list, which is that of ascending j. The presynaptic
// columns are read from anywhere; up to LANES rows one is a single vector.
INLINE void NAME(list)(const int careful, const gk_synapse *p, const gk_synapse *end, const float *x, size_t rows,
                       vec *numerator, vec *denominator) {
  for (; p < end; p++) {
    // Four numbers of the record spread over a vector, one load of LANES rows, one gate: LANES gates of one synapse.
    vec s = NAME(record_gate)(careful, p, load(x + (size_t)p->pre * rows));
    *numerator = fma(splat(p->drive), s, *numerator);
    *denominator = fma(splat(p->w), s, *denominator);
  }
}

// A step's share that the sub-steps do not change: leak and sensory synapses.
// resting ← g·e + Σ_k S·E and conducting ← g + 1e-8 + Σ_k S, [N][R], overwritten.
INLINE void NAME(rows_rest)(const int careful, const NAME(rows_walk) *c) {
  const NAME(rows_scratch) *s = c->s;
  for (size_t i = 0; i < s->n; i++) {
    for (size_t r = 0; r < s->rows; r += LANES) {
      // g·e and g + 1e-8, onto which the list of sensory synapses is added.
      vec numerator = splat(c->leak[i] * c->rest[i]), denominator = splat(c->leak[i] + 1e-8f);
      NAME(list)(careful, gk_first(c->synapses, 1, i), gk_first(c->synapses, 1, i + 1),
                 c->scratch + s->input + r, s->rows, &numerator, &denominator);
      store(c->scratch + s->resting + i * s->rows + r, numerator);
      store(c->scratch + s->conducting + i * s->rows + r, denominator);
    }
  }
}

// One sub-step: `after` and `inverse`, [N][R], overwritten from `before`. Vectors of rows are inside of neurons, so
// that a neuron's list, 32 bytes a synapse, stays in the first-level cache while the rows pass.
INLINE void NAME(rows_unfold)(const int careful, const NAME(rows_walk) *c) {
  const NAME(rows_scratch) *s = c->s;
  for (size_t i = 0; i < s->n; i++) {
    for (size_t r = 0; r < s->rows; r += LANES) {
      size_t at = i * s->rows + r;
      // c = cm·U/Δt; the formula is that of all_pairs_forward.h, with rows as lanes.
      vec rate = splat(c->capacitance[i]) * load(c->scratch + s->rates + r);
      vec numerator = fma(rate, load(c->before + at), load(c->scratch + s->resting + at));
      vec denominator = rate + load(c->scratch + s->conducting + at);
      NAME(list)(careful, gk_first(c->synapses, 0, i), gk_first(c->synapses, 0, i + 1), c->before + r, s->rows,
                 &numerator, &denominator);
      // v' = numerator/denominator; backward multiplies by 1/denominator.
      vec inverse = splat(1) / denominator;
      store(c->inverse + at, inverse);
      store(c->after + at, numerator * inverse);
    }
  }
}

// From pass->states[0] fills pass->states[1 … T], [R][N] each, turned into columns at the begin and back after every
// step. Same results as gk_forward and as the scalar twin up to rounding. Gates are not kept on the tape.
void NAME(gk_rows_forward)(gk_ltc cell, const float *base, const gk_synapses *synapses, const gk_pass *pass) {
  NAME(rows_scratch) s = NAME(rows_scratch_of)(cell, (size_t)pass->rows);
  size_t rows = (size_t)pass->rows, steps = (size_t)pass->steps, unfolds = (size_t)cell.unfolds;
  float *scratch = aligned(pass->scratch), *tape = pass->keeps_tape ? aligned(pass->tape) : scratch + s.ping;
  // [T·U + 1 slots of states][T·U slots of 1/denominator]; without a tape two slots of states alternate.
  float *inverses = tape + (steps * unfolds + 1) * s.slot;
  int fast[2];
  gk_fast(cell, (const gk_head *)base, pass, fast);
  NAME(rows_walk) c = NAME(rows_walk_of)(cell, &s, synapses, pass, scratch);
  NAME(columns)(tape, s.rows, pass->states, s.n, rows);
  for (size_t t = 0; t < steps; t++) {
    NAME(begin_rows)(cell, &c, pass, t);
    // `careful` has to be a constant where these are inlined: four compiled bodies.
    if (fast[1]) NAME(rows_rest)(0, &c);
    else NAME(rows_rest)(1, &c);
    for (size_t u = t * unfolds; u < (t + 1) * unfolds; u++) {
      c.before = tape + (pass->keeps_tape ? u : u % 2) * s.slot;
      c.after = tape + (pass->keeps_tape ? u + 1 : (u + 1) % 2) * s.slot;
      c.inverse = pass->keeps_tape ? inverses + u * s.slot : scratch + s.push;
      if (fast[0]) NAME(rows_unfold)(0, &c);
      else NAME(rows_unfold)(1, &c);
    }
    // State t + 1 is what the last of U sub-steps left.
    NAME(uncolumns)(pass->states + (t + 1) * rows * s.n, c.after, s.rows, s.n, rows);
  }
}
