import RealModule
import Testing

@testable import Spiking

@Suite struct DecayTests {
  /// Within 2 ulp of the library's exponential over the whole range, and exact at 0.
  @Test func accuracy() {
    var worst = 0.0
    for index in -7_000...7_000 {
      let x = Double(index) * 0.1 + Double(index % 13) * 1e-3
      guard abs(x) <= 700 else { continue }
      for y in [x, x * 1e-3, x * 1e-9] {
        let exact = Double.exp(-y)
        let error = abs(decay(Lanes(repeating: y))[1] - exact) / exact.ulp
        worst = max(worst, error)
      }
    }
    #expect(worst <= 2, "worst error \(worst) ulp")
    #expect(decay(Lanes(0, 1e6, 700, 1))[0] == 1)
    #expect(decay(Lanes(0, 1e6, 700, 1))[1] == decay(Lanes(repeating: 700))[2])
  }
}
