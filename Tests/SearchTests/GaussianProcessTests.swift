import Foundation
import Randomness
import Testing

@testable import Search

@Suite struct GaussianProcessTests {
  struct Reference: Decodable {
    var points, at: [[Double]]
    var values, lengths, mean, deviation: [Double]
    var amplitude, noise, logLikelihood: Double
  }

  /// scikit-learn's likelihood and predictions (`Fixtures/make_gaussian_process.py`).
  @Test func sameAsScikitLearn() throws {
    let url = Bundle.module.url(forResource: "Fixtures/gaussian-process", withExtension: "json")!
    let reference = try JSONDecoder().decode(Reference.self, from: Data(contentsOf: url))
    let process = try GaussianProcess(
      points: reference.points, values: reference.values,
      parameters: .init(lengths: reference.lengths, amplitude: reference.amplitude, noise: reference.noise))
    #expect(abs(process.logMarginalLikelihood - reference.logLikelihood) < 1e-8)
    for (index, x) in reference.at.enumerated() {
      let (mean, deviation) = process.predict(x)
      // K has condition 10⁴; the deviation is a difference of nearly equal numbers.
      #expect(abs(mean - reference.mean[index]) < 1e-9)
      #expect(abs(deviation - reference.deviation[index]) < 1e-7)
    }
  }

  static func sample(_ count: Int, dimensions: Int) -> (points: [[Double]], values: [Double]) {
    var random = SeededGenerator(seed: 12)
    let points = (0..<count).map { _ in (0..<dimensions).map { _ in random.unit() } }
    return (points, points.map { x in x.enumerated().reduce(0) { $0 + sin(4 * $1.1 + Double($1.0)) } })
  }

  /// Gradients against central differences of step 1e-5, whose own error is about 1e-10 of the third derivative.
  @Test func likelihoodGradient() {
    let (points, values) = Self.sample(15, dimensions: 3)
    let at = [-0.3, 0.2, -1.1, 0.4, -2.5]
    let gradient = GaussianProcess.objective(at, points: points, scaled: values).gradient
    for k in at.indices {
      var (up, down) = (at, at)
      up[k] += 1e-5
      down[k] -= 1e-5
      let difference =
        (GaussianProcess.objective(up, points: points, scaled: values).value
          - GaussianProcess.objective(down, points: points, scaled: values).value) / 2e-5
      #expect(abs(gradient[k] - difference) < 1e-5 * (1 + abs(difference)), "parameter \(k)")
    }
  }

  @Test func improvementGradientAndLimits() throws {
    let (points, values) = Self.sample(15, dimensions: 3)
    let process = try GaussianProcess(
      points: points, values: values, parameters: .init(lengths: [0.5, 0.6, 0.7], noise: 1e-3))
    let best = values.min()!
    for x in [[0.2, 0.9, 0.4], [0.7, 0.1, 0.3]] {
      let (value, gradient) = process.expectedImprovement(x, below: best)
      #expect(value >= 0)
      for k in 0..<3 {
        var (up, down) = (x, x)
        up[k] += 1e-5
        down[k] -= 1e-5
        let difference =
          (process.expectedImprovement(up, below: best).value - process.expectedImprovement(down, below: best).value)
          / 2e-5
        #expect(abs(gradient[k] - difference) < 1e-6)
      }
    }
    // Far above what is expected the improvement is certain, far below there is none.
    let (mean, deviation) = process.predict([0.5, 0.5, 0.5])
    #expect(process.expectedImprovement([0.5, 0.5, 0.5], below: mean - 100 * deviation).value < 1e-12)
    #expect(process.expectedImprovement([0.5, 0.5, 0.5], below: mean + 100 * deviation).value > 0)
  }

  /// Fitted parameters are those of the function that was sampled: a coordinate that does not matter has a long length.
  @Test func fittedLengthsTellWhatMatters() throws {
    var random = SeededGenerator(seed: 5)
    let points = (0..<40).map { _ in [random.unit(), random.unit()] }
    let values = points.map { sin(8 * $0[0]) + 0.02 * random.normal() }
    let start = GaussianProcess.Parameters(lengths: [0.5, 0.5], noise: 0.1)
    let process = try GaussianProcess(points: points, values: values, fittedFrom: [start])
    let lengths = process.parameters.lengths
    #expect(lengths[1] > 4 * lengths[0], "\(lengths)")
    // σ is of scaled values, whose unit is about 0.7.
    #expect(process.parameters.noise > 0.01 && process.parameters.noise < 0.08, "\(process.parameters.noise)")
    #expect(process.lowest.mean < -0.9)
  }

  @Test func degenerateData() throws {
    let same = try GaussianProcess(
      points: [[0.5], [0.5], [0.5]], values: [1, 1, 1], fittedFrom: [.init(lengths: [0.5])])
    #expect(abs(same.predict([0.5]).mean - 1) < 1e-9)
    #expect(throws: SearchError.self) { try GaussianProcess(points: [], values: [], parameters: .init(lengths: [])) }
    #expect(throws: SearchError.self) {
      try GaussianProcess(points: [[0.5]], values: [.nan], parameters: .init(lengths: [1]))
    }
  }

  @Test func minimizerStaysInItsBox() {
    let box = BoxMinimizer(lower: [-1, -1], upper: [0.5, 2])
    // Rosenbrock: least at (1, 1), in the box at (0.5, 0.25).
    let found = box.minimize(from: [-0.9, 1.5]) { x in
      let (a, b) = (1 - x[0], x[1] - x[0] * x[0])
      return (a * a + 100 * b * b, [-2 * a - 400 * x[0] * b, 200 * b])
    }
    #expect(abs(found.point[0] - 0.5) < 1e-3 && abs(found.point[1] - 0.25) < 1e-3, "\(found)")
    #expect(abs(found.value - 0.25) < 1e-4)
  }
}
