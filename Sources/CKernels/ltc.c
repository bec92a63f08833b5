#include "internal.h"

#if defined(__x86_64__)
#define LEVELS(X) X(portable) X(avx2) X(avx512) X(avx512_small)
#else
#define LEVELS(X) X(portable)
#endif

LEVELS(ENTRIES)

// One compiled instance of the templates.
typedef struct {
  size_t (*prepared_size)(gk_ltc);
  size_t (*tape_size)(gk_ltc, int, int);
  size_t (*scratch_size)(gk_ltc, int);
  void (*prepare)(gk_ltc, const float *, const float *, float *);
  void (*forward)(gk_ltc, const float *, const gk_ltc_pass *);
  void (*backward)(gk_ltc, const float *, const gk_ltc_pass *, const gk_ltc_gradient *);
} instance;

#define INSTANCE(suffix)                                                                                     \
  static const instance suffix = {gk_prepared_size_##suffix, gk_tape_size_##suffix, gk_scratch_size_##suffix, \
                                  gk_prepare_##suffix,       gk_forward_##suffix,   gk_backward_##suffix};
LEVELS(INSTANCE)

int gk_level_available(int level) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (level == GK_AVX2) return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (level == GK_AVX512) {
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("fma");
  }
#endif
  return level == GK_PORTABLE;
}

int gk_best_level(void) {
  int level = GK_LEVELS - 1;
  while (!gk_level_available(level)) level--;
  return level;
}

const char *gk_level_name(int level) {
  return level == GK_AVX512 ? "AVX-512" : level == GK_AVX2 ? "AVX2" : "portable";
}

static const instance *dense(gk_ltc cell) {
#if defined(__x86_64__)
  if (cell.level == GK_AVX512) return cell.neurons <= 8 ? &avx512_small : &avx512;
  if (cell.level == GK_AVX2) return &avx2;
#endif
  (void)cell;
  return &portable;
}

// Reads what decides between paths: how many synapses there are, how steep, how far states can go.
static void survey(gk_ltc cell, const float *parameters, const float *connections, gk_head *head) {
  size_t n = (size_t)cell.neurons, pres = n + (size_t)cell.inputs, quantity = pres * n;
  const float *w = parameters, *mu = w + quantity, *sigma = mu + quantity, *erev = sigma + quantity;
  const float *leak = erev + quantity;
  *head = (gk_head){.tame = {1, 1}};
  for (size_t pre = 0; pre < pres; pre++) {
    int sensory = pre >= n, present = 0, tame = 1, positive = 1;
    float steepest = 0, reach = 0;
    for (size_t at = pre * n; at < (pre + 1) * n; at++) {
      if (connections[at] == 0) continue;
      float slope = __builtin_fabsf(sigma[at]), reversal = __builtin_fabsf(erev[at]);
      float offset = __builtin_fabsf(sigma[at] * mu[at]);
      present++;
      steepest = slope > steepest ? slope : steepest;
      reach = reversal > reach ? reversal : reach;
      // A NaN fails every comparison, and so is not tame.
      tame &= offset <= STEEPEST * 0.69f && slope < __builtin_inff();
      positive &= w[at] >= 0 && reversal < __builtin_inff();
    }
    head->synapses[sensory] += present;
    head->steepness[sensory] = steepest > head->steepness[sensory] ? steepest : head->steepness[sensory];
    head->reach = reach > head->reach ? reach : head->reach;
    head->tame[sensory] &= tame;
    head->tame[0] &= positive;
  }
  head->steepness[0] *= (float)LOG2E, head->steepness[1] *= (float)LOG2E;
  for (size_t i = 0; i < n; i++) {
    head->tame[0] &= leak[i] >= 0 && leak[2 * n + i] >= 0 && __builtin_fabsf(leak[n + i]) < __builtin_inff();
    head->reach = largest(leak + n + i, 1, head->reach);
  }
}

size_t gk_ltc_prepared_size(gk_ltc cell) { return dense(cell)->prepared_size(cell) + HEAD + ALIGNMENT; }

size_t gk_ltc_tape_size(gk_ltc cell, int rows, int steps) {
  return dense(cell)->tape_size(cell, rows, steps) + ALIGNMENT;
}

size_t gk_ltc_scratch_size(gk_ltc cell, int rows) { return dense(cell)->scratch_size(cell, rows) + ALIGNMENT; }

void gk_ltc_prepare(gk_ltc cell, const float *parameters, const float *connections, float *prepared) {
  float *base = aligned(prepared);
  survey(cell, parameters, connections, (gk_head *)base);
  dense(cell)->prepare(cell, parameters, connections, base + HEAD);
}

int gk_ltc_is_sparse(gk_ltc cell, const float *prepared, int rows) {
  (void)cell, (void)prepared, (void)rows;
  return 0;
}

void gk_ltc_forward(gk_ltc cell, const gk_ltc_pass *pass) {
  dense(cell)->forward(cell, aligned(pass->prepared), pass);
}

void gk_ltc_backward(gk_ltc cell, const gk_ltc_pass *pass, const gk_ltc_gradient *gradient) {
  dense(cell)->backward(cell, aligned(pass->prepared), pass, gradient);
}
