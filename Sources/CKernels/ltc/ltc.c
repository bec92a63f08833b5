// The fused LTC: which instance computes a pass. `prepared` is [head][all pairs' layout][list of present synapses],
// made once a training step for all parts of a batch; the head says what decides between paths, so that no pass has to
// look at parameters again.
//
// Two choices. Fast or careful gates: fast where no |a·v| of the pass can pass STEEPEST, which bounds of parameters and
// of states tell (no state leaves [−reach, reach], being a convex combination of e and E). All pairs or a list: by
// counting the vectors of gates either would compute, those of a list weighted with what they cost more (measured).
#include "../synapses/synapse_list.h"

// An entry is the name of an instance (its SUFFIX), its lanes, and what a vector of gates costs beside one over all
// pairs.
#if defined(__x86_64__)
#define ALL_PAIRS(X) X(portable) X(avx2) X(avx512) X(avx512_small)
#define LISTED(X)                                                   \
  X(portable_rows, 4, 1.3) X(avx2_rows, 8, 1.4) X(avx512_rows, 8, 1.1) \
  X(avx512_many_rows, 16, 1.65)
#else
#define ALL_PAIRS(X) X(portable)
#define LISTED(X) X(portable_rows, 4, 1.3)
#endif

// The compiled instances of the templates.
typedef struct {
  size_t (*prepared_size)(gk_ltc);
  size_t (*tape_size)(gk_ltc, int, int);
  size_t (*scratch_size)(gk_ltc, int);
  void (*prepare)(gk_ltc, const float *, const float *, float *);
  gk_synapse (*record)(gk_ltc, const float *, size_t, size_t);
  void (*forward)(gk_ltc, const float *, const gk_pass *);
  void (*backward)(gk_ltc, const float *, const gk_pass *, const gk_gradient *);
} all_pairs_walk;

typedef struct {
  size_t lanes;
  double cost;  // of a vector of gates, when one of the walk over all pairs costs 1 (measured at N = 32 and 128)
  size_t (*tape_size)(gk_ltc, int, int);
  size_t (*scratch_size)(gk_ltc, int);
  void (*forward)(gk_ltc, const float *, const gk_synapses *, const gk_pass *);
  void (*backward)(gk_ltc, const float *, const gk_synapses *, const gk_pass *, const gk_gradient *);
} listed_walk;

// Declares what the templates compile as gk_…_name, and collects it in a table `name`.
#define ALL_PAIRS_INSTANCE(name)                                                                            \
  size_t gk_prepared_size_##name(gk_ltc);                                                               \
  size_t gk_tape_size_##name(gk_ltc, int, int);                                                         \
  size_t gk_scratch_size_##name(gk_ltc, int);                                                           \
  void gk_prepare_##name(gk_ltc, const float *, const float *, float *);                                \
  gk_synapse gk_record_##name(gk_ltc, const float *, size_t, size_t);                                   \
  void gk_forward_##name(gk_ltc, const float *, const gk_pass *);                                   \
  void gk_backward_##name(gk_ltc, const float *, const gk_pass *, const gk_gradient *);         \
  static const all_pairs_walk name = {gk_prepared_size_##name, gk_tape_size_##name, gk_scratch_size_##name, \
                                  gk_prepare_##name,       gk_record_##name,    gk_forward_##name,      \
                                  gk_backward_##name};
ALL_PAIRS(ALL_PAIRS_INSTANCE)

// The same of the walks over lists: gk_rows_…_name.
#define LISTED_INSTANCE(name, lanes, cost)                                                              \
  size_t gk_rows_tape_size_##name(gk_ltc, int, int);                                                    \
  size_t gk_rows_scratch_size_##name(gk_ltc, int);                                                      \
  void gk_rows_forward_##name(gk_ltc, const float *, const gk_synapses *, const gk_pass *);         \
  void gk_rows_backward_##name(gk_ltc, const float *, const gk_synapses *, const gk_pass *,         \
                               const gk_gradient *);                                                \
  static const listed_walk name = {lanes, cost, gk_rows_tape_size_##name, gk_rows_scratch_size_##name, \
                                   gk_rows_forward_##name, gk_rows_backward_##name};
LISTED(LISTED_INSTANCE)

// The instructions that the files of a level are compiled for.
int gk_level_available(int level) {
#if defined(__x86_64__)
  // FMA is asked for beside AVX2, because not every processor with the one has the other.
  __builtin_cpu_init();
  if (level == GK_AVX2) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (level == GK_AVX512) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
  }
#endif
  return level == GK_PORTABLE;
}

int gk_best_level(void) {
  // Levels ascend with their width, and the portable one is available everywhere.
  int level = GK_LEVELS - 1;
  while (!gk_level_available(level)) level--;
  return level;
}

const char *gk_level_name(int level) {
  return level == GK_AVX512 ? "AVX-512" : level == GK_AVX2 ? "AVX2" : "portable";
}

// Which instance walks all pairs depends on the level and N alone, so `prepared` fits any number of rows.
static const all_pairs_walk *all_pairs(gk_ltc cell) {
#if defined(__x86_64__)
  if (cell.level == GK_AVX512) return cell.neurons <= 8 ? &avx512_small : &avx512;
  if (cell.level == GK_AVX2) return &avx2;
#endif
  (void)cell;
  return &portable;
}

// The instances over lists share one layout of the list, and differ in how many rows fill a vector.
static const listed_walk *listed(gk_ltc cell, int rows) {
#if defined(__x86_64__)
  if (cell.level == GK_AVX512) return rows <= 8 ? &avx512_rows : &avx512_many_rows;
  if (cell.level == GK_AVX2) return &avx2_rows;
#endif
  (void)cell, (void)rows;
  return &portable_rows;
}

// Reads what decides between paths: how many synapses there are, how steep, how far states can go.
//
//   synapses   how many are present, of either kind
//   steepness  max |σ|·log₂e = max |a|: |a·v| ≤ steepness·|v| for every synapse of the kind
//   reach      max over |E| and |e|: the bound of a state that begins within it
//   tame       1 while all |σ·μ| ≤ 60·0.69 < 60·ln 2, so that |log₂ κ| < STEEPEST, and σ is finite; of the recurrent
//              kind also while w (of both kinds), g and cm are ≥ 0 and E and e finite
static void survey(gk_ltc cell, const float *parameters, const float *connections, gk_head *head) {
  // Present synapses only: what an absent one holds must not make a pass careful.
  size_t n = (size_t)cell.neurons, pres = n + (size_t)cell.inputs, quantity = pres * n;
  const float *w = parameters, *mu = w + quantity, *sigma = mu + quantity, *erev = sigma + quantity;
  const float *leak = erev + quantity;
  // All sums and maxima begin at zero; the head fills one line of the cache, 16 floats.
  *head = (gk_head){.tame = {1, 1}};
  for (size_t pre = 0; pre < pres; pre++) {
    int sensory = pre >= n, present = 0, tame = 1, positive = 1;
    float steepest = 0, reach = 0;
    // One presynaptic value's row of [pre][post].
    for (size_t at = pre * n; at < (pre + 1) * n; at++) {
      if (connections[at] == 0) continue;
      float slope = __builtin_fabsf(sigma[at]), reversal = __builtin_fabsf(erev[at]);
      float offset = __builtin_fabsf(sigma[at] * mu[at]);
      present++;
      steepest = slope > steepest ? slope : steepest;
      reach = reversal > reach ? reversal : reach;
      // A NaN fails every comparison, and so is not tame.
      tame &= offset <= STEEPEST * 0.69f && slope < __builtin_inff();
      positive &= w[at] >= 0 && reversal < __builtin_inff();
    }
    head->synapses[sensory] += present;
    head->steepness[sensory] = steepest > head->steepness[sensory] ? steepest : head->steepness[sensory];
    head->reach = reach > head->reach ? reach : head->reach;
    // States stay in [−reach, reach] only while w, gleak and cm are not negative, so a negative or infinite one there
    // makes recurrent gates careful; sensory gates depend on inputs alone.
    head->tame[sensory] &= tame;
    head->tame[0] &= positive;
  }
  // |a| = |σ|·log₂e.
  head->steepness[0] *= (float)LOG2E, head->steepness[1] *= (float)LOG2E;
  for (size_t i = 0; i < n; i++) {
    // g, e and cm of neuron i, [N] each behind the four quantities of synapses. A NaN as e makes reach a NaN by its
    // bits, and then no exponent passes the test of gk_fast.
    head->tame[0] &= leak[i] >= 0 && leak[2 * n + i] >= 0 && __builtin_fabsf(leak[n + i]) < __builtin_inff();
    head->reach = largest(leak + n + i, 1, head->reach);
  }
}

// Builds the list of present synapses behind the layout of all pairs. O((N + M)·N).
//
// gk_enlist has sorted; the numbers of a record come from the packs of the walk over all pairs, so that both walks
// compute a gate from the same bits of a, κ, w and w·E.
static void enlist(gk_ltc cell, const float *connections, const float *prepared, float *list) {
  size_t n = (size_t)cell.neurons;
  gk_enlist(n, (size_t)cell.inputs, connections, list);
  gk_synapses synapses = gk_list(n, list);
  gk_synapse *record = (gk_synapse *)synapses.records;
  for (int sensory = 0; sensory < 2; sensory++) {
    for (size_t post = 0; post < n; post++) {
      // `record` runs through the whole list once, kind by kind and neuron by neuron. gk_enlist left in it the
      // presynaptic index within the kind; `record(…)` counts sensory ones from N on.
      for (const gk_synapse *end = gk_first(&synapses, sensory, post + 1); record < end; record++) {
        *record = all_pairs(cell)->record(cell, prepared, (size_t)record->pre + (sensory ? n : 0), post);
      }
    }
  }
}

static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

// [head][layout of all pairs, padded to 64 bytes][list], and room to align the first.
size_t gk_ltc_prepared_size(gk_ltc cell) {
  return HEAD + rounded(all_pairs(cell)->prepared_size(cell), ALIGNMENT) + gk_list_size((size_t)cell.neurons, (size_t)cell.inputs) + ALIGNMENT;
}

size_t gk_ltc_tape_size(gk_ltc cell, int rows, int steps) {
  // Which walk a pass takes is known only when the parameters are: room for either.
  size_t list = listed(cell, rows)->tape_size(cell, rows, steps);
  return larger(all_pairs(cell)->tape_size(cell, rows, steps), list) + ALIGNMENT;
}

// Room for either walk, as of the tape.
size_t gk_ltc_scratch_size(gk_ltc cell, int rows) {
  return larger(all_pairs(cell)->scratch_size(cell, rows), listed(cell, rows)->scratch_size(cell, rows)) + ALIGNMENT;
}

// `base` is where `prepared` begins once aligned.
static float *list_of(gk_ltc cell, float *base) {
  return base + HEAD + rounded(all_pairs(cell)->prepared_size(cell), ALIGNMENT);
}

// Whether a list is worth having for any number of rows.
static int may_use_list(gk_ltc cell, const gk_head *head) {
  size_t n = (size_t)cell.neurons, all = n * (n + (size_t)cell.inputs);
  return cell.walk == GK_LISTED ||
         (cell.walk == GK_AUTOMATIC && (size_t)(head->synapses[0] + head->synapses[1]) < all);
}

// Overwrites `prepared`. It depends on parameters and connections only, so one does for all parts of a batch until the
// next update of either. The packs are made in any case, since small parts may walk all pairs where large ones walk
// lists; the list is, where any pass may walk it.
void gk_ltc_prepare(gk_ltc cell, const float *parameters, const float *connections, float *prepared) {
  float *base = aligned(prepared);
  survey(cell, parameters, connections, (gk_head *)base);
  all_pairs(cell)->prepare(cell, parameters, connections, base + HEAD);
  if (may_use_list(cell, (gk_head *)base)) enlist(cell, connections, base + HEAD, list_of(cell, base));
}

//   list       (d_r·U + d_s)·⌈R/L⌉·cost          d_r, d_s present synapses, L lanes of rows
//   all pairs  (N·U + M)·⌈N/L'⌉·R                L' lanes of neurons; for N ≤ 8 and L' = 16 two rows a vector
//
// Only gates are counted: they grow with the number of synapses, everything else with that of neurons.
int gk_ltc_uses_list(gk_ltc cell, const float *prepared, int rows) {
  const gk_head *head = (const gk_head *)aligned(prepared);
  if (cell.walk != GK_AUTOMATIC || !may_use_list(cell, head)) return cell.walk == GK_LISTED;
  // Vectors of gates a step either way.
  const listed_walk *walk = listed(cell, rows);
  size_t n = (size_t)cell.neurons, m = (size_t)cell.inputs, u = (size_t)cell.unfolds, r = (size_t)rows;
  // Recurrent synapses in each of U sub-steps, sensory ones once; rows are rounded up to vectors, or neurons are.
  size_t list = ((size_t)head->synapses[0] * u + (size_t)head->synapses[1]) * (rounded(r, walk->lanes) / walk->lanes);
  size_t lanes = cell.level == GK_AVX512 ? 16 : cell.level == GK_AVX2 ? 8 : 4;
  // Up to eight neurons, a vector of sixteen takes two rows.
  size_t vectors = n <= 8 && lanes == 16 ? rounded(r, 2) / 2 : rounded(n, lanes) / lanes * r;
  return (double)list * walk->cost < (double)((n * u + m) * vectors);
}

// The same pass takes the same walk in both directions, since what decides is in the head and in the number of rows; so
// the tape is read in the layout in which it was written.
void gk_ltc_forward(gk_ltc cell, const gk_pass *pass) {
  uint64_t mode = gk_flush();
  float *base = aligned(pass->prepared);
  if (gk_ltc_uses_list(cell, base, pass->rows)) {
    gk_synapses list = gk_list((size_t)cell.neurons, list_of(cell, base));
    listed(cell, pass->rows)->forward(cell, base, &list, pass);
  } else {
    all_pairs(cell)->forward(cell, base, pass);
  }
  gk_restore(mode);
}

// The gradient's meaning is that of gk_gradient in CKernels.h: ∂L/∂inputs and ∂L/∂(initial state) are overwritten,
// ∂L/∂parameters added to.
void gk_ltc_backward(gk_ltc cell, const gk_pass *pass, const gk_gradient *gradient) {
  uint64_t mode = gk_flush();
  float *base = aligned(pass->prepared);
  if (gk_ltc_uses_list(cell, base, pass->rows)) {
    gk_synapses list = gk_list((size_t)cell.neurons, list_of(cell, base));
    listed(cell, pass->rows)->backward(cell, base, &list, pass, gradient);
  } else {
    all_pairs(cell)->backward(cell, base, pass, gradient);
  }
  gk_restore(mode);
}
