#pragma once
#include "../internal.h"

// The compiled instances of family.h, and the one for a level and a number of neurons; those of columns.h, with their
// costs (listed_sums.h), and the one for a number of rows.
#if defined(__x86_64__)
// Each X(name) declares the functions of an instance, name being its SUFFIX, and a table of them. A kernel's C file
// hands in its own X. The narrow family has vectors of eight with AVX-512's registers: for up to eight neurons half of
// a vector of sixteen would be padding.
#define FAMILY(X) X(portable_family) X(avx2_family) X(avx512_family) X(avx512_narrow_family)
#define CHOSEN(level, neurons)                                                         \
  ((level) == GK_AVX512 ? ((neurons) <= 8 ? &avx512_narrow_family : &avx512_family)    \
                        : (level) == GK_AVX2 ? &avx2_family : &portable_family)
// X(name, lanes, cost, transposition): a vector of gates of the list costs `cost` times one of the walk over all pairs
// of that level, turning rows into columns and back `transposition` a neuron and vector of rows. With AVX-512, up to
// eight rows fill a vector of eight, and more are walked sixteen at a time.
#define LISTS(X) \
  X(portable_rows, 4, 1.3, 1) X(avx2_rows, 8, 1.25, 3) X(avx512_rows, 8, 1.1, 1.5) X(avx512_many_rows, 16, 1.6, 1.5)
#define CHOSEN_LIST(level, rows)                                                       \
  ((level) == GK_AVX512 ? ((rows) <= 8 ? &avx512_rows : &avx512_many_rows)             \
                        : (level) == GK_AVX2 ? &avx2_rows : &portable_rows)
// Elsewhere one level, whose vectors are those of the target's base (NEON on arm64).
#else
#define LISTS(X) X(portable_rows, 4, 1.3, 1)
#define CHOSEN_LIST(level, rows) ((void)(level), (void)(rows), &portable_rows)
#define FAMILY(X) X(portable_family)
#define CHOSEN(level, neurons) ((void)(level), (void)(neurons), &portable_family)
#endif
