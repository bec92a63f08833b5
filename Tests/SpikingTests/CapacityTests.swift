import LinearAlgebra
import Randomness
import RealModule
import Spiking
import Testing

/// The controls that a sceptic demands.
@Suite struct CapacityTests {
  static let steps = 1_500

  static let input: [Double] = {
    var random = SeededGenerator(seed: 77)
    return (0..<steps).map { _ in random.uniform(-1...1) }
  }()

  static func past(_ t: Int, _ delay: Int) -> Double { t >= delay ? input[t - delay] : 0 }

  @Test(arguments: [1, 5, 20]) func delayLineOfNTapsHasCapacityN(_ taps: Int) throws {
    let states = Matrix(rows: Self.steps, columns: taps) { Self.past($0, $1 + 1) }
    let memory = try MemoryCapacity.measure(states: states, input: Self.input, delays: 30)
    #expect(abs(memory.total - Double(taps)) < 1e-6, "\(memory.total)")
    #expect(memory.perDelay.prefix(taps).allSatisfy { $0 > 1 - 1e-6 })
    #expect(memory.perDelay.dropFirst(taps).allSatisfy { $0 == 0 })
    #expect(memory.reach == taps && memory.perDelay.allSatisfy { $0 <= 1 })
    #expect(memory.bias < 0.01)
  }

  /// States that depend on the present input alone, or on nothing.
  @Test func memorylessNetworksHaveNone() throws {
    var random = SeededGenerator(seed: 3)
    let present = Matrix(rows: Self.steps, columns: 30) { row, column in
      Double.tanh(Self.input[row] * Double(column - 15) / 5 + 0.3)
    }
    let noise = Matrix(rows: Self.steps, columns: 100) { _, _ in random.uniform(-1...1) }
    let constant = Matrix<Double>(rows: Self.steps, columns: 3, repeating: 0.3)
    for (name, states) in [("present", present), ("noise", noise), ("constant", constant)] {
      let memory = try MemoryCapacity.measure(states: states, input: Self.input)
      // 50 chances at a level that noise passes three times in 10 000, of about 13/T each.
      #expect(memory.total < 0.02, "\(name): \(memory.total), uncorrected \(memory.uncorrected.reduce(0, +))")
    }
    // Without the correction noise would have seemed to remember something.
    let uncorrected = try MemoryCapacity.measure(states: noise, input: Self.input).uncorrected.reduce(0, +)
    #expect(uncorrected > 0.01)
  }

  /// A random linear network, spectral radius 0.95, N = 15: 0 < C ≤ N, every C(d) in 0…1; Jaeger's bound is nearly met.
  @Test func linearNetworksStayBelowTheirSize() throws {
    let n = 15
    var random = SeededGenerator(seed: 8)
    var weights = Matrix<Double>(rows: n, columns: n) { _, _ in random.uniform(-1...1) }
    weights = weights * (0.95 / (try weights.eigenvalues().map(\.modulus).max()!))
    let inward = (0..<n).map { _ in random.uniform(-1...1) }
    var x = [Double](repeating: 0, count: n)
    var rows: [[Double]] = []
    for u in Self.input {
      x = zip(weights * x, inward).map { $0 + $1 * u }
      rows.append(x)
    }
    let memory = try MemoryCapacity.measure(states: Matrix(rows), input: Self.input, delays: 60)
    #expect(memory.total <= Double(n) + 1e-9 && memory.total > 0.6 * Double(n), "\(memory.total)")
    #expect(memory.perDelay.allSatisfy { $0 >= 0 && $0 <= 1 })
    let processing = try ProcessingCapacity.measure(states: Matrix(rows), input: Self.input, windows: [40, 8, 4])
    #expect(processing.perDegree[1] < 0.1 && processing.perDegree[2] < 0.1 && processing.total <= Double(n) + 0.1)
  }

  /// States that are products of past inputs have their capacity where those products are.
  @Test func degreesAreToldApart() throws {
    let states = Matrix(rows: Self.steps, columns: 6) { t, column in
      let (a, b, c) = (Self.past(t, 0), Self.past(t, 1), Self.past(t, 3))
      return switch column {
      case 0: a
      case 1: b
      case 2: a * b
      case 3: (3 * c * c - 1) / 2
      case 4: a * b * c
      default: (5 * b * b * b - 3 * b) / 2
      }
    }
    let capacity = try ProcessingCapacity.measure(states: states, input: Self.input, windows: [20, 8, 5])
    for degree in 0..<3 {
      // Finite T leaves the polynomials correlated by about 1/√T each.
      #expect(abs(capacity.perDegree[degree] - 2) < 0.05, "degree \(degree + 1): \(capacity.perDegree[degree])")
    }
    #expect(capacity.targets == [20, 8 + 28, 5 + 20 + 10])
    #expect(capacity.total <= 6.05 && abs(capacity.nonlinearShare - 2.0 / 3) < 0.02)
  }

  /// The readout's predictions are those of ridge regression on the other blocks.
  @Test func readoutIsRidgeRegression() throws {
    var random = SeededGenerator(seed: 6)
    let (t, n) = (60, 4)
    let states = Matrix<Double>(rows: t, columns: n) { _, _ in random.uniform(-1...1) }
    let target = (0..<t).map { states[$0, 0] - 2 * states[$0, 2] + 3 + 0.1 * random.normal() }
    let prediction = try CrossValidatedReadout(states: states, folds: 3).predict(
      Matrix(rows: t, columns: 1, elements: target))
    let (means, deviations) = (0..<n).map { column -> (Double, Double) in
      (mean(states.column(column)), variance(states.column(column)).squareRoot())
    }.reduce(into: ([Double](), [Double]())) {
      $0.0.append($1.0)
      $0.1.append($1.1)
    }
    for fold in 0..<3 {
      let train = (0..<t).filter { $0 / 20 != fold }
      let scaled = Matrix(rows: t, columns: n) { (states[$0, $1] - means[$1]) / deviations[$1] }
      let own = (0..<n).map { column in mean(train.map { scaled[$0, column] }) }
      let middle = mean(train.map { target[$0] })
      let a = Matrix(rows: 40, columns: n) { scaled[train[$0], $1] - own[$1] }
      let b = Matrix(rows: 40, columns: 1, elements: train.map { target[$0] - middle })
      let weights = try a.ridge(prediction.penalties[0] * 40, b)
      for row in fold * 20..<(fold + 1) * 20 {
        let expected = middle + (0..<n).reduce(0) { $0 + (scaled[row, $1] - own[$1]) * weights[$1, 0] }
        #expect(abs(prediction.values[row, 0] - expected) < 1e-9)
      }
    }
    #expect(prediction.capacities[0] > 0.99 && prediction.relativeErrors[0] < 0.01)
  }

  @Test func refusals() throws {
    let states = Matrix<Double>(rows: 60, columns: 2, repeating: 1)
    #expect(throws: SpikingError("60 steps are too few for delays up to 50: at least 70 are needed.")) {
      try MemoryCapacity.measure(states: states, input: [Double](repeating: 0, count: 60))
    }
    #expect(throws: SpikingError("60 rows of states do not fit 59 inputs.")) {
      try MemoryCapacity.measure(states: states, input: [Double](repeating: 0, count: 59), delays: 5)
    }
    #expect(throws: SpikingError.self) {
      try ProcessingCapacity.measure(states: states, input: [Double](repeating: 2, count: 60), windows: [5])
    }
  }
}
