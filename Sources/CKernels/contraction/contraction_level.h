// Template: contractions of a tensor of doubles with factors. No include guard: once a level.
// SUFFIX names the instance, WIDE is the number of doubles in a vector, FUSED whether a·b + c rounds once.
//
// Letters: i, j, k index the three axes of extents I, J, K; r the R factors. x [I][J][K], z [I][J][R], a [I][R], b
// [J][R], c [R][K], all row-major without padding. Vectors lie along the last index of x and c, so that axis should be
// long; what is left of K behind the last whole vector is summed entry by entry. No pointer has to be aligned to more
// than a double. Twins: the plain loops of ContractionTests.againstLoops.

#define GLUE2(a, b) a##_##b
#define GLUE(a, b) GLUE2(a, b)
#define NAME(a) GLUE(a, SUFFIX)

typedef double NAME(doubles) __attribute__((ext_vector_type(WIDE), aligned(8), may_alias));
#define doubles NAME(doubles)
#define at(p) (*(const doubles *)(p))

// a·b + c, lane by lane; rounded once with FUSED, twice without.
INLINE doubles NAME(add_product)(doubles a, doubles b, doubles c) {
#if FUSED
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}
#define add_product NAME(add_product)

// Σ over the lanes, from lane 0 on.
INLINE double NAME(total)(doubles x) {
  double sum = 0;
  for (int l = 0; l < WIDE; l++) sum += x[l];
  return sum;
}

// A tile of ROWS × COLUMNS dot products, all sums in registers where a level has 32: each vector that is loaded serves
// ROWS or COLUMNS of them.
//
// y_ir = Σ_k x_ik·c_rk for ROWS neighbouring i and COLUMNS neighbouring r. x: rows of `depth` = K doubles; c: likewise,
// one a factor; y: rows of `rank` = R. Overwrites y.
//
// Lane λ of sums[i][r] collects the k that are λ modulo WIDE, up to the last whole vector; then the lanes are added,
// then the k that are left. That order is the same in every tile and the same for (x_i, c_r) as for (c_r, x_i): of a
// Gram matrix, c = x, both triangles come out alike to the bit.
#define TILE(ROWS, COLUMNS)                                                                                            \
  INLINE void NAME(tile_##ROWS##_##COLUMNS)(size_t depth, size_t rank, const double *x, const double *c, double *y) { \
    doubles sums[ROWS][COLUMNS];                                                                                       \
    for (int i = 0; i < ROWS; i++)                                                                                     \
      for (int r = 0; r < COLUMNS; r++) sums[i][r] = (doubles)0;                                                       \
    size_t k = 0;                                                                                                      \
    for (; k + WIDE <= depth; k += WIDE) {                                                                             \
      doubles values[ROWS];                                                                                            \
      for (int i = 0; i < ROWS; i++) values[i] = at(x + i * depth + k);                                                \
      for (int r = 0; r < COLUMNS; r++) {                                                                              \
        doubles factor = at(c + r * depth + k);                                                                        \
        for (int i = 0; i < ROWS; i++) sums[i][r] = add_product(values[i], factor, sums[i][r]);                        \
      }                                                                                                                \
    }                                                                                                                  \
    for (int i = 0; i < ROWS; i++)                                                                                     \
      for (int r = 0; r < COLUMNS; r++) {                                                                              \
        double sum = NAME(total)(sums[i][r]);                                                                          \
        for (size_t rest = k; rest < depth; rest++) sum += x[i * depth + rest] * c[r * depth + rest];                  \
        y[i * rank + r] = sum;                                                                                         \
      }                                                                                                                \
  }
TILE(4, 4)
TILE(4, 1)
TILE(1, 4)
TILE(1, 1)
#undef TILE

void NAME(gk_contract_last)(size_t rows, size_t depth, size_t rank, const double *x, const double *c, double *y) {
  // y_ir = Σ_k x_ik·c_rk. Tiles of four rows by four factors: eight loads serve sixteen products. A row or factor
  // left over goes through a narrower tile and is summed in the same order, so its value does not depend on where it
  // stands.
  // x: rows of K, c: rows of K, y: rows of R; a tile's corner is (i, r).
  size_t i = 0;
  for (; i + 4 <= rows; i += 4) {
    size_t r = 0;
    for (; r + 4 <= rank; r += 4) NAME(tile_4_4)(depth, rank, x + i * depth, c + r * depth, y + i * rank + r);
    for (; r < rank; r++) NAME(tile_4_1)(depth, rank, x + i * depth, c + r * depth, y + i * rank + r);
  }
  for (; i < rows; i++) {
    size_t r = 0;
    for (; r + 4 <= rank; r += 4) NAME(tile_1_4)(depth, rank, x + i * depth, c + r * depth, y + i * rank + r);
    for (; r < rank; r++) NAME(tile_1_1)(depth, rank, x + i * depth, c + r * depth, y + i * rank + r);
  }
}

// m[r] += Σ over ROWS rows of weight·x: the sums pass through memory once for all of them.
//
// m_rk += Σ_i (a_r·b_ir)·x_ik over ROWS rows i of x (these are j of the tensor, at a fixed first index). a: the R
// factors at that first index; b: [ROWS][R]; x: [ROWS][K]; m: [R][K], added to. The weights a_r·b_ir are made once for
// each factor and serve K products each. With one row at a time every sum would be loaded and stored once for each
// product; with eight it is once for eight.
#define ADD(ROWS)                                                                                                  \
  INLINE void NAME(add_##ROWS)(size_t depth, size_t rank, const double *x, const double *a, const double *b,       \
                               double *m) {                                                                        \
    for (size_t r = 0; r < rank; r++) {                                                                            \
      double weights[ROWS];                                                                                        \
      for (int i = 0; i < ROWS; i++) weights[i] = a[r] * b[i * rank + r];                                          \
      double *sums = m + r * depth;                                                                                \
      size_t k = 0;                                                                                                \
      for (; k + WIDE <= depth; k += WIDE) {                                                                       \
        doubles sum = at(sums + k);                                                                                \
        for (int i = 0; i < ROWS; i++) sum = add_product(at(x + i * depth + k), (doubles)weights[i], sum);         \
        *(doubles *)(sums + k) = sum;                                                                              \
      }                                                                                                            \
      for (; k < depth; k++)                                                                                       \
        for (int i = 0; i < ROWS; i++) sums[k] += x[i * depth + k] * weights[i];                                   \
    }                                                                                                              \
  }
ADD(8)
ADD(1)
#undef ADD

void NAME(gk_contract_pairs)(size_t first, size_t second, size_t depth, size_t rank, const double *x, const double *a,
                             const double *b, double *m) {
  // m_rk = Σ_ij (a_ir·b_jr)·x_ijk: the weights of eight rows of x are made first and their sum over k passes through
  // memory once. Sums run over j, then i, whatever the instance.
  for (size_t e = 0; e < rank * depth; e++) m[e] = 0;
  // Slab i of x is [J][K]. Eight of its rows at a time, then the rest alone; each entry of m is one chain of additions
  // in the order of j within i, whatever the grouping.
  for (size_t i = 0; i < first; i++) {
    const double *slab = x + i * second * depth, *weight = a + i * rank;
    size_t j = 0;
    for (; j + 8 <= second; j += 8) NAME(add_8)(depth, rank, slab + j * depth, weight, b + j * rank, m);
    for (; j < second; j++) NAME(add_1)(depth, rank, slab + j * depth, weight, b + j * rank, m);
  }
}

// E = Σ_ijk mask_ijk·(x_ijk − Σ_r a_ir·b_jr·c_rk)², x [I][J][K]. `mask` holds 0 or 1, so its square is itself and it
// may multiply the difference. mask_depth says how it lies: K for an entry each, 1 for one a pair (i, j) that holds for
// the whole row along k, 0 for none. What stands in x at a missing entry must be finite: it is multiplied by 0, not
// skipped, except where the whole row is missing.
double NAME(gk_residual)(size_t first, size_t second, size_t depth, size_t rank, const double *x, const double *mask,
                         size_t mask_depth, const double *a, const double *b, const double *c) {
  double sum = 0;
  for (size_t i = 0; i < first; i++) {
    // A sum a slab i and one of the slabs: shorter sums, smaller errors than one over I·J·K.
    double slab = 0;
    for (size_t j = 0; j < second; j++) {
      // Row (i, j): K entries of x, and of the mask mask_depth.
      const double *values = x + (i * second + j) * depth;
      const double *here = mask + (i * second + j) * mask_depth;
      // The whole row is missing. With mask_depth 0 `here` is not read.
      if (mask_depth == 1 && here[0] == 0) continue;
      // squares: lane λ collects the k that are λ modulo WIDE; rest: the k behind the last whole vector.
      doubles squares = (doubles)0;
      double rest = 0;
      size_t k = 0;
      for (; k + WIDE <= depth; k += WIDE) {
        // x − Σ_r (a·b)_r·c_r of WIDE neighbours along the last axis; a missing entry (mask 0) leaves no square.
        doubles left = at(values + k);
        for (size_t r = 0; r < rank; r++)
          left = add_product((doubles)(-a[i * rank + r] * b[j * rank + r]), at(c + r * depth + k), left);
        if (mask_depth > 1) left *= at(here + k);
        squares = add_product(left, left, squares);
      }
      // Entries behind the last whole vector, with a sum of their own.
      for (; k < depth; k++) {
        double left = values[k];
        for (size_t r = 0; r < rank; r++) left -= a[i * rank + r] * b[j * rank + r] * c[r * depth + k];
        if (mask_depth > 1) left *= here[k];
        rest += left * left;
      }
      slab += NAME(total)(squares) + rest;
    }
    sum += slab;
  }
  return sum;
}

// y[i] = Σ_j z[i][j]·b[j], entry by entry over the rank; and the same along the other axis.
//
// z [I][J][R] is what gk_contract_last made of x and c. Both reductions read it once, in the order of memory, and
// overwrite y: y [I][R] with y_ir = Σ_j z_ijr·b_jr, and y [J][R] with y_jr = Σ_i z_ijr·a_ir. They cost R·I·J products
// where the contraction cost K times as many.
void NAME(gk_reduce_second)(size_t first, size_t second, size_t rank, const double *z, const double *b, double *y) {
  for (size_t i = 0; i < first; i++) {
    // Both loops over r run along memory; y is small and stays in the cache.
    for (size_t r = 0; r < rank; r++) y[i * rank + r] = 0;
    for (size_t j = 0; j < second; j++)
      for (size_t r = 0; r < rank; r++) y[i * rank + r] += z[(i * second + j) * rank + r] * b[j * rank + r];
  }
}

// Along the first axis the sums of all j are open at once: y as a whole is cleared first and added to slab by slab, so
// that z is still read in the order of memory. Each sum runs over i in order.
void NAME(gk_reduce_first)(size_t first, size_t second, size_t rank, const double *z, const double *a, double *y) {
  // y [J][R] is gone through once a slab of z.
  for (size_t e = 0; e < second * rank; e++) y[e] = 0;
  for (size_t i = 0; i < first; i++)
    for (size_t j = 0; j < second; j++)
      for (size_t r = 0; r < rank; r++) y[j * rank + r] += z[(i * second + j) * rank + r] * a[i * rank + r];
}

#undef doubles
#undef at
#undef add_product
#undef NAME
#undef GLUE
#undef GLUE2
#undef SUFFIX
#undef WIDE
#undef FUSED
