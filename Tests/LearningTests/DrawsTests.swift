import Randomness
import Testing

/// First values of everything that is drawn: seeds, wirings and checkpoints mean other runs where one of these changes.
@Suite("Draws") struct DrawsTests {
  @Test func theGeneratorIsSplitMix64() {
    // The first numbers of seed 1234567 in the reference implementation, https://prng.di.unimi.it/splitmix64.c.
    var generator = SeededGenerator(seed: 1_234_567)
    #expect(
      (0..<3).map { _ in generator.next() } == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      ])
  }

  @Test func indicesArePinned() {
    var generator = SeededGenerator(seed: 1)
    #expect((0..<8).map { _ in generator.index(below: 10) } == [5, 7, 9, 4, 4, 7, 8, 5])
    // A bound that rejects one draw in four.
    #expect(
      (0..<3).map { _ in generator.index(below: (1 << 62) + 1) } == [
        1_316_676_407_973_089_130, 3_661_663_045_011_659_238, 1_863_776_790_465_844_184,
      ])
    #expect(SeededGenerator(seed: 1).stream(3).state == 5_135_510_087_813_718_029)
  }

  @Test func ordersArePinned() {
    var generator = SeededGenerator(seed: 1)
    #expect(generator.shuffled(0..<10) == [5, 7, 9, 6, 3, 8, 2, 0, 1, 4])
    var few = ["only"]
    let before = generator
    generator.shuffle(&few)
    var none: [Int] = []
    generator.shuffle(&none)
    #expect(few == ["only"] && none.isEmpty && generator == before)
    // A slice is shuffled where it stands.
    var part = Array(0..<6)
    generator.shuffle(&part[2..<5])
    #expect(part[..<2] == [0, 1] && part[5...] == [5] && part.sorted() == Array(0..<6))
  }

  @Test func realNumbersArePinned() {
    var generator = SeededGenerator(seed: 1)
    #expect(generator.unit() == 0x1.22145bd91204bp-1 && generator.uniform(-2...3) == 0x1.ba99c426fbca8p+0)
    #expect(generator.normal() == 0x1.18d66965d070ep+0)
  }

  /// Every index of a small bound as often as the next one, within five deviations.
  @Test func indicesAreUniform() {
    var generator = SeededGenerator(seed: 9)
    var counts = [Int](repeating: 0, count: 7)
    let draws = 70_000
    for _ in 0..<draws { counts[generator.index(below: 7)] += 1 }
    let (mean, deviation) = (Double(draws) / 7, (Double(draws) * (1.0 / 7) * (6.0 / 7)).squareRoot())
    #expect(counts.allSatisfy { abs(Double($0) - mean) < 5 * deviation }, "\(counts)")
  }

  /// All six orders of three, and each item in each place.
  @Test func ordersAreUniform() {
    var generator = SeededGenerator(seed: 4)
    var counts: [[Int]: Int] = [:]
    let draws = 12_000
    for _ in 0..<draws { counts[generator.shuffled([0, 1, 2]), default: 0] += 1 }
    let (mean, deviation) = (Double(draws) / 6, (Double(draws) * (1.0 / 6) * (5.0 / 6)).squareRoot())
    #expect(counts.count == 6 && counts.values.allSatisfy { abs(Double($0) - mean) < 5 * deviation }, "\(counts)")
  }
}
