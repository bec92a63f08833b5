#pragma once
#include <stddef.h>

// Contractions of a three-way tensor with the factors of a sum of outer products, in double precision: what alternating
// least squares spends its time on. Nothing here allocates, blocks or fails.
//
// Letters: I, J, K extents of the first, second and last axis, R factors. Tensors x [I][J][K], row-major; a [I][R], b
// [J][R]; the last axis' factors c are kept transposed, [R][K], so that all inner loops run along memory. Any sizes,
// zero too. The last axis should be the longest: vectors lie along it.
//
// A sweep over all three factors reads x twice, not three times: z = x·c serves the updates of a and b (Phan, Tichavský
// & Cichocki 2013, DOI 10.1109/TSP.2013.2269903).

// y [rows][R] = x [rows][K] · cᵀ. Also the Gram matrix of rows, with c = x. 2·rows·K·R operations.
void gk_contract_last(int level, size_t rows, size_t depth, size_t rank, const double *_Nonnull x,
                      const double *_Nonnull c, double *_Nonnull y);

// m [R][K] = Σ_ij a_ir·b_jr·x_ijk. 2·I·J·K·R operations.
void gk_contract_pairs(int level, size_t first, size_t second, size_t depth, size_t rank, const double *_Nonnull x,
                       const double *_Nonnull a, const double *_Nonnull b, double *_Nonnull m);

// y [I][R] = Σ_j z_ijr·b_jr, and y [J][R] = Σ_i z_ijr·a_ir, z [I][J][R]. 2·I·J·R operations.
void gk_reduce_second(int level, size_t first, size_t second, size_t rank, const double *_Nonnull z,
                      const double *_Nonnull b, double *_Nonnull y);
void gk_reduce_first(int level, size_t first, size_t second, size_t rank, const double *_Nonnull z,
                     const double *_Nonnull a, double *_Nonnull y);

// Σ mask·(x_ijk − Σ_r a_ir·b_jr·c_rk)², mask 0 or 1: [I][J][K] with mask_depth K, [I][J] with mask_depth 1 where it is
// the same along the last axis; mask_depth 0 for none, and then `mask` may be anything.
double gk_residual(int level, size_t first, size_t second, size_t depth, size_t rank, const double *_Nonnull x,
                   const double *_Nonnull mask, size_t mask_depth, const double *_Nonnull a, const double *_Nonnull b,
                   const double *_Nonnull c);
