import Randomness

/// Which entries of a recording are fitted and which only tested: blocks of time × trial × neuron are dropped, and of each
/// only the inner part is tested, so that no tested entry has a fitted one as its neighbour in time and trial, from which
/// it could be guessed.
///
/// Block centres are drawn where the whole block fits, as far as the recording is long enough, until no more than
/// `kept` of the entries are left for fitting. Half-widths are 5 steps, 5 trials, 1 neuron dropped; 2, 2, 1 tested, those
/// of Pellegrino, Cayco-Gajic & Chadwick (2023, arXiv 2308.11567); their random
/// numbers are not known here. The seed ``published`` was searched for: with it 21 × 250 × 200 entries give the shares
/// that they report, 0.4347 and 0.1705, which differ by about 0.005 from seed to seed.
package struct HeldOutBlocks: Sendable, Equatable {
  /// Trials × neurons × time, as the recording.
  package let fitted: [Bool]
  package let tested: [Bool]

  package static let dropped = (time: 5, trial: 5, neuron: 1)
  package static let inner = (time: 2, trial: 2, neuron: 1)
  /// See above.
  package static let published: UInt64 = 122

  package var fittedShare: Double { Double(fitted.count { $0 }) / Double(max(fitted.count, 1)) }
  package var testedShare: Double { Double(tested.count { $0 }) / Double(max(tested.count, 1)) }

  /// All extents ≥ 1. With `kept` ≥ 1 nothing is held out.
  package init(trials: Int, neurons: Int, steps: Int, kept: Double = 0.4347, seed: UInt64 = published) {
    var random = SeededGenerator(seed: seed)
    var fitted = [Bool](repeating: true, count: trials * neurons * steps)
    var tested = [Bool](repeating: false, count: fitted.count)
    func centre(_ extent: Int, _ half: Int, _ random: inout SeededGenerator) -> Int {
      extent > 2 * half ? half + random.index(below: extent - 2 * half) : random.index(below: extent)
    }
    func near(_ at: Int, _ half: Int, _ extent: Int) -> ClosedRange<Int> {
      max(at - half, 0)...min(at + half, extent - 1)
    }
    var left = fitted.count
    let most = Int(kept * Double(left))
    while left > most {
      let t = centre(steps, Self.dropped.time, &random)
      let k = centre(trials, Self.dropped.trial, &random)
      let o = centre(neurons, Self.dropped.neuron, &random)
      for trial in near(k, Self.dropped.trial, trials) {
        for neuron in near(o, Self.dropped.neuron, neurons) {
          for step in near(t, Self.dropped.time, steps) {
            let entry = (trial * neurons + neuron) * steps + step
            if fitted[entry] { left -= 1 }
            fitted[entry] = false
          }
        }
      }
      for trial in near(k, Self.inner.trial, trials) {
        for neuron in near(o, Self.inner.neuron, neurons) {
          for step in near(t, Self.inner.time, steps) { tested[(trial * neurons + neuron) * steps + step] = true }
        }
      }
    }
    (self.fitted, self.tested) = (fitted, tested)
  }
}
