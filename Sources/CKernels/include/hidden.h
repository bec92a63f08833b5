#pragma once
#include <stddef.h>
#include <stdint.h>

// A hidden layer of rectified units between dense weights, forward and back, in single precision: what a network whose
// weights may be frozen spends its time on. Each function is a part of a step, so that who learns biases alone calls
// nothing that computes a gradient of weights. Nothing here allocates, blocks or fails.
//
// Letters: B rows of the batch, M inputs, H hidden units, O outputs. Units stand in panels of GK_PANEL, the lanes of the
// vectors; P = ⌈H/GK_PANEL⌉ panels, and units that fill up the last have weights of zero, which makes all that is theirs
// zero. Weights kept in panels are read in the order of memory, so this is the only copy of them that is needed:
//
//   weights   W [P][M][GK_PANEL]     readout V [P][O][GK_PANEL]     biases b, gains m [P][GK_PANEL]
//   activity  a [P][B][GK_PANEL]     logits, and ∂L/∂logits g [B][used]; used ≤ O outputs take part, the first ones
//
//   a = max(0, x·W + b)     logits = a·V     ∂L/∂b = Σ_B [a > 0]·(g·Vᵀ)     ∂L/∂m = Σ_B a·(g·Vᵀ), where a is scaled by m
//   ∂L/∂W = xᵀ·([a > 0]·g·Vᵀ)     ∂L/∂V = gᵀ·a
//
// Every sum is formed in the order of its terms, whatever the other rows or panels are; that of a logit lane by lane.
// Twins: `DenseLayer` of the tests, in double precision.

enum { GK_PANEL = 32 };

// c [P][height][GK_PANEL] = A·b, of b [P][inner][GK_PANEL] and A [height][inner] with entry (i, k) at
// a[i·a_row + k·a_step]; panels of b stand b_pitch rows apart, those of c c_pitch rows. Drives of many rows before the
// bias, and with A turned the gradients of both weights.
void gk_hidden_product(int level, size_t panels, size_t height, size_t inner, const float *_Nonnull a, size_t a_row,
                       size_t a_step, const float *_Nonnull b, size_t b_pitch, float *_Nonnull c, size_t c_pitch);

// a = max(0, x·W + b); x [B][M]; the bias is added last. 2·B·M·H operations.
void gk_hidden_forward(int level, size_t panels, size_t rows, size_t inputs, const float *_Nonnull x,
                       const float *_Nonnull weights, const float *_Nonnull biases, float *_Nonnull activity);

// The same, to the bit, from drives d = x·W of all `count` samples, [P][count][GK_PANEL], of which row r is sample samples[r].
void gk_hidden_rectify(int level, size_t panels, size_t rows, size_t count, const int32_t *_Nonnull samples,
                       const float *_Nonnull drives, const float *_Nonnull biases, float *_Nonnull activity);

// logits [B][used] = a·V. 2·B·H·used operations.
void gk_hidden_readout(int level, size_t panels, size_t rows, size_t outputs, size_t used,
                       const float *_Nonnull activity, const float *_Nonnull readout, float *_Nonnull logits);

// ∂L/∂b into `sums` [P][GK_PANEL] and, unless null, ∂L/∂(x·W + b) into `errors` [P][B][GK_PANEL]. 2·B·H·used operations.
void gk_hidden_bias_gradient(int level, size_t panels, size_t rows, size_t outputs, size_t used,
                             const float *_Nonnull activity, const float *_Nonnull gradient,
                             const float *_Nonnull readout, float *_Nonnull sums, float *_Nullable errors);

// ∂L/∂m into `sums`. V is the one without gains.
void gk_hidden_gain_gradient(int level, size_t panels, size_t rows, size_t outputs, size_t used,
                             const float *_Nonnull activity, const float *_Nonnull gradient,
                             const float *_Nonnull readout, float *_Nonnull sums);
