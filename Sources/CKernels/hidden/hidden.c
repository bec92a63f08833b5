#include "../internal.h"
#include "../levels/run.h"
#include "hidden.h"

// The compiled instances of hidden_level.h, and which runs at a level.
//
// What is computed, with x [B][M], W, V and b as hidden.h lays them out, and z = x·W + b:
//
//   a = max(0, z),   logits = a·V,   ∂L/∂z = [a > 0]·(g·Vᵀ) with g = ∂L/∂logits,   ∂L/∂b = Σ_B ∂L/∂z
//
// A template is included once a level with other widths; names get the level as a suffix, so the instances live beside
// one another in this file. Every level computes the same formulas; results differ between levels in the last bits
// only, by whether a·b + c rounds once and, for logits, by how many lanes a sum is split over. The callers are
// FeedForwardTraining and FeedForwardNetwork in Sources/FrozenNetworks.

// What the instances need in registers: 2·HEIGHT sums, two vectors of b and one entry of A spread over a vector. That
// is 11 of 16 here, 15 of 16 for AVX2 and 27 of 32 for AVX-512. A panel of 32 floats is passed through in pieces of two
// vectors: four pieces here, two for AVX2, one for AVX-512.
#define SUFFIX portable
#define WIDE 4
#define HEIGHT 4
#define FUSED HAS_FMA
#include "hidden_level.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define SUFFIX avx2
#define WIDE 8
#define HEIGHT 6
#define FUSED 1
#include "hidden_level.h"
#pragma clang attribute pop

#pragma clang attribute push(AVX512_INSTRUCTIONS, apply_to = function)
#define SUFFIX avx512
#define WIDE 16
#define HEIGHT 12
#define FUSED 1
#include "hidden_level.h"
#pragma clang attribute pop
#endif

// The functions that Swift calls. None of them reads or writes anything but its arguments; all of them overwrite their
// outputs, none adds to what is there.
//
// c_p [height][32] = A [height][inner]·b_p [inner][32], for each panel p. Of the training: drives d = x·W (A = x), the
// gradient ∂L/∂V_o = Σ_B g_Bo·a_B (A = gᵀ, b = activity) and ∂L/∂W_m = Σ_B x_Bm·∂L/∂z_B (A = xᵀ, b = errors). A
// transposed is the same memory with a_row and a_step exchanged, so nothing is copied.
void gk_hidden_product(int level, size_t panels, size_t height, size_t inner, const float *a, size_t a_row,
                       size_t a_step, const float *b, size_t b_pitch, float *c, size_t c_pitch) {
  RUN(gk_hidden_product, panels, height, inner, a, a_row, a_step, b, b_pitch, c, c_pitch);
}
// a_B = max(0, x_B·W + b): x [B][M] row by row, W [P][M][32], b [P][32], a [P][B][32].
void gk_hidden_forward(int level, size_t panels, size_t rows, size_t inputs, const float *x, const float *weights,
                       const float *biases, float *activity) {
  RUN(gk_hidden_forward, panels, rows, inputs, x, weights, biases, activity);
}
// a_r = max(0, d_samples[r] + b), d [P][count][32]: where W is frozen, x·W of a sample is the same in every epoch and
// is computed once; `samples` says which samples make up this batch, in the order of its rows.
void gk_hidden_rectify(int level, size_t panels, size_t rows, size_t count, const int32_t *samples,
                       const float *drives, const float *biases, float *activity) {
  RUN(gk_hidden_rectify, panels, rows, count, samples, drives, biases, activity);
}
// logits_Bo = Σ_h a_Bh·V_ho for o < used, [B][used]. V has room for `outputs` rows a panel, of which the first `used`
// are read: a network may have more outputs than a task has classes.
void gk_hidden_readout(int level, size_t panels, size_t rows, size_t outputs, size_t used, const float *activity,
                       const float *readout, float *logits) {
  RUN(gk_hidden_readout, panels, rows, outputs, used, activity, readout, logits);
}
// sums_h = ∂L/∂b_h = Σ_B [a_Bh > 0]·Σ_o g_Bo·V_ho, and each term of that sum over B into `errors` where W learns as
// well.
void gk_hidden_bias_gradient(int level, size_t panels, size_t rows, size_t outputs, size_t used,
                             const float *activity, const float *gradient, const float *readout, float *sums,
                             float *errors) {
  RUN(gk_hidden_bias_gradient, panels, rows, outputs, used, activity, gradient, readout, sums, errors);
}
// sums_h = ∂L/∂m_h = Σ_B a_Bh·Σ_o g_Bo·V_ho, where the readout saw m_h·a_h. V is the readout before it was scaled by m.
// The caller multiplies by dm/dscore = β·m·(1 − m).
void gk_hidden_gain_gradient(int level, size_t panels, size_t rows, size_t outputs, size_t used,
                             const float *activity, const float *gradient, const float *readout, float *sums) {
  RUN(gk_hidden_gain_gradient, panels, rows, outputs, used, activity, gradient, readout, sums);
}
