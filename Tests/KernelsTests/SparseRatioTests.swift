#if !DEBUG
  import CKernels
  import Foundation
  import Testing

  /// What pruning pays, as a ratio of two measurements taken in alternation in one run.
  @Suite(.serialized) struct SparseRatioTests {
    /// A cell's kernels, and storage for parts of one problem.
    private final class Bench {
      enum Cell { case ltc(gk_ltc), circuit(gk_circuit) }
      let cell: Cell
      private var pass: gk_pass
      private var gradient: gk_gradient
      private let stateGradient: [Float]
      private let buffers: [UnsafeMutablePointer<Float>]

      init(_ problem: Problem, _ cell: Cell) {
        self.cell = cell
        stateGradient = problem.stateGradient
        let (rows, steps) = (Int32(problem.rows), Int32(problem.steps))
        func filled(_ values: [Float]) -> UnsafeMutablePointer<Float> {
          let start = UnsafeMutableRawPointer.allocate(byteCount: values.count * 4, alignment: 64)
            .bindMemory(to: Float.self, capacity: values.count)
          start.initialize(from: values, count: values.count)
          return start
        }
        func room(_ count: Int) -> UnsafeMutablePointer<Float> { filled([Float](repeating: 0, count: count)) }
        let sizes =
          switch cell {
          case .ltc(let cell):
            [gk_ltc_prepared_size(cell), gk_ltc_tape_size(cell, rows, steps), gk_ltc_scratch_size(cell, rows)]
          case .circuit(var cell):
            [
              gk_circuit_prepared_size(&cell), gk_circuit_tape_size(&cell, rows, steps),
              gk_circuit_scratch_size(&cell, rows),
            ]
          }
        let states = problem.initial + [Float](repeating: 0, count: problem.stateGradient.count)
        let more = [
          problem.parameters, problem.connections, problem.drive, problem.elapsed, states, problem.stateGradient,
        ]
        buffers =
          sizes.map(room) + more.map(filled) + [room(problem.drive.count), room(problem.parameters.count)]
        pass = gk_pass(
          rows: rows, steps: steps, parameters: buffers[3], connections: buffers[4], prepared: buffers[0],
          inputs: buffers[5], elapsed: buffers[6], states: buffers[7], tape: buffers[1], scratch: buffers[2],
          keeps_tape: 1)
        gradient = gk_gradient(states: buffers[8], inputs: buffers[9], parameters: buffers[10])
        switch cell {
        case .ltc(let cell): gk_ltc_prepare(cell, pass.parameters, pass.connections, buffers[0])
        case .circuit(var cell): gk_circuit_prepare(&cell, pass.parameters, pass.connections, nil, buffers[0])
        }
      }

      deinit { for buffer in buffers { buffer.deallocate() } }

      /// Forward and backward in processor time of this thread, ms.
      func time() -> Double {
        gradient.states.update(from: stateGradient, count: stateGradient.count)
        var (begin, end) = (timespec(), timespec())
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin)
        switch cell {
        case .ltc(let cell):
          gk_ltc_forward(cell, &pass)
          gk_ltc_backward(cell, &pass, &gradient)
        case .circuit(var cell):
          gk_circuit_forward(&cell, &pass)
          gk_circuit_backward(&cell, &pass, &gradient)
        }
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
        return Double(end.tv_sec - begin.tv_sec) * 1e3 + Double(end.tv_nsec - begin.tv_nsec) * 1e-6
      }
    }

    /// 10 % of the synapses of 128 neurons left: at least four times as fast as all of them. Minima of twenty rounds,
    /// because others may share the machine; more of them only where the first did not show it, for its speed changes too.
    @Test(.enabled(if: gk_best_level() > Int32(GK_PORTABLE)), arguments: ["ltc", "circuit"])
    func pruningPays(_ kind: String) {
      var full = Problem(neurons: 128, inputs: 8, rows: 8, steps: 16)
      var pruned = Problem(neurons: 128, inputs: 8, rows: 8, steps: 16, density: 0.1)
      if kind == "circuit" {
        // Additive neurons have no bound: weights of either sign, and small.
        for at in 0..<full.quantity {
          full.parameters[at] *= 0.1 * full.parameters[3 * full.quantity + at]
          pruned.parameters[at] *= 0.1 * pruned.parameters[3 * full.quantity + at]
        }
      }
      let way = Way(level: gk_best_level(), walk: Int32(GK_AUTOMATIC))
      func bench(_ problem: Problem) -> Bench {
        Bench(problem, kind == "ltc" ? .ltc(problem.cell(way)) : .circuit(problem.circuit(way)))
      }
      let benches = (full: bench(full), pruned: bench(pruned))
      var best = (full: 0.0, pruned: Double.infinity)
      for _ in 0..<10 where best.full < 4 * best.pruned {
        var least = (full: Double.infinity, pruned: Double.infinity)
        for _ in 0..<20 {
          least.full = min(least.full, benches.full.time())
          least.pruned = min(least.pruned, benches.pruned.time())
        }
        if least.full / least.pruned > best.full / best.pruned { best = least }
      }
      print(
        "\(kind), 128 neurons: all synapses \(best.full) ms, 10 % \(best.pruned) ms, ratio \(best.full / best.pruned)")
      #expect(best.full >= 4 * best.pruned)
    }
  }
#endif
