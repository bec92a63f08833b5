// Template: cells whose gates see the state and the inputs through dense layers; the formulas stand in CKernels.h. No
// include guard: once a level.
//
// Forward: z_l = c_l + a_{l−1}·V_l, a_l = φ(z_l), S_q = a_L·W_q. Backward: δ_L = ∂S·Wᵀ ⊙ φ'(z_L), δ_{l−1} = δ_l·V_lᵀ ⊙
// φ'(z_{l−1}), ∂V_l = a_{l−1}ᵀ·δ_l summed over rows and steps. φ' is kept rather than z, which nothing else needs.
// Scalar twin: BackboneCell.scalarForward and scalarBackward, Backbone.Activation's value and slope.
//
// A row of units is `row` floats. The products of a step take all rows of this part of the batch at once; the inputs'
// part of the first layer all steps. The tape holds what the units put out and their slopes, in whose place the
// gradients of their sums come on the way back, so that the gradients of all weights are products over many steps.
//
// Index order: r a row of the batch, b a unit of B, l a layer of L (1 … L in formulas, 0 … L − 1 in the code), q a
// gate, i a neuron, j what a layer reads. a_l and δ_l are [R][row], V_1 [N + M][row] and V_l [B][row] as [from][to], W
// [B][pitch] as [from][gate][to]. Why δ: z_l enters the loss through a_l alone, so δ_l = ∂L/∂z_l = ∂L/∂a_l ⊙ φ'(z_l),
// and z_{l+1} = c + a_l·V_{l+1} gives ∂L/∂a_l = δ_{l+1}·V_{l+1}ᵀ and ∂L/∂V_{l+1} = Σ_{t, r} a_lᵀ·δ_{l+1}.

typedef struct {
  NAME(products) g;                                         // the heads' sums, which `products_row` makes states
  size_t n, m, b, layers;                                // N, M, units, layers
  size_t width, row, back, seen;                         // floats: of units, between rows of them; of ∂L/∂[h ; u]; N + M
  // layer: V_1 [N + M][row], then V_2 … V_L [B][row] each; bias: c_l [L][row]; transposed_first: V_1ᵀ [B][back];
  // transposed: V_lᵀ [B][row] each, l > 1; heads: W [B][g.pitch], gates side by side; transposed_heads: W_qᵀ
  // [q][N][row].
  size_t layer, bias, transposed_first, transposed, heads, transposed_heads, size;  // in `prepared`
  // units: a_l [L][R][row] and sums: S [R][g.pitch], where no tape is kept; flow: ∂L/∂a_l [R][row], one layer at a
  // time; sources: ∂L/∂[h ; u] [R][back]; the totals are laid out as V, c, W and b in `prepared`; then g.extra, ∂L by
  // the form's own parameters [2][g.stride].
  size_t units, sums, flow, sources, layer_total, bias_total, head_total, head_bias, scratch;  // in scratch
} NAME(backbone);

// Offsets in floats from the aligned begins of `prepared` and scratch. `g` describes the sums of the heads as
// products.h has them; of its offsets only `bias` and `extra` are used, since the products here are others.
INLINE NAME(backbone) NAME(backbone_of)(gk_backbone cell, size_t rows) {
  NAME(backbone) s;
  s.g = NAME(sums_of)(cell.form, (size_t)cell.neurons);
  s.n = (size_t)cell.neurons, s.m = (size_t)cell.inputs, s.b = (size_t)cell.units, s.layers = (size_t)cell.layers;
  s.width = rounded(s.b, LANES), s.row = NAME(pitch)(s.width), s.seen = s.n + s.m;
  s.back = NAME(pitch)(rounded(s.seen, LANES));
  // Of all layers but the first.
  // V_1 is [N + M][row], V_l [units][row] for l > 1, one behind the other; a bias row each, heads [units][K blocks],
  // and the transposes: V_1ᵀ [units][N + M], V_lᵀ [units][row], W_qᵀ [block][N][row].
  size_t deeper = (s.layers - 1) * s.b * s.row, at = 0;
  s.layer = at, at += s.seen * s.row + deeper;
  s.bias = at, at += s.layers * s.row;
  s.transposed_first = at, at += s.b * s.back;
  s.transposed = at, at += deeper;
  s.heads = at, at += s.b * s.g.pitch;
  s.g.bias = at, at += s.g.pitch + s.g.own * s.g.stride;
  s.transposed_heads = at, at += s.g.blocks * s.n * s.row;
  s.size = at;
  at = 0;
  // Without a tape one step's units and sums; on the way back ∂L/∂a_l in `flow`, ∂L/∂[h ; u] in `sources`, then the
  // totals of ∂V, ∂c, ∂W and ∂b.
  s.units = at, at += s.layers * rows * s.row;
  s.sums = at, at += rows * s.g.pitch;
  s.flow = at, at += rows * s.row;
  s.sources = at, at += rows * s.back;
  s.layer_total = at, at += s.seen * s.row + deeper;
  s.bias_total = at, at += s.layers * s.row;
  s.head_total = at, at += s.b * s.g.pitch;
  s.head_bias = at, at += s.g.pitch;
  s.g.extra = at, at += 2 * s.g.stride;
  s.scratch = at;
  return s;
}

// Rows of layer l's matrix, and how many rows stand before it where all layers lie one after the other.
INLINE size_t NAME(layer_rows)(const NAME(backbone) *s, size_t l) { return l == 0 ? s->seen : s->b; }
INLINE size_t NAME(layer_first)(const NAME(backbone) *s, size_t l) { return l == 0 ? 0 : s->seen + (l - 1) * s->b; }
// Where layer l's weights are in the caller's parameters; those of the heads for l = L.
INLINE size_t NAME(layer_offset)(const NAME(backbone) *s, size_t l) { return (NAME(layer_first)(s, l) + l) * s->b; }

size_t NAME(gk_backbone_prepared)(gk_backbone cell) { return NAME(backbone_of)(cell, 1).size; }
size_t NAME(gk_backbone_tape)(gk_backbone cell, int rows, int steps) {
  NAME(backbone) s = NAME(backbone_of)(cell, 1);
  // Per row and step: a_l and φ'(z_l) of every layer, and the sums of the heads.
  return (size_t)rows * (size_t)steps * (2 * s.layers * s.row + s.g.pitch);
}
size_t NAME(gk_backbone_scratch)(gk_backbone cell, int rows) { return NAME(backbone_of)(cell, (size_t)rows).scratch; }

// The caller's order: of each layer V_l [from][to] and c_l [B], then W_q [B][N] of each gate, then b_q [N] of each gate
// and the form's own [N]. All of it goes into rows of whole vectors with zeros behind, so that units that do not exist
// put out φ(0) = 0, and reach nothing: the rows of the next matrix that would read them are not there.
void NAME(gk_backbone_prepare)(gk_backbone cell, const float *parameters, float *prepared) {
  NAME(backbone) s = NAME(backbone_of)(cell, 1);
  for (size_t i = 0; i < s.size; i++) prepared[i] = 0;
  for (size_t l = 0; l < s.layers; l++) {
    const float *w = parameters + NAME(layer_offset)(&s, l);
    size_t count = NAME(layer_rows)(&s, l);
    float *to = prepared + s.layer + NAME(layer_first)(&s, l) * s.row, *bias = prepared + s.bias + l * s.row;
    for (size_t j = 0; j < count; j++) {
      for (size_t i = 0; i < s.b; i++) to[j * s.row + i] = w[j * s.b + i];
    }
    for (size_t i = 0; i < s.b; i++) bias[i] = w[count * s.b + i];
    float *transposed = l == 0 ? prepared + s.transposed_first : prepared + s.transposed + (l - 1) * s.b * s.row;
    // [from][to] → [to][from]: the way back is a product with the transpose, along contiguous memory as well.
    NAME(transpose)(to, s.row, count, s.b, transposed, l == 0 ? s.back : s.row);
  }
  // W_q of each gate, [B][N]: gate q's block of every row of `heads`.
  const float *w = parameters + NAME(layer_offset)(&s, s.layers);
  for (size_t q = 0; q < s.g.gates; q++) {
    float *to = prepared + s.heads + q * s.g.stride;
    for (size_t j = 0; j < s.b; j++, w += s.n) {
      for (size_t i = 0; i < s.n; i++) to[j * s.g.pitch + i] = w[i];
    }
    NAME(transpose)(to, s.g.pitch, s.b, s.n, prepared + s.transposed_heads + q * s.n * s.row, s.row);
  }
  // Biases stand under the blocks of sums they begin; the form's own behind them, a block each.
  for (size_t q = 0; q < s.g.gates + s.g.own; q++, w += s.n) {
    float *to = prepared + s.g.bias + (q < s.g.gates ? q * s.g.stride : s.g.pitch + (q - s.g.gates) * s.g.stride);
    for (size_t i = 0; i < s.n; i++) to[i] = w[i];
  }
}

// What a unit makes of its sum, and the slope there.
INLINE vec NAME(unit)(const int activation, vec z, vec *slope) {
  // φ and φ' together: most derivatives are made of the value, and z itself is not kept.
  // Of tanh and σ the derivative is made of the value: tanh' = 1 − tanh², σ' = σ·(1 − σ).
  vec one = splat(1), half = splat(0.5f);
  if (activation == GK_LECUN_TANH_UNIT) {
    // φ = A·tanh(k·z):  φ' = k·(A − φ²/A),  A = 1.7159, k = 0.666 (LeCun et al. 1998, "Efficient BackProp").
    vec a = splat(1.7159f) * hyperbolic(splat(0.666f) * z);
    *slope = splat(0.666f) * (splat(1.7159f) - a * a * splat(1 / 1.7159f));
    return a;
  } else if (activation == GK_TANH_UNIT) {
    vec a = hyperbolic(z);
    *slope = fma(-a, a, one);
    return a;
  } else if (activation == GK_RELU_UNIT) {
    *slope = choose(z > splat(0), one, splat(0));
    // As max(z, 0), which lets a NaN through.
    return choose(z < splat(0), splat(0), z);
  } else if (activation == GK_SILU_UNIT) {
    // φ = z·s:  φ' = s + z·s·(1 − s).
    vec s = logistic(z);
    *slope = s * fma(z, one - s, one);
    return z * s;
  } else {
    // φ = z·Φ(z):  φ' = Φ(z) + z·φ₀(z) with the normal distribution Φ and its density φ₀(z) = e^(−z²/2)/√(2π).
    vec below = half * (one + NAME(error_function)(z * splat(0.70710678f)));
    vec density = NAME(exponential)(-half * z * z) * splat(0.39894228f);
    *slope = fma(z, density, below);
    return z * below;
  }
}

// Turns the sums of a layer into what its units put out, in place, and fills their slopes where wanted.
// Units [R][row]: a_l over z_l; slopes, where not null, [R][row]: φ'(z_l).
#define UNITS(activation)                                             \
  case activation:                                                    \
    for (size_t r = 0; r < rows; r++) {                               \
      for (size_t at = r * s->row; at < r * s->row + s->width; at += LANES) { \
        vec slope;                                                    \
        store(units + at, NAME(unit)(activation, load(units + at), &slope)); \
        if (slopes) store(slopes + at, slope);                        \
      }                                                               \
    }                                                                 \
    break;
static __attribute__((noinline)) void NAME(put_out)(int activation, const NAME(backbone) *s, size_t rows, float *units,
                                                     float *slopes) {
  switch (activation) {
    UNITS(GK_LECUN_TANH_UNIT) UNITS(GK_TANH_UNIT) UNITS(GK_RELU_UNIT) UNITS(GK_SILU_UNIT) UNITS(GK_GELU_UNIT)
  }
}
#undef UNITS

// The tape: L planes of a_l, L of φ'(z_l), each [T][R][row], then S [T][R][pitch]. Without a tape the same in scratch
// for one step, and no slopes. As in gk_products_forward the inputs' part of the first layer is made for all steps at
// once, since it does not wait for the state. Twin: BackboneCell.scalarForward, which keeps z_l in place of φ'.
void NAME(gk_backbone_forward)(gk_backbone cell, const float *prepared, const gk_pass *pass) {
  size_t rows = (size_t)pass->rows, steps = (size_t)pass->steps;
  NAME(backbone) s = NAME(backbone_of)(cell, rows);
  float *scratch = aligned(pass->scratch), *tape = pass->keeps_tape ? aligned(pass->tape) : 0;
  // A layer is a plane [T][R][row] of the tape: layers, then their slopes, then sums; without a tape T is 1.
  // `block`: one step's R rows within a plane, so a_l of step t is at units + l·plane + t·block.
  size_t plane = (tape ? steps : 1) * rows * s.row, block = rows * s.row;
  float *units = tape ? tape : scratch + s.units, *sums = tape ? tape + 2 * s.layers * plane : scratch + s.sums;
  NAME(products_step) c = {.g = &s.g, .prepared = prepared, .scratch = scratch, .rows = rows};
  // c_1 + u·V_1[N…]: the inputs' rows of the first layer, for all steps at once where there is a tape.
  NAME(factors) driven = {
      .a_row = s.m, .a_step = 1, .b = prepared + s.layer + s.n * s.row, .b_row = s.row, .start = prepared + s.bias,
      .c = units, .c_row = s.row, .columns = s.width, .inner = s.m, .outer = 1};
  // All T·R rows of u [T][R][M]; the result is plane 0, [T][R][row], which waits for h·V_1.
  if (tape) driven.a = pass->inputs, driven.rows = steps * rows, NAME(product)(&driven);
  for (size_t t = 0; t < steps; t++) {
    c.sums = tape ? sums + t * rows * s.g.pitch : sums;
    c.elapsed = pass->elapsed + t * rows;
    c.state = pass->states + t * rows * s.g.state, c.next = pass->states + (t + 1) * rows * s.g.state;
    if (!tape) driven.a = pass->inputs + t * rows * s.m, driven.rows = rows, NAME(product)(&driven);
    float *a = tape ? units + t * block : units;
    // Then h·V_1[…N] onto it; further layers start from their bias, a bias row being read again for every row
    // (start_row 0).
    NAME(factors) layer = {
        .a = c.state, .a_row = s.g.state, .a_step = 1, .b = prepared + s.layer, .b_row = s.row, .start = a,
        .start_row = s.row, .c = a, .c_row = s.row, .rows = rows, .columns = s.width, .inner = s.n, .outer = 1};
    for (size_t l = 0; l < s.layers; l++, a += plane) {
      if (l > 0) {
        layer.a = a - plane, layer.a_row = s.row, layer.inner = s.b, layer.c = a;
        layer.b = prepared + s.layer + NAME(layer_first)(&s, l) * s.row;
        layer.start = prepared + s.bias + l * s.row, layer.start_row = 0;
      }
      NAME(product)(&layer);
      NAME(put_out)(cell.activation, &s, rows, a, tape ? a + s.layers * plane : 0);
    }
    // S = b + a_L·W, all gates side by side, from which the form makes the next state as it does without a backbone.
    // `a` has moved behind the last layer, so a − plane is a_L, [R][row].
    layer.a = a - plane, layer.a_row = s.row, layer.inner = s.b, layer.b = prepared + s.heads, layer.b_row = s.g.pitch;
    layer.start = prepared + s.g.bias, layer.start_row = 0, layer.c = c.sums, layer.c_row = s.g.pitch;
    layer.columns = s.g.blocks * s.g.stride;
    NAME(product)(&layer);
    NAME(products_forward)(cell.form, &c);
  }
}

// Adds what `count` steps from t on say about every weight and bias to the totals.
//
// Planes of steps t … t + count − 1 are one matrix of count·R rows. Each product below is total ← total + Aᵀ·δ with
// that as its inner length: `start` and `c` are the same memory. Rows of a total are the rows of the weights in
// `prepared`.
static __attribute__((noinline)) void NAME(backbone_gather)(const NAME(backbone) *s, const gk_pass *pass, size_t t,
                                                            size_t count, const float *units, size_t plane,
                                                            const float *sums, float *scratch) {
  static const float one = 1;
  size_t rows = (size_t)pass->rows;
  // dz: the slopes' planes, which hold δ_l = ∂L/∂z_l by now. ∂V_1 = [h ; u]ᵀ·δ_1, ∂V_l = a_{l−1}ᵀ·δ_l, ∂c_l = 1ᵀ·δ_l,
  // ∂W = a_Lᵀ·∂S, ∂b = 1ᵀ·∂S, all over count·R rows; a_row 1 and a_step a row read A transposed.
  const float *a = units + t * rows * s->row, *dz = a + s->layers * plane;
  NAME(factors) p = {.a_row = 1, .b = dz, .b_row = s->row, .start_row = s->row, .c_row = s->row, .columns = s->width,
                     .inner = count * rows, .outer = 1};
  // ∂V_1, rows 0 … N − 1: h of the state before each step (of the LSTM the first N of 2N entries).
  p.a = pass->states + t * rows * s->g.state, p.a_step = s->g.state, p.rows = s->n, p.c = scratch + s->layer_total;
  p.start = p.c;
  NAME(product)(&p);
  // ∂V_1, rows N … N + M − 1: u of each step.
  p.a = pass->inputs + t * rows * s->m, p.a_step = s->m, p.rows = s->m, p.c += s->n * s->row, p.start = p.c;
  if (s->m) NAME(product)(&p);
  for (size_t l = 0; l < s->layers; l++) {
    p.b = dz + l * plane;
    if (l > 0) {
      p.a = a + (l - 1) * plane, p.a_step = s->row, p.rows = s->b;
      p.c = scratch + s->layer_total + NAME(layer_first)(s, l) * s->row, p.start = p.c;
      NAME(product)(&p);
    }
    // ∂c_l: A is the number 1, read again and again.
    p.a = &one, p.a_step = 0, p.rows = 1, p.c = scratch + s->bias_total + l * s->row, p.start = p.c;
    NAME(product)(&p);
  }
  // ∂b with that same 1, then ∂W with a_L.
  p.b = sums + t * rows * s->g.pitch, p.b_row = p.start_row = p.c_row = s->g.pitch;
  p.columns = s->g.blocks * s->g.stride;
  p.c = scratch + s->head_bias, p.start = p.c;
  NAME(product)(&p);
  p.a = a + (s->layers - 1) * plane, p.a_step = s->row, p.rows = s->b, p.c = scratch + s->head_total, p.start = p.c;
  NAME(product)(&p);
}

// From the last step to the first: products_backward leaves ∂L/∂S in place of the gates and adds what reaches the state
// past the sums; then down the layers to ∂L/∂[h ; u], of which h's part is added to ∂L/∂(state before) and u's
// overwrites ∂L/∂inputs. Weights' gradients wait for `short_sum` steps. Twin: BackboneCell.scalarBackward.
void NAME(gk_backbone_backward)(gk_backbone cell, const float *prepared, const gk_pass *pass,
                                const gk_gradient *gradient) {
  size_t rows = (size_t)pass->rows, steps = (size_t)pass->steps, short_sum = gathered_steps(rows);
  NAME(backbone) s = NAME(backbone_of)(cell, rows);
  float *scratch = aligned(pass->scratch), *units = aligned(pass->tape), *flow = scratch + s.flow;
  size_t plane = steps * rows * s.row;
  float *sums = units + 2 * s.layers * plane;
  NAME(products_step) c = {.g = &s.g, .prepared = prepared, .scratch = scratch, .rows = rows};
  // Totals start at zero; what stands before them in scratch is written before it is read.
  for (size_t i = s.layer_total; i < s.scratch; i++) scratch[i] = 0;
  for (size_t t = steps; t-- > 0;) {
    c.sums = sums + t * rows * s.g.pitch;
    c.elapsed = pass->elapsed + t * rows;
    c.state = pass->states + t * rows * s.g.state, c.next = pass->states + (t + 1) * rows * s.g.state;
    // flow = ∂L/∂(state after the step), complete by now; before = ∂L/∂(state before), to which this step adds.
    c.before = gradient->states + t * rows * s.g.state, c.flow = gradient->states + (t + 1) * rows * s.g.state;
    NAME(products_backward)(cell.form, &c);
    // ∂L/∂a_L = Σ_q ∂S_q·W_qᵀ, then down the layers δ_l = ∂L/∂a_l ⊙ φ'(z_l), ∂L/∂a_{l−1} = δ_l·V_lᵀ. δ_l takes the
    // slopes' room on the tape.
    NAME(factors) back = {
        .a = c.sums, .a_row = s.g.pitch, .a_step = 1, .a_outer = s.g.stride, .b = prepared + s.transposed_heads,
        .b_row = s.row, .c = flow, .c_row = s.row, .rows = rows, .columns = s.width, .inner = s.n,
        .outer = s.g.blocks};
    for (size_t l = s.layers; l-- > 0;) {
      NAME(product)(&back);
      // `flow` is ∂L/∂a_l by now; the slopes become δ_l, lane by lane.
      float *slope = units + (s.layers + l) * plane + t * rows * s.row;
      for (size_t r = 0; r < rows; r++) {
        for (size_t at = r * s.row; at < r * s.row + s.width; at += LANES) {
          store(slope + at, load(slope + at) * load(flow + at));
        }
      }
      // The next product, for the layer below, reads δ_l [R][row] against V_lᵀ [B][row]: inner length B, one block.
      back.a = slope, back.a_row = s.row, back.inner = s.b, back.outer = 1;
      if (l > 0) back.b = prepared + s.transposed + (l - 1) * s.b * s.row;
    }
    // ∂L/∂[h ; u] = δ_1·V_1ᵀ, [R][back], V_1ᵀ [B][N + M].
    back.b = prepared + s.transposed_first, back.b_row = back.c_row = s.back, back.columns = rounded(s.seen, LANES);
    back.c = scratch + s.sources;
    NAME(product)(&back);
    for (size_t r = 0; r < rows; r++) {
      const float *from = scratch + s.sources + r * s.back;
      float *inputs = gradient->inputs + (t * rows + r) * s.m;
      for (size_t i = 0; i < s.n; i++) c.before[r * s.g.state + i] += from[i];
      for (size_t k = 0; k < s.m; k++) inputs[k] = from[s.n + k];
    }
    // Sums over a few steps join the total, while they are in the cache.
    if (t % short_sum) continue;
    NAME(backbone_gather)(&s, pass, t, steps - t < short_sum ? steps - t : short_sum, units, plane, sums, scratch);
  }
  // To the caller's order: of each layer V and c, then W of each gate, then biases and own parameters.
  // Absent synapses are unknown here: every weight gets its gradient. Padding of rows is skipped.
  float *out = gradient->parameters;
  for (size_t l = 0; l < s.layers; l++) {
    const float *sum = scratch + s.layer_total + NAME(layer_first)(&s, l) * s.row;
    for (size_t j = 0; j < NAME(layer_rows)(&s, l); j++, out += s.b, sum += s.row) {
      for (size_t i = 0; i < s.b; i++) out[i] += sum[i];
    }
    for (size_t i = 0; i < s.b; i++) *out++ += scratch[s.bias_total + l * s.row + i];
  }
  for (size_t q = 0; q < s.g.gates; q++) {
    const float *sum = scratch + s.head_total + q * s.g.stride;
    for (size_t j = 0; j < s.b; j++, out += s.n, sum += s.g.pitch) {
      for (size_t i = 0; i < s.n; i++) out[i] += sum[i];
    }
  }
  for (size_t q = 0; q < s.g.gates + s.g.own; q++) {
    const float *sum = q < s.g.gates ? scratch + s.head_bias + q * s.g.stride
                                     : scratch + s.g.extra + (q - s.g.gates) * s.g.stride;
    for (size_t i = 0; i < s.n; i++) *out++ += sum[i];
  }
}
