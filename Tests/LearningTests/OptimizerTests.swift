import Circuits
import Learning
import Testing

@Suite("Optimisers, two updates by hand") struct OptimizerTests {
  /// Values 1 and −2 with gradients (0.5, −1), then (0.25, 2), rate 0.1; the third value does not move.
  private func updates(_ optimizer: any Optimizer) -> [[Double]] {
    var values = [1.0, -2.0, 3.0]
    var slots = [Double](repeating: 0, count: 3 * optimizer.slots.count)
    let moves = [true, true, false]
    return [[0.5, -1, 9], [0.25, 2, 9]].enumerated().map { number, gradient in
      values.withUnsafeMutableBufferPointer { values in
        slots.withUnsafeMutableBufferPointer { slots in
          gradient.withUnsafeBufferPointer { gradient in
            moves.withUnsafeBufferPointer { moves in
              _ = optimizer.update(
                values: values, gradient: gradient, slots: slots, moves: moves, rate: 0.1, update: number + 1)
            }
          }
        }
      }
      #expect(values[2] == 3 && stride(from: 2, to: slots.count, by: 3).allSatisfy { slots[$0] == 0 })
      return Array(values[..<2])
    }
  }

  private func near(_ found: [[Double]], _ expected: [[Double]]) -> Bool {
    zip(found.joined(), expected.joined()).allSatisfy { abs($0 - $1) <= 1e-14 }
  }

  /// First: m̂ = g, v̂ = g², so the step is rate·g/(|g| + ε).
  /// Second: m = 0.9·0.1·g₁ + 0.1·g₂ over 1 − 0.81, v = 0.999·0.001·g₁² + 0.001·g₂² over 1 − 0.998001.
  @Test func adam() {
    func second(_ p: Double, _ g1: Double, _ g2: Double) -> Double {
      let m = (0.09 * g1 + 0.1 * g2) / 0.19
      let v = (0.000999 * g1 * g1 + 0.001 * g2 * g2) / 0.001999
      return p - 0.1 * m / (v.squareRoot() + 1e-8)
    }
    let first = [1 - 0.1 * 0.5 / (0.5 + 1e-8), -2 + 0.1 * 1 / (1 + 1e-8)]
    let expected = [first, [second(first[0], 0.5, 0.25), second(first[1], -1, 2)]]
    // 1 − 0.999 loses three digits.
    let found = updates(Adam())
    #expect(zip(found.joined(), expected.joined()).allSatisfy { abs($0 - $1) <= 1e-12 }, "\(found)")
  }

  /// b = g₁, then 0.9·g₁ + g₂.
  @Test func momentum() {
    #expect(
      near(
        updates(StochasticGradientDescent()),
        [[1 - 0.05, -2 + 0.1], [0.95 - 0.1 * (0.45 + 0.25), -1.9 - 0.1 * (-0.9 + 2)]]
      ))
  }

  /// v = 0.01·g₁², then 0.99·v + 0.01·g₂².
  @Test func rmsprop() {
    func step(_ g: Double, _ v: Double) -> Double { 0.1 * g / (v.squareRoot() + 1e-8) }
    let first = [1 - step(0.5, 0.0025), -2 - step(-1, 0.01)]
    let second = [first[0] - step(0.25, 0.99 * 0.0025 + 0.000625), first[1] - step(2, 0.99 * 0.01 + 0.04)]
    #expect(near(updates(RMSprop()), [first, second]))
  }

  @Test func theyAreRegistered() throws {
    for optimizer in Optimizers.all { #expect(try Optimizers.named(optimizer.name).slots == optimizer.slots) }
    #expect(throws: CircuitError("There is no optimizer 'adm'. Did you mean 'adam'? There are: adam, sgd, rmsprop.")) {
      try Optimizers.named("adm")
    }
  }
}
