#pragma once
#include <stdint.h>

#include "CKernels.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Functions of the templates: always inlined parts, and one entry point a level.
#define INLINE static inline __attribute__((always_inline, unused))

// A gate is 1/(1 + 2^(a·v + c)) = κ/(κ + 2^(a·v)) with a = −σ·log₂e, c = σ·μ·log₂e, κ = 2^−c. The fast path multiplies
// two denominators κ + 2^(a·v), so |a·v| and |c| stay below 60: 2^61·2^61 is still a float.
#define STEEPEST 60.0f
#define LOG2E 1.4426950408889634

// After how many steps sums of gradients join the total: a sum of 1536 terms (32 steps of 6 sub-steps of 8 rows) in
// one go has a relative error of 7e-7, in sums of four steps 3.6e-7, in sums of one 3.3e-7. More rows, shorter sums.
static inline size_t gathered_steps(size_t rows) { return rows < 16 ? 32 / rows : 1; }

// Numbers too small for a float's full precision count as zero while a kernel runs: gradients that fade over many steps
// come down to them, and on many processors each costs a hundred cycles. Returns what gk_restore takes.
static inline uint64_t gk_flush(void) {
#if defined(__x86_64__)
  uint32_t before = _mm_getcsr();
  _mm_setcsr(before | 0x8040);
  return before;
#elif defined(__aarch64__)
  uint64_t before;
  __asm__ volatile("mrs %0, fpcr" : "=r"(before));
  __asm__ volatile("msr fpcr, %0" : : "r"(before | 1u << 24));
  return before;
#else
  return 0;
#endif
}
static inline void gk_restore(uint64_t before) {
#if defined(__x86_64__)
  _mm_setcsr((uint32_t)before);
#elif defined(__aarch64__)
  __asm__ volatile("msr fpcr, %0" : : "r"(before));
#else
  (void)before;
#endif
}

// What gk_ltc_prepare learned, at the head of `prepared`.
typedef struct {
  int synapses[2];       // present: recurrent, sensory
  float steepness[2];    // max |a|
  float reach;           // no state leaves [−reach, reach] unless it starts outside
  int tame[2];           // all |c| ≤ STEEPEST, and for states to stay within reach: w, gleak, cm ≥ 0
  int pad[9];
} gk_head;

// The same of a circuit, which has no bound for its states: known in a pass only.
typedef struct {
  int synapses[2];
  float steepness[2];
  int tame[2];
  int pad[10];
} gk_circuit_head;

enum { HEAD = sizeof(gk_head) / sizeof(float), ALIGNMENT = 16 };

static inline float *aligned(const float *pointer) {
  return (float *)(((uintptr_t)pointer + 63) & ~(uintptr_t)63);
}
static inline size_t rounded(size_t count, size_t unit) { return (count + unit - 1) / unit * unit; }

// max |value|, by the bits, which order like magnitudes: a NaN counts as larger than infinity.
static inline float largest(const float *values, size_t count, float start) {
  uint32_t most;
  __builtin_memcpy(&most, &start, 4);
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    __builtin_memcpy(&bits, values + i, 4);
    bits &= 0x7FFFFFFF;
    most = bits > most ? bits : most;
  }
  __builtin_memcpy(&start, &most, 4);
  return start;
}

// Whether each kind of synapse may take the fast path in this pass: recurrent, sensory.
static inline void gk_fast(gk_ltc cell, const gk_head *head, const gk_pass *pass, int fast[2]) {
  size_t rows = (size_t)pass->rows, steps = (size_t)pass->steps;
  // No state leaves [−reach, reach]: v' is a convex combination of v and of reversal potentials. Only where it begins
  // outside does the first one count.
  float states = largest(pass->states, rows * (size_t)cell.neurons, head->reach);
  float inputs = largest(pass->inputs, steps * rows * (size_t)cell.inputs, 0);
  // Four below the limit: a convex combination, rounded thousands of times, may grow by a thousandth.
  // Where there may be a NaN, rows must not share divisions.
  fast[0] = head->tame[0] && inputs < __builtin_inff() && head->steepness[0] * states <= STEEPEST - 4;
  fast[1] = head->tame[1] && head->steepness[1] * inputs <= STEEPEST - 4;
}
