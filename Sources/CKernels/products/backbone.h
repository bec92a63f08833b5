// Template: cells whose gates see the state and the inputs through dense layers; the formulas stand in CKernels.h. No
// include guard: once a level.
//
// Forward: z_l = c_l + a_{l−1}·V_l, a_l = φ(z_l), S_q = a_L·W_q. Backward: δ_L = ∂S·Wᵀ ⊙ φ'(z_L), δ_{l−1} = δ_l·V_lᵀ ⊙ φ'(z_{l−1}),
// ∂V_l = a_{l−1}ᵀ·δ_l summed over rows and steps. φ' is kept rather than z, which nothing else needs. Scalar twin:
// BackboneCell.scalarForward and scalarBackward, Backbone.Activation's value and slope.
//
// A row of units is `row` floats. The products of a step take all rows of the shard at once; the inputs' part of the first
// layer all steps. The tape holds what the units put out and their slopes, in whose place the gradients of their sums come
// on the way back, so that the gradients of all weights are products over many steps.

typedef struct {
  NAME(products) g;                                         // the heads' sums, which `products_row` makes states
  size_t n, m, b, layers;                                // N, M, units, layers
  size_t width, row, back, seen;                         // floats: of units, between rows of them; of ∂L/∂[h ; u]; N + M
  size_t layer, bias, transposed_first, transposed, heads, transposed_heads, size;  // in `prepared`
  size_t units, sums, flow, sources, layer_total, bias_total, head_total, head_bias, scratch;  // in scratch
} NAME(backbone);

INLINE NAME(backbone) NAME(backbone_of)(gk_backbone cell, size_t rows) {
  NAME(backbone) s;
  s.g = NAME(sums_of)(cell.form, (size_t)cell.neurons);
  s.n = (size_t)cell.neurons, s.m = (size_t)cell.inputs, s.b = (size_t)cell.units, s.layers = (size_t)cell.layers;
  s.width = rounded(s.b, LANES), s.row = NAME(pitch)(s.width), s.seen = s.n + s.m;
  s.back = NAME(pitch)(rounded(s.seen, LANES));
  // Of all layers but the first.
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
INLINE size_t NAME(layer_place)(const NAME(backbone) *s, size_t l) { return (NAME(layer_first)(s, l) + l) * s->b; }

size_t NAME(gk_backbone_prepared)(gk_backbone cell) { return NAME(backbone_of)(cell, 1).size; }
size_t NAME(gk_backbone_tape)(gk_backbone cell, int rows, int steps) {
  NAME(backbone) s = NAME(backbone_of)(cell, 1);
  return (size_t)rows * (size_t)steps * (2 * s.layers * s.row + s.g.pitch);
}
size_t NAME(gk_backbone_scratch)(gk_backbone cell, int rows) { return NAME(backbone_of)(cell, (size_t)rows).scratch; }

void NAME(gk_backbone_prepare)(gk_backbone cell, const float *parameters, float *prepared) {
  NAME(backbone) s = NAME(backbone_of)(cell, 1);
  for (size_t i = 0; i < s.size; i++) prepared[i] = 0;
  for (size_t l = 0; l < s.layers; l++) {
    const float *w = parameters + NAME(layer_place)(&s, l);
    size_t count = NAME(layer_rows)(&s, l);
    float *to = prepared + s.layer + NAME(layer_first)(&s, l) * s.row, *bias = prepared + s.bias + l * s.row;
    for (size_t j = 0; j < count; j++) {
      for (size_t i = 0; i < s.b; i++) to[j * s.row + i] = w[j * s.b + i];
    }
    for (size_t i = 0; i < s.b; i++) bias[i] = w[count * s.b + i];
    float *transposed = l == 0 ? prepared + s.transposed_first : prepared + s.transposed + (l - 1) * s.b * s.row;
    NAME(transpose)(to, s.row, count, s.b, transposed, l == 0 ? s.back : s.row);
  }
  const float *w = parameters + NAME(layer_place)(&s, s.layers);
  for (size_t q = 0; q < s.g.gates; q++) {
    float *to = prepared + s.heads + q * s.g.stride;
    for (size_t j = 0; j < s.b; j++, w += s.n) {
      for (size_t i = 0; i < s.n; i++) to[j * s.g.pitch + i] = w[i];
    }
    NAME(transpose)(to, s.g.pitch, s.b, s.n, prepared + s.transposed_heads + q * s.n * s.row, s.row);
  }
  for (size_t q = 0; q < s.g.gates + s.g.own; q++, w += s.n) {
    float *to = prepared + s.g.bias + (q < s.g.gates ? q * s.g.stride : s.g.pitch + (q - s.g.gates) * s.g.stride);
    for (size_t i = 0; i < s.n; i++) to[i] = w[i];
  }
}

// What a unit makes of its sum, and the slope there.
INLINE vec NAME(unit)(const int activation, vec z, vec *slope) {
  vec one = splat(1), half = splat(0.5f);
  if (activation == GK_LECUN_TANH_UNIT) {
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
    vec s = logistic(z);
    *slope = s * fma(z, one - s, one);
    return z * s;
  } else {
    vec below = half * (one + NAME(error_function)(z * splat(0.70710678f)));
    vec density = NAME(exponential)(-half * z * z) * splat(0.39894228f);
    *slope = fma(z, density, below);
    return z * below;
  }
}

// Turns the sums of a layer into what its units put out, in place, and fills their slopes where wanted.
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

void NAME(gk_backbone_forward)(gk_backbone cell, const float *prepared, const gk_pass *pass) {
  size_t rows = (size_t)pass->rows, steps = (size_t)pass->steps;
  NAME(backbone) s = NAME(backbone_of)(cell, rows);
  float *scratch = aligned(pass->scratch), *tape = pass->keeps_tape ? aligned(pass->tape) : 0;
  size_t plane = (tape ? steps : 1) * rows * s.row, block = rows * s.row;
  float *units = tape ? tape : scratch + s.units, *sums = tape ? tape + 2 * s.layers * plane : scratch + s.sums;
  NAME(products_step) c = {.g = &s.g, .prepared = prepared, .scratch = scratch, .rows = rows};
  NAME(factors) driven = {
      .a_row = s.m, .a_step = 1, .b = prepared + s.layer + s.n * s.row, .b_row = s.row, .start = prepared + s.bias,
      .c = units, .c_row = s.row, .columns = s.width, .inner = s.m, .outer = 1};
  if (tape) driven.a = pass->inputs, driven.rows = steps * rows, NAME(product)(&driven);
  for (size_t t = 0; t < steps; t++) {
    c.sums = tape ? sums + t * rows * s.g.pitch : sums;
    c.elapsed = pass->elapsed + t * rows;
    c.state = pass->states + t * rows * s.g.state, c.next = pass->states + (t + 1) * rows * s.g.state;
    if (!tape) driven.a = pass->inputs + t * rows * s.m, driven.rows = rows, NAME(product)(&driven);
    float *a = tape ? units + t * block : units;
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
    layer.a = a - plane, layer.a_row = s.row, layer.inner = s.b, layer.b = prepared + s.heads, layer.b_row = s.g.pitch;
    layer.start = prepared + s.g.bias, layer.start_row = 0, layer.c = c.sums, layer.c_row = s.g.pitch;
    layer.columns = s.g.blocks * s.g.stride;
    NAME(product)(&layer);
    NAME(products_forward)(cell.form, &c);
  }
}

// Adds what `count` steps from t on say about every weight and bias to the totals.
static __attribute__((noinline)) void NAME(backbone_gather)(const NAME(backbone) *s, const gk_pass *pass, size_t t,
                                                            size_t count, const float *units, size_t plane,
                                                            const float *sums, float *scratch) {
  static const float one = 1;
  size_t rows = (size_t)pass->rows;
  const float *a = units + t * rows * s->row, *dz = a + s->layers * plane;
  NAME(factors) p = {.a_row = 1, .b = dz, .b_row = s->row, .start_row = s->row, .c_row = s->row, .columns = s->width,
                     .inner = count * rows, .outer = 1};
  p.a = pass->states + t * rows * s->g.state, p.a_step = s->g.state, p.rows = s->n, p.c = scratch + s->layer_total;
  p.start = p.c;
  NAME(product)(&p);
  p.a = pass->inputs + t * rows * s->m, p.a_step = s->m, p.rows = s->m, p.c += s->n * s->row, p.start = p.c;
  if (s->m) NAME(product)(&p);
  for (size_t l = 0; l < s->layers; l++) {
    p.b = dz + l * plane;
    if (l > 0) {
      p.a = a + (l - 1) * plane, p.a_step = s->row, p.rows = s->b;
      p.c = scratch + s->layer_total + NAME(layer_first)(s, l) * s->row, p.start = p.c;
      NAME(product)(&p);
    }
    p.a = &one, p.a_step = 0, p.rows = 1, p.c = scratch + s->bias_total + l * s->row, p.start = p.c;
    NAME(product)(&p);
  }
  p.b = sums + t * rows * s->g.pitch, p.b_row = p.start_row = p.c_row = s->g.pitch;
  p.columns = s->g.blocks * s->g.stride;
  p.c = scratch + s->head_bias, p.start = p.c;
  NAME(product)(&p);
  p.a = a + (s->layers - 1) * plane, p.a_step = s->row, p.rows = s->b, p.c = scratch + s->head_total, p.start = p.c;
  NAME(product)(&p);
}

void NAME(gk_backbone_backward)(gk_backbone cell, const float *prepared, const gk_pass *pass,
                                const gk_gradient *gradient) {
  size_t rows = (size_t)pass->rows, steps = (size_t)pass->steps, short_sum = gathered_steps(rows);
  NAME(backbone) s = NAME(backbone_of)(cell, rows);
  float *scratch = aligned(pass->scratch), *units = aligned(pass->tape), *flow = scratch + s.flow;
  size_t plane = steps * rows * s.row;
  float *sums = units + 2 * s.layers * plane;
  NAME(products_step) c = {.g = &s.g, .prepared = prepared, .scratch = scratch, .rows = rows};
  for (size_t i = s.layer_total; i < s.scratch; i++) scratch[i] = 0;
  for (size_t t = steps; t-- > 0;) {
    c.sums = sums + t * rows * s.g.pitch;
    c.elapsed = pass->elapsed + t * rows;
    c.state = pass->states + t * rows * s.g.state, c.next = pass->states + (t + 1) * rows * s.g.state;
    c.before = gradient->states + t * rows * s.g.state, c.flow = gradient->states + (t + 1) * rows * s.g.state;
    NAME(products_backward)(cell.form, &c);
    NAME(factors) back = {
        .a = c.sums, .a_row = s.g.pitch, .a_step = 1, .a_outer = s.g.stride, .b = prepared + s.transposed_heads,
        .b_row = s.row, .c = flow, .c_row = s.row, .rows = rows, .columns = s.width, .inner = s.n,
        .outer = s.g.blocks};
    for (size_t l = s.layers; l-- > 0;) {
      NAME(product)(&back);
      float *slope = units + (s.layers + l) * plane + t * rows * s.row;
      for (size_t r = 0; r < rows; r++) {
        for (size_t at = r * s.row; at < r * s.row + s.width; at += LANES) {
          store(slope + at, load(slope + at) * load(flow + at));
        }
      }
      back.a = slope, back.a_row = s.row, back.inner = s.b, back.outer = 1;
      if (l > 0) back.b = prepared + s.transposed + (l - 1) * s.b * s.row;
    }
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
