import Foundation
import Terminal
import Testing

// Pictures that move must not flicker.
@Suite("Steady pictures")
struct StabilityTests {
  @Test("what a trace has drawn only moves left by whole cells", arguments: [1, 2, 5])
  func traceDoesNotShimmer(_ samplesPerDot: Int) {
    let width = 12
    let perCell = 2 * samplesPerDot
    let capacity = Trace.capacity(columns: width, samplesPerDot: samplesPerDot)
    let signal: [Double?] = (0..<400).map { i in
      let scrambled = (i * i * 31 + i * 7) % 97
      return Double(scrambled) / 97
    }
    func cells(_ total: Int) -> [String] {
      let ring = Array(signal[max(0, total - capacity)..<total])
      var canvas = Canvas(width: width, height: 4)
      canvas.draw(Trace(ring, total: total, y: Scale(0, 1), samplesPerDot: samplesPerDot))
      return (0..<width).map { x in String((0..<4).map { canvas.grid[x, $0].character }) }
    }
    for total in 60..<200 {
      let now = cells(total)
      let next = cells(total + 1)
      let shift = total / perCell - (total - 1) / perCell
      // All but the newest cell, which may still be growing, and those that left.
      #expect(Array(now[shift..<(width - 1)]) == Array(next[..<(width - 1 - shift)]), "\(total)")
    }
  }

  @Test("a level is only left by a margin")
  func hysteresis() {
    var quantiser = Quantiser(margin: 0.25)
    func level(_ value: Double) -> Int? {
      quantiser.quantise([value], scale: Scale(0, 10), palette: .viridis, levels: 11)[0]
    }
    #expect(level(3) == 3)
    #expect(level(3.6) == 3)
    #expect(level(3.74) == 3)
    #expect(level(3.76) == 4)
    #expect(level(3.4) == 4)
    #expect(level(3.2) == 3)
    #expect(level(9) == 9)
    #expect(level(.nan) == nil)
    #expect(level(3.6) == 4)
    #expect(level(1e300) == 10)
    #expect(level(-.infinity) == 0)
    // A new scale starts afresh.
    #expect(quantiser.quantise([3.6], scale: Scale(0, 11), palette: .viridis, levels: 12) == [4])
    #expect(quantiser.quantise([-3, 0, 3], scale: Scale(-1, 3), palette: .blueOrange, levels: 9) == [0, 4, 8])
  }

  @Test("scales take any bounds and any value")
  func scales() {
    let numbers: [Double] = [
      0, 1, -1, .nan, .infinity, -.infinity, 1e308, -1e308, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
      1 + .ulpOfOne,
    ]
    for low in numbers {
      for high in numbers {
        for kind in [Scale.Kind.linear, .log10] {
          let scale = Scale(low, high, kind)
          #expect(scale.low <= scale.high && scale.low.isFinite && scale.high.isFinite)
          for value in numbers { #expect(!(scale.position(value)?.isNaN ?? false), "\(scale) \(value)") }
        }
      }
    }
    #expect(Scale(0, 10).position(2.5) == 0.25)
    #expect(Scale(10, 0).position(2.5) == 0.25)
    #expect(abs(Scale(0.001, 1, .log10).position(0.1)! - 2.0 / 3) < 1e-15)
    #expect(Scale.fitting([3, .nan, 5, -.infinity]) == Scale(3, 5))
    #expect(Scale.fitting([] as [Double]) == Scale(0, 1))
    #expect(Scale.fitting([4]) == Scale(2, 6))
    #expect(Scale.fitting([-1, 0, 0.1, 10], .log10) == Scale(0.1, 10, .log10))
  }

  @Test("numbers as text")
  func numbers() {
    func rounded(_ value: Double, _ digits: Int) -> Double? { Double(String(format: "%.\(digits)g", value)) }
    let table: [(Double, String)] = [
      (0, "0"), (-0.0, "0"), (0.42, "0.42"), (-1234, "-1230"), (123_456, "1.23e5"), (3e-7, "3e-7"), (1.5e10, "1.5e10"),
      (.nan, "nan"),
      (.infinity, "inf"), (-.infinity, "-inf"), (99.96, "100"),
    ]
    for (value, text) in table { #expect(NumberText.short(value) == text) }
    #expect(NumberText.short(1234.5, digits: 6) == "1234.5")
    #expect(NumberText.short(2364, digits: 1) == "2000" && NumberText.short(99_960) == "1e5")
    #expect(NumberText.label(-1234) == "−1230" && NumberText.label(-3e-7) == "−3e−7")
    // The quick way against C's formats: all sizes, ties and what rounds up to one more digit.
    for digits in 1...7 {
      for power in -20...6 {
        for i in 0..<400 {
          let value = (i % 2 == 0 ? 1.0 : -1) * Double(i * i + 1) / (i % 3 == 0 ? 128 : 1001) * pow(10, Double(power))
          #expect(Double(NumberText.short(value, digits: digits)) == rounded(value, digits))
        }
        let nines = 9.9999999 * pow(10, Double(power))
        #expect(Double(NumberText.short(nines, digits: digits)) == rounded(nines, digits))
      }
    }
    #expect(NumberText.grouped(1_234_567) == "1 234 567")
    #expect(NumberText.grouped(-999) == "-999")
    #expect(NumberText.grouped(.min) == "-9 223 372 036 854 775 808")
  }
}
