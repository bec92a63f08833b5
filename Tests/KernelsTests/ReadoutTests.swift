import CKernels
import Randomness
import Testing

/// The kernel of the dense readout against the formulas in Double.
///
/// A sum of k terms, whatever their order, is off by at most about k·2⁻²⁴ of the sum of their magnitudes, and by √k·2⁻²⁴ in
/// practice; 40 neurons or 40 samples leave that below 1e-6.
@Suite struct ReadoutTests {
  static let levels = (0..<Int32(GK_LEVELS)).filter { gk_level_available($0) == 1 }

  @Test(arguments: levels) func everySize(_ level: Int32) {
    var worst = 0.0
    for neurons in 1...40 {
      for outputs in [1, 2, 3, 5, 10] {
        let samples = 1 + (neurons * 7 + outputs) % 40
        // As of a cell with two states a neuron, of which the second is not read.
        let state = neurons % 3 == 0 ? 2 * neurons : neurons
        worst = max(worst, error(level, neurons: neurons, outputs: outputs, state: state, samples: samples))
      }
    }
    print("\(String(cString: gk_level_name(level))): worst error \(worst)")
    #expect(worst <= 1e-6)
  }

  /// The largest error, as a share of the magnitudes that were added, of outputs and of all gradients.
  private func error(_ level: Int32, neurons n: Int, outputs o: Int, state: Int, samples: Int) -> Double {
    var generator = SeededGenerator(seed: UInt64(n * 100 + o))
    func draw(_ count: Int) -> [Float] { (0..<count).map { _ in Float(generator.uniform(-1...1)) } }
    var (x, w, b, d) = (draw(samples * state), draw(n * o), draw(o), draw(samples * o))
    // What is not read may hold anything.
    for sample in 0..<samples { for i in n..<state { x[sample * state + i] = .nan } }
    let readout = gk_readout(level: level, neurons: Int32(n), outputs: Int32(o), state: Int32(state))
    var scratch = [Float](repeating: .nan, count: gk_readout_scratch_size(readout))
    var y = [Float](repeating: .nan, count: samples * o)
    gk_readout_forward(readout, samples, x, w, b, &y, &scratch)
    for i in scratch.indices { scratch[i] = .nan }
    var (dx, dw, db) = ([Float](repeating: 7, count: x.count), [Float](repeating: 2, count: w.count), b)
    gk_readout_backward(readout, samples, x, w, d, &dx, &dw, &db, &scratch)

    var worst = 0.0
    func compare(_ found: Float, _ terms: [Double]) {
      let size = terms.reduce(0) { $0 + abs($1) }
      worst = max(worst, abs(Double(found) - terms.reduce(0, +)) / size)
    }
    func product(_ a: Float, _ b: Float) -> Double { Double(a) * Double(b) }
    for p in 0..<samples {
      for k in 0..<o {
        compare(y[p * o + k], [Double(b[k])] + (0..<n).map { product(x[p * state + $0], w[$0 * o + k]) })
      }
      for j in 0..<n { compare(dx[p * state + j], (0..<o).map { product(d[p * o + $0], w[j * o + $0]) }) }
      #expect(dx[p * state + n..<(p + 1) * state].allSatisfy { $0 == 7 })
    }
    for k in 0..<o {
      for j in 0..<n {
        compare(dw[j * o + k], [2] + (0..<samples).map { product(d[$0 * o + k], x[$0 * state + j]) })
      }
      compare(db[k], [Double(b[k])] + (0..<samples).map { Double(d[$0 * o + k]) })
    }
    return worst
  }
}
