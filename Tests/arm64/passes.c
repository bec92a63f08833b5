// Runs every kind of cell forward and backward with the kernels that every processor has, and writes all results as
// floats to standard output: the same program built for two processors has to give the same numbers up to rounding.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

enum { ROWS = 9, STEPS = 5, UNFOLDS = 3, ROOM = 1 << 18 };

static uint32_t state = 1;
static float uniform(float low, float high) {
  state = state * 1664525u + 1013904223u;
  return low + (high - low) * (float)(state >> 8) / (float)(1u << 24);
}
static float *room(size_t count) {
  size_t bytes = (count * sizeof(float) + 127) / 64 * 64;
  float *start = aligned_alloc(64, bytes);
  memset(start, 0, bytes);
  return start;
}
static float *filled(size_t count, float low, float high) {
  float *start = room(count);
  for (size_t i = 0; i < count; i++) start[i] = uniform(low, high);
  return start;
}

typedef struct {
  gk_pass pass;
  gk_gradient gradient;
  float *prepared, *parameters, *connections;
  size_t states, inputs;
} problem;

static problem make(int n, int m, float low, float high, float density, size_t prepared, size_t tape, size_t scratch) {
  problem p = {.states = (size_t)(STEPS + 1) * ROWS * 2 * (size_t)n, .inputs = (size_t)STEPS * ROWS * (size_t)m};
  p.prepared = room(prepared), p.parameters = filled(ROOM, low, high), p.connections = room((size_t)(n + m) * (size_t)n);
  for (int i = 0; i < (n + m) * n; i++) p.connections[i] = uniform(0, 1) < density;
  p.pass = (gk_pass){.rows = ROWS, .steps = STEPS, .parameters = p.parameters, .connections = p.connections,
                     .prepared = p.prepared, .inputs = filled(p.inputs, -1, 1), .elapsed = filled(STEPS * ROWS, 0.5f, 1.5f),
                     .states = filled(p.states, -1, 1), .tape = room(tape), .scratch = room(scratch), .keeps_tape = 1};
  p.gradient = (gk_gradient){.states = filled(p.states, -1, 1), .inputs = room(p.inputs), .parameters = room(ROOM)};
  return p;
}

static void tell(const char *name, int n, const problem *p) {
  char title[64] = {0};
  snprintf(title, sizeof title, "%s, %d neurons", name, n);
  const float *parts[] = {p->pass.states, p->gradient.states, p->gradient.inputs, p->gradient.parameters};
  const size_t counts[] = {p->states, p->states, p->inputs, ROOM};
  for (int i = 0; i < 4; i++) {
    fwrite(title, 1, sizeof title, stdout);
    fwrite(&counts[i], sizeof counts[i], 1, stdout);
    fwrite(parts[i], sizeof(float), counts[i], stdout);
  }
  free((void *)p->pass.inputs), free((void *)p->pass.elapsed), free(p->pass.states), free(p->pass.tape);
  free(p->pass.scratch), free(p->gradient.states), free(p->gradient.inputs), free(p->gradient.parameters);
  free(p->prepared), free(p->parameters), free(p->connections);
}

static void ltc(int n, int m, int walk) {
  gk_ltc cell = {GK_PORTABLE, walk, n, m, UNFOLDS};
  problem p = make(n, m, 0.2f, 1, 0.5f, gk_ltc_prepared_size(cell), gk_ltc_tape_size(cell, ROWS, STEPS),
                   gk_ltc_scratch_size(cell, ROWS));
  gk_ltc_prepare(cell, p.parameters, p.connections, p.prepared);
  gk_ltc_forward(cell, &p.pass);
  gk_ltc_backward(cell, &p.pass, &p.gradient);
  tell(walk == GK_LISTED ? "LTC, listed" : "LTC, all pairs", n, &p);
}

static void circuit(const char *name, gk_circuit cell) {
  int pairs[] = {0, cell.neurons - 1, 0, cell.neurons / 2};
  cell.junctions = cell.membrane == GK_CONDUCTANCE_MEMBRANE && cell.neurons > 3 ? 2 : 0;
  problem p = make(cell.neurons, cell.inputs, 0.2f, 1, 0.5f, gk_circuit_prepared_size(&cell),
                   gk_circuit_tape_size(&cell, ROWS, STEPS), gk_circuit_scratch_size(&cell, ROWS));
  // Additive neurons have no bound: weak weights, or rounding grows with the states.
  for (int i = 0; cell.membrane == GK_ADDITIVE_MEMBRANE && i < (cell.neurons + cell.inputs) * cell.neurons; i++) {
    p.parameters[i] *= 0.1f;
  }
  gk_circuit_prepare(&cell, p.parameters, p.connections, pairs, p.prepared);
  gk_circuit_forward(&cell, &p.pass);
  gk_circuit_backward(&cell, &p.pass, &p.gradient);
  tell(name, cell.neurons, &p);
}

static void gated(int form, int n, int m) {
  gk_products cell = {GK_PORTABLE, form, n, m};
  problem p = make(n, m, -0.5f, 0.5f, 0.7f, gk_products_prepared_size(cell), gk_products_tape_size(cell, ROWS, STEPS),
                   gk_products_scratch_size(cell, ROWS));
  gk_products_prepare(cell, p.parameters, p.connections, p.prepared);
  gk_products_forward(cell, &p.pass);
  gk_products_backward(cell, &p.pass, &p.gradient);
  char name[32];
  snprintf(name, sizeof name, "gated, form %d", form);
  tell(name, n, &p);
}

static void backbone(int activation, int n, int m) {
  gk_backbone cell = {GK_PORTABLE, GK_CFC, n, m, 11, 2, activation};
  problem p = make(n, m, -0.5f, 0.5f, 1, gk_backbone_prepared_size(cell), gk_backbone_tape_size(cell, ROWS, STEPS),
                   gk_backbone_scratch_size(cell, ROWS));
  gk_backbone_prepare(cell, p.parameters, p.prepared);
  gk_backbone_forward(cell, &p.pass);
  gk_backbone_backward(cell, &p.pass, &p.gradient);
  char name[32];
  snprintf(name, sizeof name, "backbone, activation %d", activation);
  tell(name, n, &p);
}

int main(void) {
  const int sizes[] = {1, 3, 4, 7, 16, 19, 40};
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    int n = sizes[i], m = n % 5 + 1;
    ltc(n, m, GK_ALL_PAIRS);
    ltc(n, m, GK_LISTED);
    for (int walk = GK_ALL_PAIRS; walk <= GK_LISTED; walk++) {
      gk_circuit base = {.level = GK_PORTABLE, .walk = walk, .neurons = n, .inputs = m, .unfolds = UNFOLDS,
                         .leaks = 1, .has_time_constant = 1, .squashes = 1, .stages = 1};
      gk_circuit cell = base;
      cell.activation = GK_SYNAPTIC, cell.strength = GK_CONDUCTANCE, cell.membrane = GK_CONDUCTANCE_MEMBRANE;
      circuit("conductance, semi-implicit", cell);
      cell.solver = GK_EXPONENTIAL;
      circuit("conductance, exponential", cell);
      cell.activation = GK_NEURAL;
      circuit("a gate a neuron, exponential", cell);
      cell = base, cell.activation = GK_SYNAPTIC, cell.strength = GK_PAIR, cell.membrane = GK_SATURATED_MEMBRANE;
      circuit("saturated, semi-implicit", cell);
      cell.elastance = GK_SYMMETRIC;
      circuit("saturated and elastic, semi-implicit", cell);
      cell = base, cell.activation = GK_LINEAR, cell.strength = GK_WEIGHT, cell.membrane = GK_ADDITIVE_MEMBRANE;
      cell.solver = GK_RUNGE_KUTTA, cell.stages = 2, cell.a[1][0] = 1, cell.b[0] = cell.b[1] = 0.5f;
      circuit("additive, Heun", cell);
    }
    for (int form = 0; form < GK_PRODUCT_FORMS; form++) gated(form, n, m);
    for (int activation = 0; activation <= GK_GELU_UNIT; activation++) backbone(activation, n, m);
  }
  return 0;
}
