// Template: a circuit backward, through the solver's own arithmetic. No include guard: once a level.
//
// With λ = ∂L/∂(state after the sub-step), stage by stage from the last:
//
//   semi-implicit   x' = num/den:        ∂drive = λ/den, ∂total = −x'·∂drive, ∂capacity = ∂drive·(x − x')/h,
//                                          through = c·∂drive
//   exponential     x' = x + h·φ(z)·k:   ∂k = h·φ·λ, ∂z = h·k·φ'·λ, and from those ∂drive, ∂total, ∂capacity
//   Runge–Kutta     ∂k_s = h·(b_s·λ + Σ_{r>s} a_rs·∂x_r);  ∂x = λ + Σ_s ∂x_s
//
// then through the membrane to ∂L/∂sums (`membrane_back`), then through the synapses (`scatter_sums`): to the
// presynaptic values of this evaluation, and to the parameters. ∂L/∂sums also add up over a step for the inputs'
// synapses, which were evaluated once. Scalar twins: stepBack of the steppers, Dynamics.adjoint and adjointOfInputs,
// SynapseLaw.scatter.
//
// Gradients of sums replace the activated sums on the tape, so that the gradients of matrices are products over some
// steps at once.

// The adjoint of gate_group: from ∂L/∂sums, four sums a synapse, [S₀, S₁, x, x·v] with x = ∂L/∂s·s·(1 − s), and
// [row][pre][lane] of a·x in `pull` for transposed_sums.
//
// Letters: j presynaptic, i postsynaptic in vectors b of lanes l, r rows of the group. x: values v, [group][x_row];
// gradient: ∂L/∂S, [group][pitch], block 0 of S₀ and, with `pair`, block 1 of S₁; sums: [j][b][4][l], added to; pull:
// [group][j][l], overwritten with Σ_b a·x of lane l. Backward packs are [j][b][a, κ, w, second][l]. Gates are made
// again from v. Twin: GatedSynapses.scatter.
INLINE void NAME(pull_rows)(const int careful, const int pair, const int group, const NAME(run) *c, int sensory,
                            const float *x, size_t x_row, const float *gradient, float *sums, float *pull,
                            size_t pull_row) {
  const NAME(circuit) *l = c->l;
  size_t pre = sensory ? l->m : l->n;
  const float *p = c->prepared + l->backward[sensory], *centre = c->prepared + l->centre[sensory];
  // Presynaptic neurons outside, blocks of postsynaptic ones inside: ∂L/∂v_j is a sum over all i, which so stays in
  // registers until j is done; the four sums of a synapse are loaded and stored once for the whole group of rows.
  for (size_t j = 0; j < pre; j++) {
    vec pulled[FORWARD_GROUP];
#pragma clang loop unroll(full)
    for (int r = 0; r < group; r++) pulled[r] = splat(0);
    for (size_t b = 0; b < l->blocks; b++, p += 4 * LANES, centre += LANES, sums += 4 * LANES) {
      vec a = load(p), k = load(p + LANES), w = load(p + 2 * LANES), h = load(p + 3 * LANES), s[FORWARD_GROUP];
      vec first = load(sums), second = load(sums + LANES), dx = load(sums + 2 * LANES), dxv = load(sums + 3 * LANES);
#pragma clang loop unroll(full)
      for (int r = 0; r < group; r++) {
        vec v = splat(x[(size_t)r * x_row + j]);
        if (careful) {
          s[r] = careful_gate(a, load(centre), v);
        } else if (group == 1) {
          s[r] = gate(a, k, v);
        } else if (r % 2 == 0) {
          gates(a, k, v, splat(x[(size_t)(r + 1) * x_row + j]), &s[r], &s[r + 1]);
        }
      }
#pragma clang loop unroll(full)
      for (int r = 0; r < group; r++) {
        // at: ∂L/∂S₀ of row r and the neurons of vector b; ∂L/∂S₁ a block of `stride` further on.
        const float *at = gradient + (size_t)r * l->pitch + b * LANES;
        // S₀ = Σ w·s and S₁ = Σ h·s, so ∂L/∂s = w·∂S₀ + h·∂S₁; h is w·E of a conductance, whose two tensors are told
        // apart in settle_strengths. With x = ∂L/∂s·s·(1 − s):
        //   ∂L/∂v = σ·x,   ∂L/∂μ = −σ·x,   ∂L/∂σ = (v − μ)·x
        // so Σ x and Σ x·v are all that a gate's own parameters need, and σ and μ stay outside of the sums.
        vec d = load(at), y = w * d;
        first = fma(d, s[r], first);
        if (pair) {
          vec other = load(at + l->stride);
          second = fma(other, s[r], second);
          y = fma(h, other, y);
        }
        y *= s[r];
        // y − y·s = ∂L/∂s·s·(1 − s), one rounding less than the product with 1 − s.
        vec slope = fma(-y, s[r], y);
        dx += slope;
        dxv = fma(slope, splat(x[(size_t)r * x_row + j]), dxv);
        pulled[r] = fma(a, slope, pulled[r]);
      }
      store(sums, first), store(sums + 2 * LANES, dx), store(sums + 3 * LANES, dxv);
      if (pair) store(sums + LANES, second);
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < group; r++) store(pull + (size_t)r * pull_row + j * LANES, pulled[r]);
  }
}

// Adds the gradients of the values at synapses with a gate each to `target`, rows of a whole number of vectors.
//
// ∂L/∂v_rj += Σ_i σ_ji·x_rji: pull_rows sums a·x over the blocks, lane by lane; here L such vectors at a time, of L
// neighbouring j, become one vector with lane = j. −ln 2·a = σ is put in behind the sum.
static __attribute__((noinline)) void NAME(gate_pull)(const NAME(run) *c, int sensory, const float *x, size_t x_row,
                                                      const float *gradient, float *target, size_t target_row) {
  const NAME(circuit) *l = c->l;
  float *pull = c->scratch + c->s->pull[sensory], *sums = c->scratch + c->s->pairs[sensory];
  // `pull` is [row of the group][presynaptic value][LANES]: partial sums over i that transposed_sums adds up, LANES
  // presynaptic values at a time. Behind the last value it holds zeros, which gk_circuit_backward put there.
  size_t rows = c->s->rows, pull_row = target_row * LANES, group = 1;
  int fast = NAME(is_fast)(c, sensory, x, rows * x_row);
  for (size_t row = 0; row < rows; row += group) {
    const float *from = x + row * x_row, *d = gradient + row * l->pitch;
#define PULL(careful, count)                                                                                   \
  group = count;                                                                                               \
  if (l->gated > 1) NAME(pull_rows)(careful, 1, count, c, sensory, from, x_row, d, sums, pull, pull_row);      \
  else NAME(pull_rows)(careful, 0, count, c, sensory, from, x_row, d, sums, pull, pull_row)
    if (!fast) {
      PULL(1, 1);
#if FORWARD_GROUP >= 4
    } else if (rows - row >= 4) {
      PULL(0, 4);
#endif
    } else if (rows - row >= 2) {
      PULL(0, 2);
    } else {
      PULL(0, 1);
    }
#undef PULL
    for (size_t r = 0; r < group; r++) {
      float *to = target + (row + r) * target_row;
      for (size_t j = 0; j < target_row; j += LANES) {
        // a = −σ·log₂e.
        vec sum = transposed_sums(pull + r * pull_row + j * LANES);
        store(to + j, fma(splat(-0.69314718f), sum, load(to + j)));
      }
    }
  }
}

// Adds ∂L/∂values to `target`, [row][target_row], from ∂L/∂sums; of the parameters, what is not a product over steps.
//
// x, gates: as forward had them, at this evaluation; gradient: ∂L/∂S, [R][pitch]; target: ∂L/∂x [R][stride] or ∂L/∂u
// [R][sources], added to. Of parameters it adds what belongs to gates and junctions: sums of pairs or list, of sources,
// of ends. ∂L/∂W of matrices comes later, in `matrices`, from the gradients that stay on the tape.
static __attribute__((noinline)) void NAME(scatter_sums)(const NAME(run) *c, int sensory, const float *x, size_t x_row,
                                                         const float *gates, const float *gradient, float *target) {
  const NAME(circuit) *l = c->l;
  size_t row = sensory ? l->sources : l->stride, rows = c->s->rows;
  // Three kinds of sums, each with its adjoint: synapses with a gate each (all pairs, or a list), gap junctions
  // (always a list) and products of matrices.
  int listed = c->columns && c->columns->lists;
  if (l->gated && !listed) NAME(gate_pull)(c, sensory, x, x_row, gradient, target, row);
  if (listed || (c->columns && !sensory)) {
    int careful = listed && !NAME(is_fast)(c, sensory, x, rows * x_row);
    c->columns->walk->scatter(c->columns, careful, sensory, x, x_row, gradient, target, row);
  }
  if (!l->products) return;
  // ∂L/∂y = Σ_q ∂S_q·W_qᵀ over the blocks q of sums that are products. Where y is the state it joins `target` at
  // once; where y is a gate of the source, s_j = σ(σ_j·(v_j − μ_j)), it goes to `back` first and through the gate
  // below.
  int neural = c->cell->activation == GK_NEURAL;
  float *back = c->scratch + c->s->back;
  NAME(factors) p = {
      .a = gradient + l->gated * l->stride, .a_row = l->pitch, .a_step = 1, .a_outer = l->stride,
      .b = c->prepared + l->transposed[sensory], .b_row = row, .start = neural ? 0 : target, .start_row = row,
      .c = neural ? back : target, .c_row = row, .rows = rows, .columns = row, .inner = l->n, .outer = l->products};
  NAME(product)(&p);
  if (!neural) return;
  size_t count = sensory ? l->m : l->n;
  float *sums = c->scratch + c->s->source[sensory];
  // d = ∂L/∂s·s·(1 − s):  ∂L/∂v += σ·d,  and over rows and evaluations Σ d·v and Σ d, from which settle_gate makes
  // ∂L/∂σ and ∂L/∂μ. A source has one gate, not one a synapse, so these sums are [source], not [pair].
  for (size_t j = 0; j < row; j += LANES) {
    // by_value: Σ d·v, at sums [0][j]; plain: Σ d, at sums [1][j].
    vec by_value = load(sums + j), plain = load(sums + row + j), sigma = load(c->prepared + l->sigma[sensory] + j);
    for (size_t r = 0; r < rows; r++) {
      vec s = load(gates + r * row + j), v = sensory ? load_part(x + r * x_row + j, count - j) : load(x + r * x_row + j);
      // `back` holds ∂L/∂s_j = Σ_q Σ_i W_q,ji·∂S_qi, of all synapses of the source. d = ∂L/∂(σ_j·(v_j − μ_j)).
      vec d = load(back + r * row + j) * (s * (splat(1) - s));
      by_value = fma(d, v, by_value), plain += d;
      store(target + r * row + j, fma(sigma, d, load(target + r * row + j)));
    }
    store(sums + j, by_value), store(sums + row + j, plain);
  }
}

// The adjoint of `move` for one stage: ∂L/∂sums in place, ∂L/∂x of this evaluation past the sums into `work`.
//
// flow: λ = ∂L/∂(state after the sub-step) [R][stride], the same for all stages. x: states of this stage's evaluation,
// next: those after the sub-step (only the semi-implicit solver looks at them). sums [R][pitch]: in, activated; out,
// ∂L/∂S. sensory [R][pitch]: ∂L/∂S added up over the evaluations of a step. work [stage][R][stride]: overwritten,
// ∂L/∂x_s without what comes through the synapses. Twins: stepBack of SemiImplicit, ExponentialEuler, and
// rungeKuttaStepBack, with the membrane's `adjoint`.
static __attribute__((noinline)) void NAME(move_back)(const NAME(run) *c, size_t stage, const float *x,
                                                      const float *next, float *sums, float *sensory) {
  const NAME(circuit) *l = c->l;
  size_t stages = (size_t)c->cell->stages, slot = c->s->slot;
  for (size_t r = 0; r < c->s->rows; r++) {
    float step = c->elapsed[r] / (float)c->cell->unfolds;
    vec h = splat(step), inverse = splat(1 / step);
    for (size_t i = 0; i < l->stride; i += LANES) {
      size_t at = r * l->stride + i;
      // The activated sums are still on the tape, so that of transcendental functions
      // only those of an elastance are made again.
      NAME(membrane) m = {c->cell, l->stride, c->prepared + l->membrane + i};
      float *s = sums + r * l->pitch + i, *work = c->scratch + c->s->work + at;
      NAME(flow) f = NAME(flow_of)(&m, s), d;
      vec v = load(x + at), flow = load(c->scratch + c->s->flow + at), through;
      if (c->cell->solver == GK_SEMI_IMPLICIT) {
        // x' = num/den with num = c·x + drive, den = c + total + 1e-8, c = C/h. ∂num = λ/den, ∂den = −x'·λ/den; C
        // stands in both, ∂C = (x·∂num + ∂den)/h.
        // rate = c = C/h. From ∂den = −x'·∂num: ∂C = (x·∂num + ∂den)/h = ∂num·(x − x')/h.
        vec rate = f.capacity * inverse;
        d.drive = flow / (rate + f.total + splat(1e-8f));
        d.total = -d.drive * load(next + at);
        // ∂num·x + ∂den, without the cancellation.
        d.capacity = d.drive * (v - load(next + at)) * inverse;
        through = d.drive * rate;
      } else if (c->cell->solver == GK_EXPONENTIAL) {
        // x' = x + h·φ(z)·k with k = (drive − total·x)/C and z = h·total/C. ∂k = h·φ·λ and ∂z = h·k·φ'·λ; total is in
        // both, and so is C, in which both are of degree −1: ∂C = −(k·∂k + z·∂z)/C.
        // By the chain rule, with ∂k/∂drive = 1/C, ∂k/∂total = −x/C, ∂z/∂total = h/C and ∂k/∂x = −total/C:
        //
        //   ∂drive = ∂k/C    ∂total = (h·∂z − x·∂k)/C    ∂C = −(z·∂z + k·∂k)/C    through = λ − total·∂k/C
        vec phi, slope, per = splat(1) / f.capacity, z = h * f.total * per, k = fma(-f.total, v, f.drive) * per;
        NAME(relaxation)(z, &phi, &slope);
        vec df = h * phi * flow, dz = h * k * slope * flow;
        d.drive = df * per;
        d.total = fma(dz, h, -df * v) * per;
        d.capacity = -fma(dz, z, df * k) * per;
        through = fma(-df * f.total, per, flow);
      } else {
        // k_s enters the result with b_s and the states of later stages r with a_rs; ∂L/∂x_r of those is complete in
        // `work`, since stages are walked from the last. ∂k_s·∂k_s/∂(drive, total, C) with k = (drive − total·x)/C.
        // dk = ∂L/∂k_s/h at first, then times h/C.
        vec dk = splat(c->cell->b[stage]) * flow;
        for (size_t q = stage + 1; q < stages; q++) dk = fma(splat(c->cell->a[q][stage]), load(work + q * slot), dk);
        dk = dk * h / f.capacity;
        d.drive = dk, d.total = -dk * v;
        d.capacity = -dk * (fma(-f.total, v, f.drive) / f.capacity);
        through = -dk * f.total;
      }
      NAME(membrane_back)(&m, s, d, c->scratch + c->s->neuron + i);
      // Inputs are held during the step, so their sums entered every evaluation alike: ∂L/∂(sensory sums) is the sum
      // of ∂L/∂sums over the evaluations.
      for (size_t q = 0; q < l->sums; q++) {
        float *held = sensory + r * l->pitch + q * l->stride + i;
        store(held, load(held) + load(s + q * l->stride));
      }
      // What reaches x past the sums; scatter_sums adds what reaches it through them.
      store(work + stage * slot, through);
    }
  }
}

// ∂L/∂(state before the sub-step): of a solver of one stage what went through it, of others the sum of all stages and
// of what went straight past.
//
// With one stage x' depends on x through the sums and through what `through` holds, and `work` has both by now.
// Explicit stages: x' = x + h·Σ b_s·k_s(x_s) and x_s = x + h·Σ a_sr·k_r, so ∂L/∂x = λ + Σ_s ∂L/∂x_s.
static __attribute__((noinline)) void NAME(step_back)(const NAME(run) *c) {
  float *flow = c->scratch + c->s->flow;
  const float *work = c->scratch + c->s->work;
  for (size_t at = 0; at < c->s->slot; at += LANES) {
    vec sum = c->cell->solver == GK_RUNGE_KUTTA ? load(flow + at) : splat(0);
    for (size_t q = 0; q < (size_t)c->cell->stages; q++) sum += load(work + q * c->s->slot + at);
    store(flow + at, sum);
  }
}

// What the parameters of one synapse get from its sums: two strengths' and, of a gate, Σ x and Σ x·v.
//
// at: pre·N + post, the place in the caller's w; first = Σ ∂S₀·s and second = Σ ∂S₁·s over rows and evaluations.
INLINE void NAME(settle_strengths)(const NAME(run) *c, const float *parameters, size_t at, float first, float second,
                                   float *gradient) {
  const NAME(circuit) *l = c->l;
  int conductance = c->cell->strength == GK_CONDUCTANCE;
  // With S₀ = Σ w·s and S₁ = Σ w·E·s of a conductance: ∂w = Σ ∂S₀·s + E·Σ ∂S₁·s, ∂E = w·Σ ∂S₁·s. Of a pair h is a
  // parameter of its own: ∂w = Σ ∂S₀·s, ∂h = Σ ∂S₁·s.
  // `parameters` are the caller's, so E and w are those of the present synapse itself.
  gradient[at] += conductance ? first + parameters[l->at_second + at] * second : first;
  if (c->cell->strength != GK_WEIGHT) gradient[l->at_second + at] += conductance ? parameters[at] * second : second;
}
// x = Σ ∂L/∂s·s·(1 − s), xv = Σ of the same times v. `at` is a synapse or, with neural activation, a source. One
// formula for both: the gate is a function of σ·(v − μ).
INLINE void NAME(settle_gate)(const NAME(run) *c, const float *parameters, size_t at, float x, float xv,
                              float *gradient) {
  const float *mu = parameters + c->l->at_mu, *sigma = parameters + c->l->at_sigma;
  // ∂μ = −σ·Σ x,  ∂σ = Σ x·(v − μ).
  gradient[c->l->at_mu + at] -= sigma[at] * x;
  gradient[c->l->at_sigma + at] += xv - mu[at] * x;
}

static __attribute__((noinline)) void NAME(settle_list)(const NAME(run) *c, const float *parameters,
                                                        const float *total, float *gradient) {
  const gk_synapses *list = &c->columns->synapses;
  // Totals are [synapse][S₀, S₁, x, x·v] in the order of the list: kind, postsynaptic neuron, presynaptic index;
  // parameters are [pre][post].
  // Adds to `gradient`, the caller's ∂L/∂parameters, at [pre][post] of w, second, μ and σ. `total` is that of the first
  // recurrent synapse; sensory ones follow without a gap, as their records do.
  const gk_synapse *p = list->records;
  for (size_t sensory = 0; sensory < 2; sensory++) {
    for (size_t i = 0; i < c->l->n; i++) {
      for (const gk_synapse *end = gk_first(list, (int)sensory, i + 1); p < end; p++, total += 4) {
        size_t at = ((size_t)p->pre + sensory * c->l->n) * c->l->n + i;
        NAME(settle_strengths)(c, parameters, at, total[0], total[1], gradient);
        NAME(settle_gate)(c, parameters, at, total[2], total[3], gradient);
      }
    }
  }
}

// The same where every pair has sums, or is an entry of a matrix; `listed`: gates are settled already.
//
// matrix [pre][width]: ∂L/∂W_q at pre·width + q·stride + post. With gates of synapses only the last block, of S₂, is
// there.
static __attribute__((noinline)) void NAME(settle_pairs)(const NAME(run) *c, const gk_pass *pass, int listed,
                                                         float *gradient) {
  const NAME(circuit) *l = c->l;
  const float *w = pass->parameters, *matrix = c->scratch + c->s->matrix;
  const float *totals = c->scratch + c->s->totals - c->s->summed;
  for (size_t pre = 0; pre < l->n + l->m; pre++) {
    int sensory = pre >= l->n;
    size_t j = sensory ? pre - l->n : pre;
    for (size_t i = 0; i < l->n; i++) {
      size_t at = pre * l->n + i;
      if (pass->connections[at] == 0) continue;
      // Of pairs without a synapse the sums are computed like the others and dropped here, so that no gradient
      // reaches an absent synapse.
      // product[q·stride]: ∂L/∂W_q of this pair.
      const float *product = matrix + pre * l->width + i;
      if (!l->gated) {
        NAME(settle_strengths)(c, w, at, product[0], c->cell->strength == GK_WEIGHT ? 0 : product[l->stride], gradient);
      } else if (!listed) {
        // [pre j][block of i][S₀, S₁, x, x·v][lane of i].
        const float *sum = totals + c->s->pairs[sensory] + (j * l->blocks + i / LANES) * 4 * LANES + i % LANES;
        NAME(settle_strengths)(c, w, at, sum[0], sum[LANES], gradient);
        NAME(settle_gate)(c, w, at, sum[2 * LANES], sum[3 * LANES], gradient);
      }
      if (c->cell->elastance != GK_RIGID) gradient[l->at_elastance + at] += product[(l->products - 1) * l->stride];
    }
  }
}

// Multiplies the totals by what was left outside and adds them to the caller's gradient. Once a pass, in the order of
// the parameters: of synapses w, second, μ, σ and elastance, of sources μ and σ, of neurons, of junctions.
//
// `totals` is shifted by the distance from the short sums, so that the same offsets (pairs, source, neuron, junctions)
// name both. Everything is added to the caller's gradient; nothing of an absent synapse is.
static __attribute__((noinline)) void NAME(settle_circuit)(const NAME(run) *c, const gk_pass *pass, float *gradient) {
  const NAME(circuit) *l = c->l;
  const float *w = pass->parameters, *totals = c->scratch + c->s->totals - c->s->summed;
  int listed = c->columns && c->columns->lists;
  if (listed) NAME(settle_list)(c, w, totals + c->s->pairs[0], gradient);
  if (!listed || l->products) NAME(settle_pairs)(c, pass, listed, gradient);
  if (c->cell->activation == GK_NEURAL) {
    for (size_t pre = 0; pre < l->n + l->m; pre++) {
      int sensory = pre >= l->n;
      const float *sum = totals + c->s->source[sensory] + (sensory ? pre - l->n : pre);
      // sum[0]: Σ d·v of this source, sum[row]: Σ d.
      NAME(settle_gate)(c, w, pre, sum[sensory ? l->sources : l->stride], sum[0], gradient);
    }
  }
  // ∂L by the membrane's own parameters, [own][N] for the caller; membrane_back has added up all there is to it.
  for (size_t p = 0; p < l->own; p++) {
    for (size_t i = 0; i < l->n; i++) {
      gradient[l->at_own + p * l->n + i] += totals[c->s->neuron + p * l->stride + i];
    }
  }
  for (size_t e = 0; e < l->ends; e++) {
    // An end has a vector of sums, a lane a row of the batch; both ends of a junction add to its one conductance.
    const float *lanes = totals + c->s->junctions + e * c->columns->walk->lanes;
    float sum = 0;
    for (size_t lane = 0; lane < c->columns->walk->lanes; lane++) sum += lanes[lane];
    gradient[l->at_gap + (size_t)c->columns->junctions.ends[e].pair] += sum;
  }
}

// The gradients of the matrices over `count` steps from step t: ∂W = Σ over evaluations and rows of y·∂Sᵀ, y the
// states, or the gates of the sources where they have some. Both lie on the tape one evaluation behind the other, so
// that it is one product whose inner length is count·U·stages·R.
//
// ∂L/∂W_q,ji = Σ_evaluations Σ_r y_rj·∂S_rqi. A = y read down its columns (a_row 1, a_step a row of the tape), inner
// length evaluations·R; B = ∂S, [evaluation][R][pitch] from block `gated` on; C = total [j][width], added to. For
// inputs the sums' gradients of a step are added up already (`sensory`), so the inner length is count·R.
INLINE void NAME(matrices)(const NAME(run) *c, const NAME(part) *s, const gk_pass *pass, const float *tape, size_t t,
                           size_t count) {
  const NAME(circuit) *l = c->l;
  if (!l->products) return;
  int neural = c->cell->activation == GK_NEURAL;
  size_t skip = l->gated * l->stride, rows = s->rows, each = (size_t)c->cell->unfolds * (size_t)c->cell->stages;
  float *total = c->scratch + c->s->matrix;
  NAME(factors) p = {
      .a = (neural ? tape + s->gates : tape) + t * each * s->slot, .a_row = 1, .a_step = l->stride,
      .b = tape + s->sums + t * each * rows * l->pitch + skip, .b_row = l->pitch, .start = total,
      .start_row = l->width, .c = total, .c_row = l->width, .rows = l->n, .columns = l->products * l->stride,
      .inner = count * each * rows, .outer = 1};
  NAME(product)(&p);
  if (!l->m) return;
  // Inputs lie as the caller gave them, [T][R][M], gates of inputs [T][R][sources].
  p.a = neural ? tape + s->input_gates + t * rows * l->sources : pass->inputs + t * rows * l->m;
  p.a_step = neural ? l->sources : l->m;
  p.b = tape + s->sensory + t * rows * l->pitch + skip, p.inner = count * rows, p.rows = l->m;
  // Rows N … N + M − 1 of ∂L/∂W, behind those of the neurons.
  p.c = total + l->n * l->width, p.start = p.c;
  NAME(product)(&p);
}

// Steps, sub-steps and stages in reverse. λ travels in `flow`; each evaluation turns its sums on the tape into ∂L/∂S,
// adds to ∂L/∂x_s in `work` and to sums of gradients; each step adds ∂L/∂(its initial state) of the loss itself. The
// tape's `sensory` part is used by backward alone. Twin: ContinuousCircuit.scalarBackward.
void NAME(gk_circuit_backward)(const gk_circuit *cell, const float *base, const gk_list_walk *walk,
                               int uses_list, const gk_pass *pass,
                               const gk_gradient *gradient) {
  // The order of what is cleared: `pull` to the end of the short sums, their totals, and ∂L/∂W of the matrices. flow,
  // work, back and input_back are written before they are read.
  NAME(circuit) l = NAME(circuit_of)(cell);
  size_t rows = (size_t)pass->rows, steps = (size_t)pass->steps, unfolds = (size_t)cell->unfolds;
  size_t stages = (size_t)cell->stages, short_sum = gathered_steps(rows);
  // `in` has the offsets in scratch, `s` those in a tape of that many steps.
  NAME(part) in = NAME(part_of)(cell, &l, rows, 0), s = NAME(part_of)(cell, &l, rows, steps);
  float *scratch = aligned(pass->scratch), *tape = aligned(pass->tape);
  gk_columns listed, *columns = NAME(columns_of)(cell, &l, base + HEAD, walk, uses_list, pass, &listed);
  NAME(run) c = {cell, &l, &in, (const gk_circuit_head *)base, columns, base + HEAD, scratch, 0};
  if (columns) {
    columns->scratch = scratch + in.columns;
    columns->synapse_sums = scratch + in.pairs[0], columns->junction_sums = scratch + in.junctions;
  }
  // Sums start at zero, and so do the vectors of `pull` behind the last presynaptic value. A list of synapses takes
  // less.
  size_t shift = in.totals - in.summed, sums = shift;
  if (uses_list) sums = in.pairs[0] - in.summed + rounded(4 * gk_listed(&listed.synapses), LANES);
  for (size_t i = in.pull[0]; i < in.summed + sums; i++) scratch[i] = 0;
  for (size_t i = in.totals; i < in.totals + sums; i++) scratch[i] = 0;
  for (size_t i = in.matrix; i < in.size; i++) scratch[i] = 0;
  // flow = λ = ∂L/∂(state after the sub-step), [R][stride]; it starts as the last state's gradient and takes in each
  // step's own on the way.
  float *flow = scratch + in.flow;
  for (size_t r = 0; r < rows; r++) {
    const float *from = gradient->states + (steps * rows + r) * l.n;
    for (size_t i = 0; i < l.stride; i++) flow[r * l.stride + i] = i < l.n ? from[i] : 0;
  }
  for (size_t t = steps; t-- > 0;) {
    c.elapsed = pass->elapsed + t * rows;
    float *sensory = tape + s.sensory + t * rows * l.pitch;
    // ∂L/∂(sums of the inputs) of this step, [R][pitch], which every evaluation adds to.
    for (size_t i = 0; i < rows * l.pitch; i++) sensory[i] = 0;
    for (size_t u = (t + 1) * unfolds; u-- > t * unfolds;) {
      for (size_t stage = stages; stage-- > 0;) {
        // The sums of this evaluation become their own gradients where they lie on the tape; the states x are read
        // only.
        size_t evaluation = u * stages + stage;
        const float *x = tape + evaluation * s.slot;
        float *sums = tape + s.sums + evaluation * rows * l.pitch;
        // The state after the sub-step is stage 0 of the next one. move_back overwrites `work` of this stage,
        // scatter_sums adds to it.
        NAME(move_back)(&c, stage, x, tape + (u + 1) * stages * s.slot, sums, sensory);
        NAME(scatter_sums)(&c, 0, x, l.stride, tape + s.gates + evaluation * s.slot, sums,
                           scratch + in.work + stage * in.slot);
      }
      NAME(step_back)(&c);
    }
    // Once a step, after its U·stages evaluations: the synapses of the inputs, whose gates were computed once.
    if (l.m) {
      // back: ∂L/∂u in rows of whole vectors; inputs: the caller's, [R][M], overwritten.
      float *back = scratch + in.input_back, *inputs = gradient->inputs + t * rows * l.m;
      for (size_t i = 0; i < rows * l.sources; i++) back[i] = 0;
      NAME(scatter_sums)(&c, 1, pass->inputs + t * rows * l.m, l.m, tape + s.input_gates + t * rows * l.sources, sensory,
                         back);
      for (size_t r = 0; r < rows; r++) {
        for (size_t k = 0; k < l.m; k++) inputs[r * l.m + k] = back[r * l.sources + k];
      }
    }
    // Sums over a few steps join the totals: shorter sums, smaller errors.
    if (t % short_sum == 0) {
      for (size_t i = in.summed; i < in.summed + sums; i += LANES) {
        // Sources, own parameters, junctions and gates; with a list only as far as it goes.
        float *total = scratch + i + shift;
        store(total, load(total) + load(scratch + i));
        store(scratch + i, splat(0));
      }
      NAME(matrices)(&c, &s, pass, tape, t, steps - t < short_sum ? steps - t : short_sum);
    }
    // The state at the begin of this step was given out as well: its own gradient joins what comes back through the
    // step.
    const float *states = gradient->states + t * rows * l.n;
    for (size_t r = 0; r < rows; r++) {
      for (size_t i = 0; i < l.n; i++) flow[r * l.stride + i] += states[r * l.n + i];
    }
  }
  for (size_t r = 0; r < rows; r++) {
    for (size_t i = 0; i < l.n; i++) gradient->states[r * l.n + i] = flow[r * l.stride + i];
  }
  // Once a pass: from sums to ∂L/∂parameters, in the caller's order.
  NAME(settle_circuit)(&c, pass, gradient->parameters);
}
