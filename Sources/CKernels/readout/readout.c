#include "../levels/instances.h"

// The compiled instances of readout.h.
typedef struct {
  size_t (*scratch)(gk_readout);
  void (*forward)(gk_readout, size_t, const float *, const float *, const float *, float *, float *);
  void (*backward)(gk_readout, size_t, const float *, const float *, const float *, float *, float *, float *, float *);
} instance;

#define INSTANCE(name)                                                                                               \
  size_t gk_readout_scratch_##name(gk_readout);                                                                      \
  void gk_readout_forward_##name(gk_readout, size_t, const float *, const float *, const float *, float *, float *); \
  void gk_readout_backward_##name(gk_readout, size_t, const float *, const float *, const float *, float *, float *, \
                                  float *, float *);                                                                 \
  static const instance name = {gk_readout_scratch_##name, gk_readout_forward_##name, gk_readout_backward_##name};
FAMILY(INSTANCE)

// A few neurons take vectors of eight where the level has sixteen.
static const instance *chosen(gk_readout r) { return CHOSEN(r.level, r.neurons); }

// Scratch is aligned up to 64 bytes, for which there is room: ALIGNMENT floats.
size_t gk_readout_scratch_size(gk_readout r) { return chosen(r)->scratch(r) + ALIGNMENT; }
void gk_readout_forward(gk_readout r, size_t slices, const float *states, const float *weights, const float *bias,
                        float *outputs, float *scratch) {
  chosen(r)->forward(r, slices, states, weights, bias, outputs, aligned(scratch));
}
void gk_readout_backward(gk_readout r, size_t slices, const float *states, const float *weights,
                         const float *output_gradient, float *state_gradient, float *weight_gradient,
                         float *bias_gradient, float *scratch) {
  chosen(r)->backward(r, slices, states, weights, output_gradient, state_gradient, weight_gradient, bias_gradient,
                      aligned(scratch));
}
