#include "../synapses/listed_sums.h"
#include "../vectors/tables.h"

// The instances for AVX-512 (F, DQ, BW, VL): 32 registers of sixteen floats. In vectors of sixteen the table of
// 2^(i/32) takes two of them and leaves |f| ≤ 1/64, so that a quadratic is enough; scalef puts ⌊n⌋ into the exponent
// in one instruction. Instances of eight lanes take the table of 2^(i/8), as those of AVX2.
#if defined(__x86_64__)
#define INSTRUCTIONS __attribute__((target("avx512f,avx512dq,avx512bw,avx512vl,avx2,fma")))
#pragma clang attribute push(INSTRUCTIONS, apply_to = function)

// One row of the batch in ⌈N/16⌉ vectors. Twice the registers allow larger groups of rows than with AVX2: 4 forward, 8
// backward.
#define SUFFIX avx512
#define LANES 16
#define TWO_ROWS 1
#define EXP2_TABLE 32
#define FUSED 1
#define FORWARD_GROUP 4
#define BACKWARD_GROUP 8
#include "../ltc/all_pairs.h"

// Up to eight neurons leave half a vector empty: it takes a second row of the batch.
#define SUFFIX avx512_small
#define LANES 16
#define TWO_ROWS 2
#define EXP2_TABLE 32
#define FUSED 1
#define FORWARD_GROUP 4
#define BACKWARD_GROUP 4
#include "../ltc/all_pairs.h"

// Up to eight rows: two synapses of a neuron in a vector, eight rows each. Called by avx512_rows below.
#define SUFFIX avx512_pairs
#define LANES 16
#define TWO_ROWS 1
#define EXP2_TABLE 32
#define FUSED 1
#include "../columns/pairs.h"

// Rows of the batch as lanes: parts of eight rows are common, so vectors of eight, and of sixteen for larger ones.
#define SUFFIX avx512_rows
#define LANES 8
#define TWO_ROWS 1
#define EXP2_TABLE 8
#define FUSED 1
#define PAIRS avx512_pairs
#include "../ltc/listed.h"

// More than eight rows: sixteen in a vector, the last one padded.
#define SUFFIX avx512_many_rows
#define LANES 16
#define TWO_ROWS 1
#define EXP2_TABLE 32
#define FUSED 1
#include "../ltc/listed.h"

// TILE_HEIGHT 8: a product's sums are 8·2 of the 32 registers.
#define SUFFIX avx512_family
#define LANES 16
#define TWO_ROWS 1
#define EXP2_TABLE 32
#define FUSED 1
#define FORWARD_GROUP 4
#define TILE_HEIGHT 8
#include "family.h"

// Up to eight neurons.
#define SUFFIX avx512_narrow_family
#define LANES 8
#define TWO_ROWS 1
#define EXP2_TABLE 8
#define FUSED 1
#define FORWARD_GROUP 4
#define TILE_HEIGHT 8
#include "family.h"

#pragma clang attribute pop
#endif
