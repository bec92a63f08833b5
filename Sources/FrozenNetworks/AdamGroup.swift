import CKernels
import Foundation

/// Values that Adam moves together, their gradient and moments. Kingma & Ba 2015, arXiv 1412.6980; β₁ 0.9, β₂ 0.999,
/// ε 1e-8.
final class AdamGroup {
  let values, gradient: FloatMemory
  private let first, second: FloatMemory
  /// 1 where a value learns.
  private var moves: [UInt8]
  private var steps = 0

  /// - Parameter learning: which learn; `nil` for all.
  init(_ values: FloatMemory, learning: [Int]? = nil) {
    self.values = values
    gradient = FloatMemory(values.count)
    first = FloatMemory(values.count)
    second = FloatMemory(values.count)
    moves = [UInt8](repeating: learning == nil ? 1 : 0, count: values.count)
    for index in learning ?? [] { moves[index] = 1 }
  }

  /// p ← p − rate·m̂/(√v̂ + ε) by the gradient that stands in ``gradient``.
  func step(rate: Double, level: Int32) {
    steps += 1
    var step = gk_adam_step(
      beta1: 0.9, beta2: 0.999, rate: Float(rate / (1 - pow(0.9, Double(steps)))),
      root: Float((1 - pow(0.999, Double(steps))).squareRoot()), epsilon: 1e-8)
    _ = gk_adam(level, &step, values.count, gradient.pointer, moves, values.pointer, first.pointer, second.pointer)
  }
}
