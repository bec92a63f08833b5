// Template: a circuit backward, through the solver's own arithmetic. No include guard: once a level.
//
// With λ = ∂L/∂(state after the sub-step), stage by stage from the last:
//
//   semi-implicit   x' = num/den:        ∂drive = λ/den, ∂total = −x'·∂drive, ∂capacity = ∂drive·(x − x')/h, through = c·∂drive
//   exponential     x' = x + h·φ(z)·k:   ∂k = h·φ·λ, ∂z = h·k·φ'·λ, and from those ∂drive, ∂total, ∂capacity
//   Runge–Kutta     ∂k_s = h·(b_s·λ + Σ_{r>s} a_rs·∂x_r);  ∂x = λ + Σ_s ∂x_s
//
// then through the membrane to ∂L/∂sums (`membrane_back`), then through the synapses (`scatter_sums`): to the presynaptic
// values of this evaluation, and to the parameters. ∂L/∂sums also add up over a step for the inputs' synapses, which were
// evaluated once. Scalar twins: stepBack of the steppers, Dynamics.adjoint and adjointOfInputs, SynapseLaw.scatter.
//
// Gradients of sums replace the activated sums on the tape, so that the gradients of matrices are products over some
// steps at once.

// The adjoint of gate_group: from ∂L/∂sums, four sums a synapse, [S₀, S₁, x, x·v] with x = ∂L/∂s·s·(1 − s), and
// [row][pre][lane] of a·x in `pull` for transposed_sums.
INLINE void NAME(pull_rows)(const int careful, const int pair, const int group, const NAME(run) *c, int sensory,
                            const float *x, size_t x_row, const float *gradient, float *sums, float *pull,
                            size_t pull_row) {
  const NAME(circuit) *l = c->l;
  size_t pre = sensory ? l->m : l->n;
  const float *p = c->prepared + l->backward[sensory], *centre = c->prepared + l->centre[sensory];
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
        const float *at = gradient + (size_t)r * l->pitch + b * LANES;
        vec d = load(at), y = w * d;
        first = fma(d, s[r], first);
        if (pair) {
          vec other = load(at + l->stride);
          second = fma(other, s[r], second);
          y = fma(h, other, y);
        }
        y *= s[r];
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
static __attribute__((noinline)) void NAME(gate_pull)(const NAME(run) *c, int sensory, const float *x, size_t x_row,
                                                      const float *gradient, float *target, size_t target_row) {
  const NAME(circuit) *l = c->l;
  float *pull = c->scratch + c->s->pull[sensory], *sums = c->scratch + c->s->pairs[sensory];
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
static __attribute__((noinline)) void NAME(scatter_sums)(const NAME(run) *c, int sensory, const float *x, size_t x_row,
                                                         const float *gates, const float *gradient, float *target) {
  const NAME(circuit) *l = c->l;
  size_t row = sensory ? l->sources : l->stride, rows = c->s->rows;
  int listed = c->columns && c->columns->lists;
  if (l->gated && !listed) NAME(gate_pull)(c, sensory, x, x_row, gradient, target, row);
  if (listed || (c->columns && !sensory)) {
    int careful = listed && !NAME(is_fast)(c, sensory, x, rows * x_row);
    c->columns->walk->scatter(c->columns, careful, sensory, x, x_row, gradient, target, row);
  }
  if (!l->products) return;
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
  for (size_t j = 0; j < row; j += LANES) {
    vec by_value = load(sums + j), plain = load(sums + row + j), sigma = load(c->prepared + l->sigma[sensory] + j);
    for (size_t r = 0; r < rows; r++) {
      vec s = load(gates + r * row + j), v = sensory ? load_part(x + r * x_row + j, count - j) : load(x + r * x_row + j);
      vec d = load(back + r * row + j) * (s * (splat(1) - s));
      by_value = fma(d, v, by_value), plain += d;
      store(target + r * row + j, fma(sigma, d, load(target + r * row + j)));
    }
    store(sums + j, by_value), store(sums + row + j, plain);
  }
}

// The adjoint of `move` for one stage: ∂L/∂sums in place, ∂L/∂x of this evaluation past the sums into `work`.
static __attribute__((noinline)) void NAME(move_back)(const NAME(run) *c, size_t stage, const float *x,
                                                      const float *next, float *sums, float *sensory) {
  const NAME(circuit) *l = c->l;
  size_t stages = (size_t)c->cell->stages, slot = c->s->slot;
  for (size_t r = 0; r < c->s->rows; r++) {
    float step = c->elapsed[r] / (float)c->cell->unfolds;
    vec h = splat(step), inverse = splat(1 / step);
    for (size_t i = 0; i < l->stride; i += LANES) {
      size_t at = r * l->stride + i;
      NAME(membrane) m = {c->cell, l->stride, c->prepared + l->membrane + i};
      float *s = sums + r * l->pitch + i, *work = c->scratch + c->s->work + at;
      NAME(flow) f = NAME(flow_of)(&m, s), d;
      vec v = load(x + at), flow = load(c->scratch + c->s->flow + at), through;
      if (c->cell->solver == GK_SEMI_IMPLICIT) {
        vec rate = f.capacity * inverse;
        d.drive = flow / (rate + f.total + splat(1e-8f));
        d.total = -d.drive * load(next + at);
        // ∂num·x + ∂den, without the cancellation.
        d.capacity = d.drive * (v - load(next + at)) * inverse;
        through = d.drive * rate;
      } else if (c->cell->solver == GK_EXPONENTIAL) {
        vec phi, slope, per = splat(1) / f.capacity, z = h * f.total * per, k = fma(-f.total, v, f.drive) * per;
        NAME(relaxation)(z, &phi, &slope);
        vec df = h * phi * flow, dz = h * k * slope * flow;
        d.drive = df * per;
        d.total = fma(dz, h, -df * v) * per;
        d.capacity = -fma(dz, z, df * k) * per;
        through = fma(-df * f.total, per, flow);
      } else {
        vec dk = splat(c->cell->b[stage]) * flow;
        for (size_t q = stage + 1; q < stages; q++) dk = fma(splat(c->cell->a[q][stage]), load(work + q * slot), dk);
        dk = dk * h / f.capacity;
        d.drive = dk, d.total = -dk * v;
        d.capacity = -dk * (fma(-f.total, v, f.drive) / f.capacity);
        through = -dk * f.total;
      }
      NAME(membrane_back)(&m, s, d, c->scratch + c->s->neuron + i);
      for (size_t q = 0; q < l->sums; q++) {
        float *held = sensory + r * l->pitch + q * l->stride + i;
        store(held, load(held) + load(s + q * l->stride));
      }
      store(work + stage * slot, through);
    }
  }
}

// ∂L/∂(state before the sub-step): of a solver of one stage what went through it, of others the sum of all stages and of
// what went straight past.
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
INLINE void NAME(settle_strengths)(const NAME(run) *c, const float *parameters, size_t at, float first, float second,
                                   float *gradient) {
  const NAME(circuit) *l = c->l;
  int conductance = c->cell->strength == GK_CONDUCTANCE;
  gradient[at] += conductance ? first + parameters[l->at_second + at] * second : first;
  if (c->cell->strength != GK_WEIGHT) gradient[l->at_second + at] += conductance ? parameters[at] * second : second;
}
INLINE void NAME(settle_gate)(const NAME(run) *c, const float *parameters, size_t at, float x, float xv,
                              float *gradient) {
  const float *mu = parameters + c->l->at_mu, *sigma = parameters + c->l->at_sigma;
  gradient[c->l->at_mu + at] -= sigma[at] * x;
  gradient[c->l->at_sigma + at] += xv - mu[at] * x;
}

static __attribute__((noinline)) void NAME(settle_list)(const NAME(run) *c, const float *parameters,
                                                        const float *total, float *gradient) {
  const gk_synapses *list = &c->columns->synapses;
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
      const float *product = matrix + pre * l->width + i;
      if (!l->gated) {
        NAME(settle_strengths)(c, w, at, product[0], c->cell->strength == GK_WEIGHT ? 0 : product[l->stride], gradient);
      } else if (!listed) {
        const float *sum = totals + c->s->pairs[sensory] + (j * l->blocks + i / LANES) * 4 * LANES + i % LANES;
        NAME(settle_strengths)(c, w, at, sum[0], sum[LANES], gradient);
        NAME(settle_gate)(c, w, at, sum[2 * LANES], sum[3 * LANES], gradient);
      }
      if (c->cell->elastance != GK_RIGID) gradient[l->at_elastance + at] += product[(l->products - 1) * l->stride];
    }
  }
}

// Multiplies the totals by what was left outside and adds them to the caller's gradient. Once a pass, in the order of the
// parameters: of synapses w, second, μ, σ and elastance, of sources μ and σ, of neurons, of junctions.
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
      NAME(settle_gate)(c, w, pre, sum[sensory ? l->sources : l->stride], sum[0], gradient);
    }
  }
  for (size_t p = 0; p < l->own; p++) {
    for (size_t i = 0; i < l->n; i++) {
      gradient[l->at_own + p * l->n + i] += totals[c->s->neuron + p * l->stride + i];
    }
  }
  for (size_t e = 0; e < l->ends; e++) {
    const float *lanes = totals + c->s->junctions + e * c->columns->walk->lanes;
    float sum = 0;
    for (size_t lane = 0; lane < c->columns->walk->lanes; lane++) sum += lanes[lane];
    gradient[l->at_gap + (size_t)c->columns->junctions.ends[e].pair] += sum;
  }
}

// The gradients of the matrices over `count` steps from step t: ∂W = Σ over evaluations and rows of y·∂Sᵀ, y the states, or the
// gates of the sources where they have some. Both lie on the tape one evaluation behind the other, so that it is one product
// whose inner length is count·U·stages·R.
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
  p.a = neural ? tape + s->input_gates + t * rows * l->sources : pass->inputs + t * rows * l->m;
  p.a_step = neural ? l->sources : l->m;
  p.b = tape + s->sensory + t * rows * l->pitch + skip, p.inner = count * rows, p.rows = l->m;
  p.c = total + l->n * l->width, p.start = p.c;
  NAME(product)(&p);
}

void NAME(gk_circuit_backward)(const gk_circuit *cell, const float *base, const gk_list_walk *walk,
                               int sparse, const gk_pass *pass,
                               const gk_gradient *gradient) {
  NAME(circuit) l = NAME(circuit_of)(cell);
  size_t rows = (size_t)pass->rows, steps = (size_t)pass->steps, unfolds = (size_t)cell->unfolds;
  size_t stages = (size_t)cell->stages, short_sum = gathered_steps(rows);
  NAME(part) in = NAME(part_of)(cell, &l, rows, 0), s = NAME(part_of)(cell, &l, rows, steps);
  float *scratch = aligned(pass->scratch), *tape = aligned(pass->tape);
  gk_columns listed, *columns = NAME(columns_of)(cell, &l, base + HEAD, walk, sparse, pass, &listed);
  NAME(run) c = {cell, &l, &in, (const gk_circuit_head *)base, columns, base + HEAD, scratch, 0};
  if (columns) {
    columns->scratch = scratch + in.columns;
    columns->synapse_sums = scratch + in.pairs[0], columns->junction_sums = scratch + in.junctions;
  }
  // Sums start at zero, and so do the vectors of `pull` behind the last presynaptic value. A list of synapses takes less.
  size_t shift = in.totals - in.summed, sums = shift;
  if (sparse) sums = in.pairs[0] - in.summed + rounded(4 * gk_listed(&listed.synapses), LANES);
  for (size_t i = in.pull[0]; i < in.summed + sums; i++) scratch[i] = 0;
  for (size_t i = in.totals; i < in.totals + sums; i++) scratch[i] = 0;
  for (size_t i = in.matrix; i < in.size; i++) scratch[i] = 0;
  float *flow = scratch + in.flow;
  for (size_t r = 0; r < rows; r++) {
    const float *from = gradient->states + (steps * rows + r) * l.n;
    for (size_t i = 0; i < l.stride; i++) flow[r * l.stride + i] = i < l.n ? from[i] : 0;
  }
  for (size_t t = steps; t-- > 0;) {
    c.elapsed = pass->elapsed + t * rows;
    float *sensory = tape + s.sensory + t * rows * l.pitch;
    for (size_t i = 0; i < rows * l.pitch; i++) sensory[i] = 0;
    for (size_t u = (t + 1) * unfolds; u-- > t * unfolds;) {
      for (size_t stage = stages; stage-- > 0;) {
        size_t evaluation = u * stages + stage;
        const float *x = tape + evaluation * s.slot;
        float *sums = tape + s.sums + evaluation * rows * l.pitch;
        NAME(move_back)(&c, stage, x, tape + (u + 1) * stages * s.slot, sums, sensory);
        NAME(scatter_sums)(&c, 0, x, l.stride, tape + s.gates + evaluation * s.slot, sums,
                           scratch + in.work + stage * in.slot);
      }
      NAME(step_back)(&c);
    }
    if (l.m) {
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
        float *total = scratch + i + shift;
        store(total, load(total) + load(scratch + i));
        store(scratch + i, splat(0));
      }
      NAME(matrices)(&c, &s, pass, tape, t, steps - t < short_sum ? steps - t : short_sum);
    }
    const float *states = gradient->states + t * rows * l.n;
    for (size_t r = 0; r < rows; r++) {
      for (size_t i = 0; i < l.n; i++) flow[r * l.stride + i] += states[r * l.n + i];
    }
  }
  for (size_t r = 0; r < rows; r++) {
    for (size_t i = 0; i < l.n; i++) gradient->states[r * l.n + i] = flow[r * l.stride + i];
  }
  NAME(settle_circuit)(&c, pass, gradient->parameters);
}
