// Template: the walk over all pairs, forward. No include guard: once a level.
//
// A sub-step of neuron i in row r, c = cm·U/Δt:
//
//   v_i ← (c·v_i + [g·e + Σ_k S_ki·E_ki] + Σ_j A_ji·E_ji)/(c + [g + 1e-8 + Σ_k S_ki] + Σ_j A_ji)
//
// What stands in brackets changes once per step only: `rest_group` leaves it in `resting` and `conducting`, and U calls
// of `unfold_group` add the recurrent synapses. 1/den goes to the tape, since backward wants nothing else of the
// quotient. Scalar twin: ContinuousCircuit.scalarForward with SemiImplicit, GatedSynapses (synaptic, conductance) and
// ConductanceMembrane.

// What a pass hands down. before, after and inverse are slots, [row][stride]; `gates` is [row vector][pre N][LANES].
typedef struct {
  const NAME(layout) *l;
  const NAME(scratch) *s;
  const float *prepared;
  float *scratch;
  const float *inputs;                // of this step, [row][M], padded rows
  const float *before;                // states before the sub-step
  float *after, *inverse;             // states after it and 1/denominator
  float *gates;                       // of the sub-step, or null
} NAME(walk);

// A step's share that the sub-steps do not change: leak and sensory synapses.
//
// For `group` row vectors from `row` on and block b:  resting ← g·e + Σ_k S_ki·E_ki,  conducting ← g + 1e-8 + Σ_k S_ki,
// of one step, overwritten. The 1e-8 is SemiImplicit.epsilon: the denominator is positive even where a neuron has
// neither leak nor open synapses. Since rows r and r + 1 of a vector stand side by side, a vector of sums is one store.
INLINE void NAME(rest_group)(const int careful, const int keep, const int group, const NAME(walk) *c, size_t b,
                             size_t row) {
  const NAME(layout) *l = c->l;
  vec numerator[FORWARD_GROUP], denominator[FORWARD_GROUP];
  for (int r = 0; r < group; r++) {
    // g·e and g + 1e-8, to which `synapses` adds Σ_k S_ki·E_ki and Σ_k S_ki.
    numerator[r] = load(c->prepared + l->drive + b * LANES);
    denominator[r] = load(c->prepared + l->leak + b * LANES) + splat(1e-8f);
  }
  // The pack of block b is [M][4][LANES]; μ of this block stands every `width` floats.
  NAME(synapses)(careful, keep, group, c->prepared + l->forward[1] + b * l->m * 4 * LANES,
                 c->prepared + l->mu[1] + b * LANES, l->width, l->m, c->inputs + row * l->m, l->m, 0, 0, numerator,
                 denominator);
  for (int r = 0; r < group; r++) {
    size_t at = (row + (size_t)r * TWO_ROWS) * l->stride + b * PRE;
    store(c->scratch + c->s->resting + at, numerator[r]);
    store(c->scratch + c->s->conducting + at, denominator[r]);
  }
}

// One sub-step of `group` row vectors and block b: `after` and `inverse` are overwritten. Each row reads the states of
// all N neurons in `before` and writes to another slot, so that all neurons move from the same moment, in any order of
// blocks.
//
// v' is a weighted mean of v, e and reversal potentials with weights c, g and A, S (all ≥ 0 where the head calls the
// cell tame), drawn towards 0 by 1e-8: this is why |v'| ≤ max(|v|, |e|, |E|), and why gk_fast can bound every exponent
// of the pass before it begins.
INLINE void NAME(unfold_group)(const int careful, const int keep, const int group, const NAME(walk) *c, size_t b,
                               size_t row) {
  const NAME(layout) *l = c->l;
  // Numerator and denominator of a group of row vectors stay in registers over all presynaptic neurons of a block.
  vec numerator[FORWARD_GROUP], denominator[FORWARD_GROUP];
  vec capacitance = load(c->prepared + l->capacitance + b * LANES);
  for (int r = 0; r < group; r++) {
    size_t at = (row + (size_t)r * TWO_ROWS) * l->stride + b * PRE;
    // c = cm·U/Δt, whose Δt differs by row; padding rows have that of row 0, so that no lane divides by zero.
    vec rate = capacitance * NAME(rows)(c->scratch + c->s->rates + row + (size_t)r * TWO_ROWS, 1);
    numerator[r] = fma(rate, load(c->before + at), load(c->scratch + c->s->resting + at));
    denominator[r] = rate + load(c->scratch + c->s->conducting + at);
  }
  // The pack of block b is [N][4][LANES]. With gates kept there is one block, and a row vector's gates are N·LANES
  // floats.
  NAME(synapses)(careful, keep, group, c->prepared + l->forward[0] + b * l->n * 4 * LANES,
                 c->prepared + l->mu[0] + b * LANES, l->width, l->n, c->before + row * l->stride, l->stride,
                 keep ? c->gates + row / TWO_ROWS * l->n * LANES : 0, l->n * LANES, numerator, denominator);
  for (int r = 0; r < group; r++) {
    size_t at = (row + (size_t)r * TWO_ROWS) * l->stride + b * PRE;
    // One division a neuron and sub-step; backward multiplies by its result.
    //
    // v' = numerator·(1/denominator), two roundings where the scalar twin has one division.
    vec inverse = splat(1) / denominator[r];
    store(c->inverse + at, inverse);
    store(c->after + at, numerator[r] * inverse);
  }
}

// All blocks and rows, in groups of FORWARD_GROUP and what is left in smaller ones.
// Blocks outside, rows inside: a block's pack, [pre][4][LANES], is used for all rows while it is in a cache. `careful`,
// `keep` and `maximum` are constants, so that each size of group is compiled for itself; careful rows go one by one.
#define OVER_ROWS(part, careful, keep, maximum)                                                    \
  for (size_t b = 0; b < c->l->blocks; b++) {                                                      \
    size_t vector = 0, vectors = c->s->vectors;                                                    \
    for (; vector + maximum <= vectors; vector += maximum) {                                       \
      NAME(part)(careful, keep, maximum, c, b, vector * TWO_ROWS);                                 \
    }                                                                                              \
    if (maximum > 2 && vector + 2 <= vectors) {                                                    \
      NAME(part)(careful, keep, maximum > 2 ? 2 : 1, c, b, vector * TWO_ROWS);                     \
      vector += 2;                                                                                 \
    }                                                                                              \
    if (vector < vectors) NAME(part)(careful, keep, 1, c, b, vector * TWO_ROWS);                   \
  }

// The constants of `rest` and `unfold` are chosen here, once a step and once a sub-step.
static __attribute__((noinline)) void NAME(rest)(int careful, const NAME(walk) *c) {
  if (careful) {
    OVER_ROWS(rest_group, 1, 0, 1)
  } else {
    OVER_ROWS(rest_group, 0, 0, FORWARD_GROUP)
  }
}

static __attribute__((noinline)) void NAME(unfold)(int careful, const NAME(walk) *c) {
  if (careful) {
    OVER_ROWS(unfold_group, 1, 0, 1)
  } else if (c->gates) {
    OVER_ROWS(unfold_group, 0, 1, FORWARD_GROUP)
  } else {
    OVER_ROWS(unfold_group, 0, 0, FORWARD_GROUP)
  }
}

// Copies [rows][count] to rows of another stride; padding rows and columns of the destination are zero.
// to is [to_rows][to_stride].
INLINE void NAME(spread)(float *to, size_t to_stride, size_t to_rows, const float *from, size_t count, size_t rows) {
  for (size_t r = 0; r < to_rows; r++) {
    size_t kept = r < rows ? count : 0;
    for (size_t i = 0; i < kept; i++) to[r * to_stride + i] = from[r * count + i];
    for (size_t i = kept; i < to_stride; i++) to[r * to_stride + i] = 0;
  }
}

// Sets what differs by step: U/Δt of every row, and the inputs where rows are padded.
//
// Returns this step's inputs, [R padded][M]: the caller's own array where R needs no padding, else the copy in scratch.
INLINE const float *NAME(begin_step)(gk_ltc cell, const NAME(layout) *l, const NAME(scratch) *s, const gk_pass *pass,
                                     float *scratch, size_t t) {
  size_t rows = (size_t)pass->rows;
  for (size_t r = 0; r < s->rows; r++) {
    // Rows of padding take the Δt of row 0: it is positive, and what they compute is dropped.
    scratch[s->rates + r] = (float)cell.unfolds / pass->elapsed[t * rows + (r < rows ? r : 0)];
  }
  const float *inputs = pass->inputs + t * rows * l->m;
  if (s->rows == rows) return inputs;
  NAME(spread)(scratch + s->input, l->m, s->rows, inputs, l->m, rows);
  return scratch + s->input;
}

// From pass->states[0], [R][N], fills pass->states[1 … T]. With a tape, kept for gk_backward of the same pass:
//
//   [T·U + 1][slot]  states: slot 0 the initial ones, slot u + 1 those after sub-step u (counted over the whole pass)
//   [T·U][slot]      1/denominator of every sub-step
//   [T·U][gates]     gates of the recurrent synapses, if keeps_gates and the fast path is taken
//
// Agrees with ContinuousCircuit.scalarForward to rounding; order of terms: c·v, then leak and inputs, then j ascending.
void NAME(gk_forward)(gk_ltc cell, const float *base, const gk_pass *pass) {
  NAME(layout) l = NAME(layout_of)(cell);
  size_t rows = (size_t)pass->rows, steps = (size_t)pass->steps, unfolds = (size_t)cell.unfolds;
  NAME(scratch) s = NAME(scratch_of)(&l, rows);
  const gk_head *head = (const gk_head *)base;
  float *scratch = aligned(pass->scratch), *tape = pass->keeps_tape ? aligned(pass->tape) : scratch + s.ping;
  // Decided once a pass: the bounds of states and inputs hold for all steps.
  int fast[2];
  gk_fast(cell, head, pass, fast);
  NAME(walk) c = {&l, &s, base + HEAD, scratch, 0, tape, 0, 0, 0};
  // Without a tape two slots of states alternate, and 1/denominator goes where it is overwritten.
  int keeps_gates = pass->keeps_tape && NAME(keeps_gates)(&l, &s, steps * unfolds);
  // Slot 0: [R][N] to [R padded][stride], zeros in the padding.
  NAME(spread)(tape, l.stride, s.rows, pass->states, l.n, rows);
  float *inverses = tape + (steps * unfolds + 1) * s.slot;
  for (size_t t = 0; t < steps; t++) {
    c.inputs = NAME(begin_step)(cell, &l, &s, pass, scratch, t);
    // (N·U + M)·N gates a step and row: sensory ones once, recurrent ones in every sub-step.
    NAME(rest)(!fast[1], &c);
    for (size_t u = t * unfolds; u < (t + 1) * unfolds; u++) {
      // u counts sub-steps from the begin of the pass.
      c.before = tape + (pass->keeps_tape ? u : u % 2) * s.slot;
      c.after = tape + (pass->keeps_tape ? u + 1 : (u + 1) % 2) * s.slot;
      c.inverse = pass->keeps_tape ? inverses + u * s.slot : scratch + s.push;
      c.gates = keeps_gates ? tape + (2 * steps * unfolds + 1) * s.slot + u * s.gates : 0;
      NAME(unfold)(!fast[0], &c);
    }
    // [T + 1][R][N] has no padding: rows are copied out of the slot.
    float *states = pass->states + (t + 1) * rows * l.n;
    for (size_t r = 0; r < rows; r++) {
      for (size_t i = 0; i < l.n; i++) states[r * l.n + i] = c.after[r * l.stride + i];
    }
  }
}
