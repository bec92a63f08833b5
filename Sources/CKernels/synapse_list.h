#pragma once
#include "internal.h"

// The synapses that are present, sorted by kind (recurrent, then sensory), postsynaptic neuron and presynaptic index.
typedef struct {
  float a, k, w, drive;          // forward: drive is w·E
  float reversal, steep, mu;     // backward: steep is w·σ; μ for the careful path
  int32_t pre;
} gk_synapse;

typedef struct {
  const int32_t *first;          // [2][N + 1], the index of a neuron's first synapse of a kind
  const gk_synapse *records;
  size_t neurons;
} gk_synapses;

static inline const gk_synapse *gk_first(const gk_synapses *s, int sensory, size_t post) {
  return s->records + s->first[(size_t)sensory * (s->neurons + 1) + post];
}

// Where the list stands, in floats from its start.
static inline size_t gk_records_at(gk_ltc cell) { return rounded(2 * ((size_t)cell.neurons + 1), ALIGNMENT); }

static inline size_t gk_list_size(gk_ltc cell) {
  return gk_records_at(cell) + (size_t)(cell.neurons + cell.inputs) * (size_t)cell.neurons * sizeof(gk_synapse) / 4;
}

static inline gk_synapses gk_list(gk_ltc cell, const float *list) {
  gk_synapses s = {(const int32_t *)list, (const gk_synapse *)(list + gk_records_at(cell)), (size_t)cell.neurons};
  return s;
}
