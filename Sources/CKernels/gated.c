#include "instances.h"

// The compiled instances of gated.h.
typedef struct {
  size_t (*prepared)(gk_gated);
  size_t (*tape)(gk_gated, int, int);
  size_t (*scratch)(gk_gated, int);
  void (*prepare)(gk_gated, const float *, const float *, float *);
  void (*forward)(gk_gated, const float *, const gk_pass *);
  void (*backward)(gk_gated, const float *, const gk_pass *, const gk_gradient *);
} instance;

#define INSTANCE(name)                                                                                \
  size_t gk_gated_prepared_##name(gk_gated);                                                          \
  size_t gk_gated_tape_##name(gk_gated, int, int);                                                    \
  size_t gk_gated_scratch_##name(gk_gated, int);                                                      \
  void gk_gated_prepare_##name(gk_gated, const float *, const float *, float *);                      \
  void gk_gated_forward_##name(gk_gated, const float *, const gk_pass *);                             \
  void gk_gated_backward_##name(gk_gated, const float *, const gk_pass *, const gk_gradient *);       \
  static const instance name = {gk_gated_prepared_##name, gk_gated_tape_##name, gk_gated_scratch_##name, \
                                gk_gated_prepare_##name, gk_gated_forward_##name, gk_gated_backward_##name};
FAMILY(INSTANCE)

static const instance *chosen(gk_gated cell) { return CHOSEN(cell.level, cell.neurons); }

size_t gk_gated_prepared_size(gk_gated cell) { return chosen(cell)->prepared(cell) + ALIGNMENT; }
size_t gk_gated_tape_size(gk_gated cell, int rows, int steps) {
  return chosen(cell)->tape(cell, rows, steps) + ALIGNMENT;
}
size_t gk_gated_scratch_size(gk_gated cell, int rows) { return chosen(cell)->scratch(cell, rows) + ALIGNMENT; }

void gk_gated_prepare(gk_gated cell, const float *parameters, const float *connections, float *prepared) {
  chosen(cell)->prepare(cell, parameters, connections, aligned(prepared));
}
void gk_gated_forward(gk_gated cell, const gk_pass *pass) {
  uint64_t mode = gk_flush();
  chosen(cell)->forward(cell, aligned(pass->prepared), pass);
  gk_restore(mode);
}
void gk_gated_backward(gk_gated cell, const gk_pass *pass, const gk_gradient *gradient) {
  uint64_t mode = gk_flush();
  chosen(cell)->backward(cell, aligned(pass->prepared), pass, gradient);
  gk_restore(mode);
}
