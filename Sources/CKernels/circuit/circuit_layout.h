// Template: where a circuit's kernel keeps things. No include guard: once a level.
//
// Letters: N, M, R, T, U as everywhere; E = U·stages evaluations a step; K blocks of sums. On the tape every evaluation
// leaves its states [R][stride] and its activated sums [R][pitch]; backward replaces the sums by their gradients, in
// place, so that the gradients of all matrices become one product over many evaluations.
//
// Sums of a row lie side by side, blocks of `stride` floats: first those of synapses with a gate each, then those that
// are products of matrices (of states, or of gates that belong to the source).
//
// Index order: r a row of the batch, q a block of sums, i the neuron that the sums belong to (post), j what a synapse
// reads (pre), b a vector of neurons, l a lane. Sums are [R][q][i] with rows of `pitch` floats, states [R][i] with rows
// of `stride`, gates and gradients of inputs [R][j] with rows of `sources`. Lanes behind the last neuron are computed
// like others: they have no synapses and own parameters of 1, so their states stay finite, and ∂L by them is 0. No sum
// reads them, and copies to and from the caller's arrays, which have no padding, take what exists.

typedef struct {
  size_t n, m, stride, sources;        // N, M; floats of a row of states, of inputs
  size_t blocks;                       // vectors a row of states
  size_t gated, products, sums;        // blocks of sums of either kind, and of both
  size_t pitch, width;                 // floats between rows of sums; of a row of the matrices
  size_t own, ends;                    // the membrane's parameters; two ends a gap junction
  size_t at_mu, at_sigma, at_second, at_elastance, at_own, at_gap;  // offsets into the caller's parameters
  // In `prepared`, after the head: packs [block][pre][a, κ, w, second][LANES] as `synapses` reads them, the same as
  // [pre][block] for the way back, μ; matrices [pre][block of sums]; their transposes; a, μ and σ of sources.
  size_t forward[2], backward[2], centre[2], matrix[2], transposed[2], slope[2], half[2], sigma[2], membrane, size;
  size_t list, junctions;  // as synapse_list.h and listed_sums.h have them
} NAME(circuit);

// Everything that follows from the cell's description, in floats. Made anew in each call: O(1).
INLINE NAME(circuit) NAME(circuit_of)(const gk_circuit *cell) {
  NAME(circuit) l;
  l.n = (size_t)cell->neurons, l.m = (size_t)cell->inputs;
  l.stride = rounded(l.n, LANES), l.sources = rounded(l.m, LANES), l.blocks = l.stride / LANES;
  // How many blocks of sums of each kind the formulas in CKernels.h want: S₀ alone or S₀ and S₁, with a gate a
  // synapse or as products, and S₂ of the elastance, which is always a product.
  // K = gated + products blocks: a row of sums is [gated blocks | products' blocks], a row of a matrix the products'
  // alone.
  size_t strengths = cell->strength == GK_WEIGHT ? 1 : 2, synapses = (l.n + l.m) * l.n;
  l.gated = cell->activation == GK_SYNAPTIC ? strengths : 0;
  l.products = (cell->activation == GK_SYNAPTIC ? 0 : strengths) + (cell->elastance != GK_RIGID);
  l.sums = l.gated + l.products;
  l.pitch = NAME(pitch)(l.sums * l.stride), l.width = NAME(pitch)(l.products * l.stride);
  // The caller's parameters in their order: w, μ, σ, second, elastance, the membrane's own, conductances of
  // junctions. μ and σ are [pre][post], [source] or absent.
  size_t gates = cell->activation == GK_SYNAPTIC ? synapses : cell->activation == GK_NEURAL ? l.n + l.m : 0;
  l.at_mu = synapses, l.at_sigma = synapses + gates, l.at_second = synapses + 2 * gates;
  l.at_elastance = l.at_second + (strengths - 1) * synapses;
  l.at_own = l.at_elastance + (cell->elastance != GK_RIGID ? synapses : 0);
  l.own = cell->membrane == GK_CONDUCTANCE_MEMBRANE ? 3
          : cell->membrane == GK_ADDITIVE_MEMBRANE  ? (size_t)(cell->has_time_constant + cell->squashes)
                                                    : 2 + (size_t)cell->elastance;
  l.at_gap = l.at_own + l.own * l.n, l.ends = 2 * (size_t)cell->junctions;
  // Recurrent synapses first, then those of the inputs, with the same parts.
  size_t at = 0;
  for (int sensory = 0; sensory < 2; sensory++) {
    // With J = N or M presynaptic values and `row` = J padded: forward and backward 4·J·stride floats and centre
    // J·stride, where a gate is a synapse's; matrix [J][width], transposed [product][post N][row]; slope (a), half (μ)
    // and sigma [row] of sources.
    size_t pre = sensory ? l.m : l.n, row = sensory ? l.sources : l.stride, pack = l.gated ? pre * l.stride : 0;
    l.forward[sensory] = at, at += 4 * pack;
    l.backward[sensory] = at, at += 4 * pack;
    l.centre[sensory] = at, at += pack;
    l.matrix[sensory] = at, at += pre * l.width;
    l.transposed[sensory] = at, at += l.products * l.n * row;
    l.slope[sensory] = at, at += row;
    l.half[sensory] = at, at += row;
    l.sigma[sensory] = at, at += row;
  }
  // Four rows of own parameters, as membrane.h reads them; a list with room for all pairs, as long as a gate is a
  // synapse's.
  l.membrane = at, at += 4 * l.stride;
  l.list = at, at += l.gated ? rounded(gk_list_size(l.n, l.m), ALIGNMENT) : 0;
  l.junctions = at, at += gk_junctions_size(l.n, l.ends / 2);
  l.size = at;
  return l;
}

size_t NAME(gk_circuit_prepared)(const gk_circuit *cell) { return HEAD + NAME(circuit_of)(cell).size; }

// What a part of the batch needs. slot = R·stride floats of states, wide = R·pitch of sums. In scratch: `states` and
// `kept_sums` where no tape is kept; `held` the sums of the inputs, for the whole step; `work` a slot a stage, its rate
// forward and ∂L/∂x_s backward; `flow` ∂L/∂state; `pull` [group][presynaptic value][LANES] for transposed_sums; from
// `summed` to `totals` the sums of some steps, from there the same again as totals of the pass; `matrix` gradients of
// matrices, [pre][width].
//
// The tape: states at every evaluation, gates of sources, sums; of every step the gradients of sums
// from inputs and the gates of inputs. An evaluation of a sub-step that is not kept uses the scratch space again.
typedef struct {
  size_t rows, slot, wide;                   // floats of states and of sums of all rows
  size_t evaluations;
  size_t gates, sums, sensory, input_gates;  // in the tape, after the states
  // In scratch.
  size_t states, opened, kept_sums, held, input_opened, work, flow, back, input_back, columns, pull[2];
  size_t summed, source[2], neuron, junctions, pairs[2], totals, matrix, size;  // sums of gradients, and their totals
} NAME(part);

INLINE NAME(part) NAME(part_of)(const gk_circuit *cell, const NAME(circuit) *l, size_t rows, size_t steps) {
  NAME(part) s;
  size_t stages = (size_t)cell->stages, inputs = rows * l->sources;
  int neural = cell->activation == GK_NEURAL;
  s.rows = rows, s.slot = rows * l->stride, s.wide = rounded(rows * l->pitch, ALIGNMENT);
  s.evaluations = steps * (size_t)cell->unfolds * stages;
  // The tape: states of E·T evaluations and the result of the last, then gates of sources, then sums, then per step
  // ∂L/∂(sensory sums) and gates of inputs.
  // Index order on it: states [t][u][stage][r][i], of T·E evaluations and one more; gates the same; sums
  // [t][u][stage][r][q][i]; sensory [t][r][q][i]; input_gates [t][r][j].
  size_t at = (s.evaluations + 1) * s.slot;
  s.gates = at, at += neural ? s.evaluations * s.slot : 0;
  s.sums = at, at += s.evaluations * rows * l->pitch;
  s.sensory = at, at += steps * rows * l->pitch;
  s.input_gates = at, at += neural ? steps * inputs : 0;
  s.size = at;
  at = 0;
  // Without a tape two sub-steps' worth of states are held in turn, each [stages][R][stride].
  s.states = at, at += 2 * stages * s.slot;
  s.opened = at, at += s.slot;
  s.kept_sums = at, at += s.wide;
  // held [R][pitch]: sums of the inputs; input_opened [R][sources]: their gates where no tape is kept; opened
  // [R][stride]: the neurons' gates, likewise; work [stage][R][stride].
  s.held = at, at += s.wide;
  s.input_opened = at, at += inputs;
  s.work = at, at += stages * s.slot;
  s.flow = at, at += s.slot;
  // back: ∂L/∂(gates of sources), of neurons [R][stride] or of inputs [R][sources]; input_back: ∂L/∂u [R][sources].
  s.back = at, at += s.slot > inputs ? s.slot : inputs;
  s.input_back = at, at += inputs;
  // columns: the four arrays of columns.h for any number of lanes.
  s.columns = at, at += l->gated || l->ends ? gk_columns_size(l->n, l->m, rows) : 0;
  s.pull[0] = at, at += FORWARD_GROUP * l->stride * LANES;
  s.pull[1] = at, at += FORWARD_GROUP * l->sources * LANES;
  // From here to `totals`: sums of gradients over some steps. `source` [2][j]: Σ d·v and Σ d of a source's gate;
  // `neuron` [4][i]: the membrane's own; `junctions` [end][lane]; `pairs` [j][b][4][l] of all pairs, or [synapse][4] of
  // a list, which is never longer.
  s.summed = at;
  s.source[0] = at, at += 2 * l->stride;
  s.source[1] = at, at += 2 * l->sources;
  s.neuron = at, at += 4 * l->stride;
  s.junctions = at, at += 16 * l->ends;
  s.pairs[0] = at, at += l->gated ? 4 * l->n * l->stride : 0;
  s.pairs[1] = at, at += l->gated ? 4 * l->m * l->stride : 0;
  // The same layout again: what is added up over some steps joins its total at a fixed distance.
  s.totals = at, at += at - s.summed;
  // ∂L/∂W of products: already summed by one product over some steps, so there is one of them, not two.
  s.matrix = at, at += (l->n + l->m) * l->width;
  // `size` is that of the tape with T > 0, and that of scratch with T = 0.
  if (steps == 0) s.size = at;
  return s;
}

// A tape of no steps would hold the initial states alone.
size_t NAME(gk_circuit_tape)(const gk_circuit *cell, int rows, int steps) {
  NAME(circuit) l = NAME(circuit_of)(cell);
  return steps ? NAME(part_of)(cell, &l, (size_t)rows, (size_t)steps).size : (size_t)rows * l.stride;
}
// Depends on R, not on T.
size_t NAME(gk_circuit_scratch)(const gk_circuit *cell, int rows) {
  NAME(circuit) l = NAME(circuit_of)(cell);
  return NAME(part_of)(cell, &l, (size_t)rows, 0).size;
}

// What the walk over lists is given: null where nothing is listed and nothing joined.
// Fills *c and returns it. Scratch and the places for sums are set by the caller; n, m, stride and pitch are the
// layout's.
INLINE gk_columns *NAME(columns_of)(const gk_circuit *cell, const NAME(circuit) *l, const float *prepared,
                                    const gk_list_walk *walk, int uses_list, const gk_pass *pass, gk_columns *c) {
  if (!uses_list && !l->ends) return 0;
  *c = (gk_columns){.walk = walk, .lists = uses_list, .joins = l->ends > 0, .sums = cell->strength == GK_WEIGHT ? 1 : 2,
                    .n = l->n, .m = l->m, .rows = (size_t)pass->rows, .stride = l->stride, .pitch = l->pitch};
  if (uses_list) c->synapses = gk_list(l->n, prepared + l->list);
  if (l->ends) c->junctions = gk_junctions_of(l->n, prepared + l->junctions);
  return c;
}

// The matrix of one block of sums, [pre][post], and its transpose, [post][pre], present synapses only; `factor` makes
// w·E of two tensors. Forward reads the one along rows, backward the other: a product runs along contiguous memory
// either way.
//
// Overwrites block `block` of every row: the caller's w is [pre][post] of N floats, and so is `factor` where it is
// given. Rows of `matrix` have l->width floats. Padding was zeroed before.
INLINE void NAME(lay)(const NAME(circuit) *l, size_t block, const float *w, const float *factor,
                      const float *connections, float *prepared) {
  for (int sensory = 0; sensory < 2; sensory++) {
    // [pre][block][post of `stride`], and [block][post][pre of `step`].
    size_t first = sensory ? l->n : 0, count = sensory ? l->m : l->n, step = sensory ? l->sources : l->stride;
    float *matrix = prepared + l->matrix[sensory] + block * l->stride;
    for (size_t j = 0; j < count; j++) {
      for (size_t i = 0; i < l->n; i++) {
        size_t at = (first + j) * l->n + i;
        float value = factor ? w[at] * factor[at] : w[at];
        matrix[j * l->width + i] = connections[at] == 0 ? 0 : value;
      }
    }
    NAME(transpose)(matrix, l->width, count, l->n, prepared + l->transposed[sensory] + block * l->n * step, step);
  }
}

// Packs of synapses with a gate each.
//
// For each pair (j, i), present or not: a = −σ·log₂e, κ = 2^(−σ·μ·log₂e), w and the second strength (h, or w·E), so
// that s = κ/(κ + 2^(a·v)) = 1/(1 + e^(−σ·(v − μ))). Forward reads [b][j][4][l]: all presynaptic values of one vector
// of neurons behind one another. Backward reads [j][b][4][l]: all neurons of one presynaptic value. The same numbers
// twice, so that either walk reads memory in its order. `centre`, [j][b][l], is μ for the careful gate.
INLINE void NAME(pack)(const gk_circuit *cell, const NAME(circuit) *l, const float *parameters,
                       const float *connections, gk_circuit_head *head, float *prepared) {
  const float *w = parameters, *mu = w + l->at_mu, *sigma = w + l->at_sigma, *second = w + l->at_second;
  for (size_t pre = 0; pre < l->n + l->m; pre++) {
    int sensory = pre >= l->n;
    size_t j = sensory ? pre - l->n : pre, count = sensory ? l->m : l->n;
    for (size_t b = 0; b < l->blocks; b++) {
      // from: the place of the first lane's synapse in the caller's [pre][post]; left: how many lanes are neurons.
      size_t from = pre * l->n + b * LANES, left = l->n - b * LANES;
      // An absent synapse is all zeros whatever its parameters hold, NaN too: gate ½, strength 0, so it adds exactly
      // nothing.
      ints present = NAME(post)(connections + from, left) != splat(0);
      vec weight = choose(present, NAME(post)(w + from, left), splat(0));
      vec slope = choose(present, NAME(post)(sigma + from, left), splat(0));
      vec centre = choose(present, NAME(post)(mu + from, left), splat(0));
      vec other = splat(0);
      if (cell->strength != GK_WEIGHT) other = choose(present, NAME(post)(second + from, left), splat(0));
      if (cell->strength == GK_CONDUCTANCE) other *= weight;
      // a = −σ·log₂e and κ = 2^(−σ·μ·log₂e), both from doubles: an error of half an ulp in an exponent of 60 would be
      // one of 60·2⁻²⁴ in the gate.
      vec a = NAME(held)(__builtin_convertvector(__builtin_convertvector(slope, wide) * -LOG2E, vec));
      vec rough = slope * centre * splat((float)LOG2E);
      // Where κ would leave a float's range the synapse is not tame: its kind takes careful gates, which do not use κ;
      // it is 1 there.
      ints inside = (rough <= splat(STEEPEST)) & (rough >= splat(-STEEPEST));
      vec k = NAME(offset)(choose(inside, slope, splat(0)), choose(inside, centre, splat(0)));
      float *forward = prepared + l->forward[sensory] + (b * count + j) * 4 * LANES;
      float *backward = prepared + l->backward[sensory] + (j * l->blocks + b) * 4 * LANES;
      store(forward, a), store(forward + LANES, k), store(forward + 2 * LANES, weight);
      store(forward + 3 * LANES, other);
      for (size_t i = 0; i < 4 * LANES; i++) backward[i] = forward[i];
      store(prepared + l->centre[sensory] + (j * l->blocks + b) * LANES, centre);
      float lanes[LANES];
      store(lanes, a);
      // What later decides between fast and careful gates and between all pairs and a list; `present` is −1 where
      // there is a synapse.
      head->steepness[sensory] = largest(lanes, LANES, head->steepness[sensory]);
      for (size_t i = 0; i < LANES; i++) head->tame[sensory] &= inside[i] != 0;
      for (size_t i = 0; i < LANES; i++) head->synapses[sensory] -= present[i];
    }
  }
}

// Fills a list's records from the packs.
//
// gk_enlist has sorted them and filled in `pre`. Of an absent synapse there is no record.
INLINE void NAME(note)(const NAME(circuit) *l, const float *parameters, const float *prepared) {
  gk_synapses list = gk_list(l->n, prepared + l->list);
  const float *sigma = parameters + l->at_sigma;
  gk_synapse *record = (gk_synapse *)list.records;
  for (int sensory = 0; sensory < 2; sensory++) {
    for (size_t i = 0; i < l->n; i++) {
      for (const gk_synapse *end = gk_first(&list, sensory, i + 1); record < end; record++) {
        size_t j = (size_t)record->pre, block = j * l->blocks + i / LANES, lane = i % LANES;
        const float *p = prepared + l->backward[sensory] + block * 4 * LANES + lane;
        // [pre][block][a, κ, w, second][lane], the pack of the way back: one synapse of it.
        record->a = p[0], record->k = p[LANES], record->w = p[2 * LANES], record->drive = p[3 * LANES];
        record->steep = sigma[(j + (sensory ? l->n : 0)) * l->n + i];
        record->mu = prepared[l->centre[sensory] + block * LANES + lane];
      }
    }
  }
}

// Once a training step, for all parts of a batch. `base`: the head, then `prepared`. Zeros first, which is what padding
// and absent synapses have to hold, up to the list; that and the junctions are written where there are some.
void NAME(gk_circuit_prepare)(const gk_circuit *cell, const float *parameters, const float *connections, const int *pairs,
                              float *base) {
  NAME(circuit) l = NAME(circuit_of)(cell);
  gk_circuit_head *head = (gk_circuit_head *)base;
  float *prepared = base + HEAD;
  // The head: how many synapses of each kind are present, max |a| and whether all |σ·μ·log₂e| ≤ STEEPEST, as `pack`
  // finds.
  *head = (gk_circuit_head){.tame = {1, 1}};
  for (size_t i = 0; i < l.list; i++) prepared[i] = 0;
  const float *w = parameters, *second = w + l.at_second;
  // A gate a synapse: packs, and a list where one is asked for, or some synapse is absent and the caller did not ask
  // for all pairs. Otherwise S₀ and S₁ are products, with matrices w and h, or w and w·E.
  if (l.gated) {
    NAME(pack)(cell, &l, parameters, connections, head, prepared);
    if (gk_may_use_list(cell, head)) {
      gk_enlist(l.n, l.m, connections, prepared + l.list);
      NAME(note)(&l, parameters, prepared);
    }
  } else {
    NAME(lay)(&l, 0, w, 0, connections, prepared);
    if (cell->strength == GK_PAIR) NAME(lay)(&l, 1, second, 0, connections, prepared);
    if (cell->strength == GK_CONDUCTANCE) NAME(lay)(&l, 1, w, second, connections, prepared);
  }
  // S₂ = Σ o·y is the last block of products, whatever the others are.
  if (cell->elastance != GK_RIGID) {
    NAME(lay)(&l, l.products - 1, parameters + l.at_elastance, 0, connections, prepared);
  }
  if (l.ends) gk_join(l.n, l.ends / 2, parameters + l.at_gap, pairs, prepared + l.junctions);
  // A gate a source, s_j = σ(σ_j·(y_j − μ_j)): [source] each of a, μ and σ; the caller has N + M of each.
  if (cell->activation == GK_NEURAL) {
    for (size_t j = 0; j < l.n + l.m; j++) {
      size_t sensory = j >= l.n, at = sensory ? j - l.n : j;
      prepared[l.slope[sensory] + at] = (float)(parameters[l.at_sigma + j] * -LOG2E);
      prepared[l.half[sensory] + at] = parameters[l.at_mu + j];
      prepared[l.sigma[sensory] + at] = parameters[l.at_sigma + j];
    }
  }
  for (size_t p = 0; p < 4; p++) {
    // Padding that is divided by must not be zero: its lanes have to stay finite.
    for (size_t i = 0; i < l.stride; i++) {
      prepared[l.membrane + p * l.stride + i] = p < l.own && i < l.n ? parameters[l.at_own + p * l.n + i] : 1;
    }
  }
}
