#include "../levels/instances.h"

// The compiled instances of backbone.h.
typedef struct {
  size_t (*prepared)(gk_backbone);
  size_t (*tape)(gk_backbone, int, int);
  size_t (*scratch)(gk_backbone, int);
  void (*prepare)(gk_backbone, const float *, float *);
  void (*forward)(gk_backbone, const float *, const gk_pass *);
  void (*backward)(gk_backbone, const float *, const gk_pass *, const gk_gradient *);
} instance;

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

size_t gk_backbone_prepared_size(gk_backbone cell) { return chosen(cell)->prepared(cell) + ALIGNMENT; }
size_t gk_backbone_tape_size(gk_backbone cell, int rows, int steps) {
  return chosen(cell)->tape(cell, rows, steps) + ALIGNMENT;
}
size_t gk_backbone_scratch_size(gk_backbone cell, int rows) { return chosen(cell)->scratch(cell, rows) + ALIGNMENT; }

void gk_backbone_prepare(gk_backbone cell, const float *parameters, float *prepared) {
  chosen(cell)->prepare(cell, parameters, aligned(prepared));
}
void gk_backbone_forward(gk_backbone cell, const gk_pass *pass) {
  uint64_t mode = gk_flush();
  chosen(cell)->forward(cell, aligned(pass->prepared), pass);
  gk_restore(mode);
}
void gk_backbone_backward(gk_backbone cell, const gk_pass *pass, const gk_gradient *gradient) {
  uint64_t mode = gk_flush();
  chosen(cell)->backward(cell, aligned(pass->prepared), pass, gradient);
  gk_restore(mode);
}
