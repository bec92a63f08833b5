import Experiments
import Testing

@Suite("Statistics") struct StatisticsTests {
  @Test func ofNoneOfOneAndOfSome() {
    #expect(Statistics.mean([]) == nil && Statistics.deviation([]) == nil && Statistics.median([]) == nil)
    #expect(Statistics.mean([3]) == 3 && Statistics.deviation([3]) == nil && Statistics.median([3]) == 3)
    // Σ(x − 5)² = 9 + 1 + 1 + 1 + 0 + 0 + 4 + 16 = 32 over n − 1 = 7.
    let values = [2.0, 4, 4, 4, 5, 5, 7, 9]
    #expect(Statistics.mean(values) == 5)
    #expect(abs(Statistics.deviation(values)! - (32.0 / 7).squareRoot()) < 1e-15)
    #expect(Statistics.median(values) == 4.5 && Statistics.median([9, 1, 4]) == 4)
  }

  @Test func shiftsAndScales() {
    let values = [0.25, 1.5, -2, 8, 3]
    let moved = values.map { 4 * $0 - 16 }
    #expect(Statistics.mean(moved) == 4 * Statistics.mean(values)! - 16)
    #expect(Statistics.median(moved) == 4 * Statistics.median(values)! - 16)
    #expect(abs(Statistics.deviation(moved)! - 4 * Statistics.deviation(values)!) < 1e-13)
  }
}
