#pragma once

// How fast one core does the arithmetic that a conductance circuit consists of, with everything in registers: what no
// program for it can beat. Seconds for `count` results each, a multiple of 256.

// σ(x) to about 1e-7, the instructions of the widest vectors here.
double ceiling_sigmoid(long count);
// Fused multiply-adds.
double ceiling_multiply_add(long count);
// "AVX-512", "AVX2" or "portable".
const char *_Nonnull ceiling_level(void);
