// Template: everything of the dense walk for one level. Wants SUFFIX, LANES, TWO_ROWS (1 or 2 rows of the batch in a
// vector), EXP2_TABLE (entries), FUSED (a fused multiply-add exists), FORWARD_GROUP and BACKWARD_GROUP (vectors of rows
// whose sums stay in registers; measured).
#include "vectors.h"
#include "transposed_sums.h"
#include "gate_sums.h"
#include "dense_layout.h"
#include "dense_forward.h"
#include "dense_backward.h"
#include "undefine.h"
