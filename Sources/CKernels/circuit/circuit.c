#include "../levels/instances.h"
#include "../synapses/listed_sums.h"

// The compiled instances of the circuit's templates.
//
// What Swift's CircuitKernel calls for every differential equation but the fused LTC: sizes, prepare, forward and
// backward. Two tables of instances take part. Those of the circuit's templates, whose lanes are neurons, are chosen by
// level and N; those of columns.h, whose lanes are rows of the batch, by level and R. Twins:
// ContinuousCircuit.scalarForward and scalarBackward.
typedef struct {
  size_t (*prepared)(const gk_circuit *);
  size_t (*tape)(const gk_circuit *, int, int);
  size_t (*scratch)(const gk_circuit *, int);
  void (*prepare)(const gk_circuit *, const float *, const float *, const int *, float *);
  void (*forward)(const gk_circuit *, const float *, const gk_list_walk *, int, const gk_pass *);
  void (*backward)(const gk_circuit *, const float *, const gk_list_walk *, int, const gk_pass *, const gk_gradient *);
} instance;

#define INSTANCE(name)                                                                                       \
  size_t gk_circuit_prepared_##name(const gk_circuit *);                                                     \
  size_t gk_circuit_tape_##name(const gk_circuit *, int, int);                                               \
  size_t gk_circuit_scratch_##name(const gk_circuit *, int);                                                 \
  void gk_circuit_prepare_##name(const gk_circuit *, const float *, const float *, const int *, float *);    \
  void gk_circuit_forward_##name(const gk_circuit *, const float *, const gk_list_walk *, int, const gk_pass *); \
  void gk_circuit_backward_##name(const gk_circuit *, const float *, const gk_list_walk *, int, const gk_pass *, \
                                  const gk_gradient *);                                                      \
  static const instance name = {gk_circuit_prepared_##name, gk_circuit_tape_##name,                          \
                                gk_circuit_scratch_##name,  gk_circuit_prepare_##name,                       \
                                gk_circuit_forward_##name,  gk_circuit_backward_##name};
FAMILY(INSTANCE)

// The walks over lists, with what they cost in vectors of gates of a walk over all pairs (instances.h has the numbers).
#define LIST_INSTANCE(name, lanes, cost, transposition)                                                                \
  void gk_columns_gather_##name(const gk_columns *, int, int, const float *, size_t, const float *, float *);  \
  void gk_columns_scatter_##name(const gk_columns *, int, int, const float *, size_t, const float *, float *,  \
                                 size_t);                                                                      \
  static const gk_list_walk name = {lanes, cost, transposition, gk_columns_gather_##name, gk_columns_scatter_##name};
LISTS(LIST_INSTANCE)

// Whoever asks for sizes, fills and reads must find the same layout, so the instance depends on nothing but level and
// N. The walk over lists keeps its columns within one call and may differ from pass to pass.
static const instance *chosen(const gk_circuit *cell) { return CHOSEN(cell->level, cell->neurons); }
static const gk_list_walk *list_walk(const gk_circuit *cell, int rows) { return CHOSEN_LIST(cell->level, rows); }

// Sizes in floats; ALIGNMENT is room to move a buffer's begin to a line of the cache, which aligned() does alike in
// every function, so that a buffer keeps its layout while it keeps its address.
size_t gk_circuit_prepared_size(const gk_circuit *cell) { return chosen(cell)->prepared(cell) + ALIGNMENT; }
size_t gk_circuit_tape_size(const gk_circuit *cell, int rows, int steps) {
  return chosen(cell)->tape(cell, rows, steps) + ALIGNMENT;
}
size_t gk_circuit_scratch_size(const gk_circuit *cell, int rows) {
  return chosen(cell)->scratch(cell, rows) + ALIGNMENT;
}

// prepared: the head (gk_circuit_head, HEAD floats), then what circuit_layout.h says. Overwritten.
void gk_circuit_prepare(const gk_circuit *cell, const float *parameters, const float *connections, const int *pairs,
                        float *prepared) {
  chosen(cell)->prepare(cell, parameters, connections, pairs, aligned(prepared));
}

// 1 where present synapses are walked alone. Both ways cost, in vectors of gates for one step of R rows, with E =
// U·stages evaluations, lanes L of all pairs and L' of the list, and P₀ recurrent and P₁ sensory synapses that are
// present,
//
//   all pairs  (N·E + M)·⌈N/L⌉·R
//   list       ((P₀·E + P₁)·cost + N·E·transposition)·⌈R/L'⌉
//
// All pairs pay for absent synapses and for lanes behind the last neuron, the list for lanes behind the last row and
// for transposing states and sums.
int gk_circuit_uses_list(const gk_circuit *cell, const float *prepared, int rows) {
  const gk_circuit_head *head = (const gk_circuit_head *)aligned(prepared);
  if (!gk_may_use_list(cell, head) || cell->walk == GK_LISTED) return gk_may_use_list(cell, head);
  // Vectors of gates a step either way, with those whose time transposing rows to columns takes.
  const gk_list_walk *walk = list_walk(cell, rows);
  size_t n = (size_t)cell->neurons, m = (size_t)cell->inputs, r = (size_t)rows;
  size_t evaluations = (size_t)cell->unfolds * (size_t)cell->stages;
  // The lanes of the instance that `chosen` gives.
  size_t lanes = cell->level == GK_AVX512 && n > 8 ? 16 : cell->level == GK_PORTABLE ? 4 : 8;
  double gates = (double)((size_t)head->synapses[0] * evaluations + (size_t)head->synapses[1]) * walk->cost;
  double list = (gates + (double)(n * evaluations) * walk->transposition) * (double)(rounded(r, walk->lanes) / walk->lanes);
  return list < (double)((n * evaluations + m) * (rounded(n, lanes) / lanes) * r);
}

// States 1 … T from state 0, and the tape if it is kept. Tiny numbers count as zero meanwhile (gk_flush).
void gk_circuit_forward(const gk_circuit *cell, const gk_pass *pass) {
  uint64_t mode = gk_flush();
  float *base = aligned(pass->prepared);
  int uses_list = gk_circuit_uses_list(cell, base, pass->rows);
  chosen(cell)->forward(cell, base, list_walk(cell, pass->rows), uses_list, pass);
  gk_restore(mode);
}
// ∂L/∂(initial state) and ∂L/∂inputs overwritten, ∂L/∂parameters added to. uses_list follows from the same numbers as
// in forward, so both walk alike.
void gk_circuit_backward(const gk_circuit *cell, const gk_pass *pass, const gk_gradient *gradient) {
  uint64_t mode = gk_flush();
  float *base = aligned(pass->prepared);
  int uses_list = gk_circuit_uses_list(cell, base, pass->rows);
  chosen(cell)->backward(cell, base, list_walk(cell, pass->rows), uses_list, pass, gradient);
  gk_restore(mode);
}
