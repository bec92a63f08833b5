// Template: the walks whose lanes are rows of the batch, for one level. Wants SUFFIX, LANES, EXP2_TABLE and FUSED, as
// all_pairs.h does, and TWO_ROWS 1; PAIRS, where it is defined, names the instance of pairs.h for a single vector of rows.
#include "../vectors/vectors.h"
#include "../vectors/transposed_sums.h"
#include "listed_layout.h"
#include "listed_forward.h"
#include "listed_backward.h"
#include "../columns/columns.h"
#include "../levels/undefine.h"
