// Template: circuits, products, readout and update, for one level; the fused LTC has instances of its own, whose
// vectors may hold two rows of the batch. Wants SUFFIX, LANES, EXP2_TABLE, FUSED and FORWARD_GROUP, as all_pairs.h
// does, TWO_ROWS 1, and TILE_HEIGHT (rows of a product whose sums, of two vectors each, stay in registers).
// In the order in which they need one another: what a template uses stands before it, and its names are macros until
// undefine.h.
//
//   vectors/     load, store, exp2, gates; sums over lanes
//   synapses/    a gate a synapse over all pairs, the packs of parameters (lanes are postsynaptic neurons)
//   vectors/     tanh, logistic and others; the product of matrices
//   products/    cells that are maps, with and without dense layers before them
//   circuit/     differential equations: layout, membrane, forward, backward
//   readout/, update/
#include "../vectors/vectors.h"
#include "../vectors/transposed_sums.h"
#include "../synapses/gate_sums.h"
#include "../vectors/activations.h"
#include "../vectors/product.h"
#include "../products/products.h"
#include "../products/backbone.h"
#include "../circuit/circuit_layout.h"
#include "../circuit/membrane.h"
#include "../circuit/circuit_forward.h"
#include "../circuit/circuit_backward.h"
#include "../readout/readout.h"
#include "../update/update.h"
#include "../update/label_loss.h"
#include "undefine.h"
