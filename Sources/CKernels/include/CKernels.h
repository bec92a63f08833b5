#pragma once
#include <stddef.h>

#include "contraction.h"
#include "hidden.h"

// Where what stands, beside this header:
//
//   internal.h    what all share: the head of `prepared`, alignment, flushing of tiny numbers
//   levels/       the compiled instances: a file a level sets LANES and the like and includes the templates
//   vectors/      vectors of LANES floats, exponential and gate, tanh and logistic, matrix products, sums over lanes
//   synapses/     gates of all pairs of a vector of neurons; the list of present synapses
//   ltc/          the fused LTC: all pairs (lanes are neurons) or a list (lanes are rows of the batch)
//   circuit/      every other differential equation, put together from a law of synapses, a membrane and a solver
//   columns/      sums over listed synapses and gap junctions for circuit/, lanes are rows of the batch
//   products/     cells that are maps: products of matrices, a gate or none, with or without a backbone
//   readout/      outputs that are sums over all neurons
//   update/       what a step does to parameters: merge, Adam; and the loss of labels
//   contraction/  a three-way tensor with factors of outer products, in double precision
//   hidden/       a layer of rectified units between dense weights, part by part, so that frozen weights cost nothing
//
// A file that begins with "Template:" is included once a level; NAME(x) there is x_SUFFIX, so that nothing meets. Every
// kernel has a scalar twin in Swift, named at its head, which computes the same in other precisions and is what tests
// hold it to: a difference beyond rounding is the kernel's fault.

// The liquid time-constant (LTC) cell in single precision, forward and backward, at the widest vectors the processor
// has. Nothing here allocates, blocks or fails; the same call gives the same bits at the same level.
//
// Letters: N neurons, M inputs, U sub-steps, R rows of a part of the batch (each core takes one), T time steps. Arrays
// are row-major.
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
// Numbers below 1.2e-38 count as zero. Buffers need the alignment of a float; `prepared` and `tape` have to stay at the
// address where they were filled.

enum { GK_PORTABLE = 0, GK_AVX2 = 1, GK_AVX512 = 2, GK_LEVELS = 3 };

// The widest level this processor runs.
int gk_best_level(void);
// 1 if `level` runs here.
int gk_level_available(int level);
// "portable", "AVX2", "AVX-512".
const char *_Nonnull gk_level_name(int level);

// How synapses are walked. All pairs: every one, the lanes are postsynaptic neurons. Listed: present synapses only, the
// lanes are rows of the batch. Automatic takes the faster by the share of synapses present and the number of rows.
enum { GK_AUTOMATIC = 0, GK_ALL_PAIRS = 1, GK_LISTED = 2 };

// The buffers of a part of the batch, for every cell; S entries of a state, N where nothing else is said.
typedef struct {
  int rows, steps;
  const float *_Nonnull parameters;
  const float *_Nonnull connections;
  const float *_Nonnull prepared;
  const float *_Nonnull inputs;   // [T][R][M]
  const float *_Nonnull elapsed;  // [T][R], Δt
  float *_Nonnull states;         // [T + 1][R][S], index 0 is the initial state
  float *_Nonnull tape;           // untouched unless keeps_tape
  float *_Nonnull scratch;
  int keeps_tape;
} gk_pass;

typedef struct {
  float *_Nonnull states;      // [T + 1][R][S], in: ∂L/∂states; out: index 0 is ∂L/∂(initial state)
  float *_Nonnull inputs;      // [T][R][M], out: ∂L/∂inputs
  float *_Nonnull parameters;  // the gradient is added
} gk_gradient;

typedef struct {
  int level, walk, neurons, inputs, unfolds;
} gk_ltc;

// Sizes in floats.
size_t gk_ltc_prepared_size(gk_ltc cell);
size_t gk_ltc_tape_size(gk_ltc cell, int rows, int steps);
size_t gk_ltc_scratch_size(gk_ltc cell, int rows);

// Derives from the parameters what all parts of a batch in a training step share. O((N + M)·N).
void gk_ltc_prepare(gk_ltc cell, const float *_Nonnull parameters, const float *_Nonnull connections,
                    float *_Nonnull prepared);

// Fills states 1…T and, if asked, the tape.
void gk_ltc_forward(gk_ltc cell, const gk_pass *_Nonnull pass);
// After gk_ltc_forward with the tape kept and the same pass.
void gk_ltc_backward(gk_ltc cell, const gk_pass *_Nonnull pass, const gk_gradient *_Nonnull gradient);
// 1 if a pass of `rows` rows would walk present synapses only.
int gk_ltc_uses_list(gk_ltc cell, const float *_Nonnull prepared, int rows);

// Cells that are maps from one step to the next, a form each; y = [h ; u], every W·y over present synapses:
//
//   cfc       f₁ = tanh(W₁·y + b₁), f₂ = tanh(W₂·y + b₂), t = σ((W_a·y + b_a)·Δt + W_b·y + b_b),  h' = f₁·(1 − t) + t·f₂
//   no gate   the same with h' = f₁ + t·f₂
//   pure      f = W·y + b,  h' = A − A·e^(−Δt·(|w_τ| + |f|))·f
//   LSTM      g = tanh(·), i, f, o = σ(·),  c' = f·c + i·g,  h' = o·tanh(c');  S = 2N, [h | c]
//   GRU       z, r = σ(·),  n = tanh(V·u + b_n + r·(U·h)),  h' = (1 − z)·n + z·h
//   RNN       h' = tanh(W·y + b)
//   ReLU      h' = max(W·u + b, 0)
//
// Parameters, flat: W of each gate in the order above (n, z, r for the GRU), (N + M)×N as [pre, post] with the N
// recurrent rows first (ReLU: the M others alone), then a bias b of each, N; then w_τ and A, each N. Finite parameters
// give finite states; a NaN stays in its row.
enum { GK_CFC = 0, GK_CFC_NO_GATE, GK_CFC_PURE, GK_LSTM, GK_GRU, GK_RNN, GK_RELU, GK_PRODUCT_FORMS };

typedef struct {
  int level, form, neurons, inputs;
} gk_products;

size_t gk_products_prepared_size(gk_products cell);
size_t gk_products_tape_size(gk_products cell, int rows, int steps);
size_t gk_products_scratch_size(gk_products cell, int rows);
void gk_products_prepare(gk_products cell, const float *_Nonnull parameters, const float *_Nonnull connections,
                      float *_Nonnull prepared);
void gk_products_forward(gk_products cell, const gk_pass *_Nonnull pass);
// Once after gk_products_forward with the tape kept: the tape is used up.
void gk_products_backward(gk_products cell, const gk_pass *_Nonnull pass, const gk_gradient *_Nonnull gradient);

// The same forms behind dense layers that all neurons share:  a₀ = [h ; u],  a_l = φ(V_l·a_{l−1} + c_l),  y = a_L.
//
//   φ(z)   1.7159·tanh(0.666·z),  tanh(z),  max(z, 0),  z·σ(z),  z·½(1 + erf(z/√2))
//
// Not for the forms whose sums over neurons and over inputs differ or that have none over neurons: GRU and ReLU.
// Parameters, flat: of each of L layers V, (N + M)×B and then B×B, as [from, to], and c, B; W of each gate, B×N; then
// the form's biases and its own as above. Connections have no part in it.
enum { GK_LECUN_TANH_UNIT = 0, GK_TANH_UNIT, GK_RELU_UNIT, GK_SILU_UNIT, GK_GELU_UNIT };

typedef struct {
  int level, form, neurons, inputs, units, layers, activation;
} gk_backbone;

size_t gk_backbone_prepared_size(gk_backbone cell);
size_t gk_backbone_tape_size(gk_backbone cell, int rows, int steps);
size_t gk_backbone_scratch_size(gk_backbone cell, int rows);
void gk_backbone_prepare(gk_backbone cell, const float *_Nonnull parameters, float *_Nonnull prepared);
void gk_backbone_forward(gk_backbone cell, const gk_pass *_Nonnull pass);
// Once after gk_backbone_forward with the tape kept: the tape is used up.
void gk_backbone_backward(gk_backbone cell, const gk_pass *_Nonnull pass, const gk_gradient *_Nonnull gradient);

// Cells that are differential equations, put together from one law of synapses, a membrane and a solver; y = [x ; u].
//
//   capacity·ẋ = drive − total·x,  of sums S over the synapses into a neuron; U sub-steps of h = Δt/U, inputs held
//
//   activation  linear     S₀ = Σ w·y
//               neural     s_j = σ(σ_j·(y_j − μ_j)), the source's own gate
//               synaptic   s_ji = σ(σ_ji·(y_j − μ_ji)), a gate a synapse
//   strength    weight       S₀ = Σ w·s
//               pair         S₀ = Σ w·s,  S₁ = Σ h·s
//               conductance  S₀ = Σ w·s,  S₁ = Σ w·E·s
//   junctions   gap junctions {i, j}, g ≥ 0, of a conductance membrane: S₀ += g, S₁ += g·x of the other neuron, at both
//   elastance   ε = 1, or of S₂ = Σ o·y: σ(S₂ + b) asymmetric, σ(S₂ + b + k) − σ(S₂ + b − k) symmetric
//   membrane    conductance  capacity C,  total = g + S₀,        drive = g·e + S₁          own g, e, C
//               additive     capacity 1,  total = 1/τ, 1 or 0,   drive = S₀ or tanh(S₀ + b)  own τ, b where they are
//               saturated    capacity 1,  total = ε·σ(S₀ + g),   drive = ε·tanh(S₁ + g)·e    own g, e, b, k
//   solver      semi-implicit  x' = (c·x + drive)/(c + total + 1e-8),  c = capacity/h
//               exponential    x' = x + h·φ(z)·ẋ,  z = h·total/capacity,  φ(z) = (1 − e^(−z))/z
//               Runge–Kutta    explicit, of up to four stages, coefficients a and b
//
// Parameters, flat: w (N + M)×N as [pre, post]; μ and σ, (N + M)×N or (where neural) N + M; h or E, (N + M)×N; o
// likewise; then the membrane's own, N each; then g of every junction. Pairs of junctions: two indices of neurons each.
enum { GK_LINEAR = 0, GK_NEURAL, GK_SYNAPTIC };
enum { GK_WEIGHT = 1, GK_PAIR, GK_CONDUCTANCE };
enum { GK_RIGID = 0, GK_ASYMMETRIC, GK_SYMMETRIC };
enum { GK_CONDUCTANCE_MEMBRANE = 0, GK_ADDITIVE_MEMBRANE, GK_SATURATED_MEMBRANE };
enum { GK_SEMI_IMPLICIT = 0, GK_EXPONENTIAL, GK_RUNGE_KUTTA };
enum { GK_STAGES = 4 };

typedef struct {
  int level, walk, neurons, inputs, unfolds, junctions;
  int activation, strength, elastance, membrane;
  int leaks, has_time_constant, squashes;  // of the additive membrane
  int solver, stages;
  float a[GK_STAGES][GK_STAGES], b[GK_STAGES];
} gk_circuit;

size_t gk_circuit_prepared_size(const gk_circuit *_Nonnull cell);
size_t gk_circuit_tape_size(const gk_circuit *_Nonnull cell, int rows, int steps);
size_t gk_circuit_scratch_size(const gk_circuit *_Nonnull cell, int rows);
void gk_circuit_prepare(const gk_circuit *_Nonnull cell, const float *_Nonnull parameters,
                        const float *_Nonnull connections, const int *_Nullable pairs, float *_Nonnull prepared);
void gk_circuit_forward(const gk_circuit *_Nonnull cell, const gk_pass *_Nonnull pass);
// Once after gk_circuit_forward with the tape kept: the tape is used up.
void gk_circuit_backward(const gk_circuit *_Nonnull cell, const gk_pass *_Nonnull pass,
                         const gk_gradient *_Nonnull gradient);
// 1 if a pass of `rows` rows would walk present synapses only: where each has a gate, as gk_ltc_uses_list.
int gk_circuit_uses_list(const gk_circuit *_Nonnull cell, const float *_Nonnull prepared, int rows);

// Outputs that are sums over all neurons, y_k = b_k + Σ_j x_j·W_jk: x the first N of `state` floats at each of some
// slices, W [N][O], y [slices][O]. Backward overwrites ∂/∂x, N of each slice, and adds ∂/∂W and ∂/∂b.
typedef struct {
  int level, neurons, outputs, state;
} gk_readout;
size_t gk_readout_scratch_size(gk_readout readout);
void gk_readout_forward(gk_readout readout, size_t slices, const float *_Nonnull states,
                        const float *_Nonnull weights, const float *_Nonnull bias, float *_Nonnull outputs,
                        float *_Nonnull scratch);
void gk_readout_backward(gk_readout readout, size_t slices, const float *_Nonnull states,
                         const float *_Nonnull weights, const float *_Nonnull output_gradient,
                         float *_Nonnull state_gradient, float *_Nonnull weight_gradient,
                         float *_Nonnull bias_gradient, float *_Nonnull scratch);

// The loss of independent labels: y logits and z targets, [slices][labels], a label's positive where z > 0, w weights
// [slices]. Returns Σ s·log(1 + e^x) with x = −y for positives, else y, and s = w/(total·labels), times `positives`
// of the label where it is positive; `gradient`, where given, receives ∂/∂y, and 0 where w is not above 0.
typedef struct {
  int level, slices, labels;
  float total;
} gk_labels;
float gk_label_loss(gk_labels loss, const float *_Nonnull outputs, const float *_Nonnull targets,
                    const float *_Nonnull weights, const float *_Nonnull positives, float *_Nullable gradient);

// What a training step does to every parameter; `moves` has 1 where one may move, else 0.

// sum ← part where it may move and 0 elsewhere, added to what is there unless `first`. Returns Σ sum².
float gk_merge(int level, size_t count, const float *_Nonnull part, const unsigned char *_Nonnull moves,
               float *_Nonnull sum, int first);

// m ← m + (1 − β₁)·(g − m),  v ← β₂·v + (1 − β₂)·g²,  p ← p − rate·m/(√v/root + ε); rate and root hold the corrections
// for bias. Returns 1 if all values are finite numbers.
typedef struct {
  float beta1, beta2, rate, root, epsilon;
} gk_adam_step;
int gk_adam(int level, const gk_adam_step *_Nonnull step, size_t count, const float *_Nonnull gradient,
            const unsigned char *_Nonnull moves, float *_Nonnull values, float *_Nonnull first,
            float *_Nonnull second);
