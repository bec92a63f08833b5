// Template: two synapses in a vector, for one level. Wants what sparse.h does.
#include "vectors.h"
#include "transposed_sums.h"
#include "paired_sums.h"
#include "undefine.h"
