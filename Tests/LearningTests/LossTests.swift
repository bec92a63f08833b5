import Foundation
import Learning
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
        outputs: outputs, outputCount: o, targets: targets, targetCount: k, weights: weights, places: weights.count,
        total: weights.reduce(0, +), gradient: $0.baseAddress!)
    }
  }

  /// Central differences with h = 1e-5: truncation h² = 1e-10 times third derivatives of a few.
  @Test(arguments: 0..<3) func gradientsAgainstCentralDifferences(_ number: Int) {
    let (kind, o, k) = Self.cases[number]
    let outputs = [0.3, -1.2, 2.0, 0.1, 0.0, -0.4, 5.0, -3.0, 1.0]
    let targets =
      k == 1 ? [2, 0, 1] : number == 0 ? [0.1, -1, 1, 0, 0.2, 0, 4, -2, 9.0] : [1, 0, 1, 0, 0, 1, 0, 1, 1]
    // The second place does not count.
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
}
