#include "../levels/instances.h"

// The compiled instances of products.h.
typedef struct {
  size_t (*prepared)(gk_products);
  size_t (*tape)(gk_products, int, int);
  size_t (*scratch)(gk_products, int);
  void (*prepare)(gk_products, const float *, const float *, float *);
  void (*forward)(gk_products, const float *, const gk_pass *);
  void (*backward)(gk_products, const float *, const gk_pass *, const gk_gradient *);
} instance;

#define INSTANCE(name)                                                                                \
  size_t gk_products_prepared_##name(gk_products);                                                          \
  size_t gk_products_tape_##name(gk_products, int, int);                                                    \
  size_t gk_products_scratch_##name(gk_products, int);                                                      \
  void gk_products_prepare_##name(gk_products, const float *, const float *, float *);                      \
  void gk_products_forward_##name(gk_products, const float *, const gk_pass *);                             \
  void gk_products_backward_##name(gk_products, const float *, const gk_pass *, const gk_gradient *);       \
  static const instance name = {gk_products_prepared_##name, gk_products_tape_##name, gk_products_scratch_##name, \
                                gk_products_prepare_##name, gk_products_forward_##name, gk_products_backward_##name};
FAMILY(INSTANCE)

static const instance *chosen(gk_products cell) { return CHOSEN(cell.level, cell.neurons); }

size_t gk_products_prepared_size(gk_products cell) { return chosen(cell)->prepared(cell) + ALIGNMENT; }
size_t gk_products_tape_size(gk_products cell, int rows, int steps) {
  return chosen(cell)->tape(cell, rows, steps) + ALIGNMENT;
}
size_t gk_products_scratch_size(gk_products cell, int rows) { return chosen(cell)->scratch(cell, rows) + ALIGNMENT; }

void gk_products_prepare(gk_products cell, const float *parameters, const float *connections, float *prepared) {
  chosen(cell)->prepare(cell, parameters, connections, aligned(prepared));
}
void gk_products_forward(gk_products cell, const gk_pass *pass) {
  uint64_t mode = gk_flush();
  chosen(cell)->forward(cell, aligned(pass->prepared), pass);
  gk_restore(mode);
}
void gk_products_backward(gk_products cell, const gk_pass *pass, const gk_gradient *gradient) {
  uint64_t mode = gk_flush();
  chosen(cell)->backward(cell, aligned(pass->prepared), pass, gradient);
  gk_restore(mode);
}
