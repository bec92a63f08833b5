// Template: two synapses in a vector, for one level. Wants what listed.h does.
#include "../vectors/vectors.h"
#include "../vectors/transposed_sums.h"
#include "paired_sums.h"
#include "../levels/undefine.h"
