#include "../synapses/listed_sums.h"

#if defined(__aarch64__)
#define HAS_FMA 1
#else
#define HAS_FMA 0
#endif

// What every processor of the target runs: four lanes, SSE2 on x86-64, NEON on arm64.
#define SUFFIX portable
#define LANES 4
#define TWO_ROWS 1
#define EXP2_TABLE 0
#define FUSED HAS_FMA
#define FORWARD_GROUP 4
#define BACKWARD_GROUP 4
#include "../ltc/all_pairs.h"

#define SUFFIX portable_rows
#define LANES 4
#define TWO_ROWS 1
#define EXP2_TABLE 0
#define FUSED HAS_FMA
#include "../ltc/listed.h"

#define SUFFIX portable_family
#define LANES 4
#define TWO_ROWS 1
#define EXP2_TABLE 0
#define FUSED HAS_FMA
#define FORWARD_GROUP 4
#define TILE_HEIGHT 4
#include "family.h"
