// For files that hold their own instances of a template, one a level, beside one another: what the portable instance may
// assume, and which instance runs.
#ifndef GANGLION_RUN_H
#define GANGLION_RUN_H

// Whether a·b + c rounds once on every processor of this kind: the portable instance then has the bits of the others.
#if defined(__aarch64__)
#define HAS_FMA 1
#else
#define HAS_FMA 0
#endif

// RUN(function, arguments): the instance of `level`, a variable where it stands. The level must be one that the processor
// has; where there is one instance it is not looked at.
#if defined(__x86_64__)
#define AVX512_INSTRUCTIONS __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")))
#define RUN(function, ...)                             \
  (level == GK_AVX512 ? function##_avx512(__VA_ARGS__) \
                      : level == GK_AVX2 ? function##_avx2(__VA_ARGS__) : function##_portable(__VA_ARGS__))
#else
#define RUN(function, ...) ((void)level, function##_portable(__VA_ARGS__))
#endif

#endif
