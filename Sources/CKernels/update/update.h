// Template: what a training step does to every parameter. No include guard: once a level.
//
// P parameters, gradients, moments and flags lie flat in the model's layout; a parameter that may not move keeps its
// value and both moments to the bit, by choosing and not by multiplying with 0 (0·NaN is a NaN). Scalar twins: the
// loops of Learner (merge) and Adam in other precisions.

// Flags of a vector of parameters, all bits of a lane set where one moves.
// [LANES] bytes, 0 or 1, widened to integers and negated: 0 or −1. Bytes may stand at any address.
INLINE ints NAME(moving)(const unsigned char *moves) {
  typedef unsigned char bytes __attribute__((ext_vector_type(LANES), aligned(1), may_alias));
  return -__builtin_convertvector(*(const bytes *)moves, ints);
}

// sum ← part (+ sum), masked, and Σ sum² for clipping by norm, in four partial sums a lane, so that an addition need
// not wait for the one before it. One pass over memory does both.
//
//   sum_p ← (moves_p ? part_p : 0) + (first ? 0 : sum_p),   returns Σ_p sum_p²
//
// Called for each part of the batch in turn, in the order of parts, so that the sum does not depend on which core
// computed which: the value of the last call is that of the whole gradient. `first` overwrites without reading. What a
// parameter that may not move has in `part` is not used, NaN or not.
float NAME(gk_merge)(size_t count, const float *part, const unsigned char *moves, float *sum, int first) {
  vec squares[4] = {splat(0), splat(0), splat(0), splat(0)};
  size_t i = 0;
  for (; i + LANES <= count; i += LANES) {
    vec x = choose(NAME(moving)(moves + i), load(part + i), splat(0));
    if (!first) x += load(sum + i);
    store(sum + i, x);
    // Partial sum number i/LANES mod 4, a lane each: 4·LANES sums of P/(4·LANES) terms, which also lose fewer digits
    // than one of P terms.
    squares[i / LANES % 4] = fma(x, x, squares[i / LANES % 4]);
  }
  float lanes[LANES], rest = 0;
  for (; i < count; i++) {
    float x = moves[i] ? part[i] : 0;
    sum[i] = first ? x : sum[i] + x;
    rest += sum[i] * sum[i];
  }
  store(lanes, (squares[0] + squares[1]) + (squares[2] + squares[3]));
  for (size_t l = 0; l < LANES; l++) rest += lanes[l];
  return rest;
}

// Adam, element by element: m ← m + (1 − β₁)·(g − m), v ← β₂·v + (1 − β₂)·g², p ← p − rate·m/(√v/root + ε). The last,
// shorter vector goes through copies, so that it is computed by the same instructions as the others and a parameter's
// bits do not depend on where in the layout it stands. Kingma & Ba 2015, arXiv 1412.6980.
//
// g gradient, m and v the running means of g and g² (`first`, `second`), p the parameter. With k the number of the
// step, the caller passes rate = r/(1 − β₁ᵏ) and root = √(1 − β₂ᵏ), which make both means unbiased:
//
//   r·m̂/(√v̂ + ε)  with  m̂ = m/(1 − β₁ᵏ),  v̂ = v/(1 − β₂ᵏ),  √v̂ = √v/root
//
// values, first and second are overwritten where a parameter moves. Returns 1 where all P values are finite afterwards,
// those that may not move included. Scalar twin: Adam.update.
int NAME(gk_adam)(const gk_adam_step *step, size_t count, const float *gradient, const unsigned char *moves,
                  float *values, float *first, float *second) {
  // All constants of the step, one a vector. m is written m + (1 − β₁)·(g − m), which leaves a mean that equals g as it
  // is.
  vec keep1 = splat(1 - step->beta1), beta2 = splat(step->beta2), keep2 = splat(1 - step->beta2);
  vec rate = splat(step->rate), root = splat(step->root), epsilon = splat(step->epsilon);
  ints bad = (ints)splat(0);
  float rest[4][LANES] = {{0}};
  unsigned char rest_moves[LANES] = {0};
  for (size_t i = 0; i < count; i += LANES) {
    size_t left = count - i;
    float *value = values + i, *m = first + i, *v = second + i;
    const float *g = gradient + i;
    const unsigned char *flags = moves + i;
    // Behind the last parameter the copies hold zeros: 0 − rate·0/(0 + ε) = 0, finite, and not copied back.
    if (left < LANES) {
      for (size_t l = 0; l < left; l++) {
        rest[0][l] = value[l], rest[1][l] = m[l], rest[2][l] = v[l], rest[3][l] = g[l], rest_moves[l] = flags[l];
      }
      value = rest[0], m = rest[1], v = rest[2], g = rest[3], flags = rest_moves;
    }
    ints here = NAME(moving)(flags);
    vec x = load(g), old1 = load(m), old2 = load(v), old = load(value);
    vec new1 = old1 + keep1 * (x - old1), new2 = beta2 * old2 + keep2 * x * x;
    vec moved = old - rate * new1 / (__builtin_elementwise_sqrt(new2) / root + epsilon);
    moved = choose(here, moved, old);
    store(m, choose(here, new1, old1)), store(v, choose(here, new2, old2)), store(value, moved);
    // Infinity minus itself is not a number either.
    bad |= (moved - moved) != splat(0);
    if (left < LANES) {
      for (size_t l = 0; l < left; l++) values[i + l] = value[l], first[i + l] = m[l], second[i + l] = v[l];
    }
  }
  int any = 0;
  for (size_t l = 0; l < LANES; l++) any |= bad[l];
  return any == 0;
}
