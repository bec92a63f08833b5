// Template: the loss of independent labels. No include guard: once a level.
//
//   L = Σ share·log(1 + e^x),  x = −y for a positive label, else y;   ∂L/∂y = ∓share·σ(x)
//
// σ(x) = 1/(1 + e^(−x)) for x ≥ 0 and e^x/(1 + e^x) below, both from the one e^(−|x|) that the logarithm needs. Scalar
// twin: the loss of labels in Loss.swift.
//
// With z the label: log(1 + e^(−y)) is −log σ(y), what a positive costs, and log(1 + e^y) = −log(1 − σ(y)) what a
// negative does. For x = ∓y the derivative is ∂/∂y log(1 + e^x) = σ(x)·∂x/∂y, and ∂x/∂y is −1 for a positive, else 1.

// log(1 + e) for 0 ≤ e ≤ 1, to 2 ulp: 2·artanh(q) with q = e/(2 + e) ≤ 1/3, whose series after q¹³ leaves 1.4e-8 of it.
//
// (1 + q)/(1 − q) = 1 + e, so log(1 + e) = 2·artanh(q) = 2·(q + q³/3 + q⁵/5 + …). Unlike log of a rounded 1 + e it
// keeps small e to the last digit: where a logit is large and right, that is the whole loss.
INLINE vec NAME(log_one_plus)(vec e) {
  vec q = e / (splat(2) + e), square = q * q;
  vec p = fma(splat(2.0f / 13), square, splat(2.0f / 11));
  p = fma(p, square, splat(2.0f / 9));
  p = fma(p, square, splat(2.0f / 7));
  p = fma(p, square, splat(2.0f / 5));
  p = fma(p, square, splat(2.0f / 3));
  return fma(p * square, q, q + q);
}

// outputs, targets and gradient are [slices][labels], flat; weights [slices]; positives [labels]. `total` is Σ w over
// the whole batch, so that the returned parts of several calls add up to the mean. `gradient`, where given, is
// overwritten in full. The sum has LANES partial sums, each over every LANES-th logit, added at the end in the order of
// lanes.
float NAME(gk_label_loss)(gk_labels loss, const float *outputs, const float *targets, const float *weights,
                          const float *positives, float *gradient) {
  // A slice's weight and a label's factor repeat in patterns that need not fit a vector; they are written out for CHUNK
  // logits, and `slice` and `label` say where the next chunk begins.
  enum { CHUNK = 16 * LANES };
  size_t labels = (size_t)loss.labels, count = (size_t)loss.slices * labels, slice = 0, label = 0;
  vec scale = splat(1 / (loss.total * (float)labels)), sum = splat(0), zero = splat(0), one = splat(1);
  for (size_t first = 0; first < count; first += CHUNK) {
    // A slice's weight and a label's own beside every logit. Many at once, so that they are written before they are
    // read.
    float weight[CHUNK], own[CHUNK];
    size_t left = count - first < CHUNK ? count - first : CHUNK;
    for (size_t i = 0; i < left; i++) {
      weight[i] = weights[slice], own[i] = positives[label];
      if (++label == labels) label = 0, slice++;
    }
    for (size_t at = 0; at < left; at += LANES) {
      size_t i = first + at, here = left - at;
      vec y = load_part(outputs + i, here), w = load_part(weight + at, here);
      // Lanes behind the last logit have w = 0, and so do not count; a NaN as a weight does not either.
      ints counts = w > zero, positive = load_part(targets + i, here) > zero;
      // A step that does not count has no share, whatever was put out there.
      // share = w/(total·labels), times what a positive of this label counts more.
      vec share = choose(counts, w * scale, zero) * choose(positive, load_part(own + at, here), one);
      vec x = choose(counts, choose(positive, -y, y), zero);
      // log(1 + e^x) = max(x, 0) + log(1 + e^(−|x|)), which overflows for no x.
      vec e = NAME(exponential)(-NAME(magnitude)(x));
      ints below = x < zero;
      sum = fma(share, choose(below, zero, x) + NAME(log_one_plus)(e), sum);
      // σ(x) from e = e^(−|x|): 1/(1 + e) for x ≥ 0, e/(1 + e) below; ∂L/∂y = σ(x)·∂x/∂y.
      vec slope = share * choose(below, e, one) / (one + e);
      if (gradient) store_part(gradient + i, here, choose(positive, -slope, slope));
    }
  }
  // Horizontally once a call.
  float lanes[LANES], total = 0;
  store(lanes, sum);
  for (size_t l = 0; l < LANES; l++) total += lanes[l];
  return total;
}
