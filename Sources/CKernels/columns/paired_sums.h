// Template: the sums of columns.h for eight rows, two synapses of a neuron in a vector of sixteen lanes: half as many
// instructions as one in a vector of eight. No include guard: once a level; LANES 16, fast gates only.

typedef float NAME(half) __attribute__((ext_vector_type(8), aligned(4), may_alias));
#define half NAME(half)

INLINE vec NAME(both)(half low, half high) {
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

// Two synapses: a, κ, w and the second strength of each, twice over its half; where their values are. `alone`: the second
// is none, whose strengths and slope are zero.
typedef struct {
  vec fields;
  size_t low, high;
} NAME(pair);

INLINE NAME(pair) NAME(pair_of)(const int alone, const gk_synapse *p) {
  NAME(four) low = *(const NAME(four) *)p, high = alone ? (NAME(four)){0, 1} : *(const NAME(four) *)(p + 1);
  NAME(pair) pair = {NAME(both)(__builtin_shufflevector(low, low, 0, 1, 2, 3, 0, 1, 2, 3),
                                __builtin_shufflevector(high, high, 0, 1, 2, 3, 0, 1, 2, 3)),
                     (size_t)p->pre * 8, (size_t)(alone ? p : p + 1)->pre * 8};
  // Two loads: put together in a vector they would have to be taken apart again.
  __asm__("" : "+r"(pair.low));
  return pair;
}
#define FIELD(z, k)                                                                                                  \
  __builtin_shufflevector(z, z, k, k, k, k, k + 4, k + 4, k + 4, k + 4, k + 8, k + 8, k + 8, k + 8, k + 12, k + 12, \
                          k + 12, k + 12)

INLINE vec NAME(values_of)(const NAME(pair) *p, const float *values) {
  return NAME(both)(*(const half *)(values + p->low), *(const half *)(values + p->high));
}

INLINE void NAME(pair_gather)(const int alone, const gk_synapse *synapse, const float *values, vec *first, vec *second) {
  NAME(pair) p = NAME(pair_of)(alone, synapse);
  vec s = gate(FIELD(p.fields, 0), FIELD(p.fields, 1), NAME(values_of)(&p, values));
  *first = fma(FIELD(p.fields, 2), s, *first);
  *second = fma(FIELD(p.fields, 3), s, *second);
}

void NAME(gk_pairs_gather)(const gk_synapses *synapses, int sensory, const float *values, float *first, float *second) {
  const gk_synapse *records = synapses->records, *p = gk_first(synapses, sensory, 0);
  size_t n = synapses->neurons;
  const int32_t *ends = synapses->first + (size_t)sensory * (n + 1) + 1;
  for (size_t i = 0; i < n; i++, first += 8, second += 8) {
    const gk_synapse *end = records + ends[i];
    vec a = splat(0), b = splat(0);
    for (; p + 1 < end; p += 2) NAME(pair_gather)(0, p, values, &a, &b);
    if (p < end) NAME(pair_gather)(1, p++, values, &a, &b);
    *(half *)first = a.lo + a.hi;
    *(half *)second = b.lo + b.hi;
  }
}

INLINE void NAME(pair_scatter)(const int alone, const int two, const gk_synapse *synapse, const float *values, vec d,
                               vec other, float *target, float *sums) {
  NAME(pair) p = NAME(pair_of)(alone, synapse);
  vec v = NAME(values_of)(&p, values), a = FIELD(p.fields, 0);
  vec s = gate(a, FIELD(p.fields, 1), v);
  d *= s;
  vec y = FIELD(p.fields, 2) * d;
  if (two) {
    other *= s;
    y = fma(FIELD(p.fields, 3), other, y);
  }
  vec slope = fma(-y, s, y), pulled = a * (splat(-0.69314718f) * slope);  // a = −σ·log₂e
  // One after the other: they may be the same.
  *(half *)(target + p.low) += pulled.lo;
  if (!alone) *(half *)(target + p.high) += pulled.hi;
  vec sum = NAME(sum4b)(NAME(sum4a)(d, two ? other : splat(0)), NAME(sum4a)(slope, slope * v));
  if (alone) {
    *(NAME(four) *)sums += sum.lo.lo + sum.lo.hi;
  } else {
    half low = __builtin_shufflevector(sum, sum, 0, 1, 2, 3, 8, 9, 10, 11);
    half high = __builtin_shufflevector(sum, sum, 4, 5, 6, 7, 12, 13, 14, 15);
    *(half *)sums += low + high;
  }
}

INLINE void NAME(pairs_scatter_as)(const int two, const gk_synapses *synapses, int sensory, const float *values,
                                   const float *first, const float *second, float *target, float *sums) {
  const gk_synapse *records = synapses->records, *p = gk_first(synapses, sensory, 0);
  size_t n = synapses->neurons;
  const int32_t *ends = synapses->first + (size_t)sensory * (n + 1) + 1;
  for (size_t i = 0; i < n; i++, first += 8, second += 8) {
    const gk_synapse *end = records + ends[i];
    vec d = NAME(both)(*(const half *)first, *(const half *)first), other = splat(0);
    if (two) other = NAME(both)(*(const half *)second, *(const half *)second);
    for (; p + 1 < end; p += 2, sums += 8) NAME(pair_scatter)(0, two, p, values, d, other, target, sums);
    if (p < end) NAME(pair_scatter)(1, two, p++, values, d, other, target, sums), sums += 4;
  }
}

// `sums` of the first synapse of this kind.
void NAME(gk_pairs_scatter)(const gk_synapses *synapses, int two, int sensory, const float *values, const float *first,
                            const float *second, float *target, float *sums) {
  if (two) NAME(pairs_scatter_as)(1, synapses, sensory, values, first, second, target, sums);
  else NAME(pairs_scatter_as)(0, synapses, sensory, values, first, second, target, sums);
}

#undef half
#undef FIELD
