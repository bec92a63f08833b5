// Template: outputs that are sums over all neurons, forward and backward. No include guard: once a level.
//
// y_k = b_k + Σ_j x_j·W_jk at each *slice* (a row at a time step); ∂x_j = Σ_k ∂y_k·W_jk, ∂W_jk = Σ ∂y_k·x_j, ∂b_k = Σ
// ∂y_k over all slices. Scalar twins: Model.readoutForward and readoutBackward.
//
// Forward takes four slices at once: their four sums over lanes come out of one tree (`four_sums`). Backward goes
// neurons first and slices inside, so that a block's gradients of W stay in the first-level cache.
//
// The lanes are neurons. There are few outputs, so the weights are transposed once a pass: a row of `stride` floats an
// output.
//
// Shapes: states [slices][S], of whose S = `state` floats the first N are read (a cell may keep more, as the LSTM's
// cell values); W [N][O]; outputs and their gradients [slices][O]. Scratch: [Wᵀ: O·stride][∂Wᵀ: O·stride], stride = N
// rounded up to LANES. In single precision the bias is added after the sum, in the scalar twin before it: equal to
// rounding.

size_t NAME(gk_readout_scratch)(gk_readout r) {
  return 2 * (size_t)r.outputs * rounded((size_t)r.neurons, LANES);
}

// W is [N][O], so that a vector of neurons for one output would be LANES floats O apart; here they are contiguous.
INLINE void NAME(transpose_weights)(gk_readout r, const float *weights, float *transposed) {
  size_t n = (size_t)r.neurons, o = (size_t)r.outputs, stride = rounded(n, LANES);
  // [O][stride], zeros behind N: lanes there add nothing.
  for (size_t k = 0; k < o; k++) {
    for (size_t j = 0; j < stride; j++) transposed[k * stride + j] = j < n ? weights[j * o + k] : 0;
  }
}

// Overwrites outputs. A lane's sum runs over neurons l, l + LANES, l + 2·LANES …; the lanes are added up by
// `four_sums`. Each weight loaded serves four slices.
void NAME(gk_readout_forward)(gk_readout r, size_t slices, const float *states, const float *weights, const float *bias,
                              float *outputs, float *scratch) {
  size_t n = (size_t)r.neurons, o = (size_t)r.outputs, row = (size_t)r.state, stride = rounded(n, LANES);
  NAME(transpose_weights)(r, weights, scratch);
  for (size_t slice = 0; slice < slices; slice += 4) {
    // A last group of fewer repeats its first slice, whose extra sums are dropped.
    size_t left = slices - slice < 4 ? slices - slice : 4;
    const float *x[4];
    // Four slices follow each other at a distance of S floats.
    for (size_t p = 0; p < 4; p++) x[p] = states + (slice + (p < left ? p : 0)) * row;
    for (size_t k = 0; k < o; k++) {
      vec sum[4] = {splat(0), splat(0), splat(0), splat(0)};
      for (size_t at = 0; at < n; at += LANES) {
        vec w = load(scratch + k * stride + at);
#pragma clang loop unroll(full)
        for (int p = 0; p < 4; p++) sum[p] = fma(load_part(x[p] + at, n - at), w, sum[p]);
      }
      // (Σ, Σ, Σ, Σ) of the four slices, in one vector of four.
      NAME(four) y = NAME(four_sums)(sum[0], sum[1], sum[2], sum[3]);
      for (size_t p = 0; p < left; p++) outputs[(slice + p) * o + k] = y[p] + bias[k];
    }
  }
}

// From ∂L/∂y in `flow`. Since y_k = b_k + Σ_j x_j·W_jk:
//
//   ∂L/∂x_j  = Σ_k ∂L/∂y_k·W_jk            overwritten, N floats of each slice; the others of state_gradient stay
//   ∂L/∂W_jk = Σ over slices x_j·∂L/∂y_k   added to weight_gradient, [N][O]
//   ∂L/∂b_k  = Σ over slices ∂L/∂y_k       added to bias_gradient, [O]
//
// The sums over slices are formed from zero in scratch and then added to what the caller has.
void NAME(gk_readout_backward)(gk_readout r, size_t slices, const float *states, const float *weights,
                               const float *flow, float *state_gradient, float *weight_gradient, float *bias_gradient,
                               float *scratch) {
  size_t n = (size_t)r.neurons, o = (size_t)r.outputs, row = (size_t)r.state, stride = rounded(n, LANES);
  float *sums = scratch + o * stride;
  NAME(transpose_weights)(r, weights, scratch);
  for (size_t i = 0; i < o * stride; i++) sums[i] = 0;
  for (size_t at = 0; at < n; at += LANES) {
    for (size_t slice = 0; slice < slices; slice++) {
      // ∂x of LANES neurons over the outputs in a register, ∂W of the same neurons in memory, [O][stride] as the
      // weights.
      vec x = load_part(states + slice * row + at, n - at), back = splat(0);
      for (size_t k = 0; k < o; k++) {
        vec d = splat(flow[slice * o + k]);
        float *sum = sums + k * stride + at;
        // ∂x_j += ∂y_k·W_jk and ∂W_jk += ∂y_k·x_j: lanes behind N have W = 0 and x = 0.
        back = fma(d, load(scratch + k * stride + at), back);
        store(sum, fma(d, x, load(sum)));
      }
      store_part(state_gradient + slice * row + at, n - at, back);
    }
  }
  // Back to [N][O], added to what the caller has.
  for (size_t j = 0; j < n; j++) {
    for (size_t k = 0; k < o; k++) weight_gradient[j * o + k] += sums[k * stride + j];
  }
  for (size_t slice = 0; slice < slices; slice++) {
    for (size_t k = 0; k < o; k++) bias_gradient[k] += flow[slice * o + k];
  }
}
