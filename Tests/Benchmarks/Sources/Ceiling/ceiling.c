#include "Ceiling.h"

#include <time.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

static double seconds(void) {
  struct timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static volatile float sink;
enum { CHAINS = 8 };  // independent results in flight, enough to hide every latency

// 2^f on [−½, ½]: minimax, degree 5, relative error 2e-7.
#define C1 0.69314718f
#define C2 0.24022651f
#define C3 0.055504109f
#define C4 0.0096181291f
#define C5 0.0013333558f

#if defined(__x86_64__)
#define WIDE __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw")))

WIDE static inline __m512 sigmoid512(__m512 x) {
  __m512 f = _mm512_reduce_ps(x, 0);
  __m512 p = _mm512_fmadd_ps(_mm512_set1_ps(C5), f, _mm512_set1_ps(C4));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(C3));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(C2));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(C1));
  p = _mm512_fmadd_ps(p, f, _mm512_set1_ps(1));
  __m512 d = _mm512_add_ps(_mm512_scalef_ps(p, x), _mm512_set1_ps(1));
  __m512 r = _mm512_rcp14_ps(d);
  return _mm512_mul_ps(r, _mm512_fnmadd_ps(d, r, _mm512_set1_ps(2)));
}

WIDE static double sigmoid_512(long count) {
  __m512 x[CHAINS];
  for (int i = 0; i < CHAINS; i++) x[i] = _mm512_set1_ps(0.1f * (float)i);
  double start = seconds();
  for (long n = 0; n < count / (16 * CHAINS); n++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < CHAINS; i++) x[i] = sigmoid512(x[i]);
  }
  double time = seconds() - start;
  for (int i = 0; i < CHAINS; i++) sink = _mm512_reduce_add_ps(x[i]);
  return time;
}

WIDE static double fma_512(long count) {
  __m512 x[2 * CHAINS], a = _mm512_set1_ps(0.999f), b = _mm512_set1_ps(0.001f);
  for (int i = 0; i < 2 * CHAINS; i++) x[i] = _mm512_set1_ps(0.1f * (float)i);
  double start = seconds();
  for (long n = 0; n < count / (16 * 2 * CHAINS); n++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < 2 * CHAINS; i++) x[i] = _mm512_fmadd_ps(x[i], a, b);
  }
  double time = seconds() - start;
  for (int i = 0; i < 2 * CHAINS; i++) sink = _mm512_reduce_add_ps(x[i]);
  return time;
}

#define MIDDLE __attribute__((target("avx2,fma")))

MIDDLE static inline __m256 sigmoid256(__m256 x) {
  __m256 n = _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC), f = _mm256_sub_ps(x, n);
  __m256 p = _mm256_fmadd_ps(_mm256_set1_ps(C5), f, _mm256_set1_ps(C4));
  p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(C3));
  p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(C2));
  p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(C1));
  p = _mm256_fmadd_ps(p, f, _mm256_set1_ps(1));
  __m256i e = _mm256_slli_epi32(_mm256_cvtps_epi32(n), 23);
  p = _mm256_castsi256_ps(_mm256_add_epi32(_mm256_castps_si256(p), e));
  return _mm256_div_ps(_mm256_set1_ps(1), _mm256_add_ps(p, _mm256_set1_ps(1)));
}

MIDDLE static double sigmoid_256(long count) {
  __m256 x[CHAINS];
  for (int i = 0; i < CHAINS; i++) x[i] = _mm256_set1_ps(0.1f * (float)i);
  double start = seconds();
  for (long n = 0; n < count / (8 * CHAINS); n++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < CHAINS; i++) x[i] = sigmoid256(x[i]);
  }
  double time = seconds() - start;
  for (int i = 0; i < CHAINS; i++) sink = _mm256_cvtss_f32(x[i]);
  return time;
}

MIDDLE static double fma_256(long count) {
  __m256 x[CHAINS + 2], a = _mm256_set1_ps(0.999f), b = _mm256_set1_ps(0.001f);
  enum { MANY = CHAINS + 2 };
  for (int i = 0; i < MANY; i++) x[i] = _mm256_set1_ps(0.1f * (float)i);
  double start = seconds();
  for (long n = 0; n < count / (8 * MANY); n++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < MANY; i++) x[i] = _mm256_fmadd_ps(x[i], a, b);
  }
  double time = seconds() - start;
  for (int i = 0; i < MANY; i++) sink = _mm256_cvtss_f32(x[i]);
  return time;
}
#endif

typedef float lanes __attribute__((ext_vector_type(4)));

static double fma_portable(long count) {
  lanes x[CHAINS];
  for (int i = 0; i < CHAINS; i++) x[i] = 0.1f * (float)i;
  double start = seconds();
  for (long n = 0; n < count / (4 * CHAINS); n++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < CHAINS; i++) x[i] = x[i] * 0.999f + 0.001f;
  }
  double time = seconds() - start;
  for (int i = 0; i < CHAINS; i++) sink = x[i].x;
  return time;
}

static double sigmoid_portable(long count) {
  typedef int integers __attribute__((ext_vector_type(4)));
  lanes x[CHAINS];
  for (int i = 0; i < CHAINS; i++) x[i] = 0.1f * (float)i;
  double start = seconds();
  for (long n = 0; n < count / (4 * CHAINS); n++) {
#pragma clang loop unroll(full)
    for (int i = 0; i < CHAINS; i++) {
      lanes magic = 12582912.0f, shifted = x[i] + magic, f = x[i] - (shifted - magic);
      lanes p = ((((C5 * f + C4) * f + C3) * f + C2) * f + C1) * f + 1;
      integers e = *(integers *)&shifted << 23, bits = *(integers *)&p + e;
      x[i] = 1 / (1 + *(lanes *)&bits);
    }
  }
  double time = seconds() - start;
  for (int i = 0; i < CHAINS; i++) sink = x[i].x;
  return time;
}

static int level(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) return 2;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return 1;
#endif
  return 0;
}

const char *ceiling_level(void) { return (const char *[]){"portable", "AVX2", "AVX-512"}[level()]; }

double ceiling_sigmoid(long count) {
#if defined(__x86_64__)
  if (level() == 2) return sigmoid_512(count);
  if (level() == 1) return sigmoid_256(count);
#endif
  return sigmoid_portable(count);
}

double ceiling_multiply_add(long count) {
#if defined(__x86_64__)
  if (level() == 2) return fma_512(count);
  if (level() == 1) return fma_256(count);
#endif
  return fma_portable(count);
}
