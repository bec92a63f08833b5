#include "instances.h"

// The compiled instances of the circuit's templates.
typedef struct {
  size_t (*prepared)(const gk_circuit *);
  size_t (*tape)(const gk_circuit *, int, int);
  size_t (*scratch)(const gk_circuit *, int);
  void (*prepare)(const gk_circuit *, const float *, const float *, float *);
  void (*forward)(const gk_circuit *, const float *, const gk_pass *);
  void (*backward)(const gk_circuit *, const float *, const gk_pass *, const gk_gradient *);
} instance;

#define INSTANCE(name)                                                                              \
  size_t gk_circuit_prepared_##name(const gk_circuit *);                                            \
  size_t gk_circuit_tape_##name(const gk_circuit *, int, int);                                      \
  size_t gk_circuit_scratch_##name(const gk_circuit *, int);                                        \
  void gk_circuit_prepare_##name(const gk_circuit *, const float *, const float *, float *);        \
  void gk_circuit_forward_##name(const gk_circuit *, const float *, const gk_pass *);               \
  void gk_circuit_backward_##name(const gk_circuit *, const float *, const gk_pass *, const gk_gradient *); \
  static const instance name = {gk_circuit_prepared_##name, gk_circuit_tape_##name,                 \
                                gk_circuit_scratch_##name,  gk_circuit_prepare_##name,              \
                                gk_circuit_forward_##name,  gk_circuit_backward_##name};
FAMILY(INSTANCE)

static const instance *chosen(const gk_circuit *cell) { return CHOSEN(cell->level, cell->neurons); }

size_t gk_circuit_prepared_size(const gk_circuit *cell) { return chosen(cell)->prepared(cell) + ALIGNMENT; }
size_t gk_circuit_tape_size(const gk_circuit *cell, int rows, int steps) {
  return chosen(cell)->tape(cell, rows, steps) + ALIGNMENT;
}
size_t gk_circuit_scratch_size(const gk_circuit *cell, int rows) {
  return chosen(cell)->scratch(cell, rows) + ALIGNMENT;
}

void gk_circuit_prepare(const gk_circuit *cell, const float *parameters, const float *connections, float *prepared) {
  chosen(cell)->prepare(cell, parameters, connections, aligned(prepared));
}
void gk_circuit_forward(const gk_circuit *cell, const gk_pass *pass) {
  uint64_t mode = gk_flush();
  chosen(cell)->forward(cell, aligned(pass->prepared), pass);
  gk_restore(mode);
}
void gk_circuit_backward(const gk_circuit *cell, const gk_pass *pass, const gk_gradient *gradient) {
  uint64_t mode = gk_flush();
  chosen(cell)->backward(cell, aligned(pass->prepared), pass, gradient);
  gk_restore(mode);
}
