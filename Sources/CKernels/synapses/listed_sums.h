// The junction {i, j} of conductance g lets g·(x_j − x_i) into i and the opposite into j. Written for a membrane that
// divides by a total conductance, total_i += Σ g and drive_i += Σ g·x_j over the ends at i. Scalar twin: GapJunctions.
#pragma once
#include "synapse_list.h"

// What a circuit's kernel hands to the walk over lists (columns.h): present synapses with a gate each, and gap
// junctions, which are walked there even where all pairs of neurons have a synapse.

// A gap junction as one of its two neurons sees it.
typedef struct {
  float g;
  int32_t other, pair;  // the neuron at the far end; which junction
} gk_junction_end;

// All ends, sorted by neuron: a junction {i, j} stands once at i, with j for the other, and once at j. So what flows
// into a neuron is a walk over its own ends, and the two halves of a junction's gradient are added when the pass is
// settled.
typedef struct {
  const int32_t *first;         // [N + 1], the index of a neuron's first end
  const float *conductance;     // [N], Σ g
  const gk_junction_end *ends;  // two a junction, sorted by neuron
} gk_junctions;

// [first: N + 1 indices][Σ g: N floats][ends: two a junction], each part padded to 64 bytes.
static inline size_t gk_ends_at(size_t neurons) { return rounded(neurons + 1, ALIGNMENT) + rounded(neurons, ALIGNMENT); }
static inline size_t gk_junctions_size(size_t neurons, size_t junctions) {
  return gk_ends_at(neurons) + rounded(2 * junctions * sizeof(gk_junction_end) / sizeof(float), ALIGNMENT);
}
static inline gk_junctions gk_junctions_of(size_t neurons, const float *list) {
  gk_junctions j = {(const int32_t *)list, list + rounded(neurons + 1, ALIGNMENT),
                    (const gk_junction_end *)(list + gk_ends_at(neurons))};
  return j;
}

// Sorts both ends of every junction by neuron.
//
// pairs is [junction][2] and conductances [junction]. Entry k of the flat pairs is one end: of junction k/2, at neuron
// pairs[k], with pairs[k ^ 1] at the far side. A counting sort as in gk_enlist; Σ g is added up in the order of
// junctions.
static inline void gk_join(size_t neurons, size_t count, const float *conductances, const int *pairs, float *list) {
  gk_junctions junctions = gk_junctions_of(neurons, list);
  int32_t *first = (int32_t *)junctions.first;
  float *sum = (float *)junctions.conductance;
  for (size_t i = 0; i <= neurons; i++) first[i] = 0;
  for (size_t i = 0; i < neurons; i++) sum[i] = 0;
  for (size_t k = 0; k < 2 * count; k++) first[pairs[k] + 1]++, sum[pairs[k]] += conductances[k / 2];
  for (size_t i = 0; i < neurons; i++) first[i + 1] += first[i];
  // first[i] is where the next end at neuron i goes.
  for (size_t k = 0; k < 2 * count; k++) {
    gk_junction_end end = {conductances[k / 2], pairs[k ^ 1], (int32_t)(k / 2)};
    ((gk_junction_end *)junctions.ends)[first[pairs[k]]++] = end;
  }
  // Every entry has moved to the begin of the one behind it.
  for (size_t i = neurons; i > 0; i--) first[i] = first[i - 1];
  first[0] = 0;
}

// Whether a list is worth having for some number of rows.
// Only a gate a synapse pays for a list: linear synapses, and those whose gate is their source's, are summed as
// products of matrices, of the states or of N + M gates.
static inline int gk_may_use_list(const gk_circuit *cell, const gk_circuit_head *head) {
  size_t n = (size_t)cell->neurons, all = n * (n + (size_t)cell->inputs);
  if (cell->activation != GK_SYNAPTIC || cell->walk == GK_ALL_PAIRS) return 0;
  return cell->walk == GK_LISTED || (size_t)(head->synapses[0] + head->synapses[1]) < all;
}

typedef struct gk_list_walk gk_list_walk;

// What a call of the walk over lists needs to know of its circuit and its pass. `rows`: R, not padded. States, inputs
// and sums outside of the walk lie in rows: a row of sums is `pitch` floats, S₀ in the first `stride` and S₁ in the
// next.
typedef struct {
  const gk_list_walk *walk;
  int lists, joins;  // whether synapses are walked here, and whether there are junctions
  gk_synapses synapses;
  gk_junctions junctions;
  int sums;                       // of synapses: S₀, or S₀ and S₁
  size_t n, m, rows, stride, pitch;
  float *scratch;                 // gk_columns_size floats
  float *synapse_sums;            // [synapse][S₀, S₁, x, x·v], as pull_rows of the walk over all pairs
  float *junction_sums;           // [end][LANES]
} gk_columns;

// The compiled instances of columns.h.
//
// gather: S from x, [row][x_row], added to `start` (null: zero) and written to `sums`. scatter: from ∂L/∂S in
// `gradient` ∂L/∂x, added to `target`, and ∂L of the synapses' and junctions' own, added to synapse_sums and
// junction_sums.
struct gk_list_walk {
  size_t lanes;
  double cost;   // of a vector of gates, when one of the walk over all pairs costs 1
  double transposition;  // of rows to columns and back, a neuron and vector of rows (measured, as cost is)
  void (*gather)(const gk_columns *, int careful, int sensory, const float *x, size_t x_row, const float *start,
                 float *sums);
  void (*scatter)(const gk_columns *, int careful, int sensory, const float *x, size_t x_row, const float *gradient,
                  float *target, size_t target_row);
};

// Floats of columns for any number of lanes: values, their gradients, two sums.
static inline size_t gk_columns_size(size_t n, size_t m, size_t rows) {
  size_t most = n > m ? n : m;
  return (2 * rounded(most, 16) + 2 * rounded(n, 16)) * rounded(rows, 16);
}
