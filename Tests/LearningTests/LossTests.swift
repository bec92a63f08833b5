import CKernels
import Circuits
import Foundation
import Learning
import Randomness
import Tasks
import Testing

@Suite("Losses") struct LossTests {
  static let cases: [(TargetKind, outputs: Int, columns: Int)] = [
    (.regression, 3, 3), (.labels(positiveWeights: [1, 2.5, 4]), 3, 3), (.classes(names: ["a", "b", "c"]), 3, 1),
  ]

  private func loss(
    _ kind: TargetKind, _ outputs: [Double], o: Int, _ targets: [Double], k: Int, _ weights: [Double],
    gradient: inout [Double]
  ) -> Double {
    gradient.withUnsafeMutableBufferPointer {
      Loss(kind).accumulate(
        outputs: outputs, outputCount: o, targets: targets, targetCount: k, weights: weights, samples: weights.count,
        total: weights.reduce(0, +), gradient: $0.baseAddress!)
    }
  }

  /// Central differences with h = 1e-5: truncation h² = 1e-10 times third derivatives of a few.
  @Test(arguments: 0..<3) func gradientsAgainstCentralDifferences(_ number: Int) {
    let (kind, o, k) = Self.cases[number]
    let outputs = [0.3, -1.2, 2.0, 0.1, 0.0, -0.4, 5.0, -3.0, 1.0]
    let targets =
      k == 1 ? [2, 0, 1] : number == 0 ? [0.1, -1, 1, 0, 0.2, 0, 4, -2, 9.0] : [1, 0, 1, 0, 0, 1, 0, 1, 1]
    // The second sample does not count.
    let weights = [1.0, 0, 2.5]
    var gradient = [Double](repeating: 7, count: outputs.count)
    _ = loss(kind, outputs, o: o, targets, k: k, weights, gradient: &gradient)
    var ignored = gradient
    for i in outputs.indices {
      var (up, down) = (outputs, outputs)
      up[i] += 1e-5
      down[i] -= 1e-5
      let difference =
        (loss(kind, up, o: o, targets, k: k, weights, gradient: &ignored)
          - loss(kind, down, o: o, targets, k: k, weights, gradient: &ignored)) / 2e-5
      #expect(abs(difference - gradient[i]) <= 1e-8, "output \(i): \(gradient[i]) against \(difference)")
    }
    #expect(gradient[3..<6].allSatisfy { $0 == 0 })
  }

  @Test func valuesByHand() {
    var gradient = [0.0, 0.0]
    #expect(loss(.regression, [1, 3], o: 2, [0, 1], k: 2, [1], gradient: &gradient) == 2.5)
    #expect(gradient == [1, 2])
    let labels = TargetKind.labels(positiveWeights: [3, 1])
    #expect(abs(loss(labels, [0, 0], o: 2, [1, 0], k: 2, [1], gradient: &gradient) - 2 * log(2)) < 1e-15)
    let classes = TargetKind.classes(names: ["a", "b"])
    #expect(abs(loss(classes, [0, 0], o: 2, [1], k: 1, [1], gradient: &gradient) - log(2)) < 1e-15)
    #expect(gradient == [0.5, -0.5])
  }

  /// Logits of a thousand overflow in the naive formulas.
  @Test(arguments: 1..<3) func largeLogitsStayFinite(_ number: Int) {
    let (kind, o, k) = Self.cases[number]
    var gradient = [0.0, 0, 0]
    for logits in [[1000.0, -1000, 1000], [-1000, 1000, -1000]] {
      let value = loss(kind, logits, o: o, k == 1 ? [1] : [0, 1, 1], k: k, [1], gradient: &gradient)
      #expect(value.isFinite && gradient.allSatisfy { $0.isFinite })
    }
  }

  /// The kernel of labels in single precision against the scalar code in Double, at every level and size.
  ///
  /// A logit of size |x| ≤ 20 puts 20·2⁻²⁴ into the exponent of e^(−|x|) and with it, as a share, into the gradient: 1.2e-6,
  /// beside 4 ulp. The loss is a sum of terms above zero of which the large ones are exact to some ulps: 1e-6.
  @Test(arguments: (0..<Int32(GK_LEVELS)).filter { gk_level_available($0) == 1 })
  func labelsFollowTheReference(_ level: Int32) {
    var generator = SeededGenerator(seed: 7)
    var (worstLoss, worstGradient) = (0.0, 0.0)
    for samples in 1...40 {
      let labels = 1 + samples % 5
      let positives = (0..<labels).map { 0.5 + Double($0) }
      let outputs = (0..<samples * labels).map { Double(Float(generator.uniform($0 % 3 == 0 ? -20...20 : -2...2))) }
      let targets = outputs.map { _ in generator.uniform(0...1) > 0.6 ? 1.0 : 0 }
      let weights = (0..<samples).map { $0 % 4 == 1 ? 0 : Double(Float(generator.uniform(0.1...2))) }
      let kind = TargetKind.labels(positiveWeights: positives)
      func run<S: CircuitScalar>(_ level: Int32?, as type: S.Type) -> (loss: Double, gradient: [Double]) {
        Kernels.$level.withValue(level) {
          let weights = weights.map { S($0) }
          var gradient = [S](repeating: 7, count: samples * labels)
          let value = Loss(kind).accumulate(
            outputs: outputs.map { S($0) }, outputCount: labels, targets: targets.map { S($0) }, targetCount: labels,
            weights: weights, samples: samples, total: weights.reduce(0, +), gradient: &gradient)
          return (Double(value), gradient.map { Double($0) })
        }
      }
      let (exact, kernel) = (run(nil, as: Double.self), run(level, as: Float.self))
      worstLoss = max(worstLoss, abs(kernel.loss - exact.loss) / exact.loss)
      for (a, b) in zip(kernel.gradient, exact.gradient) {
        if b == 0 { #expect(a == 0) } else { worstGradient = max(worstGradient, abs(a - b) / abs(b)) }
      }
    }
    print("\(String(cString: gk_level_name(level))): loss \(worstLoss), gradient \(worstGradient)")
    #expect(worstLoss <= 1e-6)
    #expect(worstGradient <= 2e-6)
  }

  /// An infinite or missing logit is seen in the loss where it counts, and nowhere else.
  @Test(arguments: (0..<Int32(GK_LEVELS)).filter { gk_level_available($0) == 1 })
  func labelsWithoutNumber(_ level: Int32) {
    Kernels.$level.withValue(level) {
      let loss = Loss(.labels(positiveWeights: [1]))
      func value(_ outputs: [Float], _ weights: [Float]) -> (Float, [Float]) {
        var gradient = [Float](repeating: 7, count: outputs.count)
        let value = loss.accumulate(
          outputs: outputs, outputCount: 1, targets: [0, 1, 0], targetCount: 1, weights: weights, samples: 3, total: 3,
          gradient: &gradient)
        return (value, gradient)
      }
      #expect(value([0, .nan, 0], [1, 1, 1]).0.isNaN)
      #expect(value([.infinity, 0, 0], [1, 1, 1]).0 == .infinity)
      let (skipped, gradient) = value([.infinity, .nan, 0], [0, 0, 1])
      #expect(abs(skipped - Float(log(2.0)) / 3) < 1e-6 && gradient[0] == 0 && gradient[1] == 0)
      let (large, slopes) = value([1000, -1000, 1000], [1, 1, 1])
      #expect(large == 1000 && slopes == [1 / Float(3), -1 / Float(3), 1 / Float(3)])
    }
  }
}
