import LinearAlgebra
import Randomness

/// How much a linear readout of a network's states can tell of its past inputs.
///
/// C = Σ_d C(d), C(d) = cov²(u(t − d), y_d(t))/(var u·var y_d), y_d the readout for delay d (Jaeger 2001, GMD report
/// 152), each in 0…1; C ≤ N for a linear network of N states. Delays begin at 1: d = 0 is no memory.
///
/// Readouts are cross-validated (``CrossValidatedReadout``), and chance is taken off: the same procedure on inputs in
/// random order gives the bias, a C(d) counts only above twice the largest of those controls, and then as
/// (C(d) − bias)/(1 − bias), so that a perfect memory stays 1 and none is exactly 0.
public struct MemoryCapacity: Sendable, Equatable, Codable {
  /// C(1), C(2), …, corrected.
  public var perDelay: [Double]
  /// The same before correction.
  public var uncorrected: [Double]
  /// Mean and largest of the shuffled controls.
  public var bias, largestControl: Double

  /// C.
  public var total: Double { perDelay.reduce(0, +) }
  /// The last delay of which anything is remembered, 0 if there is none.
  public var reach: Int { (perDelay.lastIndex { $0 > 0 } ?? -1) + 1 }

  /// - Parameters:
  ///   - states: T rows, N columns; row t is read after input t has acted.
  ///   - input: T values, independent of each other.
  ///   - delays: the longest delay asked for.
  ///   - controls: number of shuffled inputs.
  public static func measure(
    states: Matrix<Double>, input: [Double], delays: Int = 50, folds: Int = 5, controls: Int = 50, seed: UInt64 = 0
  ) throws -> MemoryCapacity {
    let t = states.rows
    try check(states, input, delays: delays, controls: controls)
    let (readout, past) = try trimmed(states, delays: delays, folds: folds)
    let rows = t - past
    var random = SeededGenerator(seed: seed).stream(41)
    let shuffled = (0..<controls).map { _ in permutation(rows, using: &random) }
    let targets = Matrix(rows: rows, columns: delays + controls) { row, column in
      column < delays ? input[past + row - column - 1] : input[past + shuffled[column - delays][row]]
    }
    let capacities = try readout.predict(targets).capacities
    let chance = Chance(Array(capacities[delays...]))
    let raw = Array(capacities[..<delays])
    return MemoryCapacity(
      perDelay: raw.map(chance.correct), uncorrected: raw, bias: chance.bias, largestControl: chance.largest)
  }

  static func check(_ states: Matrix<Double>, _ input: [Double], delays: Int, controls: Int) throws(SpikingError) {
    try SpikingError.check(
      states.rows == input.count, "\(states.rows) rows of states do not fit \(input.count) inputs.")
    try SpikingError.check(
      delays >= 1 && controls >= 2, "At least 1 delay and 2 controls are needed; \(delays) and \(controls) were given.")
    try SpikingError.check(
      states.rows >= delays + 20,
      "\(states.rows) steps are too few for delays up to \(delays): at least \(delays + 20) are needed.")
  }

  /// Readouts over the rows that have a whole past.
  static func trimmed(
    _ states: Matrix<Double>, delays: Int, folds: Int
  ) throws -> (readout: CrossValidatedReadout, past: Int) {
    let rows = Matrix(rows: states.rows - delays, columns: states.columns) { states[$0 + delays, $1] }
    return (try CrossValidatedReadout(states: rows, folds: folds), delays)
  }
}

/// What shuffled targets reach, and what is left of a capacity beyond it.
struct Chance {
  let bias, largest: Double

  init(_ controls: [Double]) {
    bias = controls.reduce(0, +) / Double(max(controls.count, 1))
    largest = controls.max() ?? 0
  }

  func correct(_ capacity: Double) -> Double {
    capacity > 2 * largest ? (capacity - bias) / (1 - bias) : 0
  }
}

/// Capacity for nonlinear functions of the past as well (Dambre et al. 2012, DOI 10.1038/srep00514): the targets are
/// products of Legendre polynomials of past inputs, which for inputs uniform in −1…1 are orthogonal, so that the sum
/// over all of them is at most N. A network trades memory (degree 1) against nonlinearity (degrees 2 and 3).
public struct ProcessingCapacity: Sendable, Equatable, Codable {
  /// Corrected capacity of degree 1, 2 and 3.
  public var perDegree: [Double]
  /// Number of targets of each degree, and how many of them count.
  public var targets, counted: [Int]

  public var total: Double { perDegree.reduce(0, +) }
  /// The share of degrees 2 and 3; 0 where there is no capacity.
  public var nonlinearShare: Double { total > 0 ? 1 - perDegree[0] / total : 0 }

  /// Polynomial degree of each factor, and its delay.
  struct Term: Equatable {
    var factors: [(degree: Int, delay: Int)]
    var degree: Int { factors.reduce(0) { $0 + $1.degree } }

    static func == (a: Term, b: Term) -> Bool {
      a.factors.count == b.factors.count && zip(a.factors, b.factors).allSatisfy { $0 == $1 }
    }
  }

  /// Every product of total degree 1…3 whose delays are 0 ..< window of its degree.
  static func terms(windows: [Int]) -> [Term] {
    var result: [Term] = []
    for (index, window) in windows.enumerated() {
      let degree = index + 1
      for a in 0..<window {
        result.append(Term(factors: [(degree, a)]))
        if degree == 2 {
          for b in (a + 1)..<max(window, a + 1) { result.append(Term(factors: [(1, a), (1, b)])) }
        }
        if degree == 3 {
          for b in 0..<window where b != a { result.append(Term(factors: [(2, a), (1, b)])) }
          for b in (a + 1)..<max(window, a + 1) {
            for c in (b + 1)..<max(window, b + 1) { result.append(Term(factors: [(1, a), (1, b), (1, c)])) }
          }
        }
      }
    }
    return result
  }

  /// Legendre polynomials of degree 1…3.
  static func legendre(_ degree: Int, _ x: Double) -> Double {
    switch degree {
    case 1: x
    case 2: (3 * x * x - 1) / 2
    default: (5 * x * x * x - 3 * x) / 2
    }
  }

  /// - Parameters:
  ///   - input: T values, independent and uniform in −1…1.
  ///   - windows: for degree 1, 2 and 3 how many delays, from 0 on, are combined.
  public static func measure(
    states: Matrix<Double>, input: [Double], windows: [Int] = [40, 15, 8], folds: Int = 5, controls: Int = 30,
    seed: UInt64 = 0
  ) throws -> ProcessingCapacity {
    try SpikingError.check(
      (1...3).contains(windows.count) && windows.allSatisfy { $0 >= 1 },
      "The windows are one to three numbers of delays, each at least 1; \(windows) were given.")
    try SpikingError.check(
      input.allSatisfy { abs($0) <= 1 }, "Processing capacity needs inputs in −1…1, uniformly distributed.")
    let longest = windows.max()!
    try MemoryCapacity.check(states, input, delays: longest, controls: controls)
    let (readout, past) = try MemoryCapacity.trimmed(states, delays: longest, folds: folds)
    let rows = states.rows - past
    let terms = terms(windows: windows)
    var random = SeededGenerator(seed: seed).stream(42)
    // Controls of each degree: some of its targets in random order.
    let controlled = (1...windows.count).flatMap { degree in
      let own = terms.indices.filter { terms[$0].degree == degree }
      return (0..<controls).map { _ in (own[random.index(below: own.count)], permutation(rows, using: &random)) }
    }
    func value(_ term: Term, _ row: Int) -> Double {
      term.factors.reduce(1) { $0 * legendre($1.degree, input[past + row - $1.delay]) }
    }
    let targets = Matrix(rows: rows, columns: terms.count + controlled.count) { row, column in
      guard column >= terms.count else { return value(terms[column], row) }
      let (term, order) = controlled[column - terms.count]
      return value(terms[term], order[row])
    }
    let capacities = try readout.predict(targets).capacities
    var result = ProcessingCapacity(perDegree: [], targets: [], counted: [])
    for degree in 1...windows.count {
      let start = terms.count + (degree - 1) * controls
      let chance = Chance(Array(capacities[start..<start + controls]))
      let own = terms.indices.filter { terms[$0].degree == degree }.map { chance.correct(capacities[$0]) }
      result.perDegree.append(own.reduce(0, +))
      result.targets.append(own.count)
      result.counted.append(own.count { $0 > 0 })
    }
    return result
  }
}
