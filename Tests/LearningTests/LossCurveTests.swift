import Learning
import Testing

@Suite("Loss curve") struct LossCurveTests {
  @Test func pairsAreMergedWhenItIsFull() {
    var curve = LossCurve(capacity: 4)
    for step in 1...3 { curve.append(step: step, training: Double(step)) }
    #expect(curve.training.map(\.step) == [1, 2, 3] && curve.training.map(\.value) == [1, 2, 3])
    curve.append(step: 4, training: 4)
    #expect(curve.bucket == 2)
    #expect(curve.training.map(\.step) == [2, 4] && curve.training.map(\.value) == [1.5, 3.5])
    curve.append(step: 5, training: 5)
    #expect(curve.training.count == 2)
    curve.append(step: 6, training: 7)
    #expect(curve.training.last?.step == 6 && curve.training.last?.value == 6)
  }

  /// However long the run: bounded, and every bucket the mean of its steps.
  @Test func itStaysBoundedAndTrue() {
    var curve = LossCurve(capacity: 8)
    for step in 1...1000 { curve.append(step: step, training: Double(step)) }
    #expect(curve.training.count < 8)
    #expect(curve.bucket == 128)
    for (number, point) in curve.training.enumerated() {
      #expect(point.step == (number + 1) * 128)
      #expect(point.value == Double(number * 128) + 64.5)
    }
  }

  @Test func heldOutPointsThinOutButTheNewestStays() {
    var curve = LossCurve(capacity: 4)
    for step in 1...9 { curve.append(step: step, heldOut: Double(step)) }
    #expect(curve.heldOut.last?.step == 9 && curve.heldOut.last?.value == 9)
    #expect(curve.heldOut.count < 4)
  }
}
