#pragma once
#include "../internal.h"

// A list of synapses, for walks whose lanes are rows of the batch. Compressed rows by postsynaptic neuron:
// first[kind][i] … first[kind][i + 1] are the records of the synapses onto neuron i, so that a neuron's sums stay in
// registers while its list is read once, forward through memory. A record holds all that both directions need, 32
// bytes, two a line of the cache.
//
// The synapses that are present, sorted by kind (recurrent, then sensory), postsynaptic neuron and presynaptic index.
//
// a, κ and w, and w·E (for other laws the second strength), are the first four floats and one load of four; forward
// needs no more. Backward forms y = (push·E + drag)·s and adds w·σ·y·(1 − s) to ∂L/∂v.
typedef struct {
  float a, k, w, drive;          // forward: drive is w·E, or the second strength
  float reversal, steep, mu;     // backward: steep is w·σ of the plain LTC, σ of a circuit; μ for the careful path
  int32_t pre;
} gk_synapse;

// `first` holds indices into `records` for both kinds, so a sensory list begins where the recurrent one ends:
// first[0][N] = first[1][0]. The list of neuron i ends where that of i + 1 begins.
typedef struct {
  const int32_t *first;          // [2][N + 1], the index of a neuron's first synapse of a kind
  const gk_synapse *records;
  size_t neurons;
} gk_synapses;

// With post = N, the end of the last list of the kind.
static inline const gk_synapse *gk_first(const gk_synapses *s, int sensory, size_t post) {
  return s->records + s->first[(size_t)sensory * (s->neurons + 1) + post];
}

// How many synapses are listed.
static inline size_t gk_listed(const gk_synapses *s) { return (size_t)s->first[2 * s->neurons + 1]; }

// Where the list stands, in floats from its start.
// [first: 2·(N + 1) indices, padded to a multiple of 64 bytes][records]: where the list begins on a line of the cache,
// so do the records, and none crosses from one line to the next.
static inline size_t gk_records_at(size_t neurons) { return rounded(2 * (neurons + 1), ALIGNMENT); }

// Room for all pairs: how many are present is known only when the connections are.
static inline size_t gk_list_size(size_t neurons, size_t inputs) {
  return gk_records_at(neurons) + (neurons + inputs) * neurons * sizeof(gk_synapse) / sizeof(float);
}

static inline gk_synapses gk_list(size_t neurons, const float *list) {
  gk_synapses s = {(const int32_t *)list, (const gk_synapse *)(list + gk_records_at(neurons)), neurons};
  return s;
}

// Sorts the present synapses into a list: fills `first`, and of every record `pre`. O((N + M)·N).
//
// connections is [pre N + M][post N]. The other fields of a record are filled by the caller, from what the walk over
// all pairs prepared. Recurrent records have pre = 0 … N − 1, sensory ones 0 … M − 1.
static inline void gk_enlist(size_t neurons, size_t inputs, const float *connections, float *list) {
  // A counting sort by (kind, postsynaptic neuron); presynaptic neurons come in ascending order because they are
  // walked so.
  // [2][N + 1]: at first counts, at last begins.
  int32_t *first = (int32_t *)list;
  gk_synapse *records = (gk_synapse *)(list + gk_records_at(neurons));
  for (size_t i = 0; i < 2 * (neurons + 1); i++) first[i] = 0;
  // Counts, one entry on; then where each begins; then, as records arrive, where the next one goes.
  for (size_t pre = 0; pre < neurons + inputs; pre++) {
    int32_t *count = first + (pre < neurons ? 0 : neurons + 1) + 1;
    for (size_t i = 0; i < neurons; i++) count[i] += connections[pre * neurons + i] != 0;
  }
  // One running sum over both kinds. first[1][0] counts nothing of its own, and so becomes the number of recurrent
  // synapses: where the first sensory record stands.
  for (size_t i = 1; i < 2 * (neurons + 1); i++) first[i] += first[i - 1];
  for (size_t pre = 0; pre < neurons + inputs; pre++) {
    int32_t *next = first + (pre < neurons ? 0 : neurons + 1);
    for (size_t i = 0; i < neurons; i++) {
      if (connections[pre * neurons + i] == 0) continue;
      records[next[i]++].pre = (int32_t)(pre < neurons ? pre : pre - neurons);
    }
  }
  // Every entry has moved to the begin of the one behind it.
  for (size_t sensory = 0; sensory < 2; sensory++) {
    int32_t *next = first + sensory * (neurons + 1);
    for (size_t i = neurons; i > 0; i--) next[i] = next[i - 1];
    next[0] = sensory ? first[neurons] : 0;
  }
}
