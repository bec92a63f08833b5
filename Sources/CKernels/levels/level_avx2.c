#include "../synapses/listed_sums.h"
#include "../vectors/tables.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)

#define SUFFIX avx2
#define LANES 8
#define TWO_ROWS 1
#define EXP2_TABLE 8
#define FUSED 1
#define FORWARD_GROUP 2
#define BACKWARD_GROUP 2
#include "../ltc/all_pairs.h"

#define SUFFIX avx2_rows
#define LANES 8
#define TWO_ROWS 1
#define EXP2_TABLE 8
#define FUSED 1
#include "../ltc/listed.h"

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
