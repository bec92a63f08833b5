// Template: the walk over all pairs, backward. No include guard: once a level.
//
// With G the gradient of a sub-step's result v' = numerator/denominator: push = G/denominator is the gradient of the
// numerator, drag = −push·v' that of the denominator. For a synapse with gate s, y = (push·E + drag)·s, x = y·(1 − s):
//
//   ∂w = Σ y,  ∂E = w·Σ push·s,  ∂μ = −σ·w·Σ x,  ∂σ = w·(Σ x·v − μ·Σ x),  ∂v_j = Σ_i w·σ·x
//
// Four sums a synapse, [pre][block][y, push·s, x, x·v][LANES], over all rows, sub-steps and steps; factors that do not
// change stay outside until the end of the pass (`settle`). Neurons beside: ∂g = Σ e·push + drag, ∂e = Σ g·push, ∂cm =
// Σ push·(v − v')·U/Δt, and ∂v passes on as push·c. `∂num·v + ∂den` would cancel, push·(v − v') does not. Scalar twin:
// ContinuousCircuit.scalarBackward: SemiImplicit.stepBack and GatedSynapses.scatter.
//
// Derivation. Each neuron's sub-step is v' = num/den with
//
//   num = c·v + g·e + Σ_j w_j·s_j·E_j + (sensory),   den = c + g + 1e-8 + Σ_j w_j·s_j + (sensory),   c = cm·U/Δt
//
// so ∂L/∂num = G/den = push and ∂L/∂den = −G·num/den² = −push·v' = drag. A synapse stands in both: ∂L/∂(w·s) = push·E +
// drag. From it ∂w = s·(push·E + drag) = y, ∂E = w·s·push, and for the gate's argument z = σ·(v_j − μ), for which ∂s/∂z
// = s·(1 − s), ∂L/∂z = w·y·(1 − s) = w·x. Then ∂μ = −σ·w·x, ∂σ = (v_j − μ)·w·x, ∂v_j = σ·w·x. The membrane: ∂e =
// g·push, ∂g = e·push + drag, ∂c = push·v + drag = push·(v − v'), and ∂v = c·push.
//
// g·e, g and all sensory sums are the same in the U sub-steps of a step, so their gradients are formed from Σ push and
// Σ drag over the sub-steps: at most (N·U + M)·N gates a step and row, as on the way forward.

// Adds a group's rows to the four sums of every synapse, and leaves [row][pre][lane] in `pull` for transposed_sums.
// `kept`: gates come from the tape, rows of `known_row` floats.
//
// push and drag: [row][stride]; x: the presynaptic values, [row][x_row]; sums: [pre][block][4][LANES], added to; pull:
// [row vector][pull_row], overwritten for j < pre; known: [row vector][pre][LANES]. Pack: [pre][block][a, κ, E,
// w·σ][LANES].
//
// The presynaptic value stands outside and blocks of postsynaptic neurons inside, because ∂v_j is a sum over the
// latter. A synapse's pack and sums are loaded once for the group, 8·LANES floats, and the sums stored once.
INLINE void NAME(pull_group)(const int careful, const int kept, const int group, const NAME(walk) *c, int sensory,
                             const float *push, const float *drag, const float *x, size_t x_row, float *sums,
                             float *pull, size_t pull_row, const float *known, size_t known_row) {
  const NAME(layout) *l = c->l;
  size_t pre = sensory ? l->m : l->n, row_step = TWO_ROWS * l->stride;
  const float *p = c->prepared + l->backward[sensory], *centres = c->prepared + l->mu[sensory];
  for (size_t j = 0; j < pre; j++) {
    // Σ over blocks of w·σ·x for this presynaptic value, a vector a row: lanes are added up later, by
    // transposed_sums.
    vec pulled[BACKWARD_GROUP];
#pragma clang loop unroll(full)
    for (int r = 0; r < group; r++) pulled[r] = splat(0);
    for (size_t b = 0; b < l->blocks; b++, p += 4 * LANES, sums += 4 * LANES) {
      vec a = load(p), k = load(p + LANES), reversal = load(p + 2 * LANES), steep = load(p + 3 * LANES);
      vec dw = load(sums), de = load(sums + LANES), dx = load(sums + 2 * LANES), dxv = load(sums + 3 * LANES);
#pragma clang loop unroll(full)
      for (int pair = 0; pair < group; pair += 2) {
        // Two vectors of rows at a time, since two gates of one synapse share a division.
        vec s[2], v[2];
        const int both = pair + 1 < group;
        v[0] = NAME(rows)(x + (size_t)pair * TWO_ROWS * x_row + j, x_row);
        if (both) v[1] = NAME(rows)(x + (size_t)(pair + 1) * TWO_ROWS * x_row + j, x_row);
        // s of this synapse for both row vectors: from the tape, or computed once more as the forward pass did.
        if (kept) {
          s[0] = load(known + (size_t)pair * known_row + j * LANES);
          if (both) s[1] = load(known + (size_t)(pair + 1) * known_row + j * LANES);
        } else if (careful) {
          vec centre = load(centres + (j * l->blocks + b) * LANES);
          s[0] = careful_gate(a, centre, v[0]);
          if (both) s[1] = careful_gate(a, centre, v[1]);
        } else if (both) {
          gates(a, k, v[0], v[1], &s[0], &s[1]);
        } else {
          s[0] = gate(a, k, v[0]);
        }
#pragma clang loop unroll(full)
        for (int r = 0; r <= both; r++) {
          size_t at = (size_t)(pair + r) * row_step + b * PRE;
          vec pushed = load(push + at);
          // ∂L/∂(w·s) = push·E + drag, from numerator and denominator; times s it is ∂w, times s·(1 − s) what the
          // gate's own parameters and v get, without their factor w.
          vec y = fma(pushed, reversal, load(drag + at)) * s[r];
          // Σ y, Σ push·s, Σ x and Σ x·v over rows; x is `slope` here.
          dw += y;
          de = fma(pushed, s[r], de);
          vec slope = fma(-y, s[r], y);
          dx += slope;
          dxv = fma(slope, v[r], dxv);
          pulled[pair + r] = fma(steep, slope, pulled[pair + r]);
        }
      }
      store(sums, dw), store(sums + LANES, de), store(sums + 2 * LANES, dx), store(sums + 3 * LANES, dxv);
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < group; r++) store(pull + (size_t)r * pull_row + j * LANES, pulled[r]);
  }
}

// Adds PRE values to each row in a vector.
// row[0 … PRE) += lanes of x; with two rows in a vector row[second …] += its upper half.
INLINE void NAME(add_rows)(float *row, size_t second, vec x) {
#if TWO_ROWS == 2
  typedef float half __attribute__((ext_vector_type(PRE), aligned(4), may_alias));
  *(half *)row += x.lo;
  *(half *)(row + second) += x.hi;
#else
  (void)second;
  store(row, load(row) + x);
#endif
}

// The synapses' part of one sub-step (or, `sensory`, of one step), for all rows: adds ∂L/∂(presynaptic value) to
// `target`, rows of `target_row` floats, a multiple of PRE.
//
// push_at and drag_at are offsets of slots in scratch: of one sub-step for recurrent synapses, of sums over a step for
// sensory ones. target is [row][target_row], with target_row = stride for states and M rounded up to PRE for inputs.
//
// Fast passes take groups of row vectors; careful ones a vector at a time. ∂v_j is summed over blocks in the lanes of
// `pulled`, then over lanes by transposed_sums, PRE presynaptic values at once, which is one addition to memory each.
static __attribute__((noinline)) void NAME(pull)(int careful, const NAME(walk) *c, int sensory, size_t push_at,
                                                 size_t drag_at, const float *x, size_t x_row, float *target,
                                                 size_t target_row) {
  const NAME(scratch) *s = c->s;
  // Groups as large as registers allow, the rest in halves: parameters and sums of a synapse pass through memory once
  // a group.
  float *pull = c->scratch + s->pull[sensory], *sums = c->scratch + s->gradient[sensory];
  size_t pull_row = target_row * LANES, known_row = c->l->n * LANES;
  const float *known = sensory ? 0 : c->gates;
  for (size_t vector = 0; vector < s->vectors;) {
    size_t row = vector * TWO_ROWS, left = s->vectors - vector, group = 1;
    const float *push = c->scratch + push_at + row * c->l->stride, *drag = c->scratch + drag_at + row * c->l->stride;
    const float *from = x + row * x_row;
// Gates are known or not; `careful` passes never keep them.
#define PULL(careful, count)                                                                               \
  if (known && !careful) {                                                                                 \
    NAME(pull_group)(0, 1, count, c, sensory, push, drag, from, x_row, sums, pull, pull_row,               \
                     known + vector * known_row, known_row);                                               \
  } else {                                                                                                 \
    NAME(pull_group)(careful, 0, count, c, sensory, push, drag, from, x_row, sums, pull, pull_row, 0, 0);  \
  }                                                                                                        \
  group = count;
    if (careful) {
      PULL(1, 1)
#if BACKWARD_GROUP >= 8
    } else if (left >= 8) {
      PULL(0, 8)
#endif
#if BACKWARD_GROUP >= 4
    } else if (left >= 4) {
      PULL(0, 4)
#endif
    } else if (left >= 2) {
      PULL(0, 2)
    } else {
      PULL(0, 1)
    }
#undef PULL
    // target[row][j … j + PRE) += Σ over lanes of pull[r][j … j + PRE): with two rows in a vector the upper half
    // belongs to the next row.
    for (size_t r = 0; r < group; r++, row += TWO_ROWS) {
      for (size_t j = 0; j < target_row; j += PRE) {
        NAME(add_rows)(target + row * target_row + j, target_row, transposed_sums(pull + r * pull_row + j * LANES));
      }
    }
    vector += group;
  }
}

// The neurons' part of one sub-step: push and drag of every row, their sums over the step, ∂cm, and the gradient that
// passes straight through the capacitance.
//
//   push, drag   ← G/den, −push·v'      G is in `flow`, 1/den in `inverse`, v' in `after`
//   pushes, drags += push, drag         over the sub-steps of a step
//   neuron[2]    += Σ over rows of push·(v − v')·U/Δt
//   flow         ← push·c               overwritten: the direct part of ∂L/∂v
//
// Scalar twin: SemiImplicit.stepBack, which writes ∂C as (x·∂num + ∂den)/h with h = Δt/U; here ∂den = −push·v' is put
// in first, so that two nearly equal products need not be subtracted.
static __attribute__((noinline)) void NAME(neurons_back)(const NAME(walk) *c) {
  const NAME(layout) *l = c->l;
  const NAME(scratch) *s = c->s;
  float *scratch = c->scratch;
  for (size_t b = 0; b < l->blocks; b++) {
    vec capacitance = load(c->prepared + l->capacitance + b * LANES);
    // ∂cm of this block, over all rows in a register.
    float *total = scratch + s->neuron + 2 * l->width + b * LANES;
    vec charge = load(total);
    for (size_t row = 0; row < s->rows; row += TWO_ROWS) {
      size_t at = row * l->stride + b * PRE;
      // v' = numerator/denominator:  push = G/denominator,  drag = −G·numerator/denominator² = −push·v'.
      vec push = load(scratch + s->flow + at) * load(c->inverse + at);
      vec drag = -push * load(c->after + at);
      vec rate = NAME(rows)(scratch + s->rates + row, 1);
      store(scratch + s->push + at, push), store(scratch + s->drag + at, drag);
      // Summed over the sub-steps for what is the same in all of them: leak, resting potential and the sensory
      // synapses.
      store(scratch + s->pushes + at, load(scratch + s->pushes + at) + push);
      store(scratch + s->drags + at, load(scratch + s->drags + at) + drag);
      // push·v + drag, without the cancellation.
      charge = fma(rate, push * (load(c->before + at) - load(c->after + at)), charge);
      // ∂numerator/∂v = c: what goes back to the state before directly; `pull` adds what goes through the synapses.
      store(scratch + s->flow + at, push * capacitance * rate);
    }
    store(total, charge);
  }
}

// Moves the sums of some steps to the totals of the pass. Sums of sums lose fewer digits than one long sum, whose
// error grows with its length.
//
// From gradient[0] to the end of `neuron`: added to the copy behind `total`, and cleared.
static __attribute__((noinline)) void NAME(gather)(const NAME(scratch) *s, float *scratch) {
  for (size_t i = s->gradient[0]; i < s->total; i += LANES) {
    float *total = scratch + i + (s->total - s->gradient[0]);
    store(total, load(total) + load(scratch + i));
    store(scratch + i, splat(0));
  }
}

// Multiplies the sums by what was left outside and adds them to the caller's gradient, present synapses only.
//
// The totals hold Σ y, Σ push·s, Σ x, Σ x·v of every synapse, [pre][block][4][LANES], and of neurons Σ push, Σ drag and
// ∂cm. All of `gradient` is added to, never overwritten: w, μ, σ, E as [pre N + M][post N], then g, e, cm, [N] each.
// Where a connection is absent nothing is written, so its parameters' gradients stay what they were.
static __attribute__((noinline)) void NAME(settle)(const NAME(walk) *c, const gk_pass *pass, float *gradient) {
  const NAME(layout) *l = c->l;
  size_t quantity = l->pres * l->n, gathered = c->s->total - c->s->gradient[0];
  const float *w = pass->parameters, *mu = w + quantity, *sigma = mu + quantity, *leak = w + 4 * quantity;
  for (size_t pre = 0; pre < l->pres; pre++) {
    int sensory = pre >= l->n;
    const float *sums = c->scratch + gathered + c->s->gradient[sensory] + (sensory ? pre - l->n : pre) * 4 * l->width;
    for (size_t i = 0; i < l->n; i++) {
      size_t at = pre * l->n + i;
      // Neuron i is lane i mod PRE of block i/PRE.
      const float *lane = sums + i / PRE * 4 * LANES + i % PRE;
      // [y, push·s, x, x·v]; two rows of the batch in a vector leave two halves to add.
      float total[4];
      for (int q = 0; q < 4; q++) total[q] = lane[q * LANES] + (TWO_ROWS == 2 ? lane[q * LANES + PRE] : 0);
      if (pass->connections[at] == 0) continue;
      // w, μ, σ, E, one quantity apart: the factors w, σ and μ stand outside of the sums, so they are multiplied once
      // a pass.
      gradient[at] += total[0];
      gradient[quantity + at] -= w[at] * total[2] * sigma[at];
      gradient[2 * quantity + at] += w[at] * (total[3] - mu[at] * total[2]);
      gradient[3 * quantity + at] += w[at] * total[1];
    }
  }
  const float *neuron = c->scratch + gathered + c->s->neuron;
  float *out = gradient + 4 * quantity;
  for (size_t i = 0; i < l->n; i++) {
    // [Σ push, Σ drag, ∂cm][block][LANES]; of two rows in a vector both halves.
    float total[3];
    for (size_t q = 0; q < 3; q++) {
      const float *lane = neuron + q * l->width + i / PRE * LANES + i % PRE;
      total[q] = lane[0] + (TWO_ROWS == 2 ? lane[PRE] : 0);
    }
    // ∂g = e·Σ push + Σ drag,  ∂e = g·Σ push,  ∂cm = Σ push·(v − v')·U/Δt.
    out[i] += leak[l->n + i] * total[0] + total[1];
    out[l->n + i] += leak[i] * total[0];
    out[2 * l->n + i] += total[2];
  }
}

// In: ∂L/∂states of every step, [T + 1][R][N], from what follows the cell (the readout). Out: ∂L/∂(initial state) in
// index 0 and ∂L/∂inputs, [T][R][M], both overwritten; ∂L/∂parameters added to. `flow` is the gradient that runs back
// through time: it begins as that of the last state, passes U sub-steps, and takes up that of the state before, T
// times.
//
// Which gates are fast is decided as in gk_forward, from the same numbers, so that a tape's gates are read only where
// they were written.
void NAME(gk_backward)(gk_ltc cell, const float *base, const gk_pass *pass, const gk_gradient *gradient) {
  NAME(layout) l = NAME(layout_of)(cell);
  size_t rows = (size_t)pass->rows, steps = (size_t)pass->steps, unfolds = (size_t)cell.unfolds;
  NAME(scratch) s = NAME(scratch_of)(&l, rows);
  float *scratch = aligned(pass->scratch), *tape = aligned(pass->tape);
  // [T·U + 1 slots of states][T·U slots of 1/denominator][gates].
  const float *inverses = tape + (steps * unfolds + 1) * s.slot;
  int fast[2];
  gk_fast(cell, (const gk_head *)base, pass, fast);
  NAME(walk) c = {&l, &s, base + HEAD, scratch, 0, 0, 0, 0, 0};
  int keeps_gates = fast[0] && NAME(keeps_gates)(&l, &s, steps * unfolds);
  // Sums start at zero, and so do the vectors of `pull` behind the last presynaptic value.
  for (size_t i = s.pull[0]; i < s.size; i++) scratch[i] = 0;
  // G of padding rows and lanes is zero, and so are push and drag there: they add nothing to any sum.
  NAME(spread)(scratch + s.flow, l.stride, s.rows, gradient->states + steps * rows * l.n, l.n, rows);
  for (size_t t = steps; t-- > 0;) {
    c.inputs = NAME(begin_step)(cell, &l, &s, pass, scratch, t);
    for (size_t i = 0; i < s.slot; i++) scratch[s.pushes + i] = scratch[s.drags + i] = 0;
    for (size_t u = (t + 1) * unfolds; u-- > t * unfolds;) {
      // Sub-step u led from slot u to slot u + 1.
      c.before = tape + u * s.slot, c.after = tape + (u + 1) * s.slot;
      c.inverse = (float *)inverses + u * s.slot;
      c.gates = keeps_gates ? tape + (2 * steps * unfolds + 1) * s.slot + u * s.gates : 0;
      // flow is ∂L/∂v' on the way in and the direct part of ∂L/∂v on the way out; `pull` reads push and drag and adds
      // onto it.
      NAME(neurons_back)(&c);
      NAME(pull)(!fast[0], &c, 0, s.push, s.drag, c.before, l.stride, scratch + s.flow, l.stride);
    }
    for (size_t b = 0; b < l.blocks; b++) {
      float *total = scratch + s.neuron + b * LANES;
      for (size_t row = 0; row < s.rows; row += TWO_ROWS) {
        size_t at = row * l.stride + b * PRE;
        // Σ push and Σ drag over rows, for g and e.
        store(total, load(total) + load(scratch + s.pushes + at));
        store(total + l.width, load(total + l.width) + load(scratch + s.drags + at));
      }
    }
    if (l.m > 0) {
      // Inputs and their gates are the same in all sub-steps, so push and drag are summed first and the sensory
      // synapses walked once a step.
      float *pulled = scratch + s.input_gradient, *inputs = gradient->inputs + t * rows * l.m;
      size_t pulled_row = rounded(l.m, PRE);
      for (size_t i = 0; i < s.rows * pulled_row; i++) pulled[i] = 0;
      NAME(pull)(!fast[1], &c, 1, s.pushes, s.drags, c.inputs, l.m, pulled, pulled_row);
      for (size_t r = 0; r < rows; r++) {
        for (size_t k = 0; k < l.m; k++) inputs[r * l.m + k] = pulled[r * pulled_row + k];
      }
    }
    if (t % gathered_steps(rows) == 0) NAME(gather)(&s, scratch);
    // ∂L/∂v_t: what came through the step, and what the loss says of this state itself.
    const float *states = gradient->states + t * rows * l.n;
    for (size_t r = 0; r < rows; r++) {
      for (size_t i = 0; i < l.n; i++) scratch[s.flow + r * l.stride + i] += states[r * l.n + i];
    }
  }
  for (size_t r = 0; r < rows; r++) {
    // ∂L/∂(initial state), without the padding.
    for (size_t i = 0; i < l.n; i++) gradient->states[r * l.n + i] = scratch[s.flow + r * l.stride + i];
  }
  NAME(settle)(&c, pass, gradient->parameters);
}
