// Template: cells that are maps from one step to the next; the formulas stand in CKernels.h. No include guard: once a
// level.
//
// Letters: K products (gates) of N sums each. S = bias + u·W_in + h·W_rec, [R][K blocks of stride]; then `products_row`
// makes gates of a row's sums, in place, and from those the next state. The inputs' part of all T steps is one product
// ahead of time where the tape has room for it; the neurons' part has to wait for the state. Absent synapses are zeros
// in `prepared`: products of matrices do not pay for skipping them. Scalar twins: ProductCell.scalarForward and
// scalarBackward, and step and stepBack of each ProductUpdate.
//
// All gates of a row lie side by side, a *block* of `stride` floats each. The sums of a step are one product over the
// inputs and one over the neurons; on the way back the gradients of the sums replace the gates on the tape, so that the
// gradients of all weights are products over many steps at once.
//
// Index order: r a row of the batch, q a block of sums, i the neuron it belongs to (post), j what it reads (pre), t the
// step. S is [R][q][i], a weight W_q is [j][i], its transpose [i][j]. Backward, with D = ∂L/∂S [R][q][i]:
//
//   ∂L/∂h_rj += Σ_q Σ_i D_rqi·W_qji       product with W_recᵀ, [q][i][j]; q outside, i inside
//   ∂L/∂u_rk  = Σ_q Σ_i D_rqi·W_qki       product with W_inᵀ
//   ∂L/∂W_qji = Σ_t Σ_r y_rj·D_rqi        y = h or u: product with the states or inputs read down their columns
//   ∂L/∂b_qi  = Σ_t Σ_r D_rqi             the same with y = 1
//
// All rows of a matrix are whole vectors (`stride`, `pitch`, `sources` are multiples of LANES), so that no product has
// a remainder; the entries in between are zeros in `prepared`, and what the products make of them is not copied out.

typedef struct {
  size_t n, m, state;             // N, M, entries of a state: N or 2N
  size_t gates, blocks;           // tensors; blocks of sums
  size_t first, recurrent;        // first block and number of blocks with recurrent synapses
  size_t own;                     // neuron parameters that are no biases
  size_t stride, sources, pitch;  // floats: a block, a row of ∂L/∂u, a row of sums
  // weights: W [pre N + M][pitch], K blocks of post a row; bias: one more such row, then the form's own [own][stride];
  // transposed: W_recᵀ [recurrent block][post N][stride] and W_inᵀ [block][post N][sources].
  size_t weights, bias, transposed[2], size;              // in `prepared`
  // sums: S [R][pitch] where no tape is kept; back: ∂L/∂h [R][stride]; sensory: ∂L/∂u [R][sources]; total: ∂L/∂W
  // [pre][pitch]; biases: ∂L/∂b [pitch]; extra: ∂L/∂(own) [2][stride].
  size_t sums, back, sensory, total, biases, extra, scratch;  // in scratch
} NAME(products);

// What the form says about the sums, wherever they come from: of a step's row [R][K blocks of `stride`], padded to
// `pitch`.
//
// The blocks of a row, by form:
//
//   CfC, no gate   W₁·y, W₂·y, W_a·y, W_b·y       LSTM   candidate g, gates i, f, o
//   pure, RNN      W·y                            GRU    V·u, U·h, z, r
//   ReLU           W·u
//
// The GRU has three tensors over [h ; u] but four blocks: its candidate tanh(V·u + b_n + r·(U·h)) needs both parts of
// one tensor's product on their own. Blocks from `first` on have weights of neurons, `recurrent` of them: V·u has none.
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

// Offsets in floats from the aligned begins of `prepared` and scratch; the tape is [T][R][pitch] and needs none.
INLINE NAME(products) NAME(products_of)(gk_products cell, size_t rows) {
  NAME(products) g = NAME(sums_of)(cell.form, (size_t)cell.neurons);
  g.m = (size_t)cell.inputs, g.sources = rounded(g.m, LANES);
  // In `prepared`: weights [pre][block of sums], biases as one more row, the form's own parameters, and the weights
  // transposed: [gate][post][pre N] and [block][post][pre M].
  size_t at = 0;
  g.weights = at, at += (g.n + g.m) * g.pitch;
  g.bias = at, at += g.pitch + g.own * g.stride;
  g.transposed[0] = at, at += g.recurrent * g.n * g.stride;
  g.transposed[1] = at, at += g.blocks * g.n * g.sources;
  g.size = at;
  at = 0;
  // In scratch: a step's sums without a tape, ∂L/∂h and ∂L/∂u of a step; from `total` on what is added up over the
  // pass: ∂W as [pre][block], ∂b, and the own parameters of the form.
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
  // GRU: block 0 is V·u of the candidate, block 1 its U·h, blocks 2 and 3 z and r. Others: block q for both.
  return q == 0 && sensory ? 0 : g->first + q;
}

// Sizes for gk_products_*_size. The tape has one row of sums a step and row, where backward finds gates and leaves D.
size_t NAME(gk_products_prepared)(gk_products cell) { return NAME(products_of)(cell, 1).size; }
size_t NAME(gk_products_tape)(gk_products cell, int rows, int steps) {
  return (size_t)rows * (size_t)steps * NAME(products_of)(cell, 1).pitch;
}
size_t NAME(gk_products_scratch)(gk_products cell, int rows) { return NAME(products_of)(cell, (size_t)rows).scratch; }

// The caller's W_q is [pre][post] of (N + M)·N floats, recurrent rows first (of the ReLU cell the M others alone:
// `from`); here the K gates of a presynaptic value stand side by side, [pre][block][post], since one product makes all
// of them. present[i] = 0 writes 0 whatever the parameter holds, NaN too. `prepared` is overwritten as a whole, padding
// with zeros.
void NAME(gk_products_prepare)(gk_products cell, const float *parameters, const float *connections, float *prepared) {
  NAME(products) g = NAME(products_of)(cell, 1);
  // From the caller's order: W of each gate, [pre][post], then biases, then own parameters; absent synapses get
  // nothing.
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
  // What the functions of one step are given; pointers are to this step's part of the pass. States are [R][state] with
  // state = N, or 2N as [h | c] of the LSTM. flow = ∂L/∂(state after the step), complete when the step is reached,
  // since later steps have added to it; before = ∂L/∂(state before), which holds the loss's own part and is added to.
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
//
// For LANES neurons from `at` on, of one row: reads S (blocks at s, s + w, s + 2w, s + 3w) and the state before, writes
// the next state and, over S, what backward needs. The formulas are those of CKernels.h; what is left in the blocks:
//
//   CfC    f₁, f₂, t, and S_b untouched     LSTM   g, i, f, o
//   pure   f = S                            GRU    n, U·h, z, r
//   RNN    S (backward takes tanh from h')  ReLU   S
//
// `left` neurons are there from `at` on, so of a last vector only so many states are read and written; sums are padded
// and are not. The twin of each branch is `step` of the form's update: CfCUpdate and so on, in Sources/Circuits/Cells.
INLINE void NAME(products_row)(const int form, const NAME(products_step) *c, size_t row, size_t at) {
  const NAME(products) *g = c->g;
  float *s = c->sums + row * g->pitch + at;
  const float *state = c->state + row * g->state + at;
  float *next = c->next + row * g->state + at;
  size_t left = g->n - at, w = g->stride;
  if (form == GK_CFC || form == GK_CFC_NO_GATE) {
    // S: W₁·y + b₁, W₂·y + b₂, W_a·y + b_a, W_b·y + b_b. Stored for backward: f₁, f₂, t.
    // h' = f₁·(1 − t) + t·f₂ = f₁ + t·(f₂ − f₁): one fused multiply-add.
    vec f1 = hyperbolic(load(s)), f2 = hyperbolic(load(s + w));
    vec t = logistic(fma(load(s + 2 * w), splat(c->elapsed[row]), load(s + 3 * w)));
    store(s, f1), store(s + w, f2), store(s + 2 * w, t);
    store_part(next, left, form == GK_CFC ? fma(t, f2 - f1, f1) : fma(t, f2, f1));
  } else if (form == GK_CFC_PURE) {
    // f stays the sum itself: |f| and |w_τ| decide how fast the amplitude A decays.
    // h' = A − A·e^(−Δt·(|w_τ| + |f|))·f.
    vec f = load(s), rate = load(c->prepared + g->bias + g->pitch + at);
    vec amplitude = load(c->prepared + g->bias + g->pitch + w + at);
    vec decay = NAME(exponential)(splat(-c->elapsed[row]) * (NAME(magnitude)(rate) + NAME(magnitude)(f)));
    store_part(next, left, amplitude - amplitude * decay * f);
  } else if (form == GK_LSTM) {
    // g, i, f, o in the blocks; c behind h in the state, so both of the step before are read from there.
    // c' = f·c + i·g and h' = o·tanh(c').
    vec u = hyperbolic(load(s)), i = logistic(load(s + w)), f = logistic(load(s + 2 * w)), o = logistic(load(s + 3 * w));
    store(s, u), store(s + w, i), store(s + 2 * w, f), store(s + 3 * w, o);
    vec cell = fma(f, load_part(state + g->n, left), i * u);
    store_part(next + g->n, left, cell);
    store_part(next, left, o * hyperbolic(cell));
  } else if (form == GK_GRU) {
    // Block 1, U·h, stays a sum: r·(U·h) needs both factors on the way back.
    // h' = n + z·(h − n) with n = tanh(V·u + b_n + r·(U·h)).
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

// Turns ∂L/∂next into the gradients of a row's sums, in place of the gates, and adds what reaches the state directly.
// With d = ∂L/∂h' (and ∂L/∂c' of an LSTM), each line is d times the derivative of the form above by that sum:
//
//   CfC    ∂S₁ = d·(1 − t)·(1 − f₁²), ∂S₂ = d·t·(1 − f₂²), ∂S_b = d·(f₂ − f₁)·t(1 − t), ∂S_a = Δt·∂S_b
//   LSTM   ∂c' += d·o·(1 − tanh²c');  ∂g = ∂c'·i·(1 − g²), ∂i = ∂c'·g·i(1 − i), ∂f = ∂c'·c·f(1 − f),
//          ∂o = d·tanh c'·o(1 − o)
//   GRU    ∂n = d·(1 − z)·(1 − n²), ∂(U·h) = r·∂n, ∂z = d·(h − n)·z(1 − z), ∂r = ∂n·(U·h)·r(1 − r)
//   RNN    d·(1 − h'²);  ReLU d where h' > 0
// Padding lanes get a gradient of zero where S is finite, because d is loaded as 0 there; the products behind this may
// therefore run over whole blocks. Twins: `stepBack` of the forms' updates.
INLINE void NAME(products_row_back)(const int form, const NAME(products_step) *c, size_t row, size_t at) {
  const NAME(products) *g = c->g;
  float *s = c->sums + row * g->pitch + at;
  const float *state = c->state + row * g->state + at, *next = c->next + row * g->state + at;
  float *before = c->before + row * g->state + at;
  size_t left = g->n - at, w = g->stride;
  vec d = load_part(c->flow + row * g->state + at, left), one = splat(1);
  if (form == GK_CFC || form == GK_CFC_NO_GATE) {
    // h' = f₁·(1 − t) + t·f₂ or f₁ + t·f₂, t = σ(a·Δt + b): a and b get the same gradient up to Δt.
    vec f1 = load(s), f2 = load(s + w), t = load(s + 2 * w);
    // gate = ∂L/∂S_b = d·∂h'/∂t·t·(1 − t); S_a enters t times Δt.
    vec gate = d * (form == GK_CFC ? f2 - f1 : f2) * (t * (one - t));
    store(s, d * (form == GK_CFC ? one - t : one) * fma(-f1, f1, one));
    store(s + w, d * t * fma(-f2, f2, one));
    store(s + 2 * w, gate * splat(c->elapsed[row]));
    store(s + 3 * w, gate);
  } else if (form == GK_CFC_PURE) {
    // h' = A − A·e^(−Δt·(|w_τ| + |f|))·f, so ∂h'/∂A = 1 − decay·f and ∂h'/∂w_τ = A·decay·f·Δt·sign(w_τ).
    vec f = load(s), rate = load(c->prepared + g->bias + g->pitch + at), dt = splat(c->elapsed[row]);
    vec amplitude = load(c->prepared + g->bias + g->pitch + w + at);
    vec decay = NAME(exponential)(-dt * (NAME(magnitude)(rate) + NAME(magnitude)(f)));
    // ∂(e^(−Δt·|f|)·f)/∂f = e^(−Δt·|f|)·(1 − Δt·|f|).
    // ∂L/∂f = −d·A·e^(−Δt·|w_τ|)·(that), the first factor being part of `decay`.
    store(s, -d * amplitude * decay * fma(-dt, NAME(magnitude)(f), one));
    // The form's own gradients need no product: they are added up here, over rows and steps, [w_τ | A] of `stride`
    // floats each.
    float *extra = c->scratch + g->extra + at;
    vec sign = choose(rate > splat(0), one, choose(rate < splat(0), -one, splat(0)));
    store(extra, fma(d * amplitude * decay, f * dt * sign, load(extra)));
    store(extra + w, fma(d, fma(-decay, f, one), load(extra + w)));
  } else if (form == GK_LSTM) {
    vec u = load(s), i = load(s + w), f = load(s + 2 * w), o = load(s + 3 * w);
    // tanh(c') is made again from the next state; c is the step before's.
    // ∂L/∂c' has two parts: what a later step or the loss put at c' in `flow`, and o·(1 − tanh² c')·∂L/∂h'.
    vec squashed = hyperbolic(load_part(next + g->n, left)), cell = load_part(state + g->n, left);
    vec dc = fma(d * o, fma(-squashed, squashed, one), load_part(c->flow + row * g->state + g->n + at, left));
    store(s, dc * i * fma(-u, u, one));
    store(s + w, dc * u * (i * (one - i)));
    store(s + 2 * w, dc * cell * (f * (one - f)));
    store(s + 3 * w, d * squashed * (o * (one - o)));
    // ∂L/∂c = f·∂L/∂c', past the gates; ∂L/∂h comes through the product with W_recᵀ alone.
    store_part(before + g->n, left, fma(dc, f, load_part(before + g->n, left)));
  } else if (form == GK_GRU) {
    // h' = n + z·(h − n), n = tanh(V·u + b_n + r·U·h): ∂h directly is z·∂h'; through the gates it comes with the
    // product.
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
    // h' = max(S, 0): its slope is 1 where S > 0 and taken as 0 at S = 0.
    store(s, choose(load(s) > splat(0), d, splat(0)));
  }
}

// Every form is compiled into a loop of its own over rows and vectors of neurons, so that no branch on the form is left
// inside; PART is products_row or products_row_back.
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

// States 1 … T of [T + 1][R][state], each from the one before; the tape, where kept, [T][R][pitch]. With it S of all
// steps begins as bias + u·W_in and each step adds h·W_rec to its rows; without it one row of sums for each row of the
// batch, in scratch, is used in turn. Either way a sum is formed in the order bias, inputs, neurons, and the states are
// the same to the bit.
void NAME(gk_products_forward)(gk_products cell, const float *prepared, const gk_pass *pass) {
  size_t rows = (size_t)pass->rows, steps = (size_t)pass->steps;
  NAME(products) g = NAME(products_of)(cell, rows);
  float *scratch = aligned(pass->scratch), *tape = pass->keeps_tape ? aligned(pass->tape) : 0;
  NAME(products_step) c = {.g = &g, .prepared = prepared, .scratch = scratch, .rows = rows};
  // u·W_in + b. With a tape for all T·R rows at once: one long product reads the weights less often.
  // start_row is 0, so the one row of biases begins every row of S.
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
      // Onto those the neurons' part: h·W_rec, [R][recurrent blocks of stride], inner length N.
      // start and c are the same memory: the product adds to what is there.
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

// From the last step to the first: D of the step's sums in place of the gates, then ∂L/∂h of the state before (added),
// ∂L/∂u (overwritten), and every `short_sum` steps ∂L/∂W and ∂L/∂b of those steps, added to totals in scratch. The
// caller's gradient is added to once, at the end. short_sum keeps a sum short that would else run over T·R products
// (gathered_steps in internal.h).
void NAME(gk_products_backward)(gk_products cell, const float *prepared, const gk_pass *pass, const gk_gradient *gradient) {
  size_t rows = (size_t)pass->rows, steps = (size_t)pass->steps, short_sum = gathered_steps(rows);
  NAME(products) g = NAME(products_of)(cell, rows);
  float *scratch = aligned(pass->scratch), *tape = aligned(pass->tape);
  NAME(products_step) c = {.g = &g, .prepared = prepared, .scratch = scratch, .rows = rows};
  // ∂W, ∂b and own parameters start at zero; the rest of scratch is written before it is read.
  for (size_t i = g.total; i < g.scratch; i++) scratch[i] = 0;
  static const float one = 1;
  float *total = scratch + g.total;
  for (size_t t = steps; t-- > 0;) {
    c.sums = tape + t * rows * g.pitch;
    c.elapsed = pass->elapsed + t * rows;
    c.state = pass->states + t * rows * g.state, c.next = pass->states + (t + 1) * rows * g.state;
    // flow and before are of neighbouring steps in [T + 1][R][state]: what this step adds to before is the next one's
    // flow.
    c.before = gradient->states + t * rows * g.state, c.flow = gradient->states + (t + 1) * rows * g.state;
    NAME(products_backward)(cell.form, &c);
    if (g.recurrent) {
      // ∂L/∂h += Σ_q ∂S_q·W_recᵀ_q: inner length N, outer over the recurrent blocks.
      // Of the GRU block 0, ∂L/∂(V·u), is left out: h is not in it. Its block 1 holds r·∂n, the gradient of U·h.
      NAME(factors) back = {
          .a = c.sums + g.first * g.stride, .a_row = g.pitch, .a_step = 1, .a_outer = g.stride,
          .b = prepared + g.transposed[0], .b_row = g.stride, .c = scratch + g.back, .c_row = g.stride, .rows = rows,
          .columns = g.stride, .inner = g.n, .outer = g.recurrent};
      NAME(product)(&back);
      for (size_t r = 0; r < rows; r++) {
        // `back` has rows of whole vectors, a gradient of states has not: the N entries that exist are added.
        for (size_t i = 0; i < g.n; i++) c.before[r * g.state + i] += scratch[g.back + r * g.stride + i];
      }
    }
    if (g.m) {
      // ∂L/∂u = Σ_q ∂S_q·W_inᵀ_q, over all blocks.
      // Of the GRU block 1, U·h, has rows of zeros in W_inᵀ and so adds nothing.
      NAME(factors) back = {
          .a = c.sums, .a_row = g.pitch, .a_step = 1, .a_outer = g.stride, .b = prepared + g.transposed[1],
          .b_row = g.sources, .c = scratch + g.sensory, .c_row = g.sources, .rows = rows, .columns = g.sources,
          .inner = g.n, .outer = g.blocks};
      NAME(product)(&back);
      float *inputs = gradient->inputs + t * rows * g.m;
      for (size_t r = 0; r < rows; r++) {
        // u has no other way into the loss than this step's sums, so its gradient is overwritten.
        for (size_t k = 0; k < g.m; k++) inputs[r * g.m + k] = scratch[g.sensory + r * g.sources + k];
      }
    }
    // Sums over a few steps join the total, while they are in the cache.
    if (t % short_sum) continue;
    size_t count = steps - t < short_sum ? steps - t : short_sum, columns = g.blocks * g.stride;
    // ∂W[pre][block] += Σ_{t, r} y_r[pre]·∂S_r[block]: A is the states read down a column (a_step one state), so
    // `count` steps of R rows are one product.
    NAME(factors) weights = {
        .a_step = g.state, .a_row = 1, .a = c.state, .b = c.sums + g.first * g.stride, .b_row = g.pitch,
        .start = total + g.first * g.stride, .start_row = g.pitch, .c = total + g.first * g.stride, .c_row = g.pitch,
        .rows = g.n, .columns = g.recurrent * g.stride, .inner = count * rows, .outer = 1};
    if (g.recurrent) NAME(product)(&weights);
    weights.a = pass->inputs + t * rows * g.m, weights.a_step = g.m, weights.rows = g.m, weights.columns = columns;
    weights.b = c.sums, weights.c = total + g.n * g.pitch, weights.start = weights.c;
    if (g.m) NAME(product)(&weights);
    // ∂b = Σ ∂S: the same product with a column of ones.
    weights.a = &one, weights.a_step = 0, weights.rows = 1, weights.c = scratch + g.biases, weights.start = weights.c;
    NAME(product)(&weights);
  }
  // From [pre][block][post] of the totals back to the caller's order, [gate][pre][post], then biases [gate][post], then
  // own parameters. An absent synapse has a sum like others, which is dropped here: its gradient stays exactly what it
  // was.
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
