#include "../levels/instances.h"

// The compiled instances of update.h and label_loss.h.
typedef struct {
  float (*merge)(size_t, const float *, const unsigned char *, float *, int);
  int (*adam)(const gk_adam_step *, size_t, const float *, const unsigned char *, float *, float *, float *);
  float (*label_loss)(gk_labels, const float *, const float *, const float *, const float *, float *);
} instance;

#define INSTANCE(name)                                                                                     \
  float gk_merge_##name(size_t, const float *, const unsigned char *, float *, int);                       \
  int gk_adam_##name(const gk_adam_step *, size_t, const float *, const unsigned char *, float *, float *, \
                     float *);                                                                             \
  float gk_label_loss_##name(gk_labels, const float *, const float *, const float *, const float *, float *); \
  static const instance name = {gk_merge_##name, gk_adam_##name, gk_label_loss_##name};
FAMILY(INSTANCE)

// Long rows: never the narrow instance.
static const instance *chosen(int level) { return CHOSEN(level, 16); }

// Buffers need no alignment; counts need be no multiple of a vector.
float gk_merge(int level, size_t count, const float *part, const unsigned char *moves, float *sum, int first) {
  return chosen(level)->merge(count, part, moves, sum, first);
}
int gk_adam(int level, const gk_adam_step *step, size_t count, const float *gradient, const unsigned char *moves,
            float *values, float *first, float *second) {
  return chosen(level)->adam(step, count, gradient, moves, values, first, second);
}
float gk_label_loss(gk_labels loss, const float *outputs, const float *targets, const float *weights,
                    const float *positives, float *gradient) {
  return chosen(loss.level)->label_loss(loss, outputs, targets, weights, positives, gradient);
}
