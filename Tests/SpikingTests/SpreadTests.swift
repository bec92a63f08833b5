import Randomness
import RealModule
import Spiking
import Testing

@Suite struct SpreadTests {
  static let count = 200_000

  private func draw(_ spread: Spread) -> [Double] {
    var random = SeededGenerator(seed: 5)
    return spread.draw(Self.count, using: &random)
  }

  /// The three forms of one mean and shape agree in mean and variance, and differ in skewness.
  @Test func sameMeanAndVariance() throws {
    for spread: Spread in [
      .gamma(shape: 4, mean: 10), .normal(shape: 4, mean: 10), .uniform(shape: 4, mean: 10),
      .gamma(shape: 0.5, mean: 3), .gamma(shape: 1, mean: 3), .normal(shape: 30, mean: 2),
      .normal(shape: 3.2, mean: 10), .uniform(shape: 3, mean: 10),
    ] {
      let values = draw(spread)
      let (m, v) = (mean(values), variance(values))
      // Five standard errors: of the mean √(v/n); of the variance v·√((κ − 1)/n), with κ ≤ 3 + 6/shape (gamma).
      let root = Double(Self.count).squareRoot()
      #expect(abs(m - spread.mean) < 5 * spread.variance.squareRoot() / root, "\(spread): mean \(m)")
      let kurtosis = { if case .gamma(let shape, _) = spread { 3 + 6 / shape } else { 3.0 } }()
      #expect(abs(v - spread.variance) < 5 * spread.variance * (kurtosis - 1).squareRoot() / root, "\(spread): \(v)")
      #expect(values.allSatisfy { $0 > 0 })
      let skewness =
        values.reduce(0) { $0 + ($1 - m) * ($1 - m) * ($1 - m) } / Double(Self.count) / (v * v.squareRoot())
      if case .gamma(let shape, _) = spread {
        #expect(abs(skewness - 2 / shape.squareRoot()) < 0.15, "\(spread): skewness \(skewness)")
      } else {
        #expect(abs(skewness) < 0.03, "\(spread): skewness \(skewness)")
      }
    }
  }

  /// Gamma of shape 1 is exponential and of shape 2 Erlang: distribution functions in closed form, by Kolmogorov.
  @Test func gammaDistribution() {
    for (shape, function) in [
      (1.0, { 1 - Double.exp(-$0) } as (Double) -> Double), (2, { 1 - (1 + 2 * $0) * Double.exp(-2 * $0) }),
    ] {
      let values = draw(.gamma(shape: shape, mean: 1)).sorted()
      let distance = values.indices.map { abs(function(values[$0]) - (Double($0) + 0.5) / Double(Self.count)) }.max()!
      // The 0.1 % point of Kolmogorov's distribution is 1.95/√n.
      #expect(distance < 1.95 / Double(Self.count).squareRoot(), "shape \(shape): \(distance)")
    }
  }

  @Test func textAndBack() throws {
    for spread: Spread in [
      .equal(10), .gamma(shape: 2, mean: 10), .normal(shape: 4, mean: 1), .uniform(shape: 3, mean: 2),
    ] {
      #expect(try Spread(parsing: spread.description) == spread)
    }
    #expect(try Spread(parsing: "gamma:2:10") == .gamma(shape: 2, mean: 10))
    #expect(
      throws: SpikingError(
        "“gamma:2” is not a spread: write a number, gamma:SHAPE:MEAN, normal:SHAPE:MEAN or uniform:SHAPE:MEAN.")
    ) { try Spread(parsing: "gamma:2") }
    #expect(
      throws: SpikingError(
        "The shape of a normal spread has to be above 3.0, and is 2.0: the variance is mean²/shape, and the values have "
          + "to stay positive.")
    ) { try Spread(parsing: "normal:2:10") }
    #expect(throws: SpikingError.self) { try Spread(parsing: "0") }
    #expect(throws: SpikingError.self) { try Spread(parsing: "uniform:2.9:10") }
    #expect(throws: SpikingError.self) { try Spread(parsing: "gamma:nan:10") }
  }
}
