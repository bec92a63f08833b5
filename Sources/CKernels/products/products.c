#include "../levels/instances.h"

// The compiled instances of products.h.
//
// What Swift's ProductCell calls: sizes, prepare, forward and backward of one compiled instance of products.h. The
// widest vectors are taken that the level has, but vectors of eight on AVX-512 where there are at most eight neurons,
// since a block of sums is padded to whole vectors.
typedef struct {
  size_t (*prepared)(gk_products);
  size_t (*tape)(gk_products, int, int);
  size_t (*scratch)(gk_products, int);
  void (*prepare)(gk_products, const float *, const float *, float *);
  void (*forward)(gk_products, const float *, const gk_pass *);
  void (*backward)(gk_products, const float *, const gk_pass *, const gk_gradient *);
} instance;

// One table of six functions a compiled instance; their names end with the instance's.
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

// The same cell always gets the same instance: `prepared`, tape and scratch are laid out in its vectors, and whoever
// asks for a size, fills and reads must agree. So nothing but the level and N decides.
static const instance *chosen(gk_products cell) { return CHOSEN(cell.level, cell.neurons); }

// Sizes in floats. ALIGNMENT, sixteen floats, is room to move the begin of a buffer to a line of the cache, which
// aligned() does: every function below moves it alike, so a buffer may not change its address between two calls.
size_t gk_products_prepared_size(gk_products cell) { return chosen(cell)->prepared(cell) + ALIGNMENT; }
// [T][R][pitch].
size_t gk_products_tape_size(gk_products cell, int rows, int steps) {
  return chosen(cell)->tape(cell, rows, steps) + ALIGNMENT;
}
size_t gk_products_scratch_size(gk_products cell, int rows) { return chosen(cell)->scratch(cell, rows) + ALIGNMENT; }

// prepared ← weights [pre][block], biases and transposes, with zeros for absent synapses; once a training step for all
// parts of a batch. Twin: ProductCell.scalarPrepare.
void gk_products_prepare(gk_products cell, const float *parameters, const float *connections, float *prepared) {
  chosen(cell)->prepare(cell, parameters, connections, aligned(prepared));
}
// S = bias + u·W_in + h·W_rec and h' of it, for T steps of R rows. Numbers too small for a float's full precision count
// as zero meanwhile (gk_flush). Twin: ProductCell.scalarForward.
void gk_products_forward(gk_products cell, const gk_pass *pass) {
  uint64_t mode = gk_flush();
  chosen(cell)->forward(cell, aligned(pass->prepared), pass);
  gk_restore(mode);
}
// From ∂L/∂states: ∂L/∂(initial state) and ∂L/∂inputs, overwritten, and ∂L/∂parameters, added to. Twin:
// ProductCell.scalarBackward.
void gk_products_backward(gk_products cell, const gk_pass *pass, const gk_gradient *gradient) {
  uint64_t mode = gk_flush();
  chosen(cell)->backward(cell, aligned(pass->prepared), pass, gradient);
  gk_restore(mode);
}
