// Template: membranes, a vector of neurons at a time. No include guard: once a level.
//
//   capacity·ẋ = drive − total·x
//
//   conductance   C·ẋ = (g·e + S₁) − (g + S₀)·x                          own g, e, C
//   additive        ẋ = drive − x/τ,  drive = S₀ or tanh(S₀ + b)          own τ, b, where they are
//   saturated       ẋ = ε·tanh(S₁ + g)·e − ε·σ(S₀ + g)·x                  own g, e, b, k;  ε of S₂ + b
//
// `activate` overwrites sums by what costs something to compute and what backward needs; `flow_of` then makes the three
// numbers from them, forward and backward alike, without another transcendental function but those of an elastance.
// Scalar twins: evaluate and adjoint of ConductanceMembrane, AdditiveMembrane and SaturatedMembrane.

// Per neuron: the three numbers that a membrane is to a solver, or ∂L by each of them.
typedef struct {
  vec capacity, total, drive;
} NAME(flow);

typedef struct {
  // `own` of the packs is [4][stride]: rows g, e, C of the conductance membrane; τ and b, those that there are in this
  // order, of the additive one; g, e, b, k of the saturated one. Rows that are not there and lanes behind neuron N hold
  // 1, so that what is divided by them stays finite.
  const gk_circuit *cell;
  size_t stride;
  const float *own;  // the membrane's parameters at these neurons, `stride` floats apart
} NAME(membrane);

// ε and its derivatives by S₂ and by the half-width k.
//
// o = S₂ + b. Asymmetric: ε = σ(o), ε' = ε·(1 − ε). Symmetric: ε = σ(o + k) − σ(o − k), so by o the difference of the
// two slopes and by k their sum. by_width is 0 where there is no k. Twin: SaturatedMembrane.elasticity.
INLINE vec NAME(elasticity)(const NAME(membrane) *m, vec o, vec *by_sum, vec *by_width) {
  vec one = splat(1);
  if (m->cell->elastance == GK_ASYMMETRIC) {
    vec s = logistic(o);
    *by_sum = s * (one - s), *by_width = splat(0);
    return s;
  }
  vec k = load(m->own + 3 * m->stride), high = logistic(o + k), low = logistic(o - k);
  vec rise = high * (one - high), fall = low * (one - low);
  *by_sum = rise - fall, *by_width = rise + fall;
  return high - low;
}

// Turns sums into what the flow is made of, in place: (total, drive), (drive) or (σ(S₀ + g), tanh(S₁ + g), S₂ + b).
//
// s: blocks S₀ at s, S₁ at s + w, S₂ at s + 2w, of LANES neurons. Overwritten by
//
//   conductance   g + S₀ | g·e + S₁
//   additive      S₀, or tanh(S₀ + b)
//   saturated     σ(S₀ + g) | tanh(S₁ + g) | S₂ + b where there is an elastance
INLINE void NAME(activate)(const NAME(membrane) *m, float *s) {
  size_t w = m->stride;
  const float *own = m->own;
  switch (m->cell->membrane) {
    case GK_CONDUCTANCE_MEMBRANE:
      store(s, load(own) + load(s));
      store(s + w, fma(load(own), load(own + w), load(s + w)));
      break;
    case GK_ADDITIVE_MEMBRANE:
      if (m->cell->squashes) store(s, hyperbolic(load(s) + load(own + (m->cell->has_time_constant ? w : 0))));
      break;
    default:
      store(s, logistic(load(s) + load(own)));
      store(s + w, hyperbolic(load(s + w) + load(own)));
      if (m->cell->elastance != GK_RIGID) store(s + 2 * w, load(s + 2 * w) + load(own + 2 * w));
  }
}

// The flow of activated sums.
//
// capacity 1 and total 0 or 1 (does it leak) unless the membrane says otherwise. Cheap, so it is done again on the way
// back rather than kept: of the tape only the activated sums are needed. Twins: `evaluate` of the three membranes,
// which take sums and give the flow in one go.
INLINE NAME(flow) NAME(flow_of)(const NAME(membrane) *m, const float *s) {
  size_t w = m->stride;
  const float *own = m->own;
  NAME(flow) f = {splat(1), splat(m->cell->leaks ? 1 : 0), splat(0)};
  switch (m->cell->membrane) {
    case GK_CONDUCTANCE_MEMBRANE:
      f.capacity = load(own + 2 * w), f.total = load(s), f.drive = load(s + w);
      break;
    case GK_ADDITIVE_MEMBRANE:
      if (m->cell->has_time_constant) f.total = splat(1) / load(own);
      f.drive = load(s);
      break;
    default: {
      vec e = splat(1), by_sum, by_width;
      if (m->cell->elastance != GK_RIGID) e = NAME(elasticity)(m, load(s + 2 * w), &by_sum, &by_width);
      f.total = e * load(s), f.drive = e * load(s + w) * load(own + w);
    }
  }
  return f;
}

// From ∂L/∂flow: ∂L/∂sums in place of the activated sums, and what the membrane's own parameters get, added at `own`.
// With d = ∂L/∂(capacity, total, drive):
//
//   conductance   ∂S₀ = d.total, ∂S₁ = d.drive;  ∂g = d.total + e·d.drive, ∂e = g·d.drive, ∂C = d.capacity
//   additive      ∂S₀ = d.drive·(1 − drive²) where squashed, which is ∂b too;  ∂τ = −d.total/τ²
//   saturated     ∂S₀ = d.total·ε·f(1 − f), ∂S₁ = d.drive·ε·e·(1 − u²) with f = σ(·), u = tanh(·);
//                 ∂g is both together,
//                 ∂e = d.drive·ε·u;  ∂ε = d.total·f + d.drive·u·e goes on to S₂, b and k
INLINE void NAME(membrane_back)(const NAME(membrane) *m, float *s, NAME(flow) d, float *gradient) {
  size_t w = m->stride;
  const float *own = m->own;
  vec one = splat(1);
// gradient [4][stride], rows as in `own`: sums over rows and evaluations. In `s` the activated sums give way to ∂L/∂S.
#define ADD(offset, value) store(gradient + (offset) * w, load(gradient + (offset) * w) + (value))
  switch (m->cell->membrane) {
    case GK_CONDUCTANCE_MEMBRANE:
      // total = g + S₀, drive = g·e + S₁: g stands in both.
      store(s, d.total), store(s + w, d.drive);
      ADD(0, fma(d.drive, load(own + w), d.total));
      ADD(1, d.drive * load(own));
      ADD(2, d.capacity);
      break;
    case GK_ADDITIVE_MEMBRANE: {
      vec sum = d.drive, drive = load(s);
      if (m->cell->squashes) {
        sum *= fma(-drive, drive, one);
        // Row 0 is τ where there is one, then b.
        ADD((size_t)m->cell->has_time_constant, sum);
      }
      store(s, sum);
      // total = 1/τ.
      if (m->cell->has_time_constant) ADD(0, -d.total / (load(own) * load(own)));
      break;
    }
    default: {
      vec forget = load(s), update = load(s + w), e = one, by_sum, by_width, rest = load(own + w);
      if (m->cell->elastance != GK_RIGID) {
        // S₂ and b enter as their sum o, so both get ∂ε·∂ε/∂o; k gets ∂ε·∂ε/∂k.
        e = NAME(elasticity)(m, load(s + 2 * w), &by_sum, &by_width);
        vec de = fma(d.total, forget, d.drive * update * rest);
        store(s + 2 * w, de * by_sum);
        ADD(2, de * by_sum);
        if (m->cell->elastance == GK_SYMMETRIC) ADD(3, de * by_width);
      }
      // df = ∂L/∂S₀ and dz = ∂L/∂S₁: σ' = σ·(1 − σ), tanh' = 1 − tanh². g stands beside both sums.
      vec df = d.total * e * (forget * (one - forget)), dz = d.drive * e * rest * fma(-update, update, one);
      store(s, df), store(s + w, dz);
      ADD(0, df + dz);
      // drive = ε·tanh(S₁ + g)·e is linear in e.
      ADD(1, d.drive * e * update);
    }
  }
#undef ADD
}
