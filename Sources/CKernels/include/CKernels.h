#pragma once
#include <stddef.h>

// The liquid time-constant (LTC) cell in single precision, forward and backward, at the widest vectors the processor
// has. Nothing here allocates, blocks or fails; the same call gives the same bits at the same level.
//
// Letters: N neurons, M inputs, U sub-steps, R rows of a shard, T time steps. Arrays are row-major.
//
//   c_i = cm_i·U/Δt                                                             Δt differs by row and step
//   v_i ← (c_i·v_i + g_i·e_i + Σ_j A_ji·E_ji + Σ_k S_ki·Es_ki) / (c_i + g_i + Σ_j A_ji + Σ_k S_ki + 1e-8)     U times
//   A_ji = w_ji·σ(σ_ji·(v_j − μ_ji)),  S_ki = ws_ki·σ(σs_ki·(u_k − μs_ki)),  inputs held during a step
//
// Parameters, flat: w, mu, sigma, erev, each (N + M)×N as [pre, post] with the N recurrent rows first, then gleak,
// vleak, cm, each N. Connections: (N + M)×N, 0 where there is no synapse: it has no effect and no gradient, whatever
// its parameters hold.
//
// Any N ≥ 1, M ≥ 0, U ≥ 1, R ≥ 1, T ≥ 0 and Δt > 0. Finite parameters give finite states; w, gleak and cm below zero
// are computed as written but take a slower path, as do gates so steep that an exponent could leave a float's range.
// Buffers need the alignment of a float; `prepared` and `tape` have to stay at the address where they were filled.

enum { GK_PORTABLE = 0, GK_AVX2 = 1, GK_AVX512 = 2, GK_LEVELS = 3 };

// The widest level this processor runs.
int gk_best_level(void);
// 1 if `level` runs here.
int gk_level_available(int level);
// "portable", "AVX2", "AVX-512".
const char *_Nonnull gk_level_name(int level);

// How synapses are walked. Dense: every pair, the lanes are postsynaptic neurons. Sparse: present synapses only, the
// lanes are rows of the batch. Automatic takes the faster by the share of synapses present and the number of rows.
enum { GK_AUTOMATIC = 0, GK_DENSE = 1, GK_SPARSE = 2 };

typedef struct {
  int level, walk, neurons, inputs, unfolds;
} gk_ltc;

// Sizes in floats.
size_t gk_ltc_prepared_size(gk_ltc cell);
size_t gk_ltc_tape_size(gk_ltc cell, int rows, int steps);
size_t gk_ltc_scratch_size(gk_ltc cell, int rows);

// Derives from the parameters what all shards of a training step share. O((N + M)·N).
void gk_ltc_prepare(gk_ltc cell, const float *_Nonnull parameters, const float *_Nonnull connections,
                    float *_Nonnull prepared);

typedef struct {
  int rows, steps;
  const float *_Nonnull parameters;
  const float *_Nonnull connections;
  const float *_Nonnull prepared;
  const float *_Nonnull inputs;   // [T][R][M]
  const float *_Nonnull elapsed;  // [T][R], Δt
  float *_Nonnull states;         // [T + 1][R][N], index 0 is the initial state
  float *_Nonnull tape;           // untouched unless keeps_tape
  float *_Nonnull scratch;
  int keeps_tape;
} gk_ltc_pass;

typedef struct {
  float *_Nonnull states;      // [T + 1][R][N], in: ∂L/∂states; out: index 0 is ∂L/∂(initial state)
  float *_Nonnull inputs;      // [T][R][M], out: ∂L/∂inputs
  float *_Nonnull parameters;  // the gradient is added
} gk_ltc_gradient;

// Fills states 1…T and, if asked, the tape.
void gk_ltc_forward(gk_ltc cell, const gk_ltc_pass *_Nonnull pass);
// After gk_ltc_forward with the tape kept and the same pass.
void gk_ltc_backward(gk_ltc cell, const gk_ltc_pass *_Nonnull pass, const gk_ltc_gradient *_Nonnull gradient);
// 1 if a pass of `rows` rows would walk present synapses only.
int gk_ltc_is_sparse(gk_ltc cell, const float *_Nonnull prepared, int rows);
