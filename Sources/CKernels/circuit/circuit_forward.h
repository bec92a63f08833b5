// Template: a circuit forward. No include guard: once a level.
//
// An evaluation at states x, rows at once:
//
//   gather_sums   S = sensory sums + Σ_j term(x_j)       gates of all pairs, a list of synapses or a product
//   activate      S → (capacity, total, drive)            membrane.h
//   move          the solver: next state, or this stage's rate k = (drive − total·x)/capacity
//   aim           states of the next stage: x + h·Σ a_sr·k_r
//
// Inputs are held during a step, so their sums are made once and every evaluation starts from them. Scalar twins:
// Dynamics.evaluateInputs and evaluate, SynapseLaw.gather, Membrane.evaluate, and the steppers of Solvers.

// What the functions of a step are given: `l` the layout of everything, `s` the offsets in scratch; `scratch`,
// `prepared` behind the head, and the tape's part as arguments.
typedef struct {
  const gk_circuit *cell;
  const NAME(circuit) *l;
  const NAME(part) *s;
  const gk_circuit_head *head;
  const gk_columns *columns;  // null: no list of synapses, no junctions
  const float *prepared;
  float *scratch;
  // Δt of each row, [R].
  const float *elapsed;  // of this step
} NAME(run);

// Whether gates at these values may share divisions: no exponent too large, no NaN.
INLINE int NAME(is_fast)(const NAME(run) *c, int sensory, const float *x, size_t count) {
  // |a·v| ≤ STEEPEST for every value of this evaluation; `tame` says the same of |a·μ|, and is known since prepare. A
  // circuit has no bound for its states as the LTC has, so it is asked at every evaluation: O(R·N) beside O(R·N²).
  return c->head->tame[sensory] && c->head->steepness[sensory] * largest(x, count, 0) <= STEEPEST;
}

// Sums of synapses with a gate each, onto `start`, for `group` rows and all blocks of neurons.
//
// sums[r][q][i] = start[r][q][i] + Σ_j p_q,ji·s_ji(x_rj) with p₀ = w and p₁ = h or w·E, over all j in ascending order,
// absent ones with strength 0. x [group][x_row], start and sums [group][pitch]; `sums` is overwritten. Twin:
// GatedSynapses.gather with synaptic activation.
INLINE void NAME(gate_group)(const int careful, const int group, const NAME(run) *c, int sensory, const float *x,
                             size_t x_row, const float *start, float *sums) {
  const NAME(circuit) *l = c->l;
  size_t pre = sensory ? l->m : l->n;
  // Blocks of postsynaptic neurons outside, presynaptic values inside (in `synapses`): both sums of a block stay in
  // registers over all of them. `synapses` adds w·s to its last argument and the second strength·s to the one before.
  for (size_t b = 0; b < l->blocks; b++) {
    vec first[FORWARD_GROUP], second[FORWARD_GROUP];
    for (int r = 0; r < group; r++) {
      size_t from = (size_t)r * l->pitch + b * LANES;
      first[r] = start ? load(start + from) : splat(0);
      second[r] = start && l->gated > 1 ? load(start + from + l->stride) : splat(0);
    }
    NAME(synapses)(careful, 0, group, c->prepared + l->forward[sensory] + b * pre * 4 * LANES,
                   c->prepared + l->centre[sensory] + b * LANES, l->stride, pre, x, x_row, 0, 0, second, first);
    for (int r = 0; r < group; r++) {
      float *to = sums + (size_t)r * l->pitch + b * LANES;
      store(to, first[r]);
      if (l->gated > 1) store(to + l->stride, second[r]);
    }
  }
}

static __attribute__((noinline)) void NAME(gate_rows)(const NAME(run) *c, int sensory, const float *x, size_t x_row,
                                                      const float *start, float *sums) {
  // Groups of four rows share the loads of a synapse's parameters, pairs of rows one division; a careful row is
  // alone, so that a NaN in it meets no other row.
  // Each row's sums are formed in the same order in a group or alone; a fast gate from a shared division may differ
  // from one alone by rounding.
  size_t rows = c->s->rows, pitch = c->l->pitch, row = 0;
  int fast = NAME(is_fast)(c, sensory, x, rows * x_row);
#define GROUP(careful, group)                                                                                     \
  NAME(gate_group)(careful, group, c, sensory, x + row * x_row, x_row, start ? start + row * pitch : 0, sums + row * pitch); \
  row += group
  while (!fast && row < rows) { GROUP(1, 1); }
#if FORWARD_GROUP >= 4
  while (row + 4 <= rows) { GROUP(0, 4); }
#endif
  while (row + 2 <= rows) { GROUP(0, 2); }
  while (row < rows) { GROUP(0, 1); }
#undef GROUP
}

// Gates of the sources, one a value: [row][x_row] to [row][to_row].
//
// s_rj = σ(σ_j·(x_rj − μ_j)). Inputs have rows of exactly M floats and are read in part; states have padding. Lanes
// behind the last source have a = μ = 0, so a gate of ½, which no product reads. Twin: GatedSynapses.gather, neural.
static __attribute__((noinline)) void NAME(source_gates)(const NAME(run) *c, int sensory, const float *x, size_t x_row,
                                                         float *to) {
  const NAME(circuit) *l = c->l;
  // One gate a source and row, O(R·N), so it is always the careful one: nothing is won by the other.
  size_t count = sensory ? l->m : l->n, to_row = sensory ? l->sources : l->stride;
  for (size_t r = 0; r < c->s->rows; r++) {
    for (size_t j = 0; j < to_row; j += LANES) {
      vec value = sensory ? load_part(x + r * x_row + j, count - j) : load(x + r * x_row + j);
      store(to + r * to_row + j, careful_gate(load(c->prepared + l->slope[sensory] + j),
                                              load(c->prepared + l->half[sensory] + j), value));
    }
  }
}

// The part of gather_sums that is a product of matrices.
//
// y is x itself where activation is linear, and the gates of the sources where it is neural; those are written to
// `gates`, [R][stride or sources], where backward finds them. With gates of synapses the one product is S₂ of x. All
// blocks take the same y, so an elastance, whose S₂ is a sum of y itself, goes with synaptic or linear activation only;
// no cell has it with gates of sources. Twins: LinearSynapses.gather and the neural part of GatedSynapses.gather.
INLINE void NAME(multiply)(const NAME(run) *c, int sensory, const float *x, size_t x_row, float *gates,
                           const float *start, float *sums) {
  const NAME(circuit) *l = c->l;
  // S[r][block q][i] = start + Σ_j y_rj·W_q[j][i], all blocks in one product of inner length N or M: a row of
  // `matrix` holds the blocks side by side as a row of sums does.
  size_t skip = l->gated * l->stride;
  NAME(factors) p = {
      .a = x, .a_row = x_row, .a_step = 1, .b = c->prepared + l->matrix[sensory], .b_row = l->width,
      .start = start ? start + skip : 0, .start_row = l->pitch, .c = sums + skip, .c_row = l->pitch,
      .rows = c->s->rows, .columns = l->products * l->stride, .inner = sensory ? l->m : l->n, .outer = 1};
  if (c->cell->activation == GK_NEURAL) {
    NAME(source_gates)(c, sensory, x, x_row, gates);
    p.a = gates, p.a_row = sensory ? l->sources : l->stride;
  }
  NAME(product)(&p);
}

// The sums at these values, onto those of `start` (null: zero). `gates` has room for gates of sources.
//
// x: [R][x_row], N states or M inputs of each row; sums: [R][pitch], all blocks overwritten. Twins:
// Dynamics.evaluateInputs (sensory, onto nothing) and the first half of Dynamics.evaluate (onto the inputs' sums).
INLINE void NAME(gather_sums)(const NAME(run) *c, int sensory, const float *x, size_t x_row, float *gates,
                              const float *start, float *sums) {
  const NAME(circuit) *l = c->l;
  // Gates of all pairs and the list exclude each other and write the first `gated` blocks, products the blocks
  // behind. Gap junctions of a circuit without a list are added onto what all pairs left.
  int listed = c->columns && c->columns->lists;
  if (l->gated && !listed) NAME(gate_rows)(c, sensory, x, x_row, start, sums);
  if (l->products) NAME(multiply)(c, sensory, x, x_row, gates, start, sums);
  if (listed || (c->columns && !sensory)) {
    int careful = listed && !NAME(is_fast)(c, sensory, x, c->s->rows * x_row);
    c->columns->walk->gather(c->columns, careful, sensory, x, x_row, listed ? start : sums, sums);
  }
}

// States where stage s is evaluated: x + h·Σ a_sr·k_r.
//
// x: states at the sub-step's begin; to: [R][stride], overwritten. h = Δt/U differs from row to row. Twin:
// rungeKuttaStep.
static __attribute__((noinline)) void NAME(aim)(const NAME(run) *c, size_t stage, const float *x, float *to) {
  const NAME(circuit) *l = c->l;
  for (size_t r = 0; r < c->s->rows; r++) {
    float h = c->elapsed[r] / (float)c->cell->unfolds;
    for (size_t at = r * l->stride; at < (r + 1) * l->stride; at += LANES) {
      // Explicit: only rates k of the stages before, which `move` left in `work`, [stage][R][stride].
      vec sum = splat(0);
      for (size_t k = 0; k < stage; k++) {
        sum = fma(splat(c->cell->a[stage][k]), load(c->scratch + c->s->work + k * c->s->slot + at), sum);
      }
      store(to + at, fma(splat(h), sum, load(x + at)));
    }
  }
}

// Activates the sums of an evaluation at x. A solver of one stage makes the next state, others the rate of this stage
// and, after the last, the next state from that at the sub-step's begin.
//
// Of every neuron capacity·ẋ = drive − total·x with capacity, total and drive as they are at x. begin: the states of
// the sub-step's first stage; x: those of this one; sums [R][pitch] are overwritten by `activate`; next [R][stride] is
// overwritten when the sub-step is complete. Twins: SemiImplicit.step, ExponentialEuler.step, rungeKuttaStep.
static __attribute__((noinline)) void NAME(move)(const NAME(run) *c, size_t stage, const float *begin, const float *x,
                                                 float *sums, float *next) {
  const NAME(circuit) *l = c->l;
  size_t stages = (size_t)c->cell->stages;
  for (size_t r = 0; r < c->s->rows; r++) {
    float step = c->elapsed[r] / (float)c->cell->unfolds;
    vec h = splat(step), inverse = splat(1 / step);
    for (size_t i = 0; i < l->stride; i += LANES) {
      size_t at = r * l->stride + i;
      NAME(membrane) m = {c->cell, l->stride, c->prepared + l->membrane + i};
      float *s = sums + r * l->pitch + i;
      // The activated sums stay where the sums were: on the tape they are all that backward needs besides the states.
      NAME(activate)(&m, s);
      NAME(flow) f = NAME(flow_of)(&m, s);
      vec v = load(x + at);
      if (c->cell->solver == GK_SEMI_IMPLICIT) {
        // (c·x + drive)/(c + total + 1e-8), c = C/h: the backward Euler step of an equation whose total and drive are
        // taken at x.
        vec rate = f.capacity * inverse;
        store(next + at, fma(rate, v, f.drive) / (rate + f.total + splat(1e-8f)));
        continue;
      }
      // ẋ at x.
      // k = (drive − total·x)/capacity of this stage, `rate` of RungeKutta.swift.
      vec k = fma(-f.total, v, f.drive) / f.capacity;
      if (c->cell->solver == GK_EXPONENTIAL) {
        vec phi, slope;
        // Exact for constant total and drive: x decays to drive/total with rate total/C; φ keeps its digits as that
        // rate goes to 0.
        NAME(relaxation)(h * f.total / f.capacity, &phi, &slope);
        store(next + at, fma(h * phi, k, v));
        continue;
      }
      float *work = c->scratch + c->s->work + at;
      // Kept until the last stage, then x' = x + h·Σ_s b_s·k_s.
      store(work + stage * c->s->slot, k);
      if (stage + 1 < stages) continue;
      vec sum = splat(0);
      for (size_t q = 0; q < stages; q++) sum = fma(splat(c->cell->b[q]), load(work + q * c->s->slot), sum);
      store(next + at, fma(h, sum, load(begin + at)));
    }
  }
}

// T steps of U sub-steps of up to four stages, all R rows at once. The caller's states are [T + 1][R][N] and without
// padding; here they are [R][stride], copied once at the begin and out after each step. Twin:
// ContinuousCircuit.scalarForward, row after row.
void NAME(gk_circuit_forward)(const gk_circuit *cell, const float *base, const gk_list_walk *walk,
                               int uses_list, const gk_pass *pass) {
  NAME(circuit) l = NAME(circuit_of)(cell);
  size_t rows = (size_t)pass->rows, steps = (size_t)pass->steps, unfolds = (size_t)cell->unfolds;
  size_t stages = (size_t)cell->stages;
  // `in`: offsets in scratch; `s`: offsets in a tape of T steps.
  NAME(part) in = NAME(part_of)(cell, &l, rows, 0), s = NAME(part_of)(cell, &l, rows, steps);
  float *scratch = aligned(pass->scratch), *tape = pass->keeps_tape ? aligned(pass->tape) : 0;
  gk_columns listed, *columns = NAME(columns_of)(cell, &l, base + HEAD, walk, uses_list, pass, &listed);
  NAME(run) c = {cell, &l, &in, (const gk_circuit_head *)base, columns, base + HEAD, scratch, 0};
  if (columns) columns->scratch = scratch + in.columns;
  float *states = tape ? tape : scratch + in.states;
  for (size_t r = 0; r < rows; r++) {
    for (size_t i = 0; i < l.stride; i++) states[r * l.stride + i] = i < l.n ? pass->states[r * l.n + i] : 0;
  }
  for (size_t t = 0; t < steps; t++) {
    c.elapsed = pass->elapsed + t * rows;
    float *input_gates = tape ? tape + s.input_gates + t * rows * l.sources : scratch + in.input_opened;
    // Sums over the inputs' synapses, held for all evaluations of the step, [R][pitch].
    NAME(gather_sums)(&c, 1, pass->inputs + t * rows * l.m, l.m, input_gates, 0, scratch + in.held);
    float *next = states;
    for (size_t u = t * unfolds; u < (t + 1) * unfolds; u++) {
      // On the tape evaluation u·stages + s has the states [R][stride] where stage s is evaluated; stage 0 is the
      // state itself, and the one behind the last is the result. Without a tape two sub-steps share the room in turn.
      // u counts sub-steps through the whole pass, t·U … (t + 1)·U − 1 in step t.
      float *begin = states + (tape ? u : u % 2) * stages * in.slot;
      next = states + (tape ? u + 1 : (u + 1) % 2) * stages * in.slot;
      for (size_t stage = 0; stage < stages; stage++) {
        size_t evaluation = u * stages + stage;
        float *x = begin + stage * in.slot;
        float *gates = tape ? tape + s.gates + evaluation * in.slot : scratch + in.opened;
        float *sums = tape ? tape + s.sums + evaluation * rows * l.pitch : scratch + in.kept_sums;
        if (stage) NAME(aim)(&c, stage, begin, x);
        NAME(gather_sums)(&c, 0, x, l.stride, gates, scratch + in.held, sums);
        NAME(move)(&c, stage, begin, x, sums, next);
      }
    }
    float *out = pass->states + (t + 1) * rows * l.n;
    for (size_t r = 0; r < rows; r++) {
      for (size_t i = 0; i < l.n; i++) out[r * l.n + i] = next[r * l.stride + i];
    }
  }
}
