#if !DEBUG
  import CKernels
  import Foundation
  import Testing

  /// What pruning pays, as a ratio of two measurements taken in alternation in one run.
  @Suite(.serialized) struct SparseRatioTests {
    /// Forward and backward of 8 rows in processor time of this thread, ms.
    private func time(_ problem: Problem, _ cell: gk_ltc) -> Double {
      func room(_ count: Int) -> UnsafeMutablePointer<Float> {
        let start = UnsafeMutableRawPointer.allocate(byteCount: count * 4, alignment: 64)
          .bindMemory(to: Float.self, capacity: count)
        start.initialize(repeating: 0, count: count)
        return start
      }
      func filled(_ values: [Float]) -> UnsafeMutablePointer<Float> {
        let start = room(values.count)
        start.update(from: values, count: values.count)
        return start
      }
      let (rows, steps) = (Int32(problem.rows), Int32(problem.steps))
      let (prepared, tape) = (room(gk_ltc_prepared_size(cell)), room(gk_ltc_tape_size(cell, rows, steps)))
      let scratch = room(gk_ltc_scratch_size(cell, rows))
      let (parameters, connections) = (filled(problem.parameters), filled(problem.connections))
      let (inputs, elapsed) = (filled(problem.drive), filled(problem.elapsed))
      let states = filled(problem.initial + [Float](repeating: 0, count: problem.stateGradient.count))
      let (stateGradient, inputGradient) = (filled(problem.stateGradient), room(problem.drive.count))
      let gradient = room(problem.parameters.count)
      defer {
        for buffer in [
          prepared, tape, scratch, parameters, connections, inputs, elapsed, states, stateGradient, inputGradient,
          gradient,
        ] { buffer.deallocate() }
      }
      var pass = gk_pass(
        rows: rows, steps: steps, parameters: parameters, connections: connections, prepared: prepared, inputs: inputs,
        elapsed: elapsed, states: states, tape: tape, scratch: scratch, keeps_tape: 1)
      var parts = gk_gradient(states: stateGradient, inputs: inputGradient, parameters: gradient)
      gk_ltc_prepare(cell, parameters, connections, prepared)
      var (begin, end) = (timespec(), timespec())
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &begin)
      gk_ltc_forward(cell, &pass)
      gk_ltc_backward(cell, &pass, &parts)
      clock_gettime(CLOCK_THREAD_CPUTIME_ID, &end)
      return Double(end.tv_sec - begin.tv_sec) * 1e3 + Double(end.tv_nsec - begin.tv_nsec) * 1e-6
    }

    /// 10 % of the synapses of 128 neurons left: at least four times as fast as all of them. Minima, because others may
    /// share the machine; more rounds only where the first did not show it.
    @Test(.enabled(if: gk_best_level() > Int32(GK_PORTABLE))) func pruningPays() {
      let full = Problem(neurons: 128, inputs: 8, rows: 8, steps: 16)
      let pruned = Problem(neurons: 128, inputs: 8, rows: 8, steps: 16, density: 0.1)
      let way = Way(level: gk_best_level(), walk: Int32(GK_AUTOMATIC))
      var best = (full: Double.infinity, pruned: Double.infinity)
      for _ in 0..<40 {
        best.full = min(best.full, time(full, full.cell(way)))
        best.pruned = min(best.pruned, time(pruned, pruned.cell(way)))
        if best.full.isFinite, best.full > 4.5 * best.pruned { break }
      }
      print("128 neurons: all synapses \(best.full) ms, 10 % \(best.pruned) ms, ratio \(best.full / best.pruned)")
      #expect(best.full >= 4 * best.pruned)
    }
  }
#endif
