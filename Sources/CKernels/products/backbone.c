#include "../levels/instances.h"

// The compiled instances of backbone.h.
//
// What Swift's BackboneCell calls: sizes, prepare, forward and backward of one compiled instance of backbone.h, which
// is chosen as products.c does. Twins: BackboneCell.scalarForward and scalarBackward; the scalar code prepares nothing.
typedef struct {
  size_t (*prepared)(gk_backbone);
  size_t (*tape)(gk_backbone, int, int);
  size_t (*scratch)(gk_backbone, int);
  void (*prepare)(gk_backbone, const float *, float *);
  void (*forward)(gk_backbone, const float *, const gk_pass *);
  void (*backward)(gk_backbone, const float *, const gk_pass *, const gk_gradient *);
} instance;

// One table of six functions a compiled instance; their names end with the instance's.
#define INSTANCE(name)                                                                                      \
  size_t gk_backbone_prepared_##name(gk_backbone);                                                          \
  size_t gk_backbone_tape_##name(gk_backbone, int, int);                                                    \
  size_t gk_backbone_scratch_##name(gk_backbone, int);                                                      \
  void gk_backbone_prepare_##name(gk_backbone, const float *, float *);                                     \
  void gk_backbone_forward_##name(gk_backbone, const float *, const gk_pass *);                             \
  void gk_backbone_backward_##name(gk_backbone, const float *, const gk_pass *, const gk_gradient *);       \
  static const instance name = {gk_backbone_prepared_##name, gk_backbone_tape_##name,                       \
                                gk_backbone_scratch_##name,  gk_backbone_prepare_##name,                    \
                                gk_backbone_forward_##name,  gk_backbone_backward_##name};
FAMILY(INSTANCE)

// The narrow instance only where neither neurons nor units fill a wider vector.
static const instance *chosen(gk_backbone cell) {
  return CHOSEN(cell.level, cell.neurons > cell.units ? cell.neurons : cell.units);
}

// Sizes in floats, with room to move each buffer's begin to a line of the cache, as in products.c.
size_t gk_backbone_prepared_size(gk_backbone cell) { return chosen(cell)->prepared(cell) + ALIGNMENT; }
// [2·L][T][R][row] of a_l and φ'(z_l), then [T][R][pitch] of sums.
size_t gk_backbone_tape_size(gk_backbone cell, int rows, int steps) {
  return chosen(cell)->tape(cell, rows, steps) + ALIGNMENT;
}
size_t gk_backbone_scratch_size(gk_backbone cell, int rows) { return chosen(cell)->scratch(cell, rows) + ALIGNMENT; }

// prepared ← V_l, c_l, W_q, b_q in padded rows, and the transposes of V_l and W_q.
void gk_backbone_prepare(gk_backbone cell, const float *parameters, float *prepared) {
  chosen(cell)->prepare(cell, parameters, aligned(prepared));
}
// a_0 = [h ; u], a_l = φ(a_{l−1}·V_l + c_l), S = b + a_L·W, h' of S; T steps of R rows.
void gk_backbone_forward(gk_backbone cell, const gk_pass *pass) {
  uint64_t mode = gk_flush();
  chosen(cell)->forward(cell, aligned(pass->prepared), pass);
  gk_restore(mode);
}
// ∂L/∂(initial state) and ∂L/∂inputs overwritten, ∂L/∂parameters added to.
void gk_backbone_backward(gk_backbone cell, const gk_pass *pass, const gk_gradient *gradient) {
  uint64_t mode = gk_flush();
  chosen(cell)->backward(cell, aligned(pass->prepared), pass, gradient);
  gk_restore(mode);
}
