// Template: everything of the walk over all pairs for one level. Wants SUFFIX, LANES, TWO_ROWS (1 or 2 rows of the
// batch in a vector), EXP2_TABLE (entries), FUSED (a fused multiply-add exists), FORWARD_GROUP and BACKWARD_GROUP
// (vectors of rows whose sums stay in registers; measured).
//
// Neurons lie in blocks of PRE = LANES/TWO_ROWS. TWO_ROWS = 2 is for N ≤ PRE, one block, and vectors of sixteen. A
// group of g vectors is g·TWO_ROWS rows of the batch.
#include "../vectors/vectors.h"
#include "../vectors/transposed_sums.h"
#include "../synapses/gate_sums.h"
#include "all_pairs_layout.h"
#include "all_pairs_forward.h"
#include "all_pairs_backward.h"
#include "../levels/undefine.h"
