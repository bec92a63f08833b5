#include "../internal.h"
#include "contraction.h"

// The compiled instances of contraction_level.h, and which runs at a level. In double precision: what is fitted are
// weights whose changes may be a millionth of their size.

#if defined(__aarch64__)
#define HAS_FMA 1
#else
#define HAS_FMA 0
#endif

#define SUFFIX portable
#define WIDE 2
#define FUSED HAS_FMA
#include "contraction_level.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define SUFFIX avx2
#define WIDE 4
#define FUSED 1
#include "contraction_level.h"
#pragma clang attribute pop

#define INSTRUCTIONS __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")))
#pragma clang attribute push(INSTRUCTIONS, apply_to = function)
#define SUFFIX avx512
#define WIDE 8
#define FUSED 1
#include "contraction_level.h"
#pragma clang attribute pop

#define RUN(function, ...)                                             \
  (level == GK_AVX512 ? function##_avx512(__VA_ARGS__)                 \
                      : level == GK_AVX2 ? function##_avx2(__VA_ARGS__) : function##_portable(__VA_ARGS__))
#else
#define RUN(function, ...) ((void)level, function##_portable(__VA_ARGS__))
#endif

void gk_contract_last(int level, size_t rows, size_t depth, size_t rank, const double *x, const double *c, double *y) {
  RUN(gk_contract_last, rows, depth, rank, x, c, y);
}
void gk_contract_pairs(int level, size_t first, size_t second, size_t depth, size_t rank, const double *x,
                       const double *a, const double *b, double *m) {
  RUN(gk_contract_pairs, first, second, depth, rank, x, a, b, m);
}
void gk_reduce_second(int level, size_t first, size_t second, size_t rank, const double *z, const double *b,
                      double *y) {
  RUN(gk_reduce_second, first, second, rank, z, b, y);
}
void gk_reduce_first(int level, size_t first, size_t second, size_t rank, const double *z, const double *a, double *y) {
  RUN(gk_reduce_first, first, second, rank, z, a, y);
}
double gk_residual(int level, size_t first, size_t second, size_t depth, size_t rank, const double *x,
                   const double *mask, size_t mask_depth, const double *a, const double *b, const double *c) {
  return RUN(gk_residual, first, second, depth, rank, x, mask, mask_depth, a, b, c);
}
