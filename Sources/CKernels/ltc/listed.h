// Template: the walks whose lanes are rows of the batch, for one level. Wants SUFFIX, LANES, EXP2_TABLE and FUSED, as
// all_pairs.h does, and TWO_ROWS 1; PAIRS, where it is defined, names the instance of pairs.h for a single vector of
// rows.
//
// Besides the fused LTC's forward and backward this instance holds the sums that circuits take over the same lists
// (columns.h), which use `list` and `record_gate` of the files before it.
#include "../vectors/vectors.h"
#include "../vectors/transposed_sums.h"
#include "listed_layout.h"
#include "listed_forward.h"
#include "listed_backward.h"
#include "../columns/columns.h"
#include "../levels/undefine.h"
