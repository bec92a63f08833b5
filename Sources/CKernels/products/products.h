// Template: cells that are maps from one step to the next; the formulas stand in CKernels.h. No include guard: once a
// level.
//
// Letters: K products (gates) of N sums each. S = bias + u·W_in + h·W_rec, [R][K blocks of stride]; then `products_row` makes
// gates of a row's sums, in place, and from those the next state. The inputs' part of all T steps is one product ahead of
// time where the tape has room for it; the neurons' part has to wait for the state. Absent synapses are zeros in `prepared`:
// products of matrices do not pay for skipping them. Scalar twins: ProductCell.scalarForward and scalarBackward, and step and
// stepBack of each ProductUpdate.
//
// All gates of a row lie side by side, a *block* of `stride` floats each. The sums of a step are one product over the
// inputs and one over the neurons; on the way back the gradients of the sums replace the gates on the tape, so that the
// gradients of all weights are products over many steps at once.

typedef struct {
  size_t n, m, state;             // N, M, entries of a state: N or 2N
  size_t gates, blocks;           // tensors; blocks of sums
  size_t first, recurrent;        // first block and number of blocks with recurrent synapses
  size_t own;                     // neuron parameters that are no biases
  size_t stride, sources, pitch;  // floats: a block, a row of ∂L/∂u, a row of sums
  size_t weights, bias, transposed[2], size;              // in `prepared`
  size_t sums, back, sensory, total, biases, extra, scratch;  // in scratch
} NAME(products);

// What the form says about the sums, wherever they come from: of a step's row [R][K blocks of `stride`], padded to `pitch`.
INLINE NAME(products) NAME(sums_of)(int form, size_t n) {
  NAME(products) g = {.n = n};
  g.gates = form == GK_CFC || form == GK_CFC_NO_GATE || form == GK_LSTM ? 4 : form == GK_GRU ? 3 : 1;
  // Of the candidate of a gated recurrent unit the sums over inputs and over neurons are kept apart.
  g.blocks = form == GK_GRU ? 4 : g.gates;
  g.first = form == GK_GRU ? 1 : 0;
  g.recurrent = form == GK_RELU ? 0 : g.gates;
  g.own = form == GK_CFC_PURE ? 2 : 0;
  g.state = form == GK_LSTM ? 2 * n : n;
  g.stride = rounded(n, LANES);
  g.pitch = NAME(pitch)(g.blocks * g.stride);
  return g;
}

INLINE NAME(products) NAME(products_of)(gk_products cell, size_t rows) {
  NAME(products) g = NAME(sums_of)(cell.form, (size_t)cell.neurons);
  g.m = (size_t)cell.inputs, g.sources = rounded(g.m, LANES);
  size_t at = 0;
  g.weights = at, at += (g.n + g.m) * g.pitch;
  g.bias = at, at += g.pitch + g.own * g.stride;
  g.transposed[0] = at, at += g.recurrent * g.n * g.stride;
  g.transposed[1] = at, at += g.blocks * g.n * g.sources;
  g.size = at;
  at = 0;
  g.sums = at, at += rounded(rows * g.pitch, ALIGNMENT);
  g.back = at, at += rows * g.stride;
  g.sensory = at, at += rows * g.sources;
  g.total = at, at += (g.n + g.m) * g.pitch;
  g.biases = at, at += g.pitch;
  g.extra = at, at += 2 * g.stride;
  g.scratch = at;
  return g;
}

// The block with gate q's sums over neurons, or over inputs: the same but for the candidate of a gated recurrent unit.
INLINE size_t NAME(block)(const NAME(products) *g, size_t q, int sensory) {
  return q == 0 && sensory ? 0 : g->first + q;
}

size_t NAME(gk_products_prepared)(gk_products cell) { return NAME(products_of)(cell, 1).size; }
size_t NAME(gk_products_tape)(gk_products cell, int rows, int steps) {
  return (size_t)rows * (size_t)steps * NAME(products_of)(cell, 1).pitch;
}
size_t NAME(gk_products_scratch)(gk_products cell, int rows) { return NAME(products_of)(cell, (size_t)rows).scratch; }

void NAME(gk_products_prepare)(gk_products cell, const float *parameters, const float *connections, float *prepared) {
  NAME(products) g = NAME(products_of)(cell, 1);
  size_t from = g.recurrent ? 0 : g.n, synapses = (g.n + g.m - from) * g.n;
  for (size_t i = 0; i < g.size; i++) prepared[i] = 0;
  for (size_t q = 0; q < g.gates; q++) {
    for (size_t pre = from; pre < g.n + g.m; pre++) {
      const float *w = parameters + q * synapses + (pre - from) * g.n, *present = connections + pre * g.n;
      float *row = prepared + g.weights + pre * g.pitch + NAME(block)(&g, q, pre >= g.n) * g.stride;
      for (size_t i = 0; i < g.n; i++) row[i] = present[i] == 0 ? 0 : w[i];
    }
    size_t fed = NAME(block)(&g, q, 0), driven = NAME(block)(&g, q, 1);
    if (g.recurrent) {
      NAME(transpose)(prepared + g.weights + fed * g.stride, g.pitch, g.n, g.n,
                      prepared + g.transposed[0] + (fed - g.first) * g.n * g.stride, g.stride);
    }
    NAME(transpose)(prepared + g.weights + g.n * g.pitch + driven * g.stride, g.pitch, g.m, g.n,
                    prepared + g.transposed[1] + driven * g.n * g.sources, g.sources);
    const float *bias = parameters + g.gates * synapses + q * g.n;
    float *to = prepared + g.bias + NAME(block)(&g, q, 1) * g.stride;
    for (size_t i = 0; i < g.n; i++) to[i] = bias[i];
  }
  for (size_t q = 0; q < g.own; q++) {
    const float *own = parameters + g.gates * synapses + (1 + q) * g.n;
    for (size_t i = 0; i < g.n; i++) prepared[g.bias + g.pitch + q * g.stride + i] = own[i];
  }
}

typedef struct {
  const NAME(products) *g;
  const float *prepared;
  float *scratch;
  size_t rows;
  const float *elapsed;        // of this step
  float *sums;                 // of this step, [row][pitch]
  const float *state;          // before the step
  float *next;                 // after it
  float *flow, *before;        // gradients of both
} NAME(products_step);

// Turns a row's sums into gates, in place, and makes the next state of a block of neurons.
INLINE void NAME(products_row)(const int form, const NAME(products_step) *c, size_t row, size_t at) {
  const NAME(products) *g = c->g;
  float *s = c->sums + row * g->pitch + at;
  const float *state = c->state + row * g->state + at;
  float *next = c->next + row * g->state + at;
  size_t left = g->n - at, w = g->stride;
  if (form == GK_CFC || form == GK_CFC_NO_GATE) {
    vec f1 = hyperbolic(load(s)), f2 = hyperbolic(load(s + w));
    vec t = logistic(fma(load(s + 2 * w), splat(c->elapsed[row]), load(s + 3 * w)));
    store(s, f1), store(s + w, f2), store(s + 2 * w, t);
    store_part(next, left, form == GK_CFC ? fma(t, f2 - f1, f1) : fma(t, f2, f1));
  } else if (form == GK_CFC_PURE) {
    vec f = load(s), rate = load(c->prepared + g->bias + g->pitch + at);
    vec amplitude = load(c->prepared + g->bias + g->pitch + w + at);
    vec decay = NAME(exponential)(splat(-c->elapsed[row]) * (NAME(magnitude)(rate) + NAME(magnitude)(f)));
    store_part(next, left, amplitude - amplitude * decay * f);
  } else if (form == GK_LSTM) {
    vec u = hyperbolic(load(s)), i = logistic(load(s + w)), f = logistic(load(s + 2 * w)), o = logistic(load(s + 3 * w));
    store(s, u), store(s + w, i), store(s + 2 * w, f), store(s + 3 * w, o);
    vec cell = fma(f, load_part(state + g->n, left), i * u);
    store_part(next + g->n, left, cell);
    store_part(next, left, o * hyperbolic(cell));
  } else if (form == GK_GRU) {
    vec z = logistic(load(s + 2 * w)), r = logistic(load(s + 3 * w));
    vec candidate = hyperbolic(fma(r, load(s + w), load(s)));
    store(s, candidate), store(s + 2 * w, z), store(s + 3 * w, r);
    store_part(next, left, fma(z, load_part(state, left) - candidate, candidate));
  } else if (form == GK_RNN) {
    store_part(next, left, hyperbolic(load(s)));
  } else {
    vec x = load(s);
    // As max(x, 0), which lets a NaN through.
    store_part(next, left, choose(x < splat(0), splat(0), x));
  }
}

// Turns ∂L/∂next into the gradients of a row's sums, in place of the gates, and adds what reaches the state directly. With
// d = ∂L/∂h' (and ∂L/∂c' of an LSTM), each line is d times the derivative of the form above by that sum:
//
//   CfC    ∂S₁ = d·(1 − t)·(1 − f₁²), ∂S₂ = d·t·(1 − f₂²), ∂S_b = d·(f₂ − f₁)·t(1 − t), ∂S_a = Δt·∂S_b
//   LSTM   ∂c' += d·o·(1 − tanh²c');  ∂g = ∂c'·i·(1 − g²), ∂i = ∂c'·g·i(1 − i), ∂f = ∂c'·c·f(1 − f), ∂o = d·tanh c'·o(1 − o)
//   GRU    ∂n = d·(1 − z)·(1 − n²), ∂(U·h) = r·∂n, ∂z = d·(h − n)·z(1 − z), ∂r = ∂n·(U·h)·r(1 − r)
//   RNN    d·(1 − h'²);  ReLU d where h' > 0
INLINE void NAME(products_row_back)(const int form, const NAME(products_step) *c, size_t row, size_t at) {
  const NAME(products) *g = c->g;
  float *s = c->sums + row * g->pitch + at;
  const float *state = c->state + row * g->state + at, *next = c->next + row * g->state + at;
  float *before = c->before + row * g->state + at;
  size_t left = g->n - at, w = g->stride;
  vec d = load_part(c->flow + row * g->state + at, left), one = splat(1);
  if (form == GK_CFC || form == GK_CFC_NO_GATE) {
    vec f1 = load(s), f2 = load(s + w), t = load(s + 2 * w);
    vec gate = d * (form == GK_CFC ? f2 - f1 : f2) * (t * (one - t));
    store(s, d * (form == GK_CFC ? one - t : one) * fma(-f1, f1, one));
    store(s + w, d * t * fma(-f2, f2, one));
    store(s + 2 * w, gate * splat(c->elapsed[row]));
    store(s + 3 * w, gate);
  } else if (form == GK_CFC_PURE) {
    vec f = load(s), rate = load(c->prepared + g->bias + g->pitch + at), dt = splat(c->elapsed[row]);
    vec amplitude = load(c->prepared + g->bias + g->pitch + w + at);
    vec decay = NAME(exponential)(-dt * (NAME(magnitude)(rate) + NAME(magnitude)(f)));
    // ∂(e^(−Δt·|f|)·f)/∂f = e^(−Δt·|f|)·(1 − Δt·|f|).
    store(s, -d * amplitude * decay * fma(-dt, NAME(magnitude)(f), one));
    float *extra = c->scratch + g->extra + at;
    vec sign = choose(rate > splat(0), one, choose(rate < splat(0), -one, splat(0)));
    store(extra, fma(d * amplitude * decay, f * dt * sign, load(extra)));
    store(extra + w, fma(d, fma(-decay, f, one), load(extra + w)));
  } else if (form == GK_LSTM) {
    vec u = load(s), i = load(s + w), f = load(s + 2 * w), o = load(s + 3 * w);
    vec squashed = hyperbolic(load_part(next + g->n, left)), cell = load_part(state + g->n, left);
    vec dc = fma(d * o, fma(-squashed, squashed, one), load_part(c->flow + row * g->state + g->n + at, left));
    store(s, dc * i * fma(-u, u, one));
    store(s + w, dc * u * (i * (one - i)));
    store(s + 2 * w, dc * cell * (f * (one - f)));
    store(s + 3 * w, d * squashed * (o * (one - o)));
    store_part(before + g->n, left, fma(dc, f, load_part(before + g->n, left)));
  } else if (form == GK_GRU) {
    vec candidate = load(s), fed = load(s + w), z = load(s + 2 * w), r = load(s + 3 * w);
    vec dn = d * (one - z) * fma(-candidate, candidate, one);
    store(s, dn), store(s + w, dn * r);
    store(s + 2 * w, d * (load_part(state, left) - candidate) * (z * (one - z)));
    store(s + 3 * w, dn * fed * (r * (one - r)));
    store_part(before, left, fma(d, z, load_part(before, left)));
  } else if (form == GK_RNN) {
    vec h = load_part(next, left);
    store(s, d * fma(-h, h, one));
  } else {
    store(s, choose(load(s) > splat(0), d, splat(0)));
  }
}

#define FORM(form)                                                     \
  case form:                                                           \
    for (size_t row = 0; row < c->rows; row++) {                       \
      for (size_t at = 0; at < c->g->n; at += LANES) PART(form, c, row, at); \
    }                                                                  \
    break;
#define FORMS FORM(GK_CFC) FORM(GK_CFC_NO_GATE) FORM(GK_CFC_PURE) FORM(GK_LSTM) FORM(GK_GRU) FORM(GK_RNN) FORM(GK_RELU)

static __attribute__((noinline)) void NAME(products_forward)(int form, const NAME(products_step) *c) {
#define PART NAME(products_row)
  switch (form) { FORMS }
#undef PART
}

static __attribute__((noinline)) void NAME(products_backward)(int form, const NAME(products_step) *c) {
#define PART NAME(products_row_back)
  switch (form) { FORMS }
#undef PART
}
#undef FORM
#undef FORMS

void NAME(gk_products_forward)(gk_products cell, const float *prepared, const gk_pass *pass) {
  size_t rows = (size_t)pass->rows, steps = (size_t)pass->steps;
  NAME(products) g = NAME(products_of)(cell, rows);
  float *scratch = aligned(pass->scratch), *tape = pass->keeps_tape ? aligned(pass->tape) : 0;
  NAME(products_step) c = {.g = &g, .prepared = prepared, .scratch = scratch, .rows = rows};
  NAME(factors) sensory = {
      .a_row = g.m, .a_step = 1, .b = prepared + g.weights + g.n * g.pitch, .b_row = g.pitch,
      .start = prepared + g.bias, .c_row = g.pitch, .columns = g.blocks * g.stride, .inner = g.m, .outer = 1};
  if (tape) sensory.a = pass->inputs, sensory.c = tape, sensory.rows = steps * rows, NAME(product)(&sensory);
  for (size_t t = 0; t < steps; t++) {
    c.sums = tape ? tape + t * rows * g.pitch : scratch + g.sums;
    c.elapsed = pass->elapsed + t * rows;
    c.state = pass->states + t * rows * g.state, c.next = pass->states + (t + 1) * rows * g.state;
    if (!tape) {
      sensory.a = pass->inputs + t * rows * g.m, sensory.c = c.sums, sensory.rows = rows, NAME(product)(&sensory);
    }
    if (g.recurrent) {
      float *fed = c.sums + g.first * g.stride;
      NAME(factors) recurrent = {
          .a = c.state, .a_row = g.state, .a_step = 1, .b = prepared + g.weights + g.first * g.stride,
          .b_row = g.pitch, .start = fed, .start_row = g.pitch, .c = fed, .c_row = g.pitch, .rows = rows,
          .columns = g.recurrent * g.stride, .inner = g.n, .outer = 1};
      NAME(product)(&recurrent);
    }
    NAME(products_forward)(cell.form, &c);
  }
}

void NAME(gk_products_backward)(gk_products cell, const float *prepared, const gk_pass *pass, const gk_gradient *gradient) {
  size_t rows = (size_t)pass->rows, steps = (size_t)pass->steps, short_sum = gathered_steps(rows);
  NAME(products) g = NAME(products_of)(cell, rows);
  float *scratch = aligned(pass->scratch), *tape = aligned(pass->tape);
  NAME(products_step) c = {.g = &g, .prepared = prepared, .scratch = scratch, .rows = rows};
  for (size_t i = g.total; i < g.scratch; i++) scratch[i] = 0;
  static const float one = 1;
  float *total = scratch + g.total;
  for (size_t t = steps; t-- > 0;) {
    c.sums = tape + t * rows * g.pitch;
    c.elapsed = pass->elapsed + t * rows;
    c.state = pass->states + t * rows * g.state, c.next = pass->states + (t + 1) * rows * g.state;
    c.before = gradient->states + t * rows * g.state, c.flow = gradient->states + (t + 1) * rows * g.state;
    NAME(products_backward)(cell.form, &c);
    if (g.recurrent) {
      NAME(factors) back = {
          .a = c.sums + g.first * g.stride, .a_row = g.pitch, .a_step = 1, .a_outer = g.stride,
          .b = prepared + g.transposed[0], .b_row = g.stride, .c = scratch + g.back, .c_row = g.stride, .rows = rows,
          .columns = g.stride, .inner = g.n, .outer = g.recurrent};
      NAME(product)(&back);
      for (size_t r = 0; r < rows; r++) {
        for (size_t i = 0; i < g.n; i++) c.before[r * g.state + i] += scratch[g.back + r * g.stride + i];
      }
    }
    if (g.m) {
      NAME(factors) back = {
          .a = c.sums, .a_row = g.pitch, .a_step = 1, .a_outer = g.stride, .b = prepared + g.transposed[1],
          .b_row = g.sources, .c = scratch + g.sensory, .c_row = g.sources, .rows = rows, .columns = g.sources,
          .inner = g.n, .outer = g.blocks};
      NAME(product)(&back);
      float *inputs = gradient->inputs + t * rows * g.m;
      for (size_t r = 0; r < rows; r++) {
        for (size_t k = 0; k < g.m; k++) inputs[r * g.m + k] = scratch[g.sensory + r * g.sources + k];
      }
    }
    // Sums over a few steps join the total, while they are in the cache.
    if (t % short_sum) continue;
    size_t count = steps - t < short_sum ? steps - t : short_sum, columns = g.blocks * g.stride;
    NAME(factors) weights = {
        .a_step = g.state, .a_row = 1, .a = c.state, .b = c.sums + g.first * g.stride, .b_row = g.pitch,
        .start = total + g.first * g.stride, .start_row = g.pitch, .c = total + g.first * g.stride, .c_row = g.pitch,
        .rows = g.n, .columns = g.recurrent * g.stride, .inner = count * rows, .outer = 1};
    if (g.recurrent) NAME(product)(&weights);
    weights.a = pass->inputs + t * rows * g.m, weights.a_step = g.m, weights.rows = g.m, weights.columns = columns;
    weights.b = c.sums, weights.c = total + g.n * g.pitch, weights.start = weights.c;
    if (g.m) NAME(product)(&weights);
    weights.a = &one, weights.a_step = 0, weights.rows = 1, weights.c = scratch + g.biases, weights.start = weights.c;
    NAME(product)(&weights);
  }
  size_t from = g.recurrent ? 0 : g.n, synapses = (g.n + g.m - from) * g.n;
  for (size_t q = 0; q < g.gates; q++) {
    for (size_t pre = from; pre < g.n + g.m; pre++) {
      const float *sum = total + pre * g.pitch + NAME(block)(&g, q, pre >= g.n) * g.stride;
      const float *present = pass->connections + pre * g.n;
      float *out = gradient->parameters + q * synapses + (pre - from) * g.n;
      for (size_t i = 0; i < g.n; i++) out[i] += present[i] != 0 ? sum[i] : 0;
    }
    const float *sum = scratch + g.biases + NAME(block)(&g, q, 1) * g.stride;
    float *out = gradient->parameters + g.gates * synapses + q * g.n;
    for (size_t i = 0; i < g.n; i++) out[i] += sum[i];
  }
  for (size_t q = 0; q < g.own; q++) {
    float *out = gradient->parameters + g.gates * synapses + (1 + q) * g.n;
    for (size_t i = 0; i < g.n; i++) out[i] += scratch[g.extra + q * g.stride + i];
  }
}
