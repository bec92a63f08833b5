// Template: the sums of columns.h for eight rows, two synapses of a neuron in a vector of sixteen lanes: half as many
// instructions as one in a vector of eight. No include guard: once a level; LANES 16, fast gates only.
//
// Arrays are those of columns.h with R' = 8: values, target [N or M][8], first and second [N][8], sums [synapse][4].
// Lanes 0 … 7 belong to the first synapse of a pair, lanes 8 … 15 to the second, lane l to row l modulo 8. A pair is
// two neighbours in the list of one postsynaptic neuron, so both share D₀ and D₁ and add to the same S₀ and S₁; an odd
// list ends with a pair whose second member is none. Sums are those of gather_as and scatter_as of columns.h up to
// rounding: odd and even places of a list are added apart and the two halves at the end.

typedef float NAME(half) __attribute__((ext_vector_type(8), aligned(4), may_alias));
#define half NAME(half)

// low in lanes 0 … 7, high in lanes 8 … 15.
INLINE vec NAME(both)(half low, half high) {
  return __builtin_shufflevector(low, high, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
}

// Two synapses: a, κ, w and the second strength of each, twice over its half; where their values are. `alone`: the
// second is none, whose strengths and slope are zero.
//
// fields: [a, κ, w, h] four times, twice for either synapse. low and high: offsets of the presynaptic columns, in
// floats.
typedef struct {
  vec fields;
  size_t low, high;
} NAME(pair);

INLINE NAME(pair) NAME(pair_of)(const int alone, const gk_synapse *p) {
  // A record begins with a, κ, w and the second strength: four floats, loaded as one and repeated over the eight
  // lanes of the half. A missing second has κ = 1 and zeros: gate ½, strength 0.
  NAME(four) low = *(const NAME(four) *)p, high = alone ? (NAME(four)){0, 1} : *(const NAME(four) *)(p + 1);
  NAME(pair) pair = {NAME(both)(__builtin_shufflevector(low, low, 0, 1, 2, 3, 0, 1, 2, 3),
                                __builtin_shufflevector(high, high, 0, 1, 2, 3, 0, 1, 2, 3)),
                     (size_t)p->pre * 8, (size_t)(alone ? p : p + 1)->pre * 8};
  // Two loads: put together in a vector they would have to be taken apart again.
  __asm__("" : "+r"(pair.low));
  return pair;
}
// Field k (0 a, 1 κ, 2 w, 3 h) of both synapses over their halves. The shuffle stays within groups of four lanes, each
// of which holds all four fields.
#define FIELD(z, k)                                                                                                  \
  __builtin_shufflevector(z, z, k, k, k, k, k + 4, k + 4, k + 4, k + 4, k + 8, k + 8, k + 8, k + 8, k + 12, k + 12, \
                          k + 12, k + 12)

// x of eight rows for either synapse: two loads of half a vector, 32 bytes each, a column of the batch.
INLINE vec NAME(values_of)(const NAME(pair) *p, const float *values) {
  return NAME(both)(*(const half *)(values + p->low), *(const half *)(values + p->high));
}

// first += w·s and second += h·s for two synapses; s = κ/(κ + 2^(a·x)), fast gates only.
INLINE void NAME(pair_gather)(const int alone, const gk_synapse *synapse, const float *values, vec *first, vec *second) {
  NAME(pair) p = NAME(pair_of)(alone, synapse);
  // One gate of sixteen lanes: rows 0…7 of the first synapse, rows 0…7 of the second.
  vec s = gate(FIELD(p.fields, 0), FIELD(p.fields, 1), NAME(values_of)(&p, values));
  *first = fma(FIELD(p.fields, 2), s, *first);
  *second = fma(FIELD(p.fields, 3), s, *second);
}

// Overwrites first = S₀ and second = S₁, [N][8], of neurons from the list of one kind (recurrent or sensory). Both are
// made also where only one is wanted: the field h is zero there.
void NAME(gk_pairs_gather)(const gk_synapses *synapses, int sensory, const float *values, float *first, float *second) {
  const gk_synapse *records = synapses->records, *p = gk_first(synapses, sensory, 0);
  size_t n = synapses->neurons;
  const int32_t *ends = synapses->first + (size_t)sensory * (n + 1) + 1;
  for (size_t i = 0; i < n; i++, first += 8, second += 8) {
    const gk_synapse *end = records + ends[i];
    // S₀ and S₁ of neuron i; the halves are added when its list ends.
    vec a = splat(0), b = splat(0);
    for (; p + 1 < end; p += 2) NAME(pair_gather)(0, p, values, &a, &b);
    if (p < end) NAME(pair_gather)(1, p++, values, &a, &b);
    *(half *)first = a.lo + a.hi;
    *(half *)second = b.lo + b.hi;
  }
}

// d = D₀ and other = D₁ of the neuron, both halves alike. Per lane, as in scatter_as: y = (w·D₀ + h·D₁)·s, ξ = y·(1 −
// s), and ∂L/∂x += σ·ξ, where σ is taken from a = −σ·log₂e as −a·ln 2, so that one vector of fields is enough. The two
// halves of `pulled` are the two presynaptic columns of `target`; sums [2][4] get Σ D₀·s, Σ D₁·s, Σ ξ and Σ ξ·x over
// rows.
INLINE void NAME(pair_scatter)(const int alone, const int two, const gk_synapse *synapse, const float *values, vec d,
                               vec other, float *target, float *sums) {
  NAME(pair) p = NAME(pair_of)(alone, synapse);
  // As scatter_as of columns.h for both synapses at once; d and other are the neuron's, the same in both halves.
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
  // [S₀, S₁, x, x·v] of the first synapse in the lower half, of the second in the upper: half a tree, the rest below.
  // After both steps every group of four lanes holds [D₀·s, D₁·s, ξ, ξ·x] summed over its four rows; groups 0 and 1 are
  // the first synapse's eight rows, 2 and 3 the second's. What is left is one addition of two groups each.
  vec sum = NAME(sum4b)(NAME(sum4a)(d, two ? other : splat(0)), NAME(sum4a)(slope, slope * v));
  if (alone) {
    *(NAME(four) *)sums += sum.lo.lo + sum.lo.hi;
  } else {
    half low = __builtin_shufflevector(sum, sum, 0, 1, 2, 3, 8, 9, 10, 11);
    half high = __builtin_shufflevector(sum, sum, 4, 5, 6, 7, 12, 13, 14, 15);
    *(half *)sums += low + high;
  }
}

// first = D₀, second = D₁ (not read unless `two`), [N][8]; target and sums are added to.
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
//
// The adjoint of gk_pairs_gather: ∂L/∂x into `target`, and four sums a synapse, both added to.
void NAME(gk_pairs_scatter)(const gk_synapses *synapses, int two, int sensory, const float *values, const float *first,
                            const float *second, float *target, float *sums) {
  if (two) NAME(pairs_scatter_as)(1, synapses, sensory, values, first, second, target, sums);
  else NAME(pairs_scatter_as)(0, synapses, sensory, values, first, second, target, sums);
}

#undef half
#undef FIELD
