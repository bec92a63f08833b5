#pragma once
#include "internal.h"

// The compiled instances of family.h, and the one for a level and a number of neurons.
#if defined(__x86_64__)
#define FAMILY(X) X(portable_family) X(avx2_family) X(avx512_family) X(avx512_narrow_family)
#define CHOSEN(level, neurons)                                                         \
  ((level) == GK_AVX512 ? ((neurons) <= 8 ? &avx512_narrow_family : &avx512_family)    \
                        : (level) == GK_AVX2 ? &avx2_family : &portable_family)
#else
#define FAMILY(X) X(portable_family)
#define CHOSEN(level, neurons) ((void)(level), (void)(neurons), &portable_family)
#endif
