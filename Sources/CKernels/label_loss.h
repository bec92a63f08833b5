// Template: the loss of independent labels. No include guard: once a level.

// log(1 + e) for 0 ≤ e ≤ 1, to 2 ulp: 2·artanh(q) with q = e/(2 + e) ≤ 1/3, whose series after q¹³ leaves 1.4e-8 of it.
INLINE vec NAME(log_one_plus)(vec e) {
  vec q = e / (splat(2) + e), square = q * q;
  vec p = fma(splat(2.0f / 13), square, splat(2.0f / 11));
  p = fma(p, square, splat(2.0f / 9));
  p = fma(p, square, splat(2.0f / 7));
  p = fma(p, square, splat(2.0f / 5));
  p = fma(p, square, splat(2.0f / 3));
  return fma(p * square, q, q + q);
}

float NAME(gk_label_loss)(gk_labels loss, const float *outputs, const float *targets, const float *weights,
                          const float *positives, float *gradient) {
  size_t labels = (size_t)loss.labels, count = (size_t)loss.places * labels, place = 0, label = 0;
  float scale = 1 / (loss.total * (float)labels);
  vec sum = splat(0), one = splat(1);
  for (size_t i = 0; i < count; i += LANES) {
    // A step that does not count has no share, whatever was put out and asked there.
    float share[LANES] = {0}, logit[LANES] = {0}, slope[LANES];
    size_t used = count - i < LANES ? count - i : LANES;
    for (size_t l = 0; l < used; l++) {
      int positive = targets[place * (size_t)loss.targets + label] > 0;
      float weight = weights[place];
      if (weight > 0) {
        share[l] = weight * scale * (positive ? -positives[label] : 1);
        logit[l] = positive ? -outputs[i + l] : outputs[i + l];
      }
      if (++label == labels) label = 0, place++;
    }
    // log(1 + e^x) = max(x, 0) + log(1 + e^(−|x|)), which overflows for no x.
    vec x = load(logit), s = load(share), e = NAME(exponential)(-NAME(magnitude)(x));
    ints below = x < splat(0);
    sum = fma(NAME(magnitude)(s), choose(below, splat(0), x) + NAME(log_one_plus)(e), sum);
    if (!gradient) continue;
    store(slope, s * choose(below, e, one) / (one + e));
    for (size_t l = 0; l < used; l++) gradient[i + l] = slope[l];
  }
  float lanes[LANES], total = 0;
  store(lanes, sum);
  for (size_t l = 0; l < LANES; l++) total += lanes[l];
  return total;
}
