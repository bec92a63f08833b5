// Template: the walks whose lanes are rows of the batch, for one level. Wants SUFFIX, LANES, EXP2_TABLE and FUSED, as
// dense.h does, and TWO_ROWS 1; PAIRS, where it is defined, names the instance of pairs.h for a single vector of rows.
#include "vectors.h"
#include "transposed_sums.h"
#include "sparse_layout.h"
#include "sparse_forward.h"
#include "sparse_backward.h"
#include "columns.h"
#include "undefine.h"
