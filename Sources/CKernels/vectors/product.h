// Template: the product of matrices, whatever is summed over. No include guard: once a level.
//
//   C[r][·] = start[r][·] + Σ_q Σ_k A[r·a_row + q·a_outer + k·a_step]·B[q·inner + k][·]
//
// Letters: r a row of C (R of a batch, or N + M of weights), q the outer index (blocks of sums), k the inner one. Three
// uses: sums S = x·W (q one block), values' gradients ∂x = Σ_q ∂S_q·W_qᵀ over transposed copies, and weights' gradients
// ∂W = Σ over rows and steps of x·∂S, where A is read down its columns (a_step a row's pitch).
//
// A tile of TILE_HEIGHT rows by two vectors keeps its sums in registers: of each vector of B TILE_HEIGHT products are
// made, so that loads are no limit. Scalar twins: `addProduct` and `addAdjoint` of MatrixProducts.swift.
//
// The lanes are columns of B and C, a whole number of vectors; entries of A are spread over a vector. So A may be a
// matrix or its transpose, and sums run over contiguous memory of B only. Every sum is formed in the order of its
// terms, whatever the other rows are: one row alone gives the same bits.
//
// Which ∂ is formed from what, for S = start + x·W:  ∂L/∂x_j = Σ_i ∂L/∂S_i·W_ji, a product with the transpose, and
// ∂L/∂W_ji = Σ over rows and steps of x_j·∂L/∂S_i, a product whose sum runs over slices of the batch. `start` = C adds
// to what is there, which is how gradients of several steps are gathered.

typedef struct {
  // B is [q][k][·] without a gap: row q·inner + k. Row distances are in floats; those of B, C and `start` leave
  // `columns`, a multiple of LANES, room in every row.
  const float *a, *b, *start;  // start may be null: zero; it may be c
  float *c;
  size_t a_row, a_step, a_outer, b_row, start_row, c_row;
  size_t rows, columns, inner, outer;
} NAME(factors);

// `height` rows by `width` vectors, whose sums stay in registers.
INLINE void NAME(tile)(const int height, const int width, const NAME(factors) *p, size_t row, size_t column) {
  // height·width vectors of sums, all in registers: TILE_HEIGHT is chosen with the number of registers of a level.
  vec sum[TILE_HEIGHT * 2];
#pragma clang loop unroll(full)
  for (int r = 0; r < height; r++) {
#pragma clang loop unroll(full)
    for (int w = 0; w < width; w++) {
      // The first term of the sum: what C is to begin with, or zero.
      size_t from = (row + (size_t)r) * p->start_row + column + (size_t)w * LANES;
      sum[r * width + w] = p->start ? load(p->start + from) : splat(0);
    }
  }
  // b runs down all outer·inner rows of B in this strip of columns; a walks along with it and starts anew for each q.
  const float *b = p->b + column;
  for (size_t q = 0; q < p->outer; q++) {
    const float *a = p->a + row * p->a_row + q * p->a_outer;
    for (size_t k = 0; k < p->inner; k++, a += p->a_step, b += p->b_row) {
      vec y[4];
#pragma clang loop unroll(full)
      for (int w = 0; w < width; w++) y[w] = load(b + w * LANES);
#pragma clang loop unroll(full)
      for (int r = 0; r < height; r++) {
        // One entry of A against `width` vectors of B, whose loads serve `height` rows.
        vec x = splat(a[(size_t)r * p->a_row]);
#pragma clang loop unroll(full)
        for (int w = 0; w < width; w++) sum[r * width + w] = fma(x, y[w], sum[r * width + w]);
      }
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < height; r++) {
#pragma clang loop unroll(full)
    for (int w = 0; w < width; w++) {
      store(p->c + (row + (size_t)r) * p->c_row + column + (size_t)w * LANES, sum[r * width + w]);
    }
  }
}

// All rows of C for `width` vectors of columns. The strip of B, outer·inner rows of `width` vectors, is read again for
// each group of rows, while it is still in a cache; heights below TILE_HEIGHT take what rows are left. A height changes
// no bits: the sum of an entry is one chain of terms in the order (q, k) in any tile.
INLINE void NAME(strip)(const int width, const NAME(factors) *p, size_t column) {
  size_t row = 0;
  for (; row + TILE_HEIGHT <= p->rows; row += TILE_HEIGHT) NAME(tile)(TILE_HEIGHT, width, p, row, column);
#if TILE_HEIGHT > 4
  for (; row + 4 <= p->rows; row += 4) NAME(tile)(4, width, p, row, column);
#endif
  for (; row + 2 <= p->rows; row += 2) NAME(tile)(2, width, p, row, column);
  if (row < p->rows) NAME(tile)(1, width, p, row, column);
}

// C is written whole, rows × columns; padding behind a matrix's last column is computed with it, from the padding of B.
static __attribute__((noinline)) void NAME(product)(const NAME(factors) *p) {
  size_t column = 0;
  // A single row has no others to share loads of B with; four vectors of it at a time hide the latency of an
  // addition.
  if (p->rows == 1) {
    for (; column + 4 * LANES <= p->columns; column += 4 * LANES) NAME(tile)(1, 4, p, 0, column);
  }
  for (; column + 2 * LANES <= p->columns; column += 2 * LANES) NAME(strip)(2, p, column);
  // An odd number of vectors leaves one.
  if (column < p->columns) NAME(strip)(1, p, column);
}

// Floats between rows of matrices: a whole number of vectors, but no multiple of a kilobyte, whose rows would all fall
// into the same few lines of the first-level cache.
// 256 floats are a kilobyte; 16 floats, one line of the cache, move the rows apart.
INLINE size_t NAME(pitch)(size_t columns) { return columns % 256 == 0 ? columns + 16 : columns; }

// to[i][j] = from[j][i], rows of 16 at a time, so that every line of memory is written once.
// `from` is [rows][from_row] with `columns` in use, `to` [columns][to_row] with `rows` in use; what lies behind them in
// `to` is left as it is.
INLINE void NAME(transpose)(const float *from, size_t from_row, size_t rows, size_t columns, float *to, size_t to_row) {
  for (size_t first = 0; first < rows; first += 16) {
    size_t last = first + 16 < rows ? first + 16 : rows;
    for (size_t i = 0; i < columns; i++) {
      for (size_t j = first; j < last; j++) to[i * to_row + j] = from[j * from_row + i];
    }
  }
}
