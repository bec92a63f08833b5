#!/usr/bin/env bash
# The kernels under the address and undefined-behaviour sanitizers: every public kernel, at every level this processor runs,
# forward and backward, at odd sizes, in buffers that end where the header says, and without those that may be absent.
# Says one line where all is well. Wants a clang with its sanitizers; CLANG names another one. About half a minute.
set -euo pipefail
cd "$(dirname "$0")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "${CLANG:-}" ]; then
  # Beside the Swift compiler that builds the package, if there is one.
  CLANG="$(dirname "$(readlink -f "$(command -v swift || command -v clang)")")/clang"
  [ -x "$CLANG" ] || CLANG=clang
fi
cat > "$work/driver.c" <<'DRIVER'
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "CKernels.h"
#include "contraction.h"

static uint32_t state = 1;
static float uniform(float low, float high) {
  state = state * 1664525u + 1013904223u;
  return low + (high - low) * (float)(state >> 8) / (float)(1u << 24);
}
// Exactly `count` floats, a few bytes off any vector's alignment, so that a red zone follows the last one.
typedef struct {
  void *block;
  float *start;
} buffer;
static buffer room(size_t count) {
  buffer b = {malloc(4 + (count ? count : 1) * sizeof(float)), 0};
  b.start = (float *)((char *)b.block + 4);
  for (size_t i = 0; i < count; i++) b.start[i] = 0;
  return b;
}
static buffer filled(size_t count, float low, float high) {
  buffer b = room(count);
  for (size_t i = 0; i < count; i++) b.start[i] = uniform(low, high);
  return b;
}

static int passes = 0;
enum { PREPARED, PARAMETERS, CONNECTIONS, INPUTS, ELAPSED, STATES, TAPE, SCRATCH, D_STATES, D_INPUTS, D_PARAMETERS, ALL };
typedef struct {
  buffer all[ALL];
  gk_pass pass;
  gk_gradient gradient;
} problem;

// S is `wide`·N. Without a tape the buffer for it is a single entry, without inputs theirs are.
static problem make(int n, int m, int wide, int rows, int steps, size_t parameters, float density, size_t prepared,
                    size_t tape, size_t scratch, int keeps) {
  problem p;
  size_t samples = (size_t)rows * (size_t)steps, states = (samples + (size_t)rows) * (size_t)(wide * n);
  p.all[PREPARED] = room(prepared), p.all[PARAMETERS] = filled(parameters, 0.2f, 1);
  p.all[CONNECTIONS] = room((size_t)((n + m) * n));
  for (int i = 0; i < (n + m) * n; i++) p.all[CONNECTIONS].start[i] = uniform(0, 1) < density;
  p.all[INPUTS] = filled(samples * (size_t)m, -1, 1), p.all[ELAPSED] = filled(samples, 0.5f, 1.5f);
  p.all[STATES] = filled(states, -0.5f, 0.5f), p.all[TAPE] = room(keeps ? tape : 1), p.all[SCRATCH] = room(scratch);
  p.all[D_STATES] = filled(states, -1, 1), p.all[D_INPUTS] = room(samples * (size_t)m);
  p.all[D_PARAMETERS] = room(parameters);
  p.pass = (gk_pass){.rows = rows, .steps = steps, .parameters = p.all[PARAMETERS].start,
                     .connections = p.all[CONNECTIONS].start, .prepared = p.all[PREPARED].start,
                     .inputs = p.all[INPUTS].start, .elapsed = p.all[ELAPSED].start, .states = p.all[STATES].start,
                     .tape = p.all[TAPE].start, .scratch = p.all[SCRATCH].start, .keeps_tape = keeps};
  p.gradient = (gk_gradient){.states = p.all[D_STATES].start, .inputs = p.all[D_INPUTS].start,
                             .parameters = p.all[D_PARAMETERS].start};
  return p;
}
static void done(problem *p) {
  for (int i = 0; i < ALL; i++) free(p->all[i].block);
  passes++;
}

static void ltc(int level, int walk, int n, int m, int rows, int steps, int keeps, float steep) {
  gk_ltc cell = {level, walk, n, m, 1 + n % 3};
  size_t all = (size_t)((n + m) * n);
  problem p = make(n, m, 1, rows, steps, 4 * all + 3 * (size_t)n, 0.6f, gk_ltc_prepared_size(cell),
                   gk_ltc_tape_size(cell, rows, steps), gk_ltc_scratch_size(cell, rows), keeps);
  // Gates so steep that the careful path is taken.
  for (size_t i = 0; i < all; i++) p.all[PARAMETERS].start[2 * all + i] *= steep;
  gk_ltc_prepare(cell, p.pass.parameters, p.pass.connections, p.all[PREPARED].start);
  (void)gk_ltc_uses_list(cell, p.pass.prepared, rows);
  gk_ltc_forward(cell, &p.pass);
  if (keeps) gk_ltc_backward(cell, &p.pass, &p.gradient);
  done(&p);
}

static void circuit(gk_circuit cell, int rows, int steps, int keeps, float steep) {
  int n = cell.neurons, m = cell.inputs, pairs[] = {0, n - 1, 0, n / 2};
  cell.junctions = cell.membrane == GK_CONDUCTANCE_MEMBRANE && n > 3 ? (n % 2 ? 2 : 0) : 0;
  size_t all = (size_t)((n + m) * n), sources = (size_t)(n + m);
  size_t gates = cell.activation == GK_SYNAPTIC ? all : cell.activation == GK_NEURAL ? sources : 0;
  size_t own = cell.membrane == GK_CONDUCTANCE_MEMBRANE ? 3
               : cell.membrane == GK_ADDITIVE_MEMBRANE  ? (size_t)(cell.has_time_constant + cell.squashes)
                                                        : 2 + (size_t)(cell.elastance != GK_RIGID) +
                                                             (size_t)(cell.elastance == GK_SYMMETRIC);
  size_t parameters = all + 2 * gates + (cell.strength != GK_WEIGHT ? all : 0) +
                      (cell.elastance != GK_RIGID ? all : 0) + own * (size_t)n + (size_t)cell.junctions;
  problem p = make(n, m, 1, rows, steps, parameters, 0.6f, gk_circuit_prepared_size(&cell),
                   gk_circuit_tape_size(&cell, rows, steps), gk_circuit_scratch_size(&cell, rows), keeps);
  for (size_t i = 0; i < gates; i++) p.all[PARAMETERS].start[all + gates + i] *= steep;
  gk_circuit_prepare(&cell, p.pass.parameters, p.pass.connections, cell.junctions ? pairs : 0, p.all[PREPARED].start);
  (void)gk_circuit_uses_list(&cell, p.pass.prepared, rows);
  gk_circuit_forward(&cell, &p.pass);
  if (keeps) gk_circuit_backward(&cell, &p.pass, &p.gradient);
  done(&p);
}

static void circuits(int level, int walk, int n, int m, int rows, int steps, int keeps, float steep) {
  for (int activation = GK_LINEAR; activation <= GK_SYNAPTIC; activation++) {
    for (int kind = 0; kind < 6; kind++) {
      gk_circuit cell = {.level = level, .walk = walk, .neurons = n, .inputs = m, .unfolds = 1 + n % 2,
                         .activation = activation, .strength = GK_WEIGHT, .stages = 1};
      cell.solver = kind % 3, cell.stages = cell.solver == GK_RUNGE_KUTTA ? 1 + n % GK_STAGES : 1;
      for (int s = 0; s < cell.stages; s++) {
        cell.b[s] = 1.0f / (float)cell.stages;
        if (s) cell.a[s][s - 1] = 0.5f;
      }
      if (kind < 2 || activation == GK_LINEAR) {
        cell.membrane = GK_ADDITIVE_MEMBRANE, cell.leaks = kind != 2, cell.has_time_constant = kind % 2;
        cell.squashes = kind % 2 == 0;
      } else if (kind < 4) {
        cell.membrane = GK_CONDUCTANCE_MEMBRANE, cell.strength = GK_CONDUCTANCE;
      } else {
        cell.membrane = GK_SATURATED_MEMBRANE, cell.strength = GK_PAIR, cell.elastance = n % 3;
      }
      circuit(cell, rows, steps, keeps, steep);
    }
  }
}

static void products(int level, int n, int m, int rows, int steps, int keeps) {
  for (int form = 0; form < GK_PRODUCT_FORMS; form++) {
    gk_products cell = {level, form, n, m};
    size_t gates = form == GK_CFC || form == GK_CFC_NO_GATE || form == GK_LSTM ? 4 : form == GK_GRU ? 3 : 1;
    size_t synapses = (size_t)(form == GK_RELU ? m : n + m) * (size_t)n, own = form == GK_CFC_PURE ? 2 : 0;
    problem p = make(n, m, form == GK_LSTM ? 2 : 1, rows, steps, gates * synapses + (gates + own) * (size_t)n, 0.7f,
                     gk_products_prepared_size(cell), gk_products_tape_size(cell, rows, steps),
                     gk_products_scratch_size(cell, rows), keeps);
    gk_products_prepare(cell, p.pass.parameters, p.pass.connections, p.all[PREPARED].start);
    gk_products_forward(cell, &p.pass);
    if (keeps) gk_products_backward(cell, &p.pass, &p.gradient);
    done(&p);
    if (form == GK_GRU || form == GK_RELU) continue;
    int units = 1 + 2 * n % 13, layers = 1 + n % 2;
    gk_backbone backbone = {level, form, n, m, units, layers, n % (GK_GELU_UNIT + 1)};
    size_t b = (size_t)units, dense = (size_t)(n + m + 1) * b + (size_t)(layers - 1) * (b + 1) * b;
    p = make(n, m, form == GK_LSTM ? 2 : 1, rows, steps, dense + gates * b * (size_t)n + (gates + own) * (size_t)n, 1,
             gk_backbone_prepared_size(backbone), gk_backbone_tape_size(backbone, rows, steps),
             gk_backbone_scratch_size(backbone, rows), keeps);
    gk_backbone_prepare(backbone, p.pass.parameters, p.all[PREPARED].start);
    gk_backbone_forward(backbone, &p.pass);
    if (keeps) gk_backbone_backward(backbone, &p.pass, &p.gradient);
    done(&p);
  }
}

static void readout(int level, int n, int outputs, size_t slices) {
  gk_readout r = {level, n, outputs, n % 2 ? 2 * n : n};
  size_t o = (size_t)outputs, states = slices * (size_t)r.state, weights = (size_t)n * o;
  // The last slice ends with the state: nothing behind it may be read.
  buffer x = filled(states, -1, 1), w = filled(weights, -1, 1), b = filled(o, -1, 1), y = room(slices * o);
  buffer dx = room(states), dw = room(weights), db = room(o), scratch = room(gk_readout_scratch_size(r));
  gk_readout_forward(r, slices, x.start, w.start, b.start, y.start, scratch.start);
  gk_readout_backward(r, slices, x.start, w.start, y.start, dx.start, dw.start, db.start, scratch.start);
  gk_labels loss = {level, (int)slices, outputs, (float)slices};
  buffer z = room(slices * o), share = filled(slices, 0, 1), own = filled(o, 1, 2), dy = room(slices * o);
  for (size_t i = 0; i < slices * o; i++) z.start[i] = uniform(0, 1) < 0.4f;
  gk_label_loss(loss, y.start, z.start, share.start, own.start, dy.start);
  gk_label_loss(loss, y.start, z.start, share.start, own.start, 0);
  buffer each[] = {x, w, b, y, dx, dw, db, scratch, z, share, own, dy};
  for (size_t i = 0; i < sizeof each / sizeof *each; i++) free(each[i].block);
  passes++;
}

static void update(int level, size_t count) {
  buffer g = filled(count, -1, 1), sum = room(count), p = filled(count, -1, 1), m = room(count), v = room(count);
  unsigned char *moves = malloc(count ? count : 1);
  for (size_t i = 0; i < count; i++) moves[i] = i % 3 != 0;
  gk_adam_step step = {0.9f, 0.999f, 0.001f, 0.03f, 1e-8f};
  for (int first = 1; first >= 0; first--) gk_merge(level, count, g.start, moves, sum.start, first);
  gk_adam(level, &step, count, sum.start, moves, p.start, m.start, v.start);
  buffer each[] = {g, sum, p, m, v};
  for (size_t i = 0; i < sizeof each / sizeof *each; i++) free(each[i].block);
  free(moves);
  passes++;
}

static double *doubles(size_t count) {
  double *x = malloc((count ? count : 1) * sizeof(double));
  for (size_t i = 0; i < count; i++) x[i] = uniform(-1, 1);
  return x;
}
static void contraction(int level, size_t i, size_t j, size_t k, size_t rank) {
  double *x = doubles(i * j * k), *a = doubles(i * rank), *b = doubles(j * rank), *c = doubles(rank * k);
  double *z = doubles(i * j * rank), *m = doubles(rank * k), *y = doubles((i > j ? i : j) * rank);
  double *mask = doubles(i * j * (k ? k : 1)), none = 0;
  for (size_t q = 0; q < i * j * (k ? k : 1); q++) mask[q] = q % 2;
  gk_contract_last(level, i * j, k, rank, x, c, z);
  gk_contract_pairs(level, i, j, k, rank, x, a, b, m);
  gk_reduce_second(level, i, j, rank, z, b, y);
  gk_reduce_first(level, i, j, rank, z, a, y);
  gk_residual(level, i, j, k, rank, x, mask, k, a, b, c);
  gk_residual(level, i, j, k, rank, x, mask, 1, a, b, c);
  gk_residual(level, i, j, k, rank, x, &none, 0, a, b, c);
  free(x), free(a), free(b), free(c), free(z), free(m), free(y), free(mask);
  passes++;
}

int main(void) {
  const int neurons[] = {1, 2, 3, 5, 8, 9, 17, 33}, inputs[] = {0, 1, 3, 17}, rows[] = {1, 2, 3, 5, 8, 9, 17};
  int levels = 0, turn = 0;
  for (int level = 0; level < GK_LEVELS; level++) {
    if (!gk_level_available(level)) continue;
    levels++;
    for (size_t i = 0; i < sizeof neurons / sizeof *neurons; i++) {
      for (size_t r = 0; r < sizeof rows / sizeof *rows; r++, turn++) {
        int n = neurons[i], m = inputs[(i + r) % 4], steps = turn % 4, keeps = turn % 3 != 0;
        float steep = turn % 5 ? 6 : 400;
        for (int walk = GK_AUTOMATIC; walk <= GK_LISTED; walk++) {
          ltc(level, walk, n, m, rows[r], steps, keeps, steep);
          circuits(level, walk, n, m, rows[r], steps, keeps, steep);
        }
        products(level, n, m, rows[r], steps, keeps);
        readout(level, n, 1 + (int)r, (size_t)(rows[r] * steps));
        update(level, (size_t)(n * (m + 1)));
        contraction(level, (size_t)n, 1 + r, (size_t)m, 1 + i % 3);
      }
    }
  }
  printf("kernels: %d passes at %d levels, no report of the address and undefined-behaviour sanitizers\n", passes, levels);
  return 0;
}
DRIVER
flags=(-g -O1 -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all -I Sources/CKernels/include)
builds=()
for source in "$work/driver.c" Sources/CKernels/*/*.c; do
  "$CLANG" "${flags[@]}" -c "$source" -o "$work/$(basename "$source" .c).o" &
  builds+=($!)
done
for build in "${builds[@]}"; do wait "$build"; done
# Some linkers warn of hundreds of symbols of the sanitizer's own.
"$CLANG" "${flags[@]}" "$work"/*.o -o "$work/driver" -lm 2> "$work/linking" || { cat "$work/linking" >&2; exit 1; }
"$work/driver"
