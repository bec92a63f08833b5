#include "../synapses/listed_sums.h"

// arm64 has a fused multiply-add in its base; x86-64 without AVX2 has none, and a·b + c rounds twice there.
#if defined(__aarch64__)
#define HAS_FMA 1
#else
#define HAS_FMA 0
#endif

// What every processor of the target runs: four lanes, SSE2 on x86-64, NEON on arm64.
// Without a permutation that picks from a table in registers, 2^x takes a polynomial of degree 5 alone (EXP2_TABLE 0).
#define SUFFIX portable
#define LANES 4
#define TWO_ROWS 1
#define EXP2_TABLE 0
#define FUSED HAS_FMA
#define FORWARD_GROUP 4
#define BACKWARD_GROUP 4
#include "../ltc/all_pairs.h"

// Four rows of the batch in a vector.
#define SUFFIX portable_rows
#define LANES 4
#define TWO_ROWS 1
#define EXP2_TABLE 0
#define FUSED HAS_FMA
#include "../ltc/listed.h"

// A product's sums take 4·2 registers, of SSE2's sixteen or NEON's 32.
#define SUFFIX portable_family
#define LANES 4
#define TWO_ROWS 1
#define EXP2_TABLE 0
#define FUSED HAS_FMA
#define FORWARD_GROUP 4
#define TILE_HEIGHT 4
#include "family.h"
