// Template: contractions of a tensor of doubles with factors. No include guard: once a level.
// SUFFIX names the instance, WIDE is the number of doubles in a vector, FUSED whether a·b + c rounds once.

#define GLUE2(a, b) a##_##b
#define GLUE(a, b) GLUE2(a, b)
#define NAME(a) GLUE(a, SUFFIX)

typedef double NAME(doubles) __attribute__((ext_vector_type(WIDE), aligned(8), may_alias));
#define doubles NAME(doubles)
#define at(p) (*(const doubles *)(p))

INLINE doubles NAME(add_product)(doubles a, doubles b, doubles c) {
#if FUSED
  return __builtin_elementwise_fma(a, b, c);
#else
  return a * b + c;
#endif
}
#define add_product NAME(add_product)

INLINE double NAME(total)(doubles x) {
  double sum = 0;
  for (int l = 0; l < WIDE; l++) sum += x[l];
  return sum;
}

// A tile of ROWS × COLUMNS dot products, all sums in registers: each vector that is loaded serves ROWS or COLUMNS of
// them.
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
  for (size_t e = 0; e < rank * depth; e++) m[e] = 0;
  for (size_t i = 0; i < first; i++) {
    const double *slab = x + i * second * depth, *weight = a + i * rank;
    size_t j = 0;
    for (; j + 8 <= second; j += 8) NAME(add_8)(depth, rank, slab + j * depth, weight, b + j * rank, m);
    for (; j < second; j++) NAME(add_1)(depth, rank, slab + j * depth, weight, b + j * rank, m);
  }
}

double NAME(gk_residual)(size_t first, size_t second, size_t depth, size_t rank, const double *x, const double *mask,
                         size_t mask_depth, const double *a, const double *b, const double *c) {
  double sum = 0;
  for (size_t i = 0; i < first; i++) {
    double slab = 0;
    for (size_t j = 0; j < second; j++) {
      const double *values = x + (i * second + j) * depth;
      const double *here = mask + (i * second + j) * mask_depth;
      if (mask_depth == 1 && here[0] == 0) continue;
      doubles squares = (doubles)0;
      double rest = 0;
      size_t k = 0;
      for (; k + WIDE <= depth; k += WIDE) {
        doubles left = at(values + k);
        for (size_t r = 0; r < rank; r++)
          left = add_product((doubles)(-a[i * rank + r] * b[j * rank + r]), at(c + r * depth + k), left);
        if (mask_depth > 1) left *= at(here + k);
        squares = add_product(left, left, squares);
      }
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
void NAME(gk_reduce_second)(size_t first, size_t second, size_t rank, const double *z, const double *b, double *y) {
  for (size_t i = 0; i < first; i++) {
    for (size_t r = 0; r < rank; r++) y[i * rank + r] = 0;
    for (size_t j = 0; j < second; j++)
      for (size_t r = 0; r < rank; r++) y[i * rank + r] += z[(i * second + j) * rank + r] * b[j * rank + r];
  }
}

void NAME(gk_reduce_first)(size_t first, size_t second, size_t rank, const double *z, const double *a, double *y) {
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
