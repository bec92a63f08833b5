#include "../internal.h"
#include "../levels/run.h"
#include "contraction.h"

// The compiled instances of contraction_level.h, and which runs at a level. In double precision: what is fitted are
// weights whose changes may be a millionth of their size.
//
// With x [I][J][K], a [I][R], b [J][R] and the last axis' factors c transposed, [R][K], the parts of a sweep are
//
//   z_ijr = Σ_k x_ijk·c_rk        gk_contract_last     z [I][J][R], of which both sums below are made
//   m_ir  = Σ_j z_ijr·b_jr        gk_reduce_second     for the update of a
//   m_jr  = Σ_i z_ijr·a_ir        gk_reduce_first      for the update of b, with the new a
//   m_rk  = Σ_ij a_ir·b_jr·x_ijk  gk_contract_pairs    for the update of c, with the new a and b
//
// An update is a least-squares problem row by row: of E = ½·Σ (x_ijk − Σ_r a_ir·b_jr·c_rk)² the derivative is ∂E/∂a_ir
// = Σ_s G_rs·a_is − m_ir with the Gram matrix G_rs = (Σ_j b_jr·b_js)·(Σ_k c_rk·c_sk), and zero at its minimum. These
// functions make the m; G and the solution are Swift's (AlternatingLeastSquares.swift, FactorUpdate). Where entries are
// missing a row has its own G, and the same contractions make it with the mask in the place of x and products of two
// columns in the place of the factors.

// Two, four and eight doubles in a vector. All levels sum in the same order up to the lanes that a sum over k is split
// over: their results differ by rounding.
#define SUFFIX portable
#define WIDE 2
#define FUSED HAS_FMA
#include "contraction_level.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define SUFFIX avx2
#define WIDE 4
#define FUSED 1
#include "contraction_level.h"
#pragma clang attribute pop

#pragma clang attribute push(AVX512_INSTRUCTIONS, apply_to = function)
#define SUFFIX avx512
#define WIDE 8
#define FUSED 1
#include "contraction_level.h"
#pragma clang attribute pop
#endif

// The functions that Swift calls; each overwrites its output, y or m, of the shape beside it.
//
// y [rows][R], rows = I·J or, for a Gram matrix, the rows of x themselves with c = x and R = rows.
void gk_contract_last(int level, size_t rows, size_t depth, size_t rank, const double *x, const double *c, double *y) {
  RUN(gk_contract_last, rows, depth, rank, x, c, y);
}
// m [R][K].
void gk_contract_pairs(int level, size_t first, size_t second, size_t depth, size_t rank, const double *x,
                       const double *a, const double *b, double *m) {
  RUN(gk_contract_pairs, first, second, depth, rank, x, a, b, m);
}
// y [I][R] of z [I][J][R] and b [J][R].
void gk_reduce_second(int level, size_t first, size_t second, size_t rank, const double *z, const double *b,
                      double *y) {
  RUN(gk_reduce_second, first, second, rank, z, b, y);
}
// y [J][R] of z [I][J][R] and a [I][R].
void gk_reduce_first(int level, size_t first, size_t second, size_t rank, const double *z, const double *a, double *y) {
  RUN(gk_reduce_first, first, second, rank, z, a, y);
}
// Σ mask·(x − Σ_r a·b·c)² entry by entry. AlternatingLeastSquares takes it where the short formula ‖x‖² − 2·Σ m·f + Σ
// fᵀGf has lost its digits; PreparedTensor takes it with R = 0 for ‖x‖².
double gk_residual(int level, size_t first, size_t second, size_t depth, size_t rank, const double *x,
                   const double *mask, size_t mask_depth, const double *a, const double *b, const double *c) {
  return RUN(gk_residual, first, second, depth, rank, x, mask, mask_depth, a, b, c);
}
