// Template: the walk over a list, backward; derivation and scalar twin stand in all_pairs_backward.h. No include guard:
// once a level.
//
// A synapse's four sums run over lanes, which are rows here: they are added horizontally four at a time (`four_sums`)
// and kept as [synapse][y, push·s, x, x·v] in the list's order. ∂v_j is scattered to the presynaptic neuron's column;
// several synapses share it, but one after the other, so there is nothing to lock.
//
// As in the walk over all pairs: y = (push·E + drag)·s, x = y·(1 − s), from which ∂w = Σ y, ∂E = w·Σ push·s, ∂μ =
// −σ·w·Σ x, ∂σ = w·(Σ x·v − μ·Σ x), ∂v_j = Σ_i w·σ·x. Here a lane is a row, so the first four are sums over lanes and
// ∂v_j is none: the lanes of w·σ·x are the rows of ∂v_j already.

// Pulls the gradient through the synapses of a kind: adds to their four sums, and to `target`, laid out as `x`.
// `single`: there is one vector of rows.
//
// push, drag: [N][R], advanced neuron by neuron; x and target: [N][R], or [M][R] for inputs; sums: [synapse][4], added
// to. With `single`, R = LANES is a constant and the loop over rows is gone.
INLINE void NAME(rows_pull_as)(const int careful, const int single, const NAME(rows_walk) *c, int sensory,
                               const float *push, const float *drag, const float *x, float *target) {
  const NAME(rows_scratch) *s = c->s;
  const gk_synapse *p = gk_first(c->synapses, sensory, 0);
  float *sums = c->scratch + s->sums + (size_t)(p - c->synapses->records) * 4;
  const size_t rows = single ? LANES : s->rows;
  for (size_t i = 0; i < s->n; i++, push += rows, drag += rows) {
    const gk_synapse *end = gk_first(c->synapses, sensory, i + 1);
    // Up to LANES rows: push and drag of neuron i stay in registers over all of its synapses.
    vec only_push = load(push), only_drag = load(drag);
    for (; p < end; p++, sums += 4) {
      vec dw, de, dx, dxv;
      for (size_t r = 0; r < rows; r += LANES) {
        size_t at = (size_t)p->pre * rows + r;
        vec pushed = single ? only_push : load(push + r), dragged = single ? only_drag : load(drag + r);
        vec v = load(x + at), gate = NAME(record_gate)(careful, p, v);
        // y = (push·E + drag)·s and slope = y·(1 − s), as in pull_group; `steep` is w·σ.
        vec y = fma(pushed, splat(p->reversal), dragged) * gate;
        vec slope = fma(-y, gate, y);
        store(target + at, fma(splat(p->steep), slope, load(target + at)));
        // Σ over vectors of rows, in registers; the first vector begins the sums.
        dw = r == 0 ? y : dw + y;
        de = r == 0 ? pushed * gate : fma(pushed, gate, de);
        dx = r == 0 ? slope : dx + slope;
        dxv = r == 0 ? slope * v : fma(slope, v, dxv);
      }
      // The four sums over rows in one tree of additions.
      *(NAME(four) *)sums += NAME(four_sums)(dw, de, dx, dxv);
    }
  }
}

// Three compiled bodies: careful gates, one vector of rows, any number.
static __attribute__((noinline)) void NAME(rows_pull)(int careful, const NAME(rows_walk) *c, int sensory,
                                                      const float *push, const float *drag, const float *x,
                                                      float *target) {
  if (careful) NAME(rows_pull_as)(1, 0, c, sensory, push, drag, x, target);
  else if (c->s->rows == LANES) NAME(rows_pull_as)(0, 1, c, sensory, push, drag, x, target);
  else NAME(rows_pull_as)(0, 0, c, sensory, push, drag, x, target);
}

// Σ over the lanes, which are rows.
INLINE float NAME(total)(vec x) {
  float sum = 0;
  for (int lane = 0; lane < LANES; lane++) sum += x[lane];
  return sum;
}

// The neurons' part of one sub-step, as neurons_back() of the walk over all pairs. Everything is held in locals: what
// is stored might be the walk's own fields for all the compiler knows.
//
//   push ← G/den,  drag ← −push·v',  pushes += push,  drags += drag,  ∂cm += Σ push·(v − v')·U/Δt,  flow ← push·c
//
// All arrays are [N][R]; `at` runs through them from begin to end. push·c is formed as (push·cm)·(U/Δt).
INLINE void NAME(rows_neurons_back)(const NAME(rows_walk) *c) {
  const NAME(rows_scratch) *s = c->s;
  const size_t n = s->n, rows = s->rows;
  float *restrict flow = c->scratch + s->flow, *restrict pushing = c->scratch + s->push;
  float *restrict dragging = c->scratch + s->drag, *restrict total = c->scratch + s->neuron + 2 * n * LANES;
  float *restrict pushes = c->scratch + s->pushes, *restrict drags = c->scratch + s->drags;
  const float *restrict inverse = c->inverse, *restrict before = c->before, *restrict after = c->after;
  const float *restrict rates = c->scratch + s->rates, *restrict capacitance = c->capacitance;
  for (size_t i = 0, at = 0; i < n; i++) {
    // ∂cm of neuron i is summed over vectors of rows in a register.
    vec charge = load(total + i * LANES), capacity = splat(capacitance[i]);
    for (size_t r = 0; r < rows; r += LANES, at += LANES) {
      vec x = load(after + at), push = load(flow + at) * load(inverse + at), drag = -push * x, rate = load(rates + r);
      store(pushing + at, push), store(dragging + at, drag);
      store(pushes + at, load(pushes + at) + push);
      store(drags + at, load(drags + at) + drag);
      charge = fma(rate, push * (load(before + at) - x), charge);
      store(flow + at, push * capacity * rate);
    }
    store(total + i * LANES, charge);
  }
}

// Moves the sums of some steps to the totals of the pass.
// The sums of synapses only: those of neurons have LANES partial sums each and go on through the pass.
INLINE void NAME(rows_gather)(const NAME(rows_walk) *c) {
  size_t count = gk_listed(c->synapses);
  float *sums = c->scratch + c->s->sums, *totals = c->scratch + c->s->totals;
  for (size_t k = 0; k < 4 * count; k++) totals[k] += sums[k], sums[k] = 0;
}

// Multiplies the totals by what stayed outside of the sums and adds them to the caller's gradient, synapse by synapse
// in the list's order; absent synapses are not in it and are not written. Parameters are [pre N + M][post N], and a
// record's `pre` counts within its kind.
INLINE void NAME(rows_settle)(const NAME(rows_walk) *c, const gk_pass *pass, float *gradient) {
  const NAME(rows_scratch) *s = c->s;
  size_t quantity = (s->n + s->m) * s->n;
  const float *w = pass->parameters, *mu = w + quantity, *sigma = mu + quantity;
  const float *total = c->scratch + s->totals;
  for (int sensory = 0; sensory < 2; sensory++) {
    for (size_t i = 0; i < s->n; i++) {
      // `total` runs along with p through the whole list, four floats a synapse.
      const gk_synapse *p = gk_first(c->synapses, sensory, i), *end = gk_first(c->synapses, sensory, i + 1);
      for (; p < end; p++, total += 4) {
        size_t at = ((size_t)p->pre + (sensory ? s->n : 0)) * s->n + i;
        // As settle() of the walk over all pairs: ∂w, ∂μ, ∂σ, ∂E from the totals and what stayed outside of them.
        gradient[at] += total[0];
        gradient[quantity + at] -= w[at] * total[2] * sigma[at];
        gradient[2 * quantity + at] += w[at] * (total[3] - mu[at] * total[2]);
        gradient[3 * quantity + at] += w[at] * total[1];
      }
    }
  }
  // ∂g = e·Σ push + Σ drag,  ∂e = g·Σ push,  ∂cm as summed.
  const float *neuron = c->scratch + s->neuron;
  float *out = gradient + 4 * quantity;
  for (size_t i = 0; i < s->n; i++) {
    // Lanes are rows here: they are added up once a pass.
    float push = NAME(total)(load(neuron + i * LANES)), drag = NAME(total)(load(neuron + (s->n + i) * LANES));
    out[i] += c->rest[i] * push + drag;
    out[s->n + i] += c->leak[i] * push;
    out[2 * s->n + i] += NAME(total)(load(neuron + (2 * s->n + i) * LANES));
  }
}

// In and out as gk_backward: states' gradients [T + 1][R][N], index 0 overwritten with that of the initial state;
// inputs' [T][R][M] overwritten; parameters' added to. Rows of padding have G = 0 and so push = drag = 0.
void NAME(gk_rows_backward)(gk_ltc cell, const float *base, const gk_synapses *synapses, const gk_pass *pass,
                            const gk_gradient *gradient) {
  NAME(rows_scratch) s = NAME(rows_scratch_of)(cell, (size_t)pass->rows);
  size_t rows = (size_t)pass->rows, steps = (size_t)pass->steps, unfolds = (size_t)cell.unfolds;
  float *scratch = aligned(pass->scratch), *tape = aligned(pass->tape);
  float *inverses = tape + (steps * unfolds + 1) * s.slot;
  int fast[2];
  gk_fast(cell, (const gk_head *)base, pass, fast);
  NAME(rows_walk) c = NAME(rows_walk_of)(cell, &s, synapses, pass, scratch);
  // Only as much is cleared as there are synapses: room is for all pairs.
  for (size_t k = 0; k < 4 * gk_listed(synapses); k++) scratch[s.sums + k] = scratch[s.totals + k] = 0;
  for (size_t i = s.neuron; i < s.size; i++) scratch[i] = 0;
  // flow begins as ∂L/∂(last state), turned into columns.
  NAME(columns)(scratch + s.flow, s.rows, gradient->states + steps * rows * s.n, s.n, rows);
  for (size_t t = steps; t-- > 0;) {
    NAME(begin_rows)(cell, &c, pass, t);
    for (size_t i = 0; i < s.slot; i++) scratch[s.pushes + i] = scratch[s.drags + i] = 0;
    for (size_t u = (t + 1) * unfolds; u-- > t * unfolds;) {
      c.before = tape + u * s.slot, c.after = tape + (u + 1) * s.slot, c.inverse = inverses + u * s.slot;
      // As in gk_backward of all pairs: flow in, push and drag out, then the synapses add onto flow.
      NAME(rows_neurons_back)(&c);
      const float *push = scratch + s.push, *drag = scratch + s.drag;
      NAME(rows_pull)(!fast[0], &c, 0, push, drag, c.before, scratch + s.flow);
    }
    // Σ over the sub-steps is in pushes and drags; here Σ over vectors of rows, for g and e.
    for (size_t i = 0; i < s.n; i++) {
      float *total = scratch + s.neuron + i * LANES;
      for (size_t at = i * s.rows; at < (i + 1) * s.rows; at += LANES) {
        store(total, load(total) + load(scratch + s.pushes + at));
        store(total + s.n * LANES, load(total + s.n * LANES) + load(scratch + s.drags + at));
      }
    }
    float *pulled = scratch + s.input_gradient;
    const float *push = scratch + s.pushes, *drag = scratch + s.drags;
    for (size_t i = 0; i < s.m * s.rows; i++) pulled[i] = 0;
    // The sensory synapses once a step, with the sums over its sub-steps: inputs are held, so their gates do not
    // change.
    NAME(rows_pull)(!fast[1], &c, 1, push, drag, scratch + s.input, pulled);
    NAME(uncolumns)(gradient->inputs + t * rows * s.m, pulled, s.rows, s.m, rows);
    if (t % gathered_steps(rows) == 0) NAME(rows_gather)(&c);
    // ∂L/∂v_t: what came through the step, in columns, and what the loss says of this state itself, [R][N].
    for (size_t r = 0; r < rows; r++) {
      for (size_t i = 0; i < s.n; i++) scratch[s.flow + i * s.rows + r] += gradient->states[(t * rows + r) * s.n + i];
    }
  }
  NAME(uncolumns)(gradient->states, scratch + s.flow, s.rows, s.n, rows);
  NAME(rows_settle)(&c, pass, gradient->parameters);
}
