// Template: where the walk over all pairs keeps things. No include guard: once a level.
//
// Letters: n = N, m = M, R rows of this part of the batch, T steps, U sub-steps; B = ⌈N/PRE⌉ blocks, a vector of
// neurons each; a *slot* is what one moment needs of every row, [R padded][stride]. The tape is [T·U + 1 slots of
// states][T·U slots of 1/den] and, where they fit a cache, the gates. Two copies of the parameters, because forward
// reads them block by block (a block's sums stay in registers over all pre) and backward pre by pre (a presynaptic
// value's gradient does).
//
// The lanes are postsynaptic neurons. With TWO_ROWS = 2 a vector holds PRE neurons of two rows of the batch (for
// N ≤ PRE only), every parameter twice. Rows are padded to a whole number of vectors; parameters of padding are such
// that its states stay zero.

// With TWO_ROWS = 2 the stride is PRE, half a vector, so two rows of the batch that follow each other in a slot are one
// contiguous vector: [N of row r, padding][N of row r + 1, padding]. Loading states at row r·stride gives both at once.
typedef struct {
  size_t n, m, pres;        // N, M, N + M
  size_t blocks, stride;    // vectors a row, floats a row
  size_t width;             // floats of a parameter of all neurons: blocks·LANES
  // Offsets in `prepared`, after the head. Forward: [block][pre][a, κ, w, w·E][LANES]; backward [pre][block][a, κ, E,
  // w·σ][LANES]: each the order in which it is read. μ for the careful path: [pre][block][LANES].
  //
  // With B blocks, in this order (each array a multiple of LANES floats, and so aligned):
  //
  //   forward   recurrent [B][N][4][LANES], sensory [B][M][4][LANES]
  //   backward  recurrent [N][B][4][LANES], sensory [M][B][4][LANES]
  //   mu        recurrent [N][B][LANES],    sensory [M][B][LANES]
  //   leak g, drive g·e, capacitance cm,    [B][LANES] each
  size_t forward[2], backward[2], mu[2], leak, drive, capacitance, size;
} NAME(layout);

INLINE NAME(layout) NAME(layout_of)(gk_ltc cell) {
  NAME(layout) l;
  l.n = (size_t)cell.neurons, l.m = (size_t)cell.inputs, l.pres = l.n + l.m;
  // ⌈N/PRE⌉ blocks. The stride counts floats of one row, the width those of one vector a block: with two rows in a
  // vector width = 2·stride.
  l.blocks = (l.n + PRE - 1) / PRE, l.stride = l.blocks * PRE, l.width = l.blocks * LANES;
  // Floats of one parameter of all recurrent and of all sensory synapses; a pack has four of them.
  size_t recurrent = l.n * l.width, sensory = l.m * l.width;
  l.forward[0] = 0, l.forward[1] = 4 * recurrent;
  l.backward[0] = l.forward[1] + 4 * sensory, l.backward[1] = l.backward[0] + 4 * recurrent;
  l.mu[0] = l.backward[1] + 4 * sensory, l.mu[1] = l.mu[0] + recurrent;
  l.leak = l.mu[1] + sensory, l.drive = l.leak + l.width, l.capacitance = l.drive + l.width;
  l.size = l.capacitance + l.width;
  return l;
}

// The tape: T·U + 1 slots of states, T·U slots of 1/denominator, a slot being [row][stride]; and, where they fit, the
// gates of every sub-step, [row vector][presynaptic neuron][LANES].
typedef struct {
  size_t rows;     // padded
  size_t vectors;  // of rows: rows/TWO_ROWS
  size_t slot;
  size_t gates;    // of a sub-step
  // Offsets in scratch.
  size_t rates, resting, conducting;  // U/Δt; what a step adds to numerators and denominators
  size_t ping, input, input_gradient;
  size_t flow, push, drag, pushes, drags;  // gradients: of states, of a sub-step's quotient, summed over a step
  size_t pull[2], gradient[2], neuron, total, size;
} NAME(scratch);

//   rates                 [R] U/Δt of this step
//   resting, conducting   slots: g·e + Σ S·E and g + 1e-8 + Σ S of this step
//   ping                  two slots of states, for passes without a tape
//   input                 [R][M] where rows are padded; input_gradient [R][M rounded up to PRE]
//   flow                  a slot: ∂L/∂state, carried from sub-step to sub-step
//   push, drag            slots: ∂L/∂numerator and ∂L/∂denominator of one sub-step
//   pushes, drags         slots: their sums over the sub-steps of a step
//   pull                  [BACKWARD_GROUP][pre rounded up to PRE][LANES]: ∂L/∂v_j before lanes are added up
//   gradient              [pre][B][4][LANES]: the four sums of every synapse, recurrent and sensory
//   neuron                [3][B][LANES]: Σ push, Σ drag, ∂cm
//   total                 what begins at `gradient` once more: totals of the pass
INLINE NAME(scratch) NAME(scratch_of)(const NAME(layout) *l, size_t rows) {
  NAME(scratch) s;
  // Buffers of scratch in the order in which a step fills them; those from `pull` on are cleared before the way back.
  // An odd number of rows gets one of padding where a vector holds two.
  s.rows = rounded(rows, TWO_ROWS), s.vectors = s.rows / TWO_ROWS, s.slot = s.rows * l->stride;
  s.gates = s.vectors * l->n * LANES;
  size_t at = 0;
  s.rates = at, at += rounded(s.rows, ALIGNMENT);
  // Slots are multiples of a vector, and so stay aligned.
  s.resting = at, at += s.slot;
  s.conducting = at, at += s.slot;
  s.ping = at, at += 2 * s.slot;
  s.input = at, at += rounded(s.rows * l->m, ALIGNMENT);
  s.input_gradient = at, at += rounded(s.rows * rounded(l->m, PRE), ALIGNMENT);
  s.flow = at, at += s.slot;
  s.push = at, at += s.slot;
  s.drag = at, at += s.slot;
  s.pushes = at, at += s.slot;
  s.drags = at, at += s.slot;
  s.pull[0] = at, at += BACKWARD_GROUP * rounded(l->n, PRE) * LANES;
  s.pull[1] = at, at += BACKWARD_GROUP * rounded(l->m, PRE) * LANES;
  s.gradient[0] = at, at += 4 * l->n * l->width;
  s.gradient[1] = at, at += 4 * l->m * l->width;
  // Of neurons Σ push, Σ drag and ∂cm; behind them the totals, in the layout of what begins at `gradient`.
  s.neuron = at, at += 3 * l->width;
  // As many floats again as from gradient[0] to here.
  s.total = at, at += s.total - s.gradient[0];
  s.size = at;
  return s;
}

size_t NAME(gk_prepared_size)(gk_ltc cell) { return NAME(layout_of)(cell).size; }

// Gates are kept rather than computed again while a part's fit a second-level cache of two megabytes (measured with
// backward right after forward: 9 % of a step at N = 8, 13 % at 16); beyond, writing and reading them costs more.
#define KEPT_GATES (2 * 1024 * 1024 / 4)
// `unfolds` is T·U. One block only: then the gates of a row vector are [N][LANES] in the order in which both directions
// walk. Gates of inputs are not kept, since they are needed only once a step.
INLINE int NAME(keeps_gates)(const NAME(layout) *l, const NAME(scratch) *s, size_t unfolds) {
  return l->blocks == 1 && unfolds * s->gates <= KEPT_GATES;
}

size_t NAME(gk_tape_size)(gk_ltc cell, int rows, int steps) {
  NAME(layout) l = NAME(layout_of)(cell);
  NAME(scratch) s = NAME(scratch_of)(&l, (size_t)rows);
  size_t unfolds = (size_t)steps * (size_t)cell.unfolds;
  // T·U + 1 states, T·U denominators' inverses, and the gates where they are kept.
  return (2 * unfolds + 1) * s.slot + (NAME(keeps_gates)(&l, &s, unfolds) ? unfolds * s.gates : 0);
}

size_t NAME(gk_scratch_size)(gk_ltc cell, int rows) {
  NAME(layout) l = NAME(layout_of)(cell);
  return NAME(scratch_of)(&l, (size_t)rows).size;
}

// Packs the parameters in both orders. A pack's κ is made in double precision, because its exponent may be as large as
// STEEPEST and an error of half an ulp there is one of 60·2⁻²⁴ in κ; an absent synapse is all zeros, whatever it holds.
//
// What is made of the parameters of a synapse, once a training step for all rows, steps and sub-steps:
//
//   a = −σ·log₂e,  κ = 2^(−σ·μ·log₂e)                 so that s = 1/(1 + e^(−σ·(v − μ))) = κ/(κ + 2^(a·v))
//   w, w·E                                            what a gate adds to denominator and numerator
//   E, w·σ                                            ∂L/∂(w·s) = push·E + drag;  ∂(w·s)/∂v = w·σ·s·(1 − s)
//
// Every entry of the layout is overwritten. All parameters of lanes behind N count as zero: κ = 2⁰ = 1, gate ½, w = 0,
// and with g = cm = 0 their states are 0/1e-8 = 0.
void NAME(gk_prepare)(gk_ltc cell, const float *parameters, const float *connections, float *prepared) {
  NAME(layout) l = NAME(layout_of)(cell);
  size_t quantity = l.pres * l.n;
  const float *w = parameters, *mu = w + quantity, *sigma = mu + quantity, *erev = sigma + quantity;
  const float *neuron = erev + quantity;
  for (size_t pre = 0; pre < l.pres; pre++) {
    // w, μ, σ and E of this presynaptic neuron stand one quantity apart, LANES postsynaptic ones side by side.
    int sensory = pre >= l.n;
    size_t j = sensory ? pre - l.n : pre, count = sensory ? l.m : l.n;
    for (size_t b = 0; b < l.blocks; b++) {
      // [pre][post] in the caller's arrays: this block's neurons of presynaptic value `pre`.
      size_t from = pre * l.n + b * PRE, left = l.n - b * PRE;
      ints present = NAME(post)(connections + from, left) != splat(0);
      vec weight = choose(present, NAME(post)(w + from, left), splat(0));
      vec slope = choose(present, NAME(post)(sigma + from, left), splat(0));
      vec centre = choose(present, NAME(post)(mu + from, left), splat(0));
      vec reversal = choose(present, NAME(post)(erev + from, left), splat(0));
      // In double precision and rounded once.
      vec a = __builtin_convertvector(__builtin_convertvector(slope, wide) * -LOG2E, vec);
      vec steep = weight * slope;
      // Infinite, these would make 0·∞ of a state at μ and of a saturated gate.
      a = NAME(held)(a), steep = NAME(held)(steep);
      // Outside this range the pass takes the careful path, which does not read κ.
      // −log₂ κ to a float's precision, only to decide. A NaN compares false: not inside.
      vec rough = slope * centre * splat((float)LOG2E);
      ints inside = (rough <= splat(STEEPEST)) & (rough >= splat(-STEEPEST));
      vec k = NAME(offset)(choose(inside, slope, splat(0)), choose(inside, centre, splat(0)));
      float *forward = prepared + l.forward[sensory] + (b * count + j) * 4 * LANES;
      float *backward = prepared + l.backward[sensory] + (j * l.blocks + b) * 4 * LANES;
      // Forward sums w·s and w·E·s; backward wants E for ∂numerator and w·σ for ∂v. Neither has to multiply.
      store(forward, a), store(forward + LANES, k), store(forward + 2 * LANES, weight);
      store(forward + 3 * LANES, weight * reversal);
      store(backward, a), store(backward + LANES, k), store(backward + 2 * LANES, reversal);
      store(backward + 3 * LANES, steep);
      // careful_gate takes a and μ, and forms v − μ itself.
      store(prepared + l.mu[sensory] + (j * l.blocks + b) * LANES, centre);
    }
  }
  for (size_t b = 0; b < l.blocks; b++) {
    size_t from = b * PRE, left = l.n - from;
    // g, g·e and cm: what a sub-step wants of a neuron.
    vec leak = NAME(post)(neuron + from, left);
    store(prepared + l.leak + b * LANES, leak);
    store(prepared + l.drive + b * LANES, leak * NAME(post)(neuron + l.n + from, left));
    store(prepared + l.capacitance + b * LANES, NAME(post)(neuron + 2 * l.n + from, left));
  }
}

// One synapse as `prepare` left it, for the walk over a list.
gk_synapse NAME(gk_record)(gk_ltc cell, const float *prepared, size_t pre, size_t post) {
  NAME(layout) l = NAME(layout_of)(cell);
  int sensory = pre >= l.n;
  // One lane of both packs: with two rows in a vector a parameter stands twice, and the first is taken.
  size_t j = sensory ? pre - l.n : pre, count = sensory ? l.m : l.n, b = post / PRE, lane = post % PRE;
  const float *forward = prepared + l.forward[sensory] + (b * count + j) * 4 * LANES + lane;
  const float *backward = prepared + l.backward[sensory] + (j * l.blocks + b) * 4 * LANES + lane;
  gk_synapse record = {
      forward[0], forward[LANES], forward[2 * LANES], forward[3 * LANES], backward[2 * LANES], backward[3 * LANES],
      prepared[l.mu[sensory] + (j * l.blocks + b) * LANES + lane], (int32_t)j};
  return record;
}
