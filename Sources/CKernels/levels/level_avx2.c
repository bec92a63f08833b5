#include "../synapses/listed_sums.h"
#include "../vectors/tables.h"

// The instances for AVX2 and FMA: sixteen registers of eight floats. Only functions between push and pop are compiled
// for these instructions; callers may name this level where gk_level_available says that it runs. 2^x takes the table
// of eight, one register, by permutevar8x32.
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

// N neurons in ⌈N/8⌉ vectors, one row of the batch each. A group of two row vectors: backward keeps four sums and four
// parameters of a synapse and a vector of ∂v a row in registers, and forward two sums a row.
#define SUFFIX avx2
#define LANES 8
#define TWO_ROWS 1
#define EXP2_TABLE 8
#define FUSED 1
#define FORWARD_GROUP 2
#define BACKWARD_GROUP 2
#include "../ltc/all_pairs.h"

// Eight rows of the batch in a vector, present synapses only.
#define SUFFIX avx2_rows
#define LANES 8
#define TWO_ROWS 1
#define EXP2_TABLE 8
#define FUSED 1
#include "../ltc/listed.h"

// TILE_HEIGHT 4: a product's sums are 4·2 of the sixteen registers; two more hold B, one an entry of A.
#define SUFFIX avx2_family
#define LANES 8
#define TWO_ROWS 1
#define EXP2_TABLE 8
#define FUSED 1
#define FORWARD_GROUP 2
#define TILE_HEIGHT 4
#include "family.h"

#pragma clang attribute pop
#endif
