import Search
import Testing

@Suite struct SobolTests {
  /// The beginning of the sequence as `scipy.stats.qmc.Sobol(6, scramble=False)` has it.
  @Test func firstPoints() throws {
    var sequence = try SobolSequence(dimensions: 6)
    let points = (0..<6).map { _ in sequence.next() }
    #expect(points[0] == [Double](repeating: 0, count: 6))
    #expect(points[1] == [Double](repeating: 0.5, count: 6))
    #expect(points[2] == [0.75, 0.25, 0.25, 0.25, 0.75, 0.75])
    #expect(points[3] == [0.25, 0.75, 0.75, 0.75, 0.25, 0.25])
  }

  /// Point 100 (counted from 0) of all 21 dimensions, in units of 1/128, from the same source.
  @Test func allDirectionNumbers() throws {
    var sequence = try SobolSequence(dimensions: 21)
    for _ in 0..<100 { _ = sequence.next() }
    #expect(
      sequence.next().map { $0 * 128 } == [
        53, 33, 99, 93, 113, 95, 3, 61, 81, 89, 59, 87, 61, 109, 41, 63, 87, 95, 107, 43, 97,
      ])
  }

  /// In each dimension any 2^k consecutive aligned points fall one into each of 2^k equal intervals, shifted or not,
  /// and of the first two dimensions 2^(a+b) points one into each cell of 2^a × 2^b.
  @Test func evenness() throws {
    let d = SobolSequence.largestDimension
    for shift in [[], (0..<d).map { UInt32($0) &* 0x9E37_79B9 }] {
      var sequence = try SobolSequence(dimensions: d, shift: shift)
      let points = (0..<256).map { _ in sequence.next() }
      for block in 0..<4 {
        for dimension in 0..<d {
          let cells = points[block * 64..<block * 64 + 64].map { Int($0[dimension] * 64) }
          #expect(Set(cells).count == 64, "dimension \(dimension)")
        }
      }
      for a in 0...8 {
        #expect(Set(points.map { [Int($0[0] * Double(1 << a)), Int($0[1] * Double(1 << (8 - a)))] }).count == 256)
      }
      // No two dimensions are the same.
      #expect(Set((0..<d).map { dimension in points.map { $0[dimension] } }).count == d)
    }
  }

  @Test func refusals() {
    #expect(throws: SearchError("A Sobol sequence has 1 to 21 dimensions; 22 were asked for.")) {
      try SobolSequence(dimensions: 22)
    }
    #expect(throws: SearchError.self) { try SobolSequence(dimensions: 2, shift: [1]) }
  }
}
