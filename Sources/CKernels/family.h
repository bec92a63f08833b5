// Template: the cells beside the plain LTC, for one level. Wants SUFFIX, LANES, EXP2_TABLE, FUSED and FORWARD_GROUP, as
// dense.h does, TWO_ROWS 1, and TILE_HEIGHT (rows of a product whose sums, of two vectors each, stay in registers).
#include "vectors.h"
#include "transposed_sums.h"
#include "gate_sums.h"
#include "activations.h"
#include "product.h"
#include "gated.h"
#include "circuit_layout.h"
#include "membrane.h"
#include "circuit_forward.h"
#include "circuit_backward.h"
#include "update.h"
#include "undefine.h"
